"""Is it the same photo? A suite of attacked photos, checked through the API as any caller's are."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rich.progress import track

from model.copies.sscd import load_sscd
from model.encoders.base import RGB
from model.evaluation.attacks import Attacked, AttackSuite, suite
from model.evaluation.attacks.catalogue import OTHERS
from model.evaluation.copy_answers import Answer
from model.evaluation.copy_search import Seeker
from service.encoding import load_encoder
from service.evaluation.house import House, evaluation_house
from service.evaluation.manifest import ManifestInvalid
from service.security.principals import Role
from service.settings import Settings

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
_QUALITY = 92
"""Of the JPEG as which a query is sent."""
_BACKGROUND_AT_ONCE = 50
_AROUND = 80
"""Pictures that appear around others."""


def read_suite(folder: Path, *, references: int, queries: int, seed: int) -> tuple[AttackSuite, int]:
    """The suite of a folder, and how many references more than it has pictures for were asked for.

    Raises:
        ManifestInvalid: the folder holds no pictures.
        TooFewPictures: not enough for the queries.
    """
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES]
    if not paths:
        raise ManifestInvalid(f"{folder} holds no picture that ends in {', '.join(sorted(SUFFIXES))}.")
    held = min(references, max(1, len(paths) * 2 // 7))
    further = references - held
    around = max(OTHERS, min(_AROUND, len(paths) // 15))
    made = suite(paths, seed, references=held, queries=queries, carriers=around, further=further > 0)
    return made, further


def checked(made: AttackSuite, background: int, *, encoder_name: str, settings: Settings) -> list[Answer]:
    """Enrol the references, bring so many everyday pictures, check every query.

    An answer is the S2 of a check: the best reference, if any is a candidate.
    """
    encoder = load_encoder(settings, encoder_name)
    with evaluation_house(settings, encoder) as house:
        numbers = _enrolled(house, made)
        _bring(house, made.background[:background])
        return [_answer(house, query, numbers) for query in track(made.queries, description="checking")]


def _enrolled(house: House, made: AttackSuite) -> dict[str, int]:
    """Ids of references to their places in the suite; all of one product of one brand."""
    owner = Role.BRAND_OWNER
    brand = house.post(owner, "/v1/brands", json={"name": "evaluation"})["id"]
    product = {"sku": "all", "name": "all", "category": "any"}
    product_id = house.post(owner, f"/v1/brands/{brand}/products", json=product)["id"]
    numbers: dict[str, int] = {}
    for number, path in enumerate(track(made.references, description="enrolling")):
        files = {"file": (path.name, path.read_bytes())}
        made_one = house.post(owner, f"/v1/products/{product_id}/references", files=files)
        numbers[made_one["id"]] = number
    return numbers


def _bring(house: House, background: Sequence[Path]) -> None:
    for at in track(range(0, len(background), _BACKGROUND_AT_ONCE), description="background"):
        some = background[at : at + _BACKGROUND_AT_ONCE]
        files = [("files", (path.name, path.read_bytes())) for path in some]
        house.post(Role.PLATFORM, "/v1/background", files=files)


def _answer(house: House, query: Attacked, numbers: dict[str, int]) -> Answer:
    data = _jpeg(query.edited().pixels)
    listing = {"reference": f"query-{query.number}", "seller": "evaluation"}
    started = time.perf_counter()
    decided = house.post(
        Role.PLATFORM,
        "/v1/listings/checks",
        data={"listing": json.dumps(listing)},
        files=[("pictures", (f"{query.number}.jpg", data))],
    )
    took = (time.perf_counter() - started) * 1000
    record: dict[str, Any] = house.get(Role.AUDITOR, f"/v1/decisions/{decided['id']}")["record"]
    said = [each["evidence"] for each in record["findings"]["signals"] if each["code"] == "S2"]
    return Answer(
        query.reference,
        query.attack.family,
        np.array([numbers[each["reference_id"]] for each in said], np.intp),
        np.array([_score(each) for each in said], np.float64),
        took,
    )


def _score(evidence: dict[str, Any]) -> float:
    """What was verified by its probability; what is a candidate alone comes below, by its likeness."""
    if evidence["same_bytes"]:
        return 1.0
    if evidence.get("probability"):
        return float(evidence["probability"])
    return float(evidence["cosine"] or 0.0) - 2


def _jpeg(pixels: RGB) -> bytes:
    data = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1]
    return bytes(data)


def seeker_of(
    made: AttackSuite, further: int, background: int, settings: Settings, encoder_name: str, sscd: Path | None
) -> Seeker:
    """The same models without the service, with references and background enrolled.

    Raises:
        SscdUnusable: the weights file cannot serve.
    """
    other = load_sscd(sscd, settings.threads) if sscd else None
    found = Seeker(made, load_encoder(settings, encoder_name), further, background, other)
    found.enrol(track(found.pictures(), total=found.count(), description="describing"))
    return found
