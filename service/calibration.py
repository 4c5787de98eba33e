"""Finds the calibration of an encoder: the site's own, else the one that comes with the product."""

from __future__ import annotations

from pathlib import Path

import model.scoring
from model.encoders.base import EncoderInfo
from model.scoring.identity import IdentityCalibration, load_calibration

_SHIPPED = Path(model.scoring.__file__).parent / "calibrations"


class CalibrationMissing(LookupError):
    def __init__(self, info: EncoderInfo) -> None:
        super().__init__(
            f"Encoder {info.name} (fingerprint {info.fingerprint}) has no calibration, so its cosines mean nothing. "
            f"Make one with `mizugiwa calibrate --encoder {info.name}`; it takes a minute."
        )


def site_calibration(data_dir: Path, fingerprint: str) -> Path:
    return data_dir / "calibrations" / f"{fingerprint}.json"


def find_calibration(data_dir: Path, info: EncoderInfo) -> IdentityCalibration:
    """
    Raises:
        CalibrationMissing: none was made for this fingerprint.
        ValueError: its file is damaged, or is another encoder's.
    """
    for path in (site_calibration(data_dir, info.fingerprint), _SHIPPED / f"{info.fingerprint}.json"):
        if path.exists():
            calibration = load_calibration(path)
            if calibration.fingerprint != info.fingerprint:
                raise ValueError(f"{path} is the calibration of {calibration.fingerprint}; remove it.")
            return calibration
    raise CalibrationMissing(info)
