"""Fits the proposer's head on frozen features: focal loss for objectness, overlap for the sides of boxes.

Lin et al., "Focal Loss for Dense Object Detection", ICCV 2017; Tian et al., "FCOS", ICCV 2019.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.encoders.session import open_session
from model.regions.boxes import Boxes
from model.regions.fitting_scenes import Example
from model.regions.head import OUTPUTS, Head
from model.regions.proposer import PIXELS, Shape, graph_file
from model.regions.proposer_export import FEATURES, write_trunk

HIDDEN = 32
COPIES = 2
"""How often each example is seen, each time cut otherwise."""
_BATCH = 32
_LEAST_CUT = 0.8
_CORE = 0.25
"""Cells within this share of a box's sides from its middle must find it; the box's other cells may."""


@dataclass(frozen=True, eq=False)
class _Cells:
    """One squeezed picture: features, and what each cell should say."""

    features: Any
    """(C, rows, columns), half precision."""
    wanted: Any
    """(rows, columns, 5): 1 where a box must be found, and its distances."""
    free: Any
    """(rows, columns): either answer is right."""


def fit_head(found: Iterable[Example], *, seed: int, epochs: int, source: str) -> Head:
    """Fit on examples, which are read once; about 45 kB of memory for each.

    Returns:
        The same weights for the same examples, seed and libraries on one machine.
    """
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    cells = _features(found, rng)
    every = torch.stack([each.features.float().mean((1, 2)) for shape in cells.values() for each in shape])
    spread = torch.stack([each.features.float().var((1, 2)) for shape in cells.values() for each in shape])
    mean, deviation = every.mean(0), (spread.mean(0) + every.var(0)).sqrt() + 1e-3
    inner = torch.nn.Conv2d(len(mean), HIDDEN, 3, padding=1)
    outer = torch.nn.Conv2d(HIDDEN, OUTPUTS, 1)
    torch.nn.init.constant_(outer.bias, -2.0)
    _train(cells, mean, deviation, inner, outer, epochs, rng)
    return Head(
        mean=_half(mean),
        deviation=_half(deviation),
        inner=_half(inner.weight),
        inner_bias=_half(inner.bias),
        outer=_half(outer.weight),
        outer_bias=_half(outer.bias),
        source=source,
    )


def _half(weight: Any) -> NDArray[np.float16]:
    return np.asarray(weight.detach().numpy(), np.float16)


def _features(found: Iterable[Example], rng: np.random.Generator) -> dict[Shape, list[_Cells]]:
    cells: dict[Shape, list[_Cells]] = {shape: [] for shape in Shape}
    with tempfile.TemporaryDirectory(prefix="trunk-") as folder:
        trunks = {shape: _trunk(shape, Path(folder)) for shape in Shape}
        for example in found:
            shape = Shape.of(example.pixels)
            for _ in range(COPIES):
                pixels, boxes = _cut(example, shape, rng)
                features = trunks[shape].run([FEATURES], {PIXELS: pixels[None]})[0][0]
                wanted, free = _targets(boxes, *features.shape[1:])
                tensors = features.astype(np.float16), wanted, free
                cells[shape].append(_Cells(*(torch.from_numpy(each) for each in tensors)))
    return {shape: each for shape, each in cells.items() if each}


def _trunk(shape: Shape, folder: Path) -> Any:
    path = folder / graph_file(shape)
    write_trunk(shape, path)
    return open_session(path, threads=1)


def _cut(example: Example, shape: Shape, rng: np.random.Generator) -> tuple[RGB, Boxes]:
    """A random part of the picture at the size of its shape, and the boxes that are at least half inside."""
    height, width = example.pixels.shape[:2]
    share = rng.uniform(_LEAST_CUT, 1)
    rows, columns = int(height * share), int(width * share)
    top, left = int(rng.integers(height - rows + 1)), int(rng.integers(width - columns + 1))
    part = example.pixels[top : top + rows, left : left + columns]
    origin, extent = np.array([left, top] * 2), np.array([columns, rows] * 2)
    whole = example.boxes * np.array([width, height] * 2) - origin
    kept = np.clip(whole, 0, extent)
    inside = _area(kept) > 0.5 * _area(whole)
    pixels = cv2.resize(part, shape.size[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(pixels, np.uint8), np.asarray(kept[inside] / extent, np.float64)


def _area(boxes: Boxes) -> NDArray[np.float64]:
    return np.asarray((boxes[:, 2:] - boxes[:, :2]).prod(axis=1), np.float64)


def _targets(boxes: Boxes, rows: int, columns: int) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Where boxes compete for a cell, the smallest has it."""
    y, x = (np.mgrid[:rows, :columns] + 0.5) / np.array([rows, columns]).reshape(2, 1, 1)
    wanted = np.zeros((rows, columns, OUTPUTS), np.float32)
    free = np.zeros((rows, columns), bool)
    for left, top, right, bottom in sorted(boxes.tolist(), key=_size, reverse=True):
        reach = np.stack([x - left, y - top, right - x, bottom - y], axis=-1)
        inside = (reach > 0).all(axis=-1)
        across = abs(x - (left + right) / 2) <= max(_CORE * (right - left), 0.5 / columns)
        along = abs(y - (top + bottom) / 2) <= max(_CORE * (bottom - top), 0.5 / rows)
        core = inside & across & along
        free |= inside
        wanted[core, 0], wanted[core, 1:] = 1, reach[core]
    return wanted, free & (wanted[..., 0] == 0)


