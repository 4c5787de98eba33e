"""How `mizugiwa replay` sees recorded decisions: as they were, by another calibration, or by another encoder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import track
from sqlalchemy.orm import Session

import service.references.service as references
from model.scoring.identity import IdentityCalibration, load_calibration
from service.blobs import DirectoryBlobs
from service.calibration import CalibrationMissing, find_calibration
from service.encoding import load_encoder
from service.policies.reencoding import ScratchLibrary, blob_folder
from service.policies.replaying import Seeing, as_recorded
from service.policies.reseeing import with_calibration, with_encoder
from service.settings import Settings

_console = Console()


@contextmanager
def wanted_seeing(
    session: Session, tenant_id: str, settings: Settings, calibration: Path | None, encoder: str | None
) -> Iterator[Seeing]:
    """Args: calibration: of the encoder that is named, or of the one that decided where none is."""
    scored = _calibration(calibration) if calibration is not None else None
    if encoder is None:
        yield as_recorded if scored is None else with_calibration(scored)
        return
    library = _library(settings, tenant_id, encoder, scored)
    try:
        for each in track(
            references.describe_all(session, tenant_id).items(), description="encoding references"
        ):
            library.add(dict([each]))
        if library.left_out:
            _console.print(f"{len(library.left_out)} references are not kept any more and resemble nothing")
        yield with_encoder(encoder, library.matches)
    finally:
        library.close()


def _library(
    settings: Settings, tenant_id: str, name: str, calibration: IdentityCalibration | None
) -> ScratchLibrary:
    encoder = load_encoder(settings, name)
    try:
        scored = calibration or find_calibration(settings.data_dir, encoder.info)
    except CalibrationMissing as missing:
        raise typer.BadParameter(str(missing), param_hint="--encoder") from missing
    if scored.fingerprint != encoder.info.fingerprint:
        raise typer.BadParameter(
            f"it is the calibration of {scored.fingerprint}; {name} is {encoder.info.fingerprint}",
            param_hint="--calibration",
        )
    blobs = DirectoryBlobs(blob_folder(settings.data_dir))
    return ScratchLibrary(encoder, scored, blobs, settings.picture_limits, tenant_id)


def _calibration(path: Path) -> IdentityCalibration:
    try:
        return load_calibration(path)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(str(error), param_hint="--calibration") from error
