"""The views of a picture in which copies of it are sought, as the encoder describes them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise

from model.encoders.base import RGB, Encoder, Vectors

VIEWS = "whole-1"
"""Changes when the views change; vectors of other views are made anew."""
MOST_VIEWS = 16
"""Of one picture, whatever the version of the views."""
_BETWEEN = "~"


def copy_fingerprint(encoder_fingerprint: str) -> str:
    """Of an encoder together with the views that it is shown: 16 hexadecimal digits."""
    return hashlib.sha256(f"{encoder_fingerprint}|{VIEWS}".encode()).hexdigest()[:16]


def views_of(pixels: RGB) -> list[RGB]:
    return [pixels]


def described_views(encoder: Encoder, pictures: Sequence[RGB]) -> list[Vectors]:
    """For each picture an array of shape (views, D)."""
    views = [views_of(pixels) for pixels in pictures]
    vectors = encoder.encode([view for each in views for view in each])
    ends = [0]
    for each in views:
        ends.append(ends[-1] + len(each))
    return [vectors[begin:end] for begin, end in pairwise(ends)]


def view_id(item_id: str, number: int) -> str:
    return f"{item_id}{_BETWEEN}{number}"


def view_ids(item_id: str) -> list[str]:
    """All that the item could have."""
    return [view_id(item_id, number) for number in range(MOST_VIEWS)]


def item_of(view: str) -> str:
    """The id of the item that a view's id belongs to."""
    return view.partition(_BETWEEN)[0]
