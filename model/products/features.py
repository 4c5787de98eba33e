"""What speaks for each reference, in itself and against the references of other products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.keypoints import Keypoints, LocalPicture
from model.keypoints.geometry import carried
from model.products.choice import ChoiceModel
from model.products.planes import LOOSE, UNLIKE, Comparison, Plane, compare, lay
from model.products.tones import QUERY_SIDE, Agreement, agreement
from model.products.view import ProductView, as_tones

ALONE = (
    "cosine",
    "matches",
    "loose_matches",
    "likeness",
    "plane",
    "inliers",
    "held",
    "held_share",
    "inlier_cells",
    "held_cells",
    "squeeze",
    "off_centre",
    "overlap",
    "correlation",
    "correlated_share",
    "colour",
    "raw_colour",
    "lightness",
)
"""Each also enters as its difference to the best reference of another product."""
AGAINST = ("votes", "nearer", "nearer_share", "better_correlated", "better_coloured", "better_lit")
"""Comparisons with references of other products, the hardest of them counting."""
FIRST = ("first_matches", "first_votes", "first_strength")
NAMES = (*ALONE, *AGAINST, *(f"{name}_lead" for name in ALONE), *FIRST, "first_strength_lead")

MOST = 800
"""Keypoints of the query that are compared, the strongest."""
_MIDDLE = 0.25
"""Standard deviation of where products lie in photos, as a share of the sides."""
_GRID = 5
_UNSEEN = -1.2
"""Stands for the tones of what could not be laid over the query: worse than most that could."""
_OVERLAP = 0.3
"""Least intersection over union at which the tones of two references can be compared."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """Of C references."""

    alone: NDArray[np.float64]
    """Shape (C, len(ALONE))."""
    first: NDArray[np.float64]
    """Shape (C, 3), of the first look."""
    distance: NDArray[np.float32]
    """Shape (C, K), of each query keypoint to the nearest of each reference, at most `UNLIKE`."""
    central: NDArray[np.float32]
    """Shape (K,)."""
    versus: NDArray[np.float64]
    """Shape (5, C, C): `nearer` and what follows it in AGAINST, of the row against the column; NaN where unknown."""
    planes: tuple[Plane | None, ...]

    def only(self, places: NDArray[np.intp]) -> Evidence:
        return Evidence(
            self.alone[places],
            self.first[places],
            self.distance[places],
            self.central,
            self.versus[:, places][:, :, places],
            tuple(self.planes[at] for at in places),
        )


@dataclass(frozen=True, eq=False)
class Compared:
    """A query with C references that were compared with it."""

    query: LocalPicture
    views: tuple[ProductView, ...]
    comparisons: tuple[Comparison, ...]
    cosines: NDArray[np.float64]
    """Shape (C,), of the whole pictures."""

    @cached_property
    def central(self) -> NDArray[np.float32]:
        """Shape (K,), in [0, 1]: what a query keypoint counts. What is shown stands in the middle."""
        points = self.query.keypoints
        aside = points.xy[:MOST] / np.array([points.width, points.height], np.float32) - 0.5
        return np.asarray(np.exp(-(aside**2).sum(axis=1) / (2 * _MIDDLE**2)), np.float32)

    def only(self, places: NDArray[np.intp]) -> Compared:
        return Compared(
            self.query,
            tuple(self.views[at] for at in places),
            tuple(self.comparisons[at] for at in places),
            self.cosines[places],
        )


def compared_with(
    query: LocalPicture, views: Sequence[ProductView], cosines: NDArray[np.float64]
) -> Compared:
    """Find the query's strongest keypoints in each reference."""
    roots = query.roots[:MOST]
    return Compared(query, tuple(views), tuple(compare(roots, view.roots) for view in views), cosines)


