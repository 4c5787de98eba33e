"""Reading as the service does it: listings checked, pictures read, brands registered as an owner would."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rich.progress import track

from model.encoders.base import RGB
from model.evaluation.kit import Kit
from service.evaluation.house import House
from service.evaluation.manifest import PictureUse, read_retrieval
from service.evaluation.text import (
    CARTONS,
    CartonHits,
    Hits,
    carton_brand,
    carton_hits,
    hits_of,
    offers,
    sellers_photos,
)
from service.screening.rules.text import WordKind
from service.screening.signals import SignalCode
from service.security.principals import Role


def enrol_kit(house: House, kit: Kit) -> dict[str, str]:
    """The kit's brands with their spellings; gives what the service calls them, to the kit's own id."""
    return {_brand(house, brand.name, list(brand.spellings[1:])): brand.id for brand in kit.brands}


def enrol_cartons(house: House) -> dict[str, str]:
    """The brands of the shelf, with the lines that their cartons print among the spellings."""
    return {_brand(house, name, list(lines)): name for name, lines in CARTONS.items()}


def lookalikes_in_offers(
    house: House, kit: Kit, names: Mapping[str, str], count: int, rng: np.random.Generator
) -> Hits:
    """Listings whose words alone can tell: S7 of kind look-alike, whatever its strength.

    Args:
        names: the service's ids of brands, to the kit's.
    """
    digest = _plain_picture(house)
    answers = []
    for truth, text in track(offers(kit, count, rng), description="offers of the kit", total=count):
        title, _, description = text.partition("\n")
        listing = {"title": title, "description": description, "pictures": [{"sha256": digest}]}
        found = _lookalikes(_checked(house, listing), in_picture=False)
        answers.append((truth, frozenset(names[brand] for brand in found)))
    return hits_of(answers)


def lookalikes_in_photos(
    house: House, kit: Kit, names: Mapping[str, str], count: int, rng: np.random.Generator
) -> Hits:
    """Listings that name the brand rightly, and whose photo may not."""
    answers = []
    for truth, pixels, title in track(
        sellers_photos(kit, count, rng), description="photos of the kit", total=count
    ):
        files = [("pictures", ("photo.png", _png(pixels), "image/png"))]
        found = _lookalikes(_checked(house, {"title": title}, files), in_picture=True)
        answers.append((truth, frozenset(names[brand] for brand in found)))
    return hits_of(answers)


def read_cartons(
    house: House, manifest: Path, names: Mapping[str, str], *, split: str, photos: int | None, seed: int
) -> CartonHits:
    """Which brand is to the fore in what an officer is told is written on a photo?

    Args:
        photos: so many, drawn with the seed; None takes all.
    """
    rows = [row for row in read_retrieval(manifest) if row.use is PictureUse.QUERY and row.split == split]
    order = np.random.default_rng(seed).permutation(len(rows))[:photos]
    answers = []
    for at in track(order, description="photos of cartons"):
        row = rows[int(at)]
        file = {"file": (row.path.name, row.path.read_bytes(), "image/jpeg")}
        read = house.post(Role.INSPECTOR, "/v1/readings", files=file)
        answers.append((carton_brand(row.product), names.get(read["foremost_brand_id"] or "")))
    return carton_hits(answers)


def _brand(house: House, name: str, spellings: Sequence[str]) -> str:
    body = {"name": name, "spellings": list(spellings)}
    return str(house.post(Role.BRAND_OWNER, "/v1/brands", json=body)["id"])


def _plain_picture(house: House) -> str:
    """Sent once: pictures of the same digest are computed once."""
    noise = np.random.default_rng(0).integers(0, 255, (160, 160, 3)).astype(np.uint8)
    files = [("pictures", ("noise.png", _png(noise), "image/png"))]
    record = _checked(house, {"title": "a thing"}, files)
    return str(record["pictures"][0]["sha256"])


def _checked(house: House, listing: Mapping[str, Any], files: Sequence[Any] = ()) -> dict[str, Any]:
    body = {"reference": "evaluation", "seller": "somebody", **listing}
    if files:
        answer = house.post(
            Role.PLATFORM, "/v1/listings/checks", data={"listing": json.dumps(body)}, files=files
        )
    else:
        answer = house.post(Role.PLATFORM, "/v1/listings/checks", json=body)
    record: dict[str, Any] = house.get(Role.AUDITOR, f"/v1/decisions/{answer['id']}")["record"]
    return record


def _lookalikes(record: Mapping[str, Any], *, in_picture: bool) -> frozenset[str]:
    return frozenset(
        signal["brand_id"]
        for signal in record["findings"]["signals"]
        if signal["code"] == SignalCode.S7
        and (signal["picture"] is not None) == in_picture
        and any(word["kind"] == WordKind.LOOKALIKE for word in signal["evidence"].get("words", ()))
    )


def _png(pixels: RGB) -> bytes:
    return cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))[1].tobytes()
