"""Marks that look like everyday things are known as such when they are registered."""

from __future__ import annotations

import cv2
import numpy as np

from model.encoders.base import RGB
from model.marks import MarkTemplate, register


def ground() -> RGB:
    return np.full((200, 200, 3), 255, np.uint8)


def box() -> RGB:
    picture = ground()
    picture[30:170, 30:170] = 20
    return picture


def maze() -> RGB:
    picture = ground()
    for at in range(4):
        cv2.circle(picture, (100, 100), 85 - 22 * at, (20, 20, 20), 9)
        cv2.rectangle(
            picture, (90 + 20 * (at % 2), 10 + 20 * at), (110 + 20 * (at % 2), 40 + 20 * at), 255, -1
        )
    cv2.line(picture, (30, 60), (170, 140), (20, 20, 20), 12)
    return picture


def test_a_box_is_plainer_than_a_maze() -> None:
    assert register(box()).plainness > register(maze()).plainness


def test_plainness_is_kept_with_the_template() -> None:
    kept = register(maze())
    assert MarkTemplate.from_bytes(kept.to_bytes()).plainness == kept.plainness