def gather(found: Compared, first: NDArray[np.float64]) -> Evidence:
    """Lay the references over the query, and measure how keypoints, print and colour agree.

    Args:
        first: shape (C, 3), of the first look at the same references.
    """
    points = _strongest(found.query.keypoints)
    pairs = list(zip(found.views, found.comparisons, strict=True))
    planes = tuple(lay(points, view, each) for view, each in pairs)
    tones = _agreements(found.query, found.views, planes)
    alone = [
        [cosine, *_matches(each, found.central), *_plane(points, view, plane), *_tones(seen)]
        for cosine, (view, each), plane, seen in zip(found.cosines, pairs, planes, tones, strict=True)
    ]
    return Evidence(
        np.array(alone, np.float64).reshape(len(pairs), len(ALONE)),
        first,
        np.minimum([each.distance for each in found.comparisons], UNLIKE),
        found.central,
        _versus(len(points), planes, tones),
        planes,
    )


def features(evidence: Evidence, groups: NDArray[np.intp], shortlist: ChoiceModel) -> NDArray[np.float64]:
    """Shape (C, len(NAMES)).

    Args:
        groups: shape (C,), numbers of products, or of brands; references are set against those of other groups.
        shortlist: what the first look is worth.
    """
    rivals = groups[:, None] != groups[None]
    against = [
        _votes(evidence.distance, evidence.central, rivals),
        *(_hardest(each, rivals) for each in evidence.versus),
    ]
    strength = shortlist.strengths(evidence.first)
    columns = [
        *evidence.alone.T,
        *against,
        *(_lead(column, rivals) for column in evidence.alone.T),
        *evidence.first.T[1:],
        strength,
        _lead(strength, rivals),
    ]
    return np.stack(columns, axis=1)


def _strongest(points: Keypoints) -> Keypoints:
    return replace(
        points,
        xy=points.xy[:MOST],
        size=points.size[:MOST],
        angle=points.angle[:MOST],
        descriptors=points.descriptors[:MOST],
    )


def _agreements(
    query: LocalPicture, views: Sequence[ProductView], planes: Sequence[Plane | None]
) -> list[Agreement | None]:
    tones = as_tones(query.thumbnail, QUERY_SIDE)
    working = query.keypoints.width, query.keypoints.height
    return [
        agreement(tones, working, view, plane.homography) if plane else None
        for view, plane in zip(views, planes, strict=True)
    ]


def _matches(compared: Comparison, central: NDArray[np.float32]) -> tuple[float, float, float]:
    strict = central[compared.mutual & (compared.ratio < 0.8)].sum()
    loose = int((compared.ratio < LOOSE).sum())
    likeness = (central * np.maximum(0, 0.75 - compared.distance)).sum()
    return float(np.log1p(strict)), float(np.log1p(loose)), float(np.log1p(likeness))


def _plane(points: Keypoints, view: ProductView, plane: Plane | None) -> tuple[float, ...]:
    if plane is None:
        return (0.0,) * 6 + (-1.0, -0.5)
    return (
        1.0,
        float(np.log1p(len(plane.inliers))),
        float(np.log1p(3 * np.maximum(0, 0.75 - plane.held_distance).sum())),
        len(plane.held) / max(plane.covered, 20),
        _cells(view, plane.inliers_at),
        _cells(view, plane.held_at),
        *_stance(view, plane, points),
    )


def _stance(view: ProductView, plane: Plane, points: Keypoints) -> tuple[float, float]:
    """How unlike a camera's its squeeze is, and how far it lies from the middle: what is shown stands in the middle."""
    width, height = view.frame
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    quad = carried(corners, np.asarray(np.linalg.inv(plane.homography), np.float64))
    right = (quad[1] + quad[2] - quad[0] - quad[3]) / (2 * width)
    down = (quad[2] + quad[3] - quad[0] - quad[1]) / (2 * height)
    longest, shortest = np.linalg.svd(np.stack([right, down]), compute_uv=False)
    middle = quad.mean(axis=0) / (points.width, points.height) - 0.5
    aside = float(np.linalg.norm(middle))
    return -float(np.log(longest / max(shortest, 1e-6))), -min(aside, 1.0)


