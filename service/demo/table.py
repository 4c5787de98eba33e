"""The decisions as a table in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.demo.checking import Checked
from service.demo.names import Names
from service.demo.summary import summarise
from service.demo.wording import LIKENESS, SHORT
from service.screening.outcome import Decision
from service.screening.signals import Signal, SignalCode, Strength

_TITLE_CELLS = 34
_COLOURS = {
    Decision.ALLOW: "green",
    Decision.REVIEW: "yellow",
    Decision.BLOCK: "red",
    Decision.REVIEW_PENDING: "magenta",
    Decision.NEEDS_DOCUMENTS: "cyan",
}


def show(console: Console, checked: Sequence[Checked], names: Names) -> None:
    table = Table(box=box.HORIZONTALS, pad_edge=False, show_lines=True)
    table.add_column("#", justify="right", style="dim")
    table.add_column("listing, and what it is in truth", min_width=24, max_width=44)
    table.add_column("decision", no_wrap=True)
    table.add_column("reasons, and whose it could be", min_width=24)
    table.add_column("ms", justify="right", no_wrap=True)
    for number, each in enumerate(checked, 1):
        table.add_row(str(number), *_row(each, names))
    console.print(table)
    summary = summarise(checked)
    console.print(summary.sentence, style="bold", highlight=False)
    if summary.remark:
        console.print(summary.remark, highlight=False)


def _row(checked: Checked, names: Names) -> tuple[Text, ...]:
    return (
        _listing(checked),
        _decision(checked),
        Text(
            "\n".join(
                [
                    *(f"{reason.code} {SHORT[reason.code]}" for reason in checked.hook.reasons),
                    *_copies(checked),
                    _suggestion(checked, names),
                ]
            )
        ),
        Text(f"{checked.milliseconds:.0f}"),
    )


def _listing(checked: Checked) -> Text:
    title = Text(checked.scene.listing["title"], overflow="ellipsis", no_wrap=True)
    title.truncate(_TITLE_CELLS, overflow="ellipsis")
    return title.append(f"\n{checked.story.words}", style="dim")


def _decision(checked: Checked) -> Text:
    text = Text(checked.hook.decision.value, style=f"bold {_COLOURS[checked.hook.decision]}")
    outcome = checked.record.outcome
    if outcome.priority is not None:
        text.append(f"\n{outcome.priority}", style="not bold")
    if outcome.watched:
        text.append("\nwatched", style="not bold dim")
    return text


def _copies(checked: Checked) -> list[str]:
    """What was verified, in the fewest words."""
    return [
        f"verified: {_kind(signal)}"
        for signal in checked.signals
        if signal.code in (SignalCode.S2, SignalCode.S3) and signal.strength is Strength.STRONG
    ]


def _kind(signal: Signal) -> str:
    kind = str(signal.evidence.get("kind", "same_photo")).replace("_", " ")
    return f"{kind}, mirrored" if signal.evidence.get("mirrored") else kind


def _suggestion(checked: Checked, names: Names) -> str:
    if not checked.candidates:
        return "nothing to compare"
    best = checked.candidates[0]
    return f"{names.brand(best.brand_id)}: {LIKENESS[best.band]}"
