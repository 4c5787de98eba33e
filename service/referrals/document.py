"""A referral as PDF: one page of A4 in which every word can be searched and copied."""

from __future__ import annotations

from collections.abc import Sequence

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace
from pylopdf_fonts_jp import sans_path

from service.referrals.schemas import FieldOut, ReferralOut
from service.referrals.wording import words

_FONT = "noto"
_GREY = (90, 90, 90)
_WIDTHS = (48, 112, 22)
"""Millimetres: label, text, whose words they are."""


def referral_pdf(shown: ReferralOut) -> bytes:
    """The referral in its own language; each field says whether machine or officer worded it."""
    word = words(shown.language)
    pdf = FPDF(format="A4")
    pdf.set_title(f"{shown.title} {shown.id}")
    pdf.set_lang(shown.language.value)
    pdf.set_creation_date(shown.written_at)
    pdf.set_margin(14)
    pdf.set_auto_page_break(True, 14)
    pdf.add_font(_FONT, fname=str(sans_path()))
    pdf.add_page()
    _line(pdf, shown.title, 15)
    pdf.set_text_color(*_GREY)
    _line(pdf, word["draft"], 8.5)
    written = f"{shown.written_at:%Y-%m-%d %H:%M} UTC"
    _line(pdf, word["version"].format(case=shown.case_id, version=shown.version, written=written), 8.5)
    pdf.set_text_color(0)
    pdf.ln(3)
    _table(pdf, [(word["field"], word["text"], word["by"]), *_rows(shown, word)])
    return bytes(pdf.output())


def _rows(shown: ReferralOut, word: dict[str, str]) -> list[tuple[str, str, str]]:
    """In the order of the form, where the addressee stands before the reason."""
    rows = [(each.label, each.text, _by(each, word)) for each in shown.fields]
    addressee = "\n\n".join(shown.addressee) or word["unknown"]
    return [*rows[:-1], (word["addressee"], addressee, word["by.none"]), rows[-1]]


def _by(field: FieldOut, word: dict[str, str]) -> str:
    return word["by.machine"] if field.own is None else word["by.own"]


def _line(pdf: FPDF, text: str, size: float) -> None:
    pdf.set_font(_FONT, size=size)
    pdf.multi_cell(0, size * 0.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _table(pdf: FPDF, rows: Sequence[Sequence[str]]) -> None:
    pdf.set_font(_FONT, size=9.5)
    pdf.set_draw_color(160)
    with pdf.table(
        rows,
        col_widths=_WIDTHS,
        borders_layout=TableBordersLayout.ALL,
        headings_style=FontFace(color=_GREY),
        text_align="LEFT",
        padding=1.2,
    ):
        pass
