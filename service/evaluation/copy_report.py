"""The tables of `mizugiwa evaluate copy`: one row for each way of finding copies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table

from model.evaluation.copy_answers import Answer, CopyFigures, copy_figures
from model.evaluation.copy_search import CANDIDATES, Means, Sought

DEFAULT = (Means.ALL, 10)
"""What the service does."""
VERIFIED = {Means.WHOLE: 10, Means.FEW: 10, Means.ALL: CANDIDATES, Means.ALL_RAW: 10}
"""How many candidates are compared at most."""
COUNTS = (1, 3, 5, 10, CANDIDATES)
BARS = {Means.ALL: (0.0, 0.03, 0.05, 0.08, 0.1), Means.ALL_RAW: (0.6, 0.65, 0.7, 0.75)}
"""From which score on candidates are compared, with everyday pictures and without any."""
_UNPROVEN = (Means.HASH, Means.EMBEDDING_RAW, Means.EMBEDDING, Means.SSCD_RAW, Means.SSCD)


@dataclass(frozen=True)
class Row:
    name: str
    figures: CopyFigures


def service_row(answers: Sequence[Answer], seed: int) -> Row:
    return Row("service", copy_figures(answers, seed))


def baseline_rows(sought: Sequence[Sought], seed: int) -> Iterator[Row]:
    """Every means by its own scores, then those with proof."""
    for means in (*_UNPROVEN, Means.WHOLE, Means.FEW, Means.ALL_RAW, Means.ALL):
        if means in sought[0].scores:
            yield Row(str(means), copy_figures([each.answer(means) for each in sought], seed))
    for means in (Means.ALL_RAW, Means.ALL):
        yield _verified(sought, means, DEFAULT[1], seed)


def curve_rows(sought: Sequence[Sought], seed: int) -> Iterator[Row]:
    """From the cheapest to the dearest: fewer tiles, fewer candidates verified, and only those over a bar."""
    for means in (Means.WHOLE, Means.FEW, Means.ALL):
        for count in COUNTS:
            if count <= VERIFIED[means]:
                yield _verified(sought, means, count, seed)
    for means, bars in BARS.items():
        for bar in bars:
            yield _verified(sought, means, DEFAULT[1], seed, bar)


def innocents(sought: Sequence[Sought]) -> Table:
    """What a bar on the candidates' scores saves those who copied nothing."""
    shown = Table("means", "from", "looked at closely", "comparisons of each", title="innocent queries")
    unrelated = [each for each in sought if each.query.reference is None]
    for means, bars in BARS.items():
        for bar in bars:
            counts = [len(each.verified(means, DEFAULT[1], bar).references) for each in unrelated]
            share, mean = sum(count > 0 for count in counts) / len(counts), sum(counts) / len(counts)
            shown.add_row(str(means), f"{bar:.2f}", f"{share:.3f}", f"{mean:.2f}")
    return shown


def table(rows: Sequence[Row], title: str) -> Table:
    shown = Table(
        "way",
        "µAP [95 %]",
        "recall at P 0.90",
        "at P 0.99",
        "among answered",
        "p50 ms",
        "p95 ms",
        title=title,
    )
    for row in rows:
        figures = row.figures
        shown.add_row(
            row.name,
            str(figures.micro_ap),
            str(figures.recall_at_p90),
            f"{figures.recall_at_p99.value:.3f}",
            f"{figures.found:.3f}",
            f"{figures.p50_ms:.0f}",
            f"{figures.p95_ms:.0f}",
        )
    return shown


def family_table(rows: Sequence[Row]) -> Table:
    """Recall of each family of attacks at precision 0.9 over all."""
    shown = Table("attack", *(row.name for row in rows), title="recall at precision 0.90, by attack")
    for family in rows[0].figures.per_family:
        shown.add_row(family, *(f"{row.figures.per_family[family]:.2f}" for row in rows))
    return shown


def flat(rows: Sequence[Row], main: Row) -> Mapping[str, float | int | str]:
    """The main row without a suffix, every row with its own."""
    found: dict[str, float | int | str] = dict(main.figures.flat())
    for row in rows:
        found |= dict(row.figures.flat(f"_{row.name}"))
    return found


def _verified(sought: Sequence[Sought], means: Means, count: int, seed: int, bar: float | None = None) -> Row:
    reach = -float("inf") if bar is None else bar
    name = f"{means}_verified_{count}" + ("" if bar is None else f"_from_{bar:+.2f}")
    return Row(name, copy_figures([each.verified(means, count, reach) for each in sought], seed))
