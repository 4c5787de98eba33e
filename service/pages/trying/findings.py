"""Everything that can be said about one picture, as far as its reader may know."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

from PIL import Image
from sqlalchemy.orm import Session

from model.images import decode
from service.decisions.service import own_brand_ids
from service.evidence.drawing import Matched
from service.listings.keeping import Asked
from service.listings.schemas import ListingIn, PictureIn
from service.listings.service import rehearse
from service.messages import preferred
from service.pages.page import Page
from service.pages.sentences import Names
from service.pages.telling import Told, names_of, tell
from service.parcels.answers import PhotoQualityOut
from service.parcels.quality import PhotoQuality, judge_photos
from service.parcels.views import quality_out
from service.readings.schemas import ReadingOut
from service.readings.service import read
from service.runtime import Runtime
from service.screening.record import Candidate, DecisionRecord
from service.screening.signals import Signal
from service.security.principals import Principal, Role

_READERS = frozenset({Role.INSPECTOR, Role.ADMIN})
"""Who may have a picture read; the names of all of the house's brands stand in what is read."""
_EXACT = frozenset({Role.ADMIN, Role.AUDITOR})
_OWNERS = frozenset({Role.BRAND_OWNER, Role.AGENT})
_CANDIDATES = 5
_PREVIEW_SIDE = 640


@dataclass(frozen=True)
class Matching:
    """The stored picture that the strongest finding rests on, and where both agree."""

    source: str
    regions: Matched


@dataclass(frozen=True)
class Findings:
    preview: str
    """The picture, small, as a `data:` address."""
    quality: PhotoQualityOut
    record: DecisionRecord
    told: list[Told]
    candidates: list[Candidate]
    names: Names
    matching: Matching | None
    reading: ReadingOut | None
    """None for readers who may not have it."""
    exact: bool
    """With figures."""


def findings_of(page: Page, data: bytes) -> Findings:
    """
    Raises:
        PictureError: the bytes are not a picture that can be judged.
    """
    runtime, principal = page.runtime, page.principal
    (quality,) = judge_photos(runtime, [data])
    picture = PictureIn.model_construct(data=data, url=None, sha256=None)
    listing = ListingIn(reference="try", seller="nobody").model_copy(update={"pictures": [picture]})
    record = rehearse(runtime, Asked(principal, listing))
    reading = read(runtime, principal, data) if principal.role in _READERS else None
    with runtime.database.read() as session:
        return _told(page, session, _preview(runtime, data), quality, record, reading)


def _told(
    page: Page,
    session: Session,
    preview: str,
    quality: PhotoQuality,
    record: DecisionRecord,
    reading: ReadingOut | None,
) -> Findings:
    principal = page.principal
    signals, candidates = _visible(session, principal, record)
    names = names_of(
        session,
        principal.tenant_id,
        {each.brand_id for each in signals if each.brand_id} | {each.brand_id for each in candidates},
        {each.product_id for each in candidates}
        | {str(each.evidence["product_id"]) for each in signals if each.evidence.get("product_id")},
    )
    exact = principal.role in _EXACT
    return Findings(
        preview=preview,
        quality=quality_out(quality, preferred(page.language)),
        record=record,
        told=tell(signals, names, page.say, exact=exact),
        candidates=candidates[:_CANDIDATES],
        names=names,
        matching=_matching(signals, candidates),
        reading=reading,
        exact=exact,
    )


def _visible(
    session: Session, principal: Principal, record: DecisionRecord
) -> tuple[list[Signal], list[Candidate]]:
    """A brand's owner is told of nobody else's brand."""
    signals = [each for each in record.findings.signals if each.strength]
    candidates = sorted(record.candidates, key=lambda each: each.likeness, reverse=True)
    if principal.role not in _OWNERS:
        return signals, candidates
    own = own_brand_ids(session, principal)
    return (
        [each for each in signals if each.brand_id in own],
        [each for each in candidates if each.brand_id in own],
    )


def _matching(signals: list[Signal], candidates: list[Candidate]) -> Matching | None:
    for signal in sorted(signals, key=lambda each: -each.strength):
        regions = Matched.of(signal.evidence) or Matched((), ())
        for key, folder in (("counterfeit_id", "known-counterfeits"), ("reference_id", "references")):
            item = signal.evidence.get(key)
            if isinstance(item, str):
                return Matching(f"/v1/{folder}/{item}/picture", regions)
    if not candidates:
        return None
    return Matching(f"/v1/references/{candidates[0].reference_id}/picture", Matched((), ()))


def _preview(runtime: Runtime, data: bytes) -> str:
    pixels = decode(data, runtime.picture_limits, max_side=_PREVIEW_SIDE).pixels
    encoded = io.BytesIO()
    Image.fromarray(pixels).save(encoded, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{base64.b64encode(encoded.getvalue()).decode()}"
