"""Searches the references with a listing's pictures and gathers what the policy may look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

import service.brands.service as brands
import service.cases.service as cases
import service.counterfeits.service as counterfeits
import service.products.service as products
import service.references.service as references
import service.sellers.service as sellers
from index.base import Hit, Library, Scope
from model.copies.hashes import MATCH_DISTANCE
from service.brands.service import BrandNames
from service.listings.pictures import Seen
from service.listings.schemas import Condition, ListingIn
from service.references.pictures import hash_means_something
from service.references.service import ReferenceFacts
from service.screening.findings import Findings, RuleStatus
from service.screening.policy import Policy
from service.screening.record import Candidate, band
from service.screening.rules.authorisation import AuthorisedSeller, Offer, authorisation_signals
from service.screening.rules.copies import CopyMatch, counterfeit_copies, reference_copies
from service.screening.rules.identity import ReferenceMatch, identity_signals, of_nearest_brands
from service.screening.rules.price import Asked, PriceBand, price_signals
from service.screening.rules.quality import quality_signals
from service.screening.rules.seller import history_signals
from service.screening.rules.text import Lexicon, brands_named, lexicon
from service.screening.signals import Signal
from service.text import fold
from service.vectors.serving import Serving

NEIGHBOURS = 40
"""References asked for each picture; a brand's best reference is all that S1 needs."""
COPIES = 10
_CANDIDATES_KEPT = 12


@dataclass(frozen=True)
class Evidence:
    findings: Findings
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Question:
    """What is asked, of whom, when."""

    tenant_id: str
    listing: ListingIn
    seen: Sequence[Seen]
    at: datetime

    @property
    def today(self) -> date:
        return self.at.date()


def gather(
    session: Session, serving: Serving, policy: Policy, question: Question, rule_status: dict[str, RuleStatus]
) -> Evidence:
    """Everything of one moment: `session` is one consistent state of the database."""
    listing, tenant = question.listing, question.tenant_id
    known = brands.names_for_tenant(session, tenant)
    named = brands_named(f"{listing.title}\n{listing.description}", _lexicon(known))
    matches, copies = _genuine(session, serving, question)
    identity = identity_signals(of_nearest_brands(matches), policy.thresholds.identity)
    signals = [
        *quality_signals([seen.faults for seen in question.seen]),
        *identity,
        *reference_copies(copies, policy.thresholds.copies, serving.encoder.info.name),
        *counterfeit_copies(
            _counterfeit(session, serving, question), policy.thresholds.copies, serving.encoder.info.name
        ),
        *history_signals(
            cases.seller_history(session, tenant, fold(listing.seller)),
            question.today,
            policy.thresholds.seller,
        ),
    ]
    about = sorted({signal.brand_id for signal in signals if signal.brand_id} | named)
    signals += _authorisations(session, question, about)
    signals += _prices(session, policy, question, identity)
    findings = Findings(
        pictures=len(question.seen),
        signals=tuple(signals),
        text_names=named,
        auto_block_brands=frozenset(brand.id for brand in known if brand.auto_block),
        precision=cases.rule_precision(session, tenant, about),
        category=listing.category,
        gated_brands=frozenset(brand.id for brand in known if brand.gated),
        rule_status=rule_status,
    )
    return Evidence(findings, _candidates(matches, policy))


def _genuine(
    session: Session, serving: Serving, question: Question
) -> tuple[list[ReferenceMatch], list[CopyMatch]]:
    near, same = _search(serving, question, Library.GENUINE, NEIGHBOURS)
    facts = references.describe(session, question.tenant_id, _ids(near, same))
    matches = [
        _reference_match(serving, facts[hit.id], picture, hit)
        for picture, hits in enumerate(near)
        for hit in hits
        if hit.id in facts
    ]
    brand_and_bytes = {each.reference_id: (each.brand_id, each.sha256) for each in facts.values()}
    return matches, _copy_matches(question, near, same, brand_and_bytes)


def _counterfeit(session: Session, serving: Serving, question: Question) -> list[CopyMatch]:
    near, same = _search(serving, question, Library.COUNTERFEIT, COPIES)
    facts = counterfeits.describe(session, question.tenant_id, _ids(near, same))
    brand_and_bytes = {each.counterfeit_id: (each.brand_id, each.sha256) for each in facts.values()}
    return _copy_matches(question, near, same, brand_and_bytes)


