"""`mizugiwa bench`: how quick everything is on this machine, compared in one run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from model.encoders.bundled import NAME as BUNDLED
from model.evaluation.figures import write_figures

app = typer.Typer(help="Measure encoder, decoding, search, HTTP and whole checks on this machine.")

JsonFile = Annotated[
    Path | None, typer.Option("--json", help="Also write the figures here, as one flat object.")
]
Seed = Annotated[int, typer.Option(help="For weights, vectors and pictures.")]
Encoders = Annotated[
    Path | None,
    typer.Option(
        file_okay=False, help="Keep exported encoders here from run to run; a temporary folder if not given."
    ),
]
Architecture = Annotated[str, typer.Option(help="Of the CLIP with seeded weights.")]
References = Annotated[int, typer.Option(min=1, help="References among which a check searches.")]
Requests = Annotated[int, typer.Option(min=16, help="With 16 clients, each round.")]
Checks = Annotated[int, typer.Option(min=1, help="With each number of clients.")]
Items = Annotated[int, typer.Option(min=1000, help="Vectors in the index.")]
Dimension = Annotated[int, typer.Option(min=8, help="Of the vectors.")]
Threads = Annotated[int, typer.Option(min=1, help="Callers that search at once for the rate.")]
Compactions = Annotated[int, typer.Option(min=1, help="Over which memory must stay flat.")]
Rounds = Annotated[int, typer.Option(min=1, help="Of everything, turn about; medians are shown.")]

Measured = Mapping[str, float | int | str]

# Each benchmark is imported by its own command: the encoder's needs torch, which takes seconds to import.


@app.callback(invoke_without_command=True)
def everything(
    context: typer.Context, encoders: Encoders = None, seed: Seed = 0, json_file: JsonFile = None
) -> None:
    """Measure encoder, decoding, search, HTTP and whole checks on this machine; all of them if none is named."""
    if context.invoked_subcommand is None:
        all_(encoders, seed, json_file)


@app.command()
def encoder(
    architecture: Architecture = "ViT-B-32", rounds: Rounds = 9, seed: Seed = 0, json_file: JsonFile = None
) -> None:
    """The serving path of a CLIP against torch: milliseconds a picture, ratios, cosines."""
    from service.benchmarks.encoder import run

    _keep(json_file, run(architecture, rounds=rounds, seed=seed), seed, architecture)


@app.command()
def decode(rounds: Rounds = 9, seed: Seed = 0, json_file: JsonFile = None) -> None:
    """From the bytes of a JPEG to pixels, against plain PIL."""
    from service.benchmarks.decode import run

    _keep(json_file, run(rounds, seed), seed, "none")


@app.command()
def index(
    items: Items = 100_000,
    dimension: Dimension = 512,
    threads: Threads = 2,
    compactions: Compactions = 50,
    seed: Seed = 0,
    json_file: JsonFile = None,
) -> None:
    """The embedded index: search and its recall, scopes, changes, compaction, snapshots and memory."""
    from service.benchmarks.index import run

    _keep(json_file, run(items, dimension, seed, threads, compactions), seed, "none")


@app.command()
def index_threshold(dimension: Dimension = 512, seed: Seed = 0, json_file: JsonFile = None) -> None:
    """Exact against trained search at four sizes: from where on training is worth it."""
    from service.benchmarks.index_threshold import run

    _keep(json_file, run(dimension, seed), seed, "none")


@app.command()
def http(
    architecture: Architecture = "ViT-B-32",
    encoders: Encoders = None,
    requests: Requests = 320,
    rounds: Rounds = 3,
    seed: Seed = 0,
    json_file: JsonFile = None,
) -> None:
    """Embeddings over HTTP against the bare encoder with the same decoding."""
    from service.benchmarks.http import run

    _keep(json_file, run(architecture, encoders, requests, rounds, seed), seed, f"{BUNDLED}, {architecture}")


@app.command()
def check(
    references: References = 10_000,
    checks: Checks = 100,
    encoders: Encoders = None,
    seed: Seed = 0,
    json_file: JsonFile = None,
) -> None:
    """A whole check of a listing, its stages, and how soon the service is ready."""
    from service.benchmarks.check import run

    _keep(json_file, run(references, checks=checks, seed=seed, encoders=encoders), seed, BUNDLED)


@app.command("all")
def all_(encoders: Encoders = None, seed: Seed = 0, json_file: JsonFile = None) -> None:
    """All of them with their defaults, one after another; a figure's name begins with its benchmark's."""
    figures: dict[str, float | int | str] = {}
    for name, run in _benchmarks(encoders, seed).items():
        figures |= {f"{name}_{figure}": value for figure, value in run().items()}
    _keep(json_file, figures, seed, BUNDLED)


def _benchmarks(encoders: Path | None, seed: int) -> dict[str, Callable[[], Measured]]:
    from service.benchmarks import check, decode, encoder, http, index

    return {
        "decode": lambda: decode.run(seed=seed),
        "index": lambda: index.run(seed=seed),
        "check": lambda: check.run(seed=seed, encoders=encoders),
        "http": lambda: http.run(seed=seed, encoders=encoders),
        "encoder": lambda: encoder.run(seed=seed),
    }


def _keep(path: Path | None, figures: Measured, seed: int, encoder_name: str) -> None:
    if path is not None:
        write_figures(path, figures, seed=seed, encoder=encoder_name)
