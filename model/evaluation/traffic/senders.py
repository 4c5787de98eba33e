"""Invented senders and addressees. None of the names or streets is anybody's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Address:
    name: str
    address: str
    country: str


def sender_pool(seed: int, n: int) -> list[Address]:
    """The first m of n are those that asking for m gives."""
    return [_address(np.random.default_rng([seed, 401, at]), at) for at in range(n)]


def one_time_sender(rng: np.random.Generator) -> Address:
    return _address(rng, int(rng.integers(10_000, 100_000)))


def addressee(rng: np.random.Generator) -> Address:
    name = f"{_one(rng, _FAMILIES)} {_one(rng, _GIVEN)}"
    return Address(name, f"{_one(rng, _WARDS)} {int(rng.integers(1, 9))}-{int(rng.integers(1, 30))}", "JP")


def _address(rng: np.random.Generator, number: int) -> Address:
    name = f"{_one(rng, _FIRMS)} {_one(rng, _TRADES)} {number}"
    street = f"{int(rng.integers(1, 400))} {_one(rng, _STREETS)}, Unit {int(rng.integers(1, 90))}"
    return Address(name, street, _one(rng, _COUNTRIES))


def _one(rng: np.random.Generator, words: tuple[str, ...]) -> str:
    return words[int(rng.integers(len(words)))]


_FIRMS = (
    "Invented Harbour",
    "Made-up Lantern",
    "Nowhere Crane",
    "Fictive Willow",
    "Untrue North",
    "Imagined Gate",
)
_TRADES = ("Trading", "Commerce", "Export", "Supply", "Store")
_STREETS = ("Example Road", "Sample Street", "Placeholder Lane", "Specimen Avenue")
_COUNTRIES = ("CN", "HK", "KR", "VN", "TH", "US")
_FAMILIES = ("Mihon", "Reibun", "Kasou", "Tameshi")
_GIVEN = ("Taro", "Hanako", "Ichiro", "Yuki")
_WARDS = ("Mihon-ku", "Reidai-cho", "Kari-machi")
