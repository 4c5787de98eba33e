"""What was altered is found where it is; what only moved, or lies in other light, is not."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from model.anomaly import alignment, compare, lay_over

Picture = NDArray[np.uint8]


def label(seed: int, side: int = 420) -> Picture:
    """A printed label: blocks, discs and lines of a few colours on a plain ground."""
    rng = np.random.default_rng(seed)
    canvas = np.full((side, side, 3), 225, np.uint8)
    for _ in range(70):
        x, y = (int(each) for each in rng.integers(10, side - 60, 2))
        w, h = (int(each) for each in rng.integers(8, 50, 2))
        colour = [int(each) for each in rng.integers(20, 200, 3)]
        if rng.random() < 0.5:
            cv2.rectangle(canvas, (x, y), (x + w, y + h), colour, -1)
        else:
            cv2.circle(canvas, (x + 20, y + 20), w // 2 + 3, colour, -1)
    return canvas


def turned(picture: Picture, degrees: float, scale: float = 1.0) -> Picture:
    side = picture.shape[0]
    matrix = cv2.getRotationMatrix2D((side / 2, side / 2), degrees, scale)
    return np.asarray(
        cv2.warpAffine(
            picture, matrix, (side, side), borderMode=cv2.BORDER_CONSTANT, borderValue=(225, 225, 225)
        ),
        np.uint8,
    )


def lit(picture: Picture) -> Picture:
    """Darker towards one corner, with another white balance."""
    slope = np.linspace(0.75, 1.05, picture.shape[1])[None, :, None]
    return np.clip(picture * slope * [1.0, 0.95, 0.9], 0, 255).astype(np.uint8)


def recoded(picture: Picture, quality: int = 60) -> Picture:
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def test_an_added_and_a_missing_dot_are_found_where_they_are() -> None:
    genuine = label(1)
    altered = genuine.copy()
    cv2.circle(altered, (300, 120), 6, (0, 0, 0), -1)
    altered[200:216, 90:106] = 255 - altered[200:216, 90:106]

    found = compare(recoded(lit(turned(altered, 3))), [genuine])

    assert found is not None
    centres = [((d.box.x0 + d.box.x1) * 210, (d.box.y0 + d.box.y1) * 210) for d in found.differences]
    assert len(centres) == 2
    for x, y in ((300, 120), (98, 208)):
        assert min(np.hypot(x - a, y - b) for a, b in centres) < 10


def test_the_place_on_the_suspect_is_where_the_suspect_shows_it() -> None:
    genuine = label(2)
    altered = genuine.copy()
    cv2.circle(altered, (150, 260), 8, (10, 10, 10), -1)

    found = compare(turned(altered, 4, 0.9), [genuine])

    assert found is not None
    [difference] = found.differences
    matrix = cv2.getRotationMatrix2D((210, 210), 4, 0.9)
    expected = matrix @ [150, 260, 1]
    centre = np.mean(difference.on_suspect, axis=0) * 420
    assert np.hypot(*(centre - expected)) < 8


@pytest.mark.parametrize("seed", range(6))
def test_the_genuine_moved_relit_and_encoded_anew_differs_nowhere(seed: int) -> None:
    rng = np.random.default_rng(seed)
    genuine = label(seed)

    again = recoded(lit(turned(genuine, float(rng.uniform(-5, 5)), float(rng.uniform(0.92, 1.05)))))

    found = compare(again, [genuine])
    assert found is not None
    assert found.differences == ()
    assert found.score == 0


def test_other_goods_are_not_compared() -> None:
    assert compare(label(1), [label(9)]) is None
    assert lay_over(label(1), np.full((300, 300, 3), 128, np.uint8)) is None


def test_what_several_genuine_pictures_show_is_tolerated() -> None:
    genuine, batch = label(3), label(3)
    cv2.rectangle(batch, (200, 300), (240, 312), (0, 0, 0), -1)
    suspect = batch.copy()

    alone = compare(suspect, [genuine])
    together = compare(suspect, [genuine, turned(batch, 2)])

    assert alone is not None
    assert len(alone.differences) == 1
    assert together is not None
    assert together.differences == ()


def test_the_heat_map_is_red_where_it_differs() -> None:
    genuine = label(4)
    altered = genuine.copy()
    cv2.circle(altered, (210, 210), 10, (0, 0, 0), -1)
    altered[200:221, 200:221] = np.where(genuine[200:221, 200:221] < 60, 255, altered[200:221, 200:221])

    found = compare(altered, [genuine])

    assert found is not None
    heat = found.heat_map()
    redder = heat[..., 0].astype(int) - heat[..., 1]
    before = found.aligned.suspect[..., 0].astype(int) - found.aligned.suspect[..., 1]
    assert (redder - before)[205:216, 205:216].max() > 60
    assert np.abs((redder - before)[:40, :40]).max() < 10


def test_a_pattern_that_repeats_itself_is_laid_over_all_the_same() -> None:
    """Stripes and dots have no keypoint that is like no other."""
    genuine = np.full((420, 420, 3), 230, np.uint8)
    for at in range(15, 420, 42):
        cv2.line(genuine, (at, 0), (at, 419), (20, 20, 20), 9)
        for y in range(30, 420, 70):
            cv2.circle(genuine, (at, y), 13, (20, 20, 20), -1)
    altered = genuine.copy()
    altered[196:206, 185:200] = 230

    found = compare(altered, [genuine])

    assert found is not None
    assert len(found.differences) == 1


def test_what_touches_the_end_of_the_picture_is_not_judged() -> None:
    genuine = label(5)
    altered = genuine.copy()
    altered[100:160, 0:3] = 0

    found = compare(altered, [genuine])

    assert found is not None
    assert found.differences == ()


def test_the_plane_that_agrees_best_is_kept_where_none_agrees_fully(monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = label(6)
    far, near = np.array([[1, 0, 11], [0, 1, 0], [0, 0, 1.0]]), np.eye(3)
    agreed = iter([0.7, 0.8, 0.65])
    laid = alignment._aligned

    def partly(reference: Picture, suspect: Picture, plane: NDArray[np.float64]) -> alignment.Aligned:
        return replace(laid(reference, suspect, plane), agreement=next(agreed))

    monkeypatch.setattr(alignment, "_planes", lambda *_: iter([far, near, far]))
    monkeypatch.setattr(alignment, "_aligned", partly)

    found = lay_over(genuine, genuine)

    assert found is not None
    assert found.agreement == 0.8
    assert np.abs(found.suspect.astype(int) - genuine).max() < 20
