"""Ids of views: each view of an item is an item of the index by itself."""

from __future__ import annotations

MOST_VIEWS = 16
"""Of one picture, whatever the version of the views."""
_BETWEEN = "~"


def view_id(item_id: str, number: int) -> str:
    return f"{item_id}{_BETWEEN}{number}"


def view_ids(item_id: str) -> list[str]:
    """All that the item could have."""
    return [view_id(item_id, number) for number in range(MOST_VIEWS)]


def item_of(view: str) -> str:
    """The id of the item that a view's id belongs to."""
    return view.partition(_BETWEEN)[0]
