"""A CLIP with seeded weights: as fast as a trained one, and needs no download."""

from __future__ import annotations

from pathlib import Path

from model.encoders import EncoderNotInstalled, export_open_clip, load
from model.encoders.precision import Precision
from model.encoders.probe import textured_pictures
from model.scoring.identity import IdentityCalibration
from service.calibration import site_calibration
from service.encoding import encoders_folder
from service.settings import Settings

_PARITY_PICTURES = 8


def seeded_clip(architecture: str, folder: Path, seed: int) -> str:
    """Name of the encoder in int8, exported into the folder of encoders unless it is there already."""
    checkpoint = folder.resolve() / f"{architecture}-seed{seed}.pt"
    name = f"open_clip:{architecture}/{checkpoint}"
    try:
        load(name, folder)
    except EncoderNotInstalled:
        folder.mkdir(parents=True, exist_ok=True)
        _save_weights(architecture, checkpoint, seed)
        export_open_clip(name, folder, textured_pictures(_PARITY_PICTURES), precision=Precision.INT8)
        checkpoint.unlink()
    return name


def calibrate_by_hand(settings: Settings, name: str) -> None:
    """Let the service start with an encoder that tells nothing."""
    info = load(name, encoders_folder(settings)).info
    made = IdentityCalibration(info.fingerprint, "benchmark", 20.0, -14.0, "by hand, for its time alone", 0)
    made.save(site_calibration(settings.data_dir, info.fingerprint))


def _save_weights(architecture: str, checkpoint: Path, seed: int) -> None:
    import open_clip  # torch takes seconds to import, and an exported encoder does without
    import torch

    torch.manual_seed(seed)
    torch.save(open_clip.create_model(architecture, pretrained=None).state_dict(), checkpoint)
