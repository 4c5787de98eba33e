"""What is kept of a registered mark so that pictures can be searched for it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from zipfile import BadZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.marks import everyday
from model.marks.alignment import Canvas
from model.marks.layers import Layers, layers_of
from model.marks.projection import Projection, shipped
from model.marks.views import TURNS, Tile, seen, tiles

FORMAT = "mark-2"
_VIEWS = 16
_SEED = 145
_ROUGH_AREA = 400.0
_FINE_AREA = 1600.0
PART = 0.58
Share = tuple[float, float, float, float]
"""Left, top, right, bottom, of the mark's width and height."""
WHOLE: Share = (0.0, 0.0, 1.0, 1.0)


class DamagedTemplate(ValueError):
    """The bytes are not what `to_bytes` wrote, or not of this version; make them anew from the picture."""


@dataclass(frozen=True, eq=False)
class MarkTemplate:
    """The layers of a mark, and unit descriptors of its tiles, each seen from several sides."""

    layers: Layers
    descriptors: NDArray[np.float32]
    """Shape (T, D)."""
    tile_of: NDArray[np.intp]
    """Shape (T,), which of `tiles` a descriptor is of."""
    turn_of: NDArray[np.float32]
    """Shape (T,), degrees that the tile is turned by there."""
    usual: NDArray[np.float32]
    """Shape (T,), the cosine that a rare everyday window has with each: high for plain ones."""
    word: str = ""
    """What it reads, where it is a word."""

    @property
    def tiles(self) -> tuple[Tile, ...]:
        return tiles(self.layers.aspect)

    @cached_property
    def plainness(self) -> float:
        """How much everyday pictures are like it: about 0.5 for rich marks, more for discs and boxes."""
        return float(self.usual.mean())

    @cached_property
    def rough(self) -> Canvas:
        return Canvas.of(self.layers, _ROUGH_AREA)

    @cached_property
    def of_tiles(self) -> tuple[tuple[Share, Canvas], ...]:
        """Of a long mark its tiles, else the whole, as they are looked at first; with the share of it that they are."""
        if len(self.tiles) == 1:
            return ((WHOLE, self.rough),)
        shares = [
            (each.left, each.top, each.left + each.width, each.top + each.height) for each in self.tiles
        ]
        return tuple(
            (share, Canvas.of(_cut(self.layers, share), _ROUGH_AREA, margin=0.0)) for share in shares
        )

    @cached_property
    def fine(self) -> Canvas:
        return Canvas.of(self.layers, _FINE_AREA)

    @cached_property
    def parts(self) -> tuple[tuple[Share, Canvas], ...]:
        """Of a long mark its two ends, more than half of it each; with the share of the mark that they are."""
        if len(self.tiles) == 1:
            return ()
        wide = self.layers.aspect > 1
        ends = (
            ((0.0, 0.0, PART, 1.0), (1 - PART, 0.0, 1.0, 1.0))
            if wide
            else ((0.0, 0.0, 1.0, PART), (0.0, 1 - PART, 1.0, 1.0))
        )
        return tuple((share, Canvas.of(_cut(self.layers, share), _FINE_AREA * PART)) for share in ends)

    def to_bytes(self) -> bytes:
        """A few tens of kB."""
        file = io.BytesIO()
        masks = {
            f"mask_{at}": cv2.imencode(".png", mask)[1].ravel() for at, mask in enumerate(self.layers.masks)
        }
        np.savez(
            file,
            allow_pickle=False,
            format=np.frombuffer(_version(shipped()).encode(), np.uint8),
            descriptors=self.descriptors,
            tile_of=self.tile_of.astype(np.int32),
            turn_of=self.turn_of,
            usual=self.usual,
            word=np.frombuffer(self.word.encode(), np.uint8),
            **masks,
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> MarkTemplate:
        """Read what `to_bytes` wrote.

        Raises:
            DamagedTemplate: it did not write this, or wrote it in another format or by another projection.
        """
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as held:
                return cls._read(held)
        except (OSError, ValueError, KeyError, EOFError, BadZipFile, cv2.error) as error:
            raise DamagedTemplate("These bytes hold no mark of this version.") from error

    @classmethod
    def _read(cls, held: np.lib.npyio.NpzFile) -> MarkTemplate:
        if held["format"].tobytes() != _version(shipped()).encode():
            raise DamagedTemplate("This mark was kept in another format.")
        layers = _layers([held[name] for name in sorted(held.files) if name.startswith("mask_")])
        descriptors, tile_of = held["descriptors"], held["tile_of"].astype(np.intp)
        count = len(descriptors)
        if descriptors.shape[1:] != (shipped().dim,) or not (
            len(tile_of) == len(held["turn_of"]) == len(held["usual"]) == count
        ):
            raise DamagedTemplate("The descriptors of this mark are not whole.")
        if count == 0 or tile_of.min() < 0 or tile_of.max() >= len(tiles(layers.aspect)):
            raise DamagedTemplate("The tiles of this mark are not those that it has.")
        word = held["word"].tobytes().decode()
        return cls(layers, descriptors, tile_of, held["turn_of"], held["usual"], word)


def register(pixels: RGB, word: str = "") -> MarkTemplate:
    """Make a template of an (H, W, 3) picture that shows a mark alone, flat, on a ground of one colour.

    Args:
        word: what it reads, where it is a word.

    Raises:
        MarkUnusable: it shows none.
    """
    return template_of(layers_of(pixels), word)


def template_of(layers: Layers, word: str = "") -> MarkTemplate:
    """The same layers always give the same template."""
    rng = np.random.default_rng(_SEED)
    projection = shipped()
    found = [
        (at, turn, _mean(projection.of_windows(seen(layers, tile, turn, _VIEWS, rng))))
        for at, tile in enumerate(tiles(layers.aspect))
        for turn in TURNS
    ]
    descriptors = np.stack([descriptor for _, _, descriptor in found])
    return MarkTemplate(
        layers,
        descriptors,
        np.array([at for at, _, _ in found], np.intp),
        np.array([turn for _, turn, _ in found], np.float32),
        everyday.usual(descriptors),
        word,
    )


def _layers(coded: Sequence[NDArray[np.uint8]]) -> Layers:
    masks = [cv2.imdecode(each, cv2.IMREAD_GRAYSCALE) for each in coded]
    whole = [np.asarray(mask, np.uint8) for mask in masks if mask is not None]
    if not masks or len(whole) < len(masks) or len({mask.shape for mask in whole}) != 1:
        raise DamagedTemplate("The layers of this mark are damaged.")
    return Layers(np.stack(whole))


def _mean(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    middle = vectors.mean(axis=0)
    return np.asarray(middle / max(float(np.linalg.norm(middle)), 1e-6), np.float32)


def _cut(layers: Layers, share: Share) -> Layers:
    height, width = layers.masks.shape[1:]
    left, top, right, bottom = share
    rows, columns = (
        slice(round(top * height), round(bottom * height)),
        slice(round(left * width), round(right * width)),
    )
    return Layers(np.ascontiguousarray(layers.masks[:, rows, columns]))


def _version(projection: Projection) -> str:
    return f"{FORMAT}-{projection.fingerprint}"
