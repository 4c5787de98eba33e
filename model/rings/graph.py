"""From shared pictures to rings of owners. Nobody is in a ring by one weak link.

A picture that two owners share binds them more than one that many share (Adamic and Adar 2003: evidence falls with the
logarithm of how many have it); one that very many share is somebody's stock, and binds nobody. Two owners are bound by
two pictures at least. What hangs on a ring by a single link, or joins two rings as the only bridge, is cut unless that
link alone is strong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log2

import networkx as nx

from model.rings.pictures import OwnPicture


@dataclass(frozen=True)
class RingLimits:
    most_owners: int = 10
    """A picture that more owners show is stock."""
    least_pictures: int = 2
    """That two owners must share to be bound at all."""
    least_weight: float = 0.8
    """Sum over what they share, a picture of just these two counting 1."""
    strong_pictures: int = 4
    """That bind two owners without anybody else."""


@dataclass(frozen=True)
class Link:
    """Two owners and what they share."""

    owners: tuple[str, str]
    """In order."""
    weight: float
    pictures: tuple[tuple[str, str], ...]
    """For each shared picture its name with either owner, in the order of `owners`."""


@dataclass(frozen=True)
class Ring:
    members: tuple[str, ...]
    links: tuple[Link, ...]
    """Between its members, strongest first."""


def links_between(groups: Iterable[Sequence[OwnPicture]], limits: RingLimits) -> list[Link]:
    """Everybody who shares something, however little; strongest first."""
    weights: dict[tuple[str, str], float] = {}
    shared: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for group in groups:
        shown: dict[str, str] = {}
        for each in group:
            shown.setdefault(each.owner, each.picture)
        if not 2 <= len(shown) <= limits.most_owners:
            continue
        for first, second in combinations(sorted(shown), 2):
            weights[first, second] = weights.get((first, second), 0.0) + 1 / log2(len(shown))
            shared.setdefault((first, second), []).append((shown[first], shown[second]))
    links = [Link(pair, round(weights[pair], 4), tuple(sorted(shared[pair]))) for pair in weights]
    return sorted(links, key=lambda each: (-each.weight, each.owners))


def find_rings(links: Iterable[Link], limits: RingLimits) -> list[Ring]:
    """Largest first. An owner is in one ring at most."""
    bound = {
        link.owners: link
        for link in links
        if len(link.pictures) >= limits.least_pictures and link.weight >= limits.least_weight
    }
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edges_from(bound)
    weak = [
        pair
        for pair in map(_ordered, nx.bridges(graph))
        if len(bound[pair].pictures) < limits.strong_pictures
    ]
    graph.remove_edges_from(weak)
    rings = [_ring(sorted(members), bound) for members in nx.connected_components(graph) if len(members) > 1]
    return sorted(rings, key=lambda each: (-len(each.members), each.members))


def _ring(members: Sequence[str], bound: dict[tuple[str, str], Link]) -> Ring:
    links = [bound[pair] for pair in combinations(members, 2) if pair in bound]
    return Ring(tuple(members), tuple(sorted(links, key=lambda each: (-each.weight, each.owners))))


def _ordered(pair: tuple[str, str]) -> tuple[str, str]:
    first, second = pair
    return (first, second) if first < second else (second, first)
