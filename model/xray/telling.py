"""Is a picture an X-ray capture, whatever it was sent as?

Told from how light is spread, how sharp and noisy light and dark places are, and which hues there are: grey captures
are told from grey photos too. It knows no encoder, so that it holds for every one.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB

SHIPPED = Path(__file__).with_name("telling.json")
_SIDE = 192
_LEAST_SIDE = 16
_HUE_SECTORS = 6
_COLOURED = 0.15


@dataclass(frozen=True)
class TellingModel:
    """A logistic model of `measures`, each first centred and scaled."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    source: dict[str, Any]

    def chance(self, found: NDArray[np.float64]) -> float:
        """Between 0 (photo) and 1 (X-ray).

        Args:
            found: shape (M,), of `measures`.
        """
        standard = (found - np.array(self.mean)) / np.array(self.scale)
        logit = float(np.clip(standard, -6.0, 6.0) @ np.array(self.weights)) + self.intercept
        return 1.0 / (1.0 + float(np.exp(-np.clip(logit, -60.0, 60.0))))

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")


@cache
def shipped_telling() -> TellingModel:
    return TellingModel(**json.loads(SHIPPED.read_text("utf-8")))


def xray_chance(picture: RGB) -> float:
    """How likely the picture is an X-ray capture, between 0 and 1; an even line is drawn at 0.5.

    Args:
        picture: shape (height, width, 3), uint8.
    """
    return shipped_telling().chance(measures(picture))


def measures(picture: RGB) -> NDArray[np.float64]:
    """Shape (M,), float64: what the model weighs; the same for every size of one picture, nearly."""
    small = _sized(picture)
    light = small.astype(np.float32).mean(axis=2) / 255.0
    hue, saturation, _ = cv2.split(cv2.cvtColor(small, cv2.COLOR_RGB2HSV))
    found: NDArray[np.float64] = np.concatenate(
        [_of_light(light), _of_edges(light), _of_colour(hue, saturation / np.float32(255.0), light)]
    )
    return found


def _sized(picture: RGB) -> RGB:
    scale = _SIDE / max(picture.shape[:2])
    height, width = (max(_LEAST_SIDE, round(side * scale)) for side in picture.shape[:2])
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _of_light(light: NDArray[np.float32]) -> NDArray[np.float64]:
    shares = np.histogram(light, 8, (0.0, 1.0001))[0] / light.size
    border = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])
    rest = [np.median(border), border.std(), light.std(), (light > 0.75).mean(), (light < 0.25).mean()]
    levels = np.quantile(light, [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99])
    return np.concatenate([shares, levels, rest])


def _of_edges(light: NDArray[np.float32]) -> NDArray[np.float64]:
    across, down = (cv2.Sobel(light, cv2.CV_32F, *by) / 8.0 for by in ((1, 0), (0, 1)))
    steep = np.log(np.quantile(np.hypot(across, down), [0.25, 0.5, 0.75, 0.9, 0.98]) + 1e-3)
    fine = np.abs(light - cv2.GaussianBlur(light, (0, 0), 1.0))
    grain = [np.log(_mean(fine[part]) + 1e-4) for part in (light > 0.75, light < 0.25)]
    return np.concatenate([steep, [float(fine.mean()) * 20.0], grain])


def _of_colour(
    hue: NDArray[Any], saturation: NDArray[np.float32], light: NDArray[np.float32]
) -> NDArray[np.float64]:
    coloured = saturation > _COLOURED
    sectors = np.histogram(hue[coloured] / 30.0, _HUE_SECTORS, (0, _HUE_SECTORS))[0] / max(1, coloured.sum())
    flat = saturation.std() < 1e-3 or light.std() < 1e-3
    follows = 0.0 if flat else float(np.corrcoef(light.ravel(), saturation.ravel())[0, 1])
    strength = np.quantile(saturation, [0.1, 0.5, 0.9])
    weighed = sectors * min(1.0, 5.0 * float(coloured.mean()))
    return np.concatenate([strength, weighed, [follows, float(saturation.mean() < 0.02)]])


def _mean(values: NDArray[np.float32]) -> float:
    return float(values.mean()) if values.size else 1e-3
