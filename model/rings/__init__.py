"""Who shares own pictures with whom: groups of alike pictures, links between owners, rings of them."""

from model.rings.graph import Link, Ring, RingLimits, find_rings, links_between
from model.rings.pictures import OwnPicture, alike_groups, same_by_hash, worth_a_look

__all__ = [
    "Link",
    "OwnPicture",
    "Ring",
    "RingLimits",
    "alike_groups",
    "find_rings",
    "links_between",
    "same_by_hash",
    "worth_a_look",
]
