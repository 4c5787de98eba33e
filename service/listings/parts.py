"""Products in a part of a picture: small on a shelf, in a parcel, in a collage; sought where the whole says nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from sqlalchemy.orm import Session

import service.references.service as references
from index.base import Hit, Library, Scope
from model.encoders.base import RGB
from model.keypoints import LocalPicture
from model.regions import (
    Found,
    Near,
    Proposer,
    RegionCalibration,
    RegionCalibrationMissing,
    Regions,
    look_at_regions,
    merge,
    propose,
    shipped_calibration,
    to_verify,
    verified,
)
from service.listings.question import Comparing, Question
from service.references.service import ReferenceFacts
from service.screening.rules.identity import ReferenceMatch
from service.vectors.serving import Serving

NEIGHBOURS = 20
_AS_MANY_AS_THERE_COULD_BE = 250
"""Matches of keypoints: what a part could reach at best decides whether anyone looks."""


def calibration_of(fingerprint: str) -> RegionCalibration | None:
    """None for an encoder whose parts were never measured: then no parts are looked for."""
    try:
        return shipped_calibration(fingerprint)
    except RegionCalibrationMissing:
        return None


_calibration = cache(calibration_of)


def in_parts(
    session: Session, serving: Serving, comparing: Comparing, question: Question, pictures: Sequence[int]
) -> list[ReferenceMatch]:
    """What parts of these pictures show, each with its box.

    Raises:
        OutOfTime: not every picture was looked through.
    """
    calibration, proposer = _calibration(serving.fingerprint), comparing.runtime.proposer
    if calibration is None or proposer is None:
        return []
    return [
        match
        for picture in pictures
        for match in _in_one(session, serving, comparing, question, picture, calibration, proposer)
    ]


def _in_one(
    session: Session,
    serving: Serving,
    comparing: Comparing,
    question: Question,
    picture: int,
    calibration: RegionCalibration,
    proposer: Proposer,
) -> list[ReferenceMatch]:
    pixels = comparing.on_pool(question.seen[picture].pixels)
    [regions] = comparing.on_pool(propose, serving.encoder, proposer, [pixels])
    if not len(regions):
        return []
    scope = Scope(question.tenant_id, Library.GENUINE)
    hits = serving.embeddings.search(regions.vectors, NEIGHBOURS, scope)
    facts = references.describe(
        session, question.tenant_id, sorted({hit.id for each in hits for hit in each})
    )
    near = [_near(each, facts) for each in hits]
    near = _verified(comparing, pixels, regions, near, facts, calibration)
    return [_match(found, picture) for found in merge(regions, near, calibration)]


def _near(hits: Sequence[Hit], facts: Mapping[str, ReferenceFacts]) -> list[Near]:
    return [
        Near(hit.id, facts[hit.id].product_id, facts[hit.id].brand_id, hit.score)
        for hit in hits
        if hit.id in facts
    ]


def _verified(
    comparing: Comparing,
    pixels: RGB,
    regions: Regions,
    near: Sequence[list[Near]],
    facts: Mapping[str, ReferenceFacts],
    calibration: RegionCalibration,
) -> list[list[Near]]:
    """With keypoints counted, where a part could reach the bar at all."""
    hopeful = [at for at, each in enumerate(near) if _could_be(each, calibration)]
    if not hopeful:
        return list(near)
    wanted = {at: to_verify(near[at]) for at in hopeful}
    stored = _closeups(comparing, {name for each in wanted.values() for name in each}, facts)
    looks = comparing.on_pool(look_at_regions, pixels, regions.boxes[hopeful])
    found = list(near)
    for at, look in zip(hopeful, looks, strict=True):
        known = {name: stored[name] for name in wanted[at] if name in stored}
        found[at] = comparing.on_pool(verified, look, near[at], known)
    return found


def _could_be(near: Sequence[Near], calibration: RegionCalibration) -> bool:
    return any(
        calibration.score(replace(each, matches=_AS_MANY_AS_THERE_COULD_BE)) >= calibration.bar
        for each in near
    )


def _closeups(
    comparing: Comparing, names: set[str], facts: Mapping[str, ReferenceFacts]
) -> dict[str, LocalPicture]:
    found = {
        name: comparing.on_pool(comparing.runtime.closeups.view_if_any, facts[name].sha256)
        for name in sorted(names)
    }
    return {name: view.local for name, view in found.items() if view is not None}


def _match(found: Found, picture: int) -> ReferenceMatch:
    return ReferenceMatch(
        brand_id=found.best.brand,
        product_id=found.best.product,
        reference_id=found.best.reference,
        picture=picture,
        cosine=found.best.cosine,
        score=found.score,
        box=found.box,
    )
