"""How often the nearest brand, and how sure it is, change when a picture is mirrored, cut a little or saved anew.

`python -m model.evaluation.stability --seed 1003` prints the table of decision record 0197: what counts as a flip (S10)
was chosen from it, so another seed measures it. Genuine pieces of enrolled brands, and counterfeits of them, should not
flip; what only resembles them should.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.encoders import load
from model.encoders.base import RGB, Encoder
from model.evaluation.kit import DefectKind, Kit, background_photo, build_kit, catalogue_views, seller_photo
from model.renderings import Rendering, renderings
from model.scoring.identity import IdentityCalibration, load_calibration

WEAK, STRONG, FALL = 0.60, 0.90, 0.10
"""Start values of S1; and what the rule of S10 takes for a fall."""
CALIBRATIONS = Path(__file__).parents[1] / "scoring" / "calibrations"
_KINDS = ("genuine", "counterfeit", "not enrolled", "unbranded")


@dataclass(frozen=True)
class Answer:
    """What one rendering of a photo is nearest to."""

    brand: str
    score: float

    @property
    def band(self) -> int:
        return (self.score >= WEAK) + (self.score >= STRONG)


@dataclass(frozen=True)
class Photo:
    kind: str
    brand: str
    """Whose it is; empty for the unbranded."""
    as_sent: Answer
    rendered: dict[Rendering, Answer]


def photos(
    encoder: Encoder, calibration: IdentityCalibration, *, seed: int, brands: int, count: int
) -> Iterator[Photo]:
    """Half of the brands are enrolled; photos in turn of each kind."""
    kit = build_kit(seed=seed, brands=brands)
    enrolled = frozenset(brand.id for brand in kit.brands[::2])
    known = [
        (view, p.brand.id) for p in kit.products if p.brand.id in enrolled for view in catalogue_views(p)
    ]
    vectors = np.concatenate([encoder.encode([view]) for view, _ in known])
    owners = [brand for _, brand in known]
    rng = np.random.default_rng(seed)
    for number in range(count):
        kind = _KINDS[number % len(_KINDS)]
        pixels, brand = _photo(kit, kind, enrolled, rng)
        versions = renderings(pixels)
        found = _answers(encoder.encode([pixels, *versions.values()]) @ vectors.T, owners, calibration)
        yield Photo(kind, brand, found[0], dict(zip(versions, found[1:], strict=True)))


def _photo(kit: Kit, kind: str, enrolled: frozenset[str], rng: np.random.Generator) -> tuple[RGB, str]:
    if kind == "unbranded":
        return background_photo(rng), ""
    known = [
        product for product in kit.products if (product.brand.id in enrolled) == (kind != "not enrolled")
    ]
    product = known[int(rng.integers(len(known)))]
    defects = {list(DefectKind)[int(rng.integers(len(DefectKind)))]} if kind == "counterfeit" else set()
    photo = seller_photo(product, rng, defects=frozenset(defects), hardness=float(rng.uniform(0.1, 0.8)))
    return photo.pixels, product.brand.id


def _answers(
    cosines: NDArray[np.float32], owners: Sequence[str], calibration: IdentityCalibration
) -> list[Answer]:
    return [Answer(owners[int(row.argmax())], calibration.probability(float(row.max()))) for row in cosines]


def _other_brand(sent: Answer, rendered: Answer) -> bool:
    return rendered.brand != sent.brand


def _other_band(sent: Answer, rendered: Answer) -> bool:
    return rendered.band != sent.band


def _unseen(sent: Answer, rendered: Answer) -> bool:
    """Under the weak bar, where it was over it as sent."""
    return sent.band > 0 and rendered.band == 0


def _falls(sent: Answer, rendered: Answer) -> bool:
    return _unseen(sent, rendered) and sent.score - rendered.score > FALL


def _flips(sent: Answer, rendered: Answer) -> bool:
    return _other_brand(sent, rendered) or _falls(sent, rendered)


MEASURES: dict[str, Callable[[Answer, Answer], bool]] = {
    "another brand": _other_brand,
    "another band": _other_band,
    "under the weak bar": _unseen,
    f"under it, and {FALL:.2f} less": _falls,
    "a flip": _flips,
}


def table(found: Sequence[Photo]) -> Iterator[str]:
    """Lines of Markdown: of the photos of a kind that show a brand at least weakly, the shares with any rendering that
    does so."""
    yield "| photos of | seen | " + " | ".join(MEASURES) + " |"
    yield "|---|---|" + "---|" * len(MEASURES)
    for kind in (*_KINDS, "right brand", "wrong brand"):
        seen = [photo for photo in found if photo.as_sent.band and _is_of(photo, kind)]
        shares = [_share(seen, measure) for measure in MEASURES.values()]
        yield f"| {kind} | {len(seen)} | " + " | ".join(f"{share:.3f}" for share in shares) + " |"


def _share(photos: Sequence[Photo], measure: Callable[[Answer, Answer], bool]) -> float:
    counted = sum(any(measure(photo.as_sent, each) for each in photo.rendered.values()) for photo in photos)
    return counted / max(1, len(photos))


def _is_of(photo: Photo, kind: str) -> bool:
    if kind in _KINDS:
        return photo.kind == kind
    return (photo.as_sent.brand == photo.brand) == (kind == "right brand")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--brands", type=int, default=24)
    options.add_argument("--photos", type=int, default=400)
    options.add_argument("--encoders", type=Path, default=Path(".mizugiwa/encoders"))
    given = options.parse_args()
    encoder = load("bundled", given.encoders, 1)
    calibration = load_calibration(CALIBRATIONS / f"{encoder.info.fingerprint}.json")
    found = list(photos(encoder, calibration, seed=given.seed, brands=given.brands, count=given.photos))
    print("\n".join(table(found)))  # noqa: T201 - what the command is for


if __name__ == "__main__":
    main()
