"""The report of an evidence bundle as PDF, for people: one or two pages of A4."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace
from PIL import Image
from pylopdf_fonts_jp import sans_path

from model.encoders.base import RGB
from service.evidence.bundle import Attachment, AuditProof, Provenance
from service.evidence.drawing import outlined
from service.evidence.found_text import told_words
from service.evidence.wording import Language, words
from service.house_key import fingerprint
from service.messages import Language as MessageLanguage
from service.messages import text
from service.screening.record import DecisionRecord
from service.screening.signals import Signal

_FONT = "noto"
_GREY = (90, 90, 90)
_SIGNALS = 12
_PICTURES = 6
_MATCHES = 3
_LINES = 10
_PICTURE_HEIGHT = 28.0
_MATCH_HEIGHT = 42.0
"""Millimetres."""


@dataclass(frozen=True)
class Page:
    """What the report tells beside the pictures."""

    record: DecisionRecord
    brand_names: dict[str, str]
    verdicts: list[dict[str, str]]
    provenance: Provenance
    public_key: str


def evidence_pdf(
    page: Page,
    pictures: Sequence[RGB],
    matches: Sequence[Attachment],
    audit: AuditProof,
    language: Language,
) -> bytes:
    """A PDF in which every word can be searched and copied; nothing in it is loaded from elsewhere."""
    pdf = _begun(page, language)
    _facts(pdf, page, language)
    _signals(pdf, page, language)
    _words_found(pdf, page, language)
    _pictures(pdf, page, pictures, language)
    _matches(pdf, matches, language)
    _history(pdf, page, audit, language)
    return bytes(pdf.output())


def _begun(page: Page, language: Language) -> FPDF:
    word = words(language)
    pdf = FPDF(format="A4")
    pdf.set_title(f"{word['title']} {page.record.id}")
    pdf.set_lang(language.value)
    pdf.set_creation_date(page.record.decided_at.astimezone(UTC))
    pdf.set_margin(14)
    pdf.set_auto_page_break(True, 12)
    pdf.add_font(_FONT, fname=str(sans_path()))
    pdf.add_page()
    _line(pdf, word["title"], 16)
    pdf.set_text_color(*_GREY)
    _line(pdf, word["notice"], 8.5)
    pdf.set_text_color(0)
    pdf.ln(2)
    return pdf


def _facts(pdf: FPDF, page: Page, language: Language) -> None:
    word, record = words(language), page.record
    outcome, versions = record.outcome, record.versions
    priority = f" ({word[f'priority.{outcome.priority}']})" if outcome.priority else ""
    automatic = record.detection_automatic and record.decision_automatic
    reasons = "\n".join(
        f"{code}  {text(f'reason.{code}', MessageLanguage(language.value))}" for code in outcome.codes
    )
    _table(
        pdf,
        [
            (word["decision"], word[f"decision.{outcome.decision}"] + priority),
            (word["reasons"], reasons),
            (word["id"], record.id),
            (word["listing"], record.caller_reference or "–"),
            (word["decided_at"], f"{record.decided_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"),
            (word["rule"], outcome.rule),
            (word["automatic"], word["yes" if automatic else "no"]),
            (word["versions"], "; ".join(_versions(word, versions.model_dump()))),
        ],
        (42, 140),
    )


def _versions(word: dict[str, str], versions: dict[str, object]) -> list[str]:
    return [
        f"{word['encoder']} {versions['encoder']} ({versions['encoder_fingerprint']})",
        f"{word['index']} {versions['index_revision']}",
        f"{word['policy']} {versions['policy']} ({str(versions['policy_digest'])[:16]})",
        f"{word['calibration']} {versions['calibration']}",
    ]


def _signals(pdf: FPDF, page: Page, language: Language) -> None:
    word = words(language)
    told = sorted(
        (signal for signal in page.record.findings.signals if signal.strength),
        key=lambda signal: -signal.strength,
    )
    if not told:
        return
    _heading(pdf, word["signals"])
    rows = [_signal_row(signal, page, word) for signal in told[:_SIGNALS]]
    header = (word["signal"], word["strength"], word["brand"], word["picture"])
    _table(pdf, [header, *rows], (92, 40, 34, 16), heading=True)
    if len(told) > _SIGNALS:
        _line(pdf, f"+ {len(told) - _SIGNALS}", 8)


def _signal_row(signal: Signal, page: Page, word: dict[str, str]) -> tuple[str, ...]:
    brand = page.brand_names.get(signal.brand_id or "", signal.brand_id or "–")
    picture = "–" if signal.picture is None else str(signal.picture)
    return (
        f"{signal.code}  {word[signal.code.value]}",
        word[f"strength.{int(signal.strength)}"],
        brand,
        picture,
    )


def _words_found(pdf: FPDF, page: Page, language: Language) -> None:
    lines = list(told_words(page.record.findings.signals, words(language)))
    if lines:
        _heading(pdf, words(language)["words"])
    for line in lines[:_SIGNALS]:
        _line(pdf, line, 8)


def _pictures(pdf: FPDF, page: Page, pictures: Sequence[RGB], language: Language) -> None:
    if not pictures:
        return
    _heading(pdf, words(language)["pictures"])
    _row_of(pdf, [outlined(each, (), 400) for each in pictures[:_PICTURES]], _PICTURE_HEIGHT)
    for each in page.record.pictures:
        _line(pdf, f"{each.index}  SHA-256 {each.sha256}", 7)


def _matches(pdf: FPDF, matches: Sequence[Attachment], language: Language) -> None:
    if not matches:
        return
    _heading(pdf, words(language)["matches"])
    for each in matches[:_MATCHES]:
        with Image.open(io.BytesIO(each.data)) as drawn:
            _row_of(pdf, [drawn.convert("RGB")], _MATCH_HEIGHT)


def _row_of(pdf: FPDF, pictures: Sequence[RGB | Image.Image], height: float) -> None:
    if pdf.get_y() + height > pdf.h - pdf.b_margin:
        pdf.add_page()
    x, y = pdf.l_margin, pdf.get_y()
    for each in pictures:
        shown = each if isinstance(each, Image.Image) else Image.fromarray(each)
        width = height * shown.width / shown.height
        if x + width > pdf.w - pdf.r_margin:
            break
        pdf.image(shown, x, y, h=height)
        x += width + 2
    pdf.set_y(y + height + 2)


def _history(pdf: FPDF, page: Page, audit: AuditProof, language: Language) -> None:
    word = words(language)
    for verdict in page.verdicts[-3:]:
        who = f"{verdict['given_at']}, {verdict['given_by']}"
        told = f"{word['verdicts']}: {word['verdict.' + verdict['outcome']]}, {who}"
        _line(pdf, f"{told}\n{verdict['note'][:400]}".strip(), 8.5)
    _heading(pdf, word["history"])
    for link, _ in audit.entries[-_LINES:]:
        _line(pdf, f"{link.at:%Y-%m-%d %H:%M:%S} UTC  {link.action}  {link.role}  {link.key_id}", 7.5)
    made = page.provenance
    _table(
        pdf,
        [
            (word["chain"], f"{audit.head_seq}  {audit.head_hash}"),
            (word["signed"], f"{page.public_key}\n{fingerprint(page.public_key)}"),
            (word["made"], f"{made.made_at}  {made.made_by['key']}"),
        ],
        (42, 140),
    )
    _line(pdf, word["verify"], 7.5)


def _heading(pdf: FPDF, words_: str) -> None:
    pdf.ln(2)
    _line(pdf, words_, 11)


def _line(pdf: FPDF, words_: str, size: float) -> None:
    pdf.set_font(_FONT, size=size)
    pdf.multi_cell(0, size * 0.5, words_, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _table(
    pdf: FPDF, rows: Sequence[Sequence[str]], widths: tuple[float, ...], *, heading: bool = False
) -> None:
    pdf.set_font(_FONT, size=8.5)
    pdf.set_draw_color(200)
    layout = TableBordersLayout.HORIZONTAL_LINES
    plain = FontFace(color=_GREY)
    with pdf.table(
        rows,
        col_widths=widths,
        borders_layout=layout,
        first_row_as_headings=heading,
        headings_style=plain,
        text_align="LEFT",
    ):
        pass
