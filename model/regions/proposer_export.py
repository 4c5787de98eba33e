"""Turns the wheel's EfficientNet-Lite0 and the fitted head into the ONNX graphs that propose boxes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray

from model.encoders.artifacts import Installed, sha256_of
from model.encoders.bundled_export import backbone
from model.encoders.exporting import OPSET, versions
from model.regions.head import Head
from model.regions.proposer import BOXES, OBJECTNESS, PIXELS, STAGES, Shape, graph_file, info

FEATURES = "features"


def export(folder: Path, head: Head) -> Installed:
    """Write a graph for each shape into the folder and say what they are."""
    for shape in Shape:
        _write(Boxed(Trunk(), head, shape).eval(), shape, folder / graph_file(shape), [BOXES, OBJECTNESS])
    files = {graph_file(shape): sha256_of(folder / graph_file(shape)) for shape in Shape}
    return Installed(info(), files=files, versions=versions("timm"))


class Trunk(torch.nn.Module):  # type: ignore[misc]  # torch's types are not read here
    """(1, height, width, 3) uint8 in, (1, C, height / 16, width / 16) features out."""

    def __init__(self) -> None:
        super().__init__()
        whole = backbone()
        self.stem = torch.nn.Sequential(whole.conv_stem, whole.bn1, *whole.blocks[:STAGES])

    def forward(self, pixels: Any) -> Any:
        return self.stem(pixels.permute(0, 3, 1, 2).to(torch.float32) / 127.5 - 1)


class Boxed(torch.nn.Module):  # type: ignore[misc]  # torch's types are not read here
    """Pixels in, (1, cells, 4) boxes in shares of the picture and (1, cells) objectness out."""

    def __init__(self, trunk: Any, head: Head, shape: Shape) -> None:
        super().__init__()
        self.trunk = trunk
        for name in ("mean", "deviation"):
            self.register_buffer(name, _tensor(getattr(head, name)).view(1, -1, 1, 1))
        self.inner = _convolution(head.inner, head.inner_bias, padding=1)
        self.outer = _convolution(head.outer, head.outer_bias, padding=0)
        self.register_buffer("middle", _middles(shape))

    def forward(self, pixels: Any) -> tuple[Any, Any]:
        features = (self.trunk(pixels) - self.mean) / self.deviation
        cells = self.outer(torch.nn.functional.relu6(self.inner(features))).flatten(2).permute(0, 2, 1)
        reach = cells[..., 1:].exp()
        boxes = torch.cat([self.middle - reach[..., :2], self.middle + reach[..., 2:]], dim=2)
        return boxes.clamp(0, 1), cells[..., 0].sigmoid()


def write_trunk(shape: Shape, path: Path) -> None:
    """The frozen part alone, for fitting: `features`, (1, C, height / 16, width / 16)."""
    _write(Trunk().eval(), shape, path, [FEATURES])


def _write(module: Any, shape: Shape, path: Path, outputs: list[str]) -> None:
    example = torch.zeros(1, *shape.size, 3, dtype=torch.uint8)
    with torch.inference_mode():
        torch.onnx.export(
            module,
            (example,),
            path,
            input_names=[PIXELS],
            output_names=outputs,
            opset_version=OPSET,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    onnx.checker.check_model(path, full_check=True)


def _middles(shape: Shape) -> Any:
    """(1, cells, 2): x and y of each cell's middle, row by row, in shares of the picture."""
    rows, columns = (side // 16 for side in shape.size)
    y, x = torch.meshgrid(
        (torch.arange(rows) + 0.5) / rows, (torch.arange(columns) + 0.5) / columns, indexing="ij"
    )
    return torch.stack([x, y], dim=-1).view(1, -1, 2)


def _convolution(weight: NDArray[np.float16], bias: NDArray[np.float16], padding: int) -> Any:
    layer = torch.nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2], padding=padding)
    layer.weight = torch.nn.Parameter(_tensor(weight))
    layer.bias = torch.nn.Parameter(_tensor(bias))
    return layer


def _tensor(array: NDArray[np.float16]) -> Any:
    return torch.from_numpy(array.astype(np.float32))