def _size(box: list[float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _train(
    cells: dict[Shape, list[_Cells]], mean: Any, deviation: Any, inner: Any, outer: Any, epochs: int,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    weights = [*inner.parameters(), *outer.parameters()]
    optimiser = torch.optim.AdamW(weights, lr=2e-3, weight_decay=1e-2)
    steps = epochs * sum(-(-len(each) // _BATCH) for each in cells.values())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps)
    for _ in range(epochs):
        for batch in _batches(cells, rng):
            features = torch.stack([each.features for each in batch]).float()
            standard = (features - mean.view(-1, 1, 1)) / deviation.view(-1, 1, 1)
            said = outer(torch.nn.functional.relu6(inner(standard))).permute(0, 2, 3, 1)
            wanted = torch.stack([each.wanted for each in batch])
            loss = _loss(said, wanted, torch.stack([each.free for each in batch]))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()


def _batches(cells: dict[Shape, list[_Cells]], rng: np.random.Generator) -> Iterator[list[_Cells]]:
    order = {shape: rng.permutation(len(each)) for shape, each in cells.items()}
    starts = [(shape, at) for shape, each in cells.items() for at in range(0, len(each), _BATCH)]
    for number in rng.permutation(len(starts)):
        shape, at = starts[number]
        yield [cells[shape][place] for place in order[shape][at : at + _BATCH]]


def _loss(said: Any, wanted: Any, free: Any) -> Any:
    thing = wanted[..., 0] > 0
    cross = torch.nn.functional.binary_cross_entropy_with_logits(
        said[..., 0], wanted[..., 0], reduction="none"
    )
    missed = torch.where(thing, 1 - said[..., 0].sigmoid(), said[..., 0].sigmoid())
    focal = cross * missed**2 * torch.where(thing, 0.75, 0.25) * ~free
    objectness = focal.sum() / thing.sum().clamp(min=1)
    if not thing.any():
        return objectness
    return objectness + (1 - _overlap(said[thing][:, 1:].exp(), wanted[thing][:, 1:])).mean()


def _overlap(one: Any, other: Any) -> Any:
    """Intersection over union of boxes around one point, each given by its (N, 4) distances."""
    shared = torch.minimum(one, other)
    both = _spanned(shared)
    return both / (_spanned(one) + _spanned(other) - both)


def _spanned(reach: Any) -> Any:
    return (reach[:, 0] + reach[:, 2]) * (reach[:, 1] + reach[:, 3])
