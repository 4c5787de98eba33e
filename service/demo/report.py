"""The report: one page that holds everything it shows, and runs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from service.demo.checking import Checked
from service.demo.names import Names
from service.demo.pictures import thumbnail
from service.demo.serving import Caller
from service.demo.summary import summarise
from service.demo.wording import LIKENESS, SHORT, Match, best_match, sentence

_SMALL = 96
_ACTIONS = {
    "none": "Nothing is asked of the seller.",
    "wait": "The seller is asked to wait while a person looks.",
    "send_photos": "The seller is asked for clear photos.",
    "send_documents": "The seller is asked for documents.",
    "withdraw_or_appeal": "The seller may withdraw the listing or appeal.",
}


_STAGES = {
    "collect": "receive the pictures",
    "see": "decode and describe them",
    "gather": "search, and gather evidence",
    "decide": "apply the policy",
}


@dataclass(frozen=True)
class ShownMatch:
    caption: str
    brand: str
    picture: str
    """A data URI, as all pictures here are."""


@dataclass(frozen=True)
class ShownCandidate:
    brand: str
    product: str
    band: str
    words: str


@dataclass(frozen=True)
class Stage:
    name: str
    milliseconds: float
    share: float
    """Of the whole, in percent."""


@dataclass(frozen=True, eq=False)
class ShownListing:
    number: int
    checked: Checked
    main: str
    main_number: int
    others: Sequence[str]
    match: ShownMatch | None
    signals: Sequence[str]
    candidates: Sequence[ShownCandidate]
    stages: Sequence[Stage]
    action: str


@dataclass(frozen=True)
class Enrolled:
    """How much the checks were compared with."""

    brands: int
    products: int
    pictures: int


def write_report(
    path: Path, checked: Sequence[Checked], names: Names, admin: Caller, enrolled: Enrolled, seed: int
) -> None:
    """Write the page; pictures of what was matched are asked of the API."""
    shown = [_listing(number, each, names, admin) for number, each in enumerate(checked, 1)]
    environment = Environment(
        loader=PackageLoader("service.demo"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    first = checked[0].record
    page = environment.get_template("report.html").render(
        listings=shown,
        summary=summarise(checked),
        versions=first.versions,
        rules_taken_live=sorted(first.findings.rule_status),
        enrolled=enrolled,
        seed=seed,
        short=SHORT,
        stages=_STAGES,
    )
    path.write_text(page, encoding="utf-8")


def _listing(number: int, checked: Checked, names: Names, admin: Caller) -> ShownListing:
    match = best_match(checked)
    main = match.picture if match else 0
    return ShownListing(
        number=number,
        checked=checked,
        main=thumbnail(checked.pictures[main].data, region=match.matched.picture if match else ()),
        main_number=main + 1,
        others=[thumbnail(each.data, _SMALL) for at, each in enumerate(checked.pictures) if at != main],
        match=_match(match, names, admin) if match else None,
        signals=[sentence(signal, names) for signal in checked.signals],
        candidates=_candidates(checked, names),
        stages=_stages(checked),
        action=_ACTIONS[checked.hook.action_required.action],
    )


def _match(match: Match, names: Names, admin: Caller) -> ShownMatch:
    data = admin.ask("GET", match.path).content
    caption = f"nearest reference, {match.likeness}" if match.likeness else match.caption
    return ShownMatch(caption, names.brand(match.brand_id), thumbnail(data, region=match.matched.original))


def _candidates(checked: Checked, names: Names) -> list[ShownCandidate]:
    return [
        ShownCandidate(
            names.brand(each.brand_id),
            names.products.get(each.product_id, ""),
            each.band,
            LIKENESS[each.band],
        )
        for each in checked.candidates
    ]


def _stages(checked: Checked) -> list[Stage]:
    laps = checked.record.timings_ms
    whole = max(sum(laps.values()), 1e-9)
    return [Stage(name, spent, spent / whole * 100) for name, spent in laps.items()]
