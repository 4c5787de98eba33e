"""What a partner is told of the house's confirmed cases: built field by field from what may leave."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import service.brands.service as brands
import service.counterfeits.service as counterfeits
import service.products.service as products
import service.rights.service as rights
from service.cases.stops import Stop, confirmed_stops
from service.counterfeits.models import KnownCounterfeit
from service.exchange import repository
from service.exchange.models import Partner
from service.exchange.wire import Descriptor, MessageType, Outcome, Signal, Stated, ToldPicture, ToldRight
from service.rights.models import Disclosure, Right
from service.vectors.shared import StoredVectors, stored_of

_RIGHTS = 50


@dataclass(frozen=True)
class Told:
    """What the partner should know of one thing."""

    slot: str
    type: MessageType
    body: Stated


def slot_of(kind: str, about: str) -> str:
    return f"{kind}:{about}"


def cases_for(session: Session, partner: Partner) -> list[Told]:
    """A signal for each known counterfeit that the partner is told of; none where nothing is shared with it."""
    if not partner.shares:
        return []
    facts = _Facts.of(session, partner)
    rows = [row for row in counterfeits.confirmed(session, partner.tenant_id) if facts.includes(row)]
    categories = _categories(session, partner.tenant_id, rows)
    disputes = repository.disputes_by_about(session, partner.tenant_id, partner.id)
    stops = confirmed_stops(session, partner.tenant_id, {row.case_reference for row in rows})
    return [
        Told(
            slot_of("signal", row.id),
            MessageType.SIGNAL,
            _signal(
                row,
                _stop_of(row, stops, facts),
                facts,
                categories,
                disputes,
                pictures=partner.shares_pictures,
            ),
        )
        for row in rows
    ]


def descriptors_for(session: Session, partner: Partner, signals: Sequence[str]) -> Iterator[Told]:
    """Vectors of these signals, where the partner can use them: the same encoder, the same views."""
    if not partner.shares_descriptors or not signals:
        return
    stored = stored_of(session, signals)
    if (stored.fingerprint, stored.copy_fingerprint) != (partner.fingerprint, partner.copy_fingerprint):
        return
    for signal in signals:
        if signal in stored.embeddings:
            yield Told(slot_of("descriptor", signal), MessageType.DESCRIPTOR, _descriptor(signal, stored))


def week_of(moment: datetime) -> str:
    year, week, _ = moment.isocalendar()
    return f"{year:04}-W{week:02}"


@dataclass(frozen=True)
class _Facts:
    names: Mapping[str, str]
    """Of the brands that the partner is told of, by id."""
    rights: Mapping[str, list[Right]]
    place: str | None

    @classmethod
    def of(cls, session: Session, partner: Partner) -> _Facts:
        tenant = partner.tenant_id
        introduction = repository.introduction(session, tenant)
        by_brand: defaultdict[str, list[Right]] = defaultdict(list)
        for right in rights.public_rights(session, tenant):
            by_brand[right.brand_id].append(right)
        chosen = None if partner.brands is None else set(partner.brands)
        return cls(
            {
                brand.id: brand.name
                for brand in brands.names_for_tenant(session, tenant)
                if chosen is None or brand.id in chosen
            },
            by_brand,
            (introduction.place or None) if introduction else None,
        )

    def includes(self, row: KnownCounterfeit) -> bool:
        return row.brand_id in self.names


@dataclass(frozen=True)
class _ToldStop:
    outcome: Outcome
    place: str | None
    week: str


def _stop_of(row: KnownCounterfeit, stops: Mapping[str, Stop], facts: _Facts) -> _ToldStop:
    """As the case has it; without one, the week of enrolment and the place of the house.

    The reference is whatever its writer called the case, so that it must be a case of the same brand.
    """
    stop = stops.get(row.case_reference)
    if stop is None or stop.brand_id != row.brand_id:
        return _ToldStop(Outcome.CONFIRMED, facts.place, week_of(row.created_at))
    outcome = Outcome.DESTROYED if stop.destroyed else Outcome.CONFIRMED
    finer = facts.place is not None and facts.place.startswith(stop.country)
    return _ToldStop(outcome, facts.place if finer else stop.country, week_of(stop.presented_at))


def _signal(
    row: KnownCounterfeit,
    stop: _ToldStop,
    facts: _Facts,
    categories: Mapping[str, str],
    disputes: Mapping[str, int],
    *,
    pictures: bool,
) -> Signal:
    return Signal(
        id=row.id,
        pdq=row.pdq,
        pdq_quality=row.pdq_quality,
        brand=facts.names[row.brand_id],
        category=categories.get(row.product_id or "", ""),
        rights=[
            ToldRight.model_validate({"kind": each.kind, "office": each.office, "number": each.number})
            for each in facts.rights.get(row.brand_id, [])[:_RIGHTS]
        ],
        outcome=stop.outcome,
        place=stop.place,
        week=stop.week,
        disclosure=Disclosure.DISCLOSED,
        picture=ToldPicture(sha256=row.blob) if pictures else None,
        disputes=disputes.get(row.id, 0),
    )


def _categories(session: Session, tenant_id: str, rows: Sequence[KnownCounterfeit]) -> dict[str, str]:
    ids = sorted({row.product_id for row in rows if row.product_id})
    return {key: each.category for key, each in products.facts(session, tenant_id, ids).items()}


def _descriptor(signal: str, stored: StoredVectors) -> Descriptor:
    return Descriptor(
        signal=signal,
        fingerprint=stored.fingerprint,
        copy_fingerprint=stored.copy_fingerprint,
        embedding=base64.b64encode(stored.embeddings[signal]).decode(),
        views=[base64.b64encode(each).decode() for each in stored.views.get(signal, [])],
    )
