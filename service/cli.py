"""The command `mizugiwa`: every task of the service from the terminal."""

from __future__ import annotations

import typer

from service.commands import (
    MOUNTED,
    demo,
    enrol,
    evaluate,
    evaluate_artwork,
    evaluate_clutter,
    evaluate_rings,
    evaluate_text,
    evaluate_triage,
    fit,
    index,
    replay,
    server,
)

app = typer.Typer(
    name="mizugiwa",
    help="Spots counterfeit product images. It never says fake; people do.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
server.add_to(app)
evaluate.add_to(app)
evaluate_artwork.add_to(evaluate.app)
evaluate_clutter.add_to(app, evaluate.app)
evaluate_text.add_to(evaluate.app)
evaluate_triage.add_to(evaluate.app, fit.app)
evaluate_rings.add_to(evaluate.app)
index.add_to(app)
enrol.add_to(app)
demo.add_to(app)
replay.add_to(app)
for name, commands in MOUNTED.items():
    app.add_typer(commands, name=name)


def main() -> None:
    app()
