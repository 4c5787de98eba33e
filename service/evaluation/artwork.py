"""The same photo, or another photo of the same print? Pairs of pictures whose relation is known, compared directly."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from rich.progress import track

from model.copies.verdict import shipped
from model.copies.verification import judged, verify_many
from model.encoders import Encoder
from model.evaluation.copy_pairs import compared_shelf
from model.images import decode
from model.keypoints import look_closely
from service.evaluation.artwork_report import CANDIDATES, ArtworkReport, Judged
from service.evaluation.manifest import ManifestInvalid, PictureUse, read_retrieval

Photos = Mapping[str, Sequence[Path]]


def evaluate_artwork(
    manifest: Path, *, split: str, encoder: Encoder, pairs: int, per_product: int, seed: int
) -> ArtworkReport:
    """Compare the photos of a retrieval manifest: edits with their originals, and photos of one product.

    Raises:
        ManifestInvalid: the split has no product with two photos.
    """
    photos = drawn(read_photos(manifest, split), per_product, seed)
    verdict = shipped()
    nearest = nearest_photos(photos, encoder)
    compared = compared_shelf(photos, seed, pairs, nearest)
    total = 2 * sum(map(len, photos.values())) + 2 * pairs
    return ArtworkReport(
        judged=tuple(
            Judged(pair, judged(pair.evidence, verdict))
            for pair in track(compared, description="comparing", total=total)
        ),
        milliseconds=tuple(_times(photos, seed)),
    )


def read_photos(manifest: Path, split: str) -> dict[str, list[Path]]:
    """The query photos of a split by product; products with a single one left out."""
    photos: dict[str, list[Path]] = {}
    for row in read_retrieval(manifest):
        if row.use is PictureUse.QUERY and row.split == split and row.product:
            photos.setdefault(row.product, []).append(row.path)
    several = {product: paths for product, paths in photos.items() if len(paths) > 1}
    if not several:
        raise ManifestInvalid(f"{manifest}: split {split!r} has no product with two photos.")
    return several


def drawn(photos: Photos, most: int, seed: int) -> dict[str, list[Path]]:
    """At most so many photos of each product."""
    rng = np.random.default_rng(seed)
    return {
        product: [photos[product][int(at)] for at in rng.permutation(len(photos[product]))[:most]]
        for product in sorted(photos)
    }


def nearest_photos(photos: Photos, encoder: Encoder) -> dict[Path, Path]:
    """For each photo the one of its product that the encoder finds most similar."""
    found: dict[Path, Path] = {}
    for product in track(sorted(photos), description="embedding"):
        paths = photos[product]
        vectors = encoder.encode([decode(path.read_bytes(), max_side=512).pixels for path in paths])
        likeness = vectors @ vectors.T
        np.fill_diagonal(likeness, -1)
        found |= {path: paths[int(at)] for path, at in zip(paths, likeness.argmax(axis=1), strict=True)}
    return found


def _times(photos: Photos, seed: int) -> Iterator[float]:
    """The worst case: all candidates show the print that the query shows."""
    rng = np.random.default_rng(seed)
    large = [paths for paths in photos.values() if len(paths) > CANDIDATES]
    for paths in large:
        drawn = rng.permutation(len(paths))[: CANDIDATES + 1]
        query, *candidates = [
            look_closely(decode(paths[int(at)].read_bytes(), max_side=1024).pixels) for at in drawn
        ]
        started = time.perf_counter()
        verify_many(query, candidates)
        yield (time.perf_counter() - started) * 1000
