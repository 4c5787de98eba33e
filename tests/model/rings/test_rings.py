from __future__ import annotations

import numpy as np

from model.copies.hashes import PerceptualHash
from model.rings import (
    Link,
    OwnPicture,
    RingLimits,
    alike_groups,
    find_rings,
    links_between,
    worth_a_look,
)

LIMITS = RingLimits()


def shown(owner: str, photo: int, flipped: int = 0, quality: int = 100) -> OwnPicture:
    """A picture of its own for every `photo`; `flipped` bits of its hash are changed, as edits change them."""
    bits = np.random.default_rng(photo).integers(0, 2, 256, dtype=np.uint8)
    bits[:flipped] ^= 1
    name = f"{photo}-{flipped}-{owner}"
    return OwnPicture(owner, name, PerceptualHash(np.packbits(bits).tobytes(), quality))


def rings(*pictures: OwnPicture) -> list[tuple[str, ...]]:
    return [each.members for each in find_rings(links_between(alike_groups(pictures), LIMITS), LIMITS)]


def triangle(*owners: str, first: int = 0) -> list[OwnPicture]:
    """Every two of them share three photos."""
    return [shown(owner, first + photo) for owner in owners for photo in range(3)]


def test_owners_who_share_several_own_pictures_are_a_ring() -> None:
    assert rings(*triangle("a", "b", "c"), shown("d", 9)) == [("a", "b", "c")]


def test_edited_copies_are_alike_up_to_the_distance_of_the_white_paper() -> None:
    [group] = alike_groups([shown("a", 1), shown("b", 1, flipped=31), shown("c", 1, flipped=100)])
    assert [each.owner for each in group] == ["a", "b"]


def test_pictures_without_structure_are_no_evidence() -> None:
    assert alike_groups([shown("a", 1, quality=10), shown("b", 1, quality=10)]) == []


def test_what_a_closer_look_verified_is_the_same_photo_as_well() -> None:
    [group] = alike_groups([shown("a", 1), shown("b", 2), shown("c", 3)], [(0, 2)])
    assert [each.owner for each in group] == ["a", "c"]


def test_only_what_is_near_and_of_others_is_worth_a_look() -> None:
    vectors = np.array([[1, 0], [0.9, np.sqrt(0.19)], [1, 0], [0, 1]], np.float32)
    assert worth_a_look(["a", "b", "a", "c"], vectors, 0.8, 6) == [(0, 1), (1, 2)]
    assert worth_a_look([], np.empty((0, 2), np.float32), 0.8, 6) == []


def test_what_one_owner_shows_twice_binds_nobody() -> None:
    assert alike_groups([shown("a", 1), shown("a", 1, flipped=3)]) == []


def test_one_shared_picture_is_a_link_and_no_ring() -> None:
    groups = alike_groups([shown("a", 1), shown("b", 1)])
    [link] = links_between(groups, LIMITS)
    assert (link.owners, link.weight, len(link.pictures)) == (("a", "b"), 1.0, 1)
    assert find_rings([link], LIMITS) == []


def test_a_picture_of_very_many_is_stock_and_binds_nobody() -> None:
    many = [shown(f"shop-{at}", photo) for at in range(13) for photo in range(4)]
    assert links_between(alike_groups(many), LIMITS) == []


def test_who_hangs_on_a_ring_by_one_weak_link_is_not_in_it() -> None:
    ring = triangle("a", "b", "c")
    hanger_on = [shown("c", 20), shown("d", 20), shown("c", 21), shown("d", 21)]
    assert rings(*ring, *hanger_on) == [("a", "b", "c")]


def test_two_rings_joined_by_one_weak_link_stay_two() -> None:
    joined = [shown("c", 40), shown("x", 40), shown("c", 41), shown("x", 41)]
    found = rings(*triangle("a", "b", "c"), *triangle("x", "y", "z", first=10), *joined)
    assert found == [("a", "b", "c"), ("x", "y", "z")]


def test_a_strong_link_binds_two_by_itself() -> None:
    assert rings(*[shown(owner, photo) for owner in "ab" for photo in range(4)]) == [("a", "b")]


def test_a_ring_tells_the_pictures_of_each_link() -> None:
    links = links_between(alike_groups(triangle("a", "b", "c")), LIMITS)
    [ring] = find_rings(links, LIMITS)
    assert [each.owners for each in ring.links] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert ring.links[0].pictures == (("0-0-a", "0-0-b"), ("1-0-a", "1-0-b"), ("2-0-a", "2-0-b"))
    assert isinstance(ring.links[0], Link)