def _cells(view: ProductView, places: NDArray[np.intp]) -> float:
    """Share of the product's face, cut into a grid, that has any of these keypoints."""
    at = np.clip(view.xy[places] / np.array(view.frame, np.float32) * _GRID, 0, _GRID - 1).astype(int)
    return len(np.unique(at[:, 0] * _GRID + at[:, 1])) / _GRID**2


def _tones(seen: Agreement | None) -> tuple[float, ...]:
    if seen is None:
        return (0.0, 0.0, 0.0, _UNSEEN, _UNSEEN, _UNSEEN)
    where = seen.printed if int(seen.printed.sum()) > 20 else seen.seen
    correlation = seen.correlation[where]
    return (
        float(seen.seen.mean()),
        float(correlation.mean()),
        float((correlation > 0.5).mean()),
        -float(seen.colour[seen.seen].mean()) / 20,
        -float(seen.raw_colour[seen.seen].mean()) / 20,
        -float(seen.lightness[seen.seen].mean()) / 20,
    )


def _versus(
    keypoints: int, planes: Sequence[Plane | None], tones: Sequence[Agreement | None]
) -> NDArray[np.float64]:
    count = len(planes)
    found = np.full((5, count, count), np.nan)
    held = {at: _held(plane, keypoints) for at, plane in enumerate(planes) if plane}
    for one in held:
        for other in held:
            if one < other:
                pair = [*_nearer(held[one], held[other]), *_toned_better(tones[one], tones[other])]
                found[:, one, other], found[:, other, one] = pair, np.negative(pair)
    return found


def _held(plane: Plane, keypoints: int) -> NDArray[np.float32]:
    distances = np.full(keypoints, UNLIKE, np.float32)
    distances[plane.held] = np.minimum(plane.held_distance, UNLIKE)
    return distances


def _nearer(one: NDArray[np.float32], other: NDArray[np.float32]) -> tuple[float, float]:
    """What both show as well says only brand; the sum is of what one shows better."""
    difference = float((other - one).sum())
    either = int(((one < UNLIKE) | (other < UNLIKE)).sum())
    return float(np.sign(difference) * np.log1p(abs(difference))), difference / np.sqrt(either + 5)


def _toned_better(one: Agreement | None, other: Agreement | None) -> tuple[float, float, float]:
    """Weighed by how much the two differ there: what their prints share says nothing."""
    nothing = (np.nan,) * 3
    if one is None or other is None:
        return nothing
    both = one.seen & other.seen
    if both.sum() < max(40, _OVERLAP * (one.seen | other.seen).sum()):
        return nothing
    return (
        _weighed((one.correlation - other.correlation)[both]),
        _weighed((other.colour - one.colour)[both]) / 10,
        _weighed((other.lightness - one.lightness)[both]) / 10,
    )


def _weighed(differences: NDArray[np.float32]) -> float:
    weights = np.abs(differences)
    return float((differences * weights).sum() / max(float(weights.sum()), 1e-6))


def _votes(
    distance: NDArray[np.float32], central: NDArray[np.float32], rivals: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """By how much each query keypoint is nearer to this reference than to any of a rival, wherever it lies."""
    votes = np.zeros(len(distance))
    for at, against in enumerate(rivals):
        nearest = distance[against].min(axis=0) if against.any() else np.full(distance.shape[1], UNLIKE)
        votes[at] = np.log1p(3 * (central * np.maximum(0, nearest - distance[at])).sum())
    return votes


def _hardest(versus: NDArray[np.float64], rivals: NDArray[np.bool_]) -> NDArray[np.float64]:
    among = np.where(rivals & ~np.isnan(versus), versus, np.inf).min(axis=1)
    return np.where(np.isinf(among), 0.0, among)


def _lead(column: NDArray[np.float64], rivals: NDArray[np.bool_]) -> NDArray[np.float64]:
    best = np.where(rivals, column[None], -np.inf).max(axis=1)
    return np.where(np.isinf(best), 0.0, column - best)
