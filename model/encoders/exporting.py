"""From a torch module to a checked ONNX file."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import onnx
import torch

from model.encoders.serving import PIXELS

OPSET = 18


def export_graph(module: Any, size: int, outputs: tuple[str, ...], path: Path) -> None:
    """Write the module as one self-contained ONNX file that reads (1, size, size, 3) uint8."""
    example = torch.zeros(1, size, size, 3, dtype=torch.uint8)
    with torch.inference_mode():
        torch.onnx.export(
            module,
            (example,),
            path,
            input_names=[PIXELS],
            output_names=list(outputs),
            opset_version=OPSET,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    onnx.checker.check_model(path, full_check=True)


def versions(*more: str) -> dict[str, str]:
    """The libraries that took part in an export."""
    return {name: version(name) for name in ("torch", "onnx", "onnxruntime", *more)}
