"""How early the work list finds counterfeits, and fitting the chances by which it ranks."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from model.evaluation.figures import write_figures
from model.evaluation.traffic import ParcelTruth
from service.encoding import load_encoder
from service.evaluation.triage import DEPTHS, Report
from service.evaluation.triage_fit import fit_chances
from service.evaluation.triage_traffic import Placed, counts_of, placed_anew, simulate
from service.settings import Settings
from service.worklist import chances

console = Console()

Counterfeits = Annotated[int, typer.Option(min=1, help="Counterfeit parcels to draw.")]
Others = Annotated[int, typer.Option(min=10, help="Other parcels to draw.")]
Brands = Annotated[int, typer.Option(min=2, max=12, help="Brands of the kit to enrol.")]
Prevalence = Annotated[float, typer.Option(min=0.0001, max=0.5, help="Share of counterfeits in the traffic.")]
EncoderName = Annotated[str, typer.Option(help="Encoder to measure.")]
Keep = Annotated[
    Path | None, typer.Option(help="Keep what was seen here; read it where it is there already.")
]


def triage(
    seed: Annotated[
        int, typer.Option(help="Of kit and traffic; not one that the chances were fitted on.")
    ] = 0,
    counterfeits: Counterfeits = 60,
    others: Others = 180,
    brands: Brands = 6,
    prevalence: Prevalence = 0.02,
    encoder: EncoderName = "bundled",
    keep: Keep = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Also write the figures here, as one flat object.")
    ] = None,
) -> None:
    """Take simulated parcels in, rank them, and print the share of counterfeits found against parcels opened."""
    parcels = _parcels(seed, counterfeits, others, brands, encoder, keep)
    report = Report(parcels, prevalence, seed)
    _show(report)
    if json_file is not None:
        figures = report.figures() | {"chances": chances.shipped_chances().version}
        write_figures(json_file, figures, seed=seed, encoder=encoder)


def fit_triage(
    seed: Annotated[int, typer.Option(help="Of kit and traffic.")] = 900,
    counterfeits: Counterfeits = 90,
    others: Others = 240,
    brands: Brands = 6,
    prevalence: Prevalence = 0.02,
    encoder: EncoderName = "bundled",
    keep: Keep = None,
    output: Annotated[Path, typer.Option(help="Where to write the chances.")] = chances.SHIPPED,
) -> None:
    """Learn from simulated parcels what each trait of an inspection is worth, for the order of the work list."""
    parcels = _parcels(seed, counterfeits, others, brands, encoder, keep)
    command = f"mizugiwa fit triage --seed {seed} --counterfeits {counterfeits} --others {others}"
    source: dict[str, str | int | float] = {
        "command": f"{command} --brands {brands} --prevalence {prevalence}",
        "data": "simulated parcels of the synthetic brand kit",
        "seed": seed,
        "parcels": len(parcels),
        "prevalence": prevalence,
        "encoder": encoder,
        "date": datetime.now(UTC).date().isoformat(),
    }
    model = fit_chances(parcels, prevalence, f"kit-{seed}", source)
    model.save(output)
    for name, weight in sorted(model.weights.items(), key=lambda each: -abs(each[1])):
        console.print(f"{weight:+8.3f}  {name}")
    console.print(f"kept in {output}")


def _parcels(
    seed: int, counterfeits: int, others: int, brands: int, encoder: str, keep: Path | None
) -> list[Placed]:
    if keep is not None and keep.exists():
        kept = [_read(json.loads(line)) for line in keep.read_text().splitlines()]
        return placed_anew(kept, chances.shipped_chances())
    settings = Settings()
    loaded = load_encoder(settings, encoder)
    found = simulate(seed, brands, counts_of(counterfeits, others), loaded, settings)
    if keep is not None:
        keep.parent.mkdir(parents=True, exist_ok=True)
        keep.write_text("".join(json.dumps(_written(each)) + "\n" for each in found))
    return found


def _written(each: Placed) -> dict[str, object]:
    return {
        "truth": each.truth.value,
        "place": each.place,
        "value": each.value,
        "advice": each.advice,
        "traits": dict(each.traits),
    }


def _read(line: dict[str, object]) -> Placed:
    return Placed(**{**line, "truth": ParcelTruth(str(line["truth"]))})  # type: ignore[arg-type] # as it was written


def _show(report: Report) -> None:
    title = f"{len(report.parcels)} parcels, weighed to {report.prevalence:.1%} counterfeit"
    table = Table("opened", "found, ranked [95 %]", "dearest first", "at random", title=title)
    for depth in DEPTHS:
        ranked, by_value = report.found_at(depth), report.found_by_value(depth)
        table.add_row(f"{depth:.0%}", str(ranked), f"{by_value.value:.3f}", f"{depth:.3f}")
    console.print(table)


def add_to(evaluate: typer.Typer, fit: typer.Typer) -> None:
    evaluate.command("triage")(triage)
    fit.command("triage")(fit_triage)