def _search(
    serving: Serving, question: Question, library: Library, k: int
) -> tuple[list[list[Hit]], list[list[Hit]]]:
    scope = Scope(question.tenant_id, library)
    features = [seen.features for seen in question.seen]
    same = serving.same_hash(features, COPIES, scope, MATCH_DISTANCE)
    meaningful = [
        hits if hash_means_something(each) else [] for each, hits in zip(features, same, strict=True)
    ]
    return serving.alike(features, k, scope), meaningful


def _ids(*results: Sequence[Sequence[Hit]]) -> list[str]:
    return sorted({hit.id for result in results for hits in result for hit in hits})


def _reference_match(serving: Serving, facts: ReferenceFacts, picture: int, hit: Hit) -> ReferenceMatch:
    return ReferenceMatch(
        brand_id=facts.brand_id,
        product_id=facts.product_id,
        reference_id=facts.reference_id,
        picture=picture,
        cosine=hit.score,
        score=serving.calibration.probability(hit.score),
    )


def _copy_matches(
    question: Question,
    near: Sequence[Sequence[Hit]],
    same: Sequence[Sequence[Hit]],
    brand_and_bytes: dict[str, tuple[str, str]],
) -> list[CopyMatch]:
    found = []
    for picture, seen in enumerate(question.seen):
        cosines = {hit.id: hit.score for hit in near[picture]}
        distances = {hit.id: round((1 - hit.score) * 128) for hit in same[picture]}
        for item in sorted((cosines.keys() | distances.keys()) & brand_and_bytes.keys()):
            brand, sha256 = brand_and_bytes[item]
            found.append(
                CopyMatch(
                    brand,
                    item,
                    picture,
                    distances.get(item),
                    cosines.get(item),
                    same_bytes=sha256 == seen.sha256,
                )
            )
    return found


def _authorisations(session: Session, question: Question, brand_ids: Sequence[str]) -> list[Signal]:
    listing = question.listing
    seller = sellers.normalise_seller(listing.seller)
    records = [
        AuthorisedSeller(
            id=each.id,
            brand_id=each.brand_id,
            seller=seller,
            category=each.category,
            territory=each.territory,
            valid_from=each.valid_from or date.min,
            valid_until=each.valid_until,
        )
        for each in sellers.records_for(session, question.tenant_id, seller, brand_ids)
    ]
    category = fold(listing.category) if listing.category is not None else None
    return authorisation_signals(records, Offer(seller, category, listing.territory, question.today))


def _prices(session: Session, policy: Policy, question: Question, identity: Sequence[Signal]) -> list[Signal]:
    """Compared with the product that each S1 rests on; a dearer sister of it would make an honest price look low."""
    listing = question.listing
    if listing.price is None or listing.currency is None:
        return []
    brand_of = {str(signal.evidence["product_id"]): signal.brand_id or "" for signal in identity}
    bands = [
        PriceBand(brand_of[each.product_id], each.product_id, each.currency, each.low, each.median)
        for each in products.price_bands_for(session, question.tenant_id, sorted(brand_of), listing.currency)
        if each.covers(listing.territory, question.today)
    ]
    asked = Asked(listing.price / listing.quantity, listing.currency, listing.condition is Condition.NEW)
    return price_signals(bands, asked, policy.thresholds.price)


def _lexicon(known: Sequence[BrandNames]) -> Lexicon:
    return lexicon({brand.id: [brand.name, *brand.spellings] for brand in known})


def _candidates(matches: Iterable[ReferenceMatch], policy: Policy) -> tuple[Candidate, ...]:
    """The best reference of each product, best first."""
    best: dict[str, ReferenceMatch] = {}
    for match in sorted(matches, key=lambda each: (-each.cosine, each.reference_id)):
        best.setdefault(match.product_id, match)
    return tuple(
        Candidate(
            brand_id=match.brand_id,
            product_id=match.product_id,
            reference_id=match.reference_id,
            picture=match.picture,
            cosine=match.cosine,
            score=match.score,
            band=band(match.score, policy.thresholds.identity),
        )
        for match in list(best.values())[:_CANDIDATES_KEPT]
    )
