"""Gathers what the parcel policy may look at. Photos of the goods are asked as a listing's pictures are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

import service.products.service as products
import service.verdicts.service as verdicts
from service.listings.evidence import Evidence, gather
from service.listings.offer import authorisations
from service.listings.question import Comparing, Question
from service.listings.schemas import Condition, ListingIn
from service.parcels.look import look_signals, stopped_alike
from service.parcels.pictures import Looked
from service.parcels.record import LookMatch, XrayEvidence
from service.parcels.schemas import Declaration, Party
from service.parcels.xray import read_captures
from service.rights.standing import in_force
from service.screening.findings import Findings
from service.screening.parcel_policy import ParcelPolicy, Standing
from service.screening.policy import Policy
from service.screening.record import Candidate, ShownProduct
from service.screening.rules.seller import history_signals
from service.screening.signals import Signal, SignalCode
from service.text import fold
from service.vectors.serving import Serving

_NOBODY = "-"
"""Instead of a sender that is not known: no account is called so."""


@dataclass(frozen=True, eq=False)
class Subject:
    """What is inspected, and what is known of it beside its pictures."""

    tenant_id: str
    parcel_id: str
    declaration: Declaration
    sender_key: str | None
    addressee: Party | None
    """In memory alone: an authorised importer is known by name."""
    looked: Looked
    at: datetime


@dataclass(frozen=True)
class ParcelEvidence:
    findings: Findings
    standing: Standing
    candidates: tuple[Candidate, ...]
    shown: tuple[ShownProduct, ...]
    value_ratios: dict[str, float]
    xray: XrayEvidence
    look: tuple[LookMatch, ...]


def gather_parcel(
    session: Session,
    serving: Serving,
    comparing: Comparing,
    policies: tuple[ParcelPolicy, Policy],
    subject: Subject,
) -> ParcelEvidence:
    """Everything of one moment: `session` is one consistent state of the database.

    Args:
        policies: of parcels, whose thresholds count; and of listings, in whose terms pictures are asked.

    Raises:
        OutOfTime: the pictures were not compared with all that is near.
    """
    parcels, listings = policies
    seeing = listings.model_copy(update={"thresholds": parcels.thresholds})
    question = _question(subject, subject.sender_key or _NOBODY)
    if subject.looked.goods:
        seen = gather(session, serving, comparing, seeing, question, {})
    else:
        seen = _unseen(session, parcels, question)
    xray, differing = read_captures(
        comparing, subject.declaration, subject.looked.captures, subject.looked.goods
    )
    alike = stopped_alike(session, comparing, subject)
    signals = [
        *(each for each in seen.findings.signals if each.code is not SignalCode.S5),
        *_importer(session, subject, seen),
        *differing,
        *look_signals(alike),
    ]
    findings = replace(
        seen.findings,
        pictures=len(subject.looked.goods),
        signals=tuple(signals),
        rule_status={},
        precision=(),
    )
    standing = _standing(session, subject, findings)
    ratios = _value_ratios(session, subject, seen.candidates)
    return ParcelEvidence(findings, standing, seen.candidates, seen.shown, ratios, xray, tuple(alike))


def _unseen(session: Session, policy: ParcelPolicy, question: Question) -> Evidence:
    """Before anything is photographed the sender's history is all there is."""
    history = verdicts.seller_history(session, question.tenant_id, fold(question.listing.seller))
    signals = history_signals(history, question.today, policy.thresholds.seller)
    return Evidence(Findings(pictures=0, signals=tuple(signals)), ())


def _question(subject: Subject, seller: str, category: str | None = None) -> Question:
    said = subject.declaration
    listing = ListingIn.model_construct(
        reference=subject.parcel_id,
        seller=seller,
        title=said.description[:500],
        description=said.description,
        price=said.value,
        quantity=said.quantity,
        currency=said.currency,
        condition=Condition.NEW,
        category=category,
        territory=said.destination,
        pictures=[],
        budget_seconds=None,
    )
    return Question(subject.tenant_id, listing, subject.looked.goods, subject.at)


def _importer(session: Session, subject: Subject, seen: Evidence) -> list[Signal]:
    """S5 for whoever the parcel is addressed to, by name or by registration, for the category of what is seen."""
    addressee = subject.addressee
    if addressee is None:
        return []
    categories = _categories(session, subject.tenant_id, seen)
    found = [
        signal
        for called in (addressee.registration, addressee.name)
        for brand in sorted(_brands(seen.findings))
        if called
        for signal in authorisations(session, _question(subject, called, categories.get(brand)), [brand])
    ]
    return list({signal.brand_id: signal for signal in reversed(found)}.values())


def _categories(session: Session, tenant_id: str, seen: Evidence) -> dict[str, str]:
    """Of each brand the category of the likeliest product; candidates come likeliest first."""
    facts = products.facts(session, tenant_id, sorted({each.product_id for each in seen.candidates}))
    found: dict[str, str] = {}
    for each in seen.candidates:
        if each.product_id in facts and facts[each.product_id].category:
            found.setdefault(each.brand_id, facts[each.product_id].category)
    return found


def _value_ratios(session: Session, subject: Subject, candidates: Sequence[Candidate]) -> dict[str, float]:
    """How cheap it would be, were it each of the products that it could be; a guess, for the order of work alone."""
    said = subject.declaration
    if said.value is None or said.currency is None:
        return {}
    ids = sorted({each.product_id for each in candidates})
    piece, found = said.value / said.quantity, dict[str, float]()
    for band in products.price_bands_for(session, subject.tenant_id, ids, said.currency):
        if band.median > 0 and band.covers(said.destination, subject.at.date()):
            found[band.product_id] = round(float(piece / band.median), 4)
    return found


def _standing(session: Session, subject: Subject, findings: Findings) -> Standing:
    day = subject.at.date()
    found = in_force(session, subject.tenant_id, sorted(_brands(findings)), day)
    return Standing(
        right_in_force=frozenset(each.right.brand_id for each in found),
        recorded=frozenset(each.right.brand_id for each in found if each.recordations),
    )


def _brands(findings: Findings) -> set[str]:
    signals: Sequence[Signal] = findings.signals
    return {each.brand_id for each in signals if each.brand_id and each.strength} | findings.text_names
