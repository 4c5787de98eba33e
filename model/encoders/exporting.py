"""From a torch module to a checked ONNX file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnx
import torch

OPSET = 18


def export_graph(
    module: Any, example: tuple[Any, ...], inputs: tuple[str, ...], outputs: tuple[str, ...], path: Path
) -> None:
    """Write the module as one self-contained ONNX file of fixed shapes, those of the example."""
    with torch.inference_mode():
        torch.onnx.export(
            module,
            example,
            path,
            input_names=list(inputs),
            output_names=list(outputs),
            opset_version=OPSET,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    onnx.checker.check_model(path, full_check=True)
