"""Where the bar of `service/counterfeits/copy_thresholds.json` comes from: real photos and edits of them.

Run `python -m model.evaluation.copy_thresholds MANIFEST --seed 0`. Of the photos that the manifest lists, some are
references; each is edited in several ways; the others are unrelated. The bar is the lowest cosine, in steps of 0.005,
that at most a given share of the unrelated photos reaches against any of the references.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from model.copies.hashes import MATCH_DISTANCE, distance, pdq
from model.encoders import Encoder, Vectors, load
from model.encoders.base import RGB
from model.evaluation.figures import write_figures
from model.images import decode

Edit = Callable[[RGB], RGB]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--encoder", default="bundled")
    parser.add_argument(
        "--encoders", type=Path, default=Path(".mizugiwa/encoders"), help="where they are installed"
    )
    parser.add_argument("--references", type=int, default=300)
    parser.add_argument("--unrelated", type=int, default=1000)
    parser.add_argument(
        "--disturbed", type=float, default=0.002, help="share of unrelated photos that may reach it"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    encoder = load(options.encoder, options.encoders)
    paths = _shuffled(options.manifest, options.seed)
    figures = measure(
        encoder,
        paths[: options.references],
        paths[options.references :][: options.unrelated],
        options.disturbed,
    )
    sys.stdout.writelines(f"{name:32} {value:.4f}\n" for name, value in figures.items())
    if options.json:
        write_figures(options.json, figures, seed=options.seed, encoder=options.encoder)


def measure(
    encoder: Encoder, references: list[Path], unrelated: list[Path], disturbed: float
) -> dict[str, float | int | str]:
    """The bar, the share of unrelated photos that reach it, and the share of each edit that does, by cosine or hash."""
    originals = [_pixels(path) for path in references]
    held = encoder.encode(originals)
    strangers = np.concatenate([_nearest(encoder, held, _pixels(path)) for path in unrelated])
    bar = _bar(strangers, disturbed)
    figures: dict[str, float | int | str] = {
        "bar": bar,
        "disturbed": float((strangers >= bar).mean()),
        "strangers_highest": float(strangers.max()),
        "references": len(references),
        "unrelated": len(unrelated),
    }
    for name, edit in EDITS.items():
        figures.update(_recalls(encoder, originals, held, name, edit, bar))
    return figures


def _recalls(
    encoder: Encoder, originals: list[RGB], held: Vectors, name: str, edit: Edit, bar: float
) -> Iterator[tuple[str, float]]:
    edited = [edit(picture) for picture in originals]
    near = (encoder.encode(edited) * held).sum(axis=1) >= bar
    hashed = np.array(
        [distance(pdq(a), pdq(b)) <= MATCH_DISTANCE for a, b in zip(originals, edited, strict=True)]
    )
    yield f"recall_cosine_{name}", float(near.mean())
    yield f"recall_either_{name}", float((near | hashed).mean())


def _nearest(encoder: Encoder, held: Vectors, picture: RGB) -> NDArray[np.float32]:
    best: NDArray[np.float32] = (encoder.encode([picture]) @ held.T).max(axis=1)
    return best


def _bar(strangers: NDArray[np.float32], disturbed: float) -> float:
    allowed = (bar for bar in np.arange(0.5, 1.0, 0.005) if float((strangers >= bar).mean()) <= disturbed)
    return round(float(next(allowed)), 3)


def _shuffled(manifest: Path, seed: int) -> list[Path]:
    with manifest.open(newline="") as lines:
        paths = [manifest.parent / row["path"] for row in csv.DictReader(lines)]
    random.Random(seed).shuffle(paths)  # noqa: S311 - a sample, no secret
    return paths


def _pixels(path: Path) -> RGB:
    return decode(path.read_bytes(), max_side=512).pixels


def _recoded(quality: int) -> Edit:
    def edit(picture: RGB) -> RGB:
        data = np.asarray(cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1])
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)

    return edit


def _cropped(share: float) -> Edit:
    """Cut off a share of each side."""

    def edit(picture: RGB) -> RGB:
        down, across = (int(side * share) for side in picture.shape[:2])
        return np.ascontiguousarray(
            picture[down : picture.shape[0] - down, across : picture.shape[1] - across]
        )

    return edit


def _shrunk(picture: RGB) -> RGB:
    return np.asarray(cv2.resize(picture, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA), np.uint8)


def _toned(picture: RGB) -> RGB:
    return np.asarray(np.clip(picture.astype(np.float32) * 1.2 + 12, 0, 255), np.uint8)


def _lettered(picture: RGB) -> RGB:
    marked, height = picture.copy(), picture.shape[0]
    cv2.putText(marked, "FREE SHIPPING", (8, height // 2), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (255, 0, 0), 3)
    return marked


def _framed(picture: RGB) -> RGB:
    edge = max(picture.shape) // 12
    return np.asarray(
        cv2.copyMakeBorder(picture, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=(255, 255, 255)),
        np.uint8,
    )


def _mirrored(picture: RGB) -> RGB:
    return np.ascontiguousarray(picture[:, ::-1])


EDITS: dict[str, Edit] = {
    "jpeg_30": _recoded(30),
    "shrunk_40": _shrunk,
    "crop_5": _cropped(0.05),
    "crop_15": _cropped(0.15),
    "tone": _toned,
    "text": _lettered,
    "frame": _framed,
    "mirror": _mirrored,
}


if __name__ == "__main__":
    main()
