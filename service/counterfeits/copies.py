"""Keeps stolen photos out: is a picture a copy of some genuine reference?

Three cheap tests, none of which proves a copy: equal bytes, a near perceptual hash, a near descriptor.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

import service.references.service as references
from index.base import Library, Scope
from model.copies.hashes import MATCH_DISTANCE
from service.references.pictures import hash_means_something
from service.vectors.service import VectorSpaces
from service.vectors.serving import Features

_THRESHOLDS = Path(__file__).with_name("copy_thresholds.json")


def genuine_original(
    session: Session, vectors: VectorSpaces, tenant_id: str, sha256: str, features: Features
) -> str | None:
    """The id of a reference of the tenant, of whichever owner, that the picture is taken to copy.

    Raises:
        FingerprintMismatch: the encoder was changed since the features were made.
    """
    same = references.any_of_bytes(session, tenant_id, sha256)
    if same is not None:
        return same.id
    serving = vectors.serving()
    scope = Scope(tenant_id, Library.GENUINE)
    if hash_means_something(features):
        hits = serving.same_hash([features], 1, scope, MATCH_DISTANCE)[0]
        if hits:
            return hits[0].id
    least = copy_threshold(serving.encoder.info.name)
    near = serving.alike([features], 1, scope, least)[0]
    return near[0].id if near else None


@cache
def copy_threshold(encoder: str) -> float:
    """Cosine from which the descriptors of two pictures are taken for copies; see the data file for how measured."""
    known = json.loads(_THRESHOLDS.read_text())["thresholds"]
    return float(known.get(encoder, known["default"]))
