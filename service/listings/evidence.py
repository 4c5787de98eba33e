"""Gathers what the policy may look at: what the pictures show, what is said of the offer, who offers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

import service.brands.service as brands
import service.verdicts.service as verdicts
from index.base import Library, Scope
from model.products import Verdict
from service.listings.copies import copies_of_parts, copy_matches
from service.listings.differences import differing
from service.listings.genuine import Genuine, among_references, candidates, products_of
from service.listings.libraries import DESCRIBED, confirmed
from service.listings.marks import seen_marks
from service.listings.offer import authorisations, prices
from service.listings.parts import in_parts
from service.listings.products import shown, told
from service.listings.question import Comparing, Question
from service.listings.searching import COPIES, all_ids, search, search_views
from service.listings.shared import among_partners
from service.listings.stability import stability
from service.listings.telling import hear, read, tell
from service.readings.lexicon import tenant_lexicon
from service.screening.findings import Findings, RuleStatus
from service.screening.policy import Policy
from service.screening.readings import ReadPicture
from service.screening.record import Candidate, ShownProduct
from service.screening.rules.copies import CopyMatch, counterfeit_copies, reference_copies, shared_copies
from service.screening.rules.identity import identity_signals, of_nearest_brands
from service.screening.rules.marks import mark_signals
from service.screening.rules.quality import quality_signals
from service.screening.rules.seller import history_signals
from service.text import fold
from service.vectors.serving import Serving


@dataclass(frozen=True)
class Evidence:
    findings: Findings
    candidates: tuple[Candidate, ...]
    shown: tuple[ShownProduct, ...] = ()
    readings: tuple[ReadPicture, ...] = ()


def gather(
    session: Session,
    serving: Serving,
    comparing: Comparing,
    policy: Policy,
    question: Question,
    rule_status: dict[str, RuleStatus],
) -> Evidence:
    """Everything of one moment: `session` is one consistent state of the database.

    Raises:
        OutOfTime: the pictures were not compared with all that is near.
    """
    listing, tenant = question.listing, question.tenant_id
    known = brands.names_for_tenant(session, tenant)
    lexicon = tenant_lexicon(session, tenant, known)
    heard = hear(question, lexicon)
    genuine = among_references(session, serving, comparing, question)
    fakes = _among_counterfeits(session, serving, comparing, question)
    genuine, fakes = _with_copies_of_parts(session, serving, comparing, question, genuine, fakes)
    shared = among_partners(session, serving, comparing, question, genuine.copies, fakes)
    products = products_of(serving, comparing, question, genuine)
    unexplained = _unexplained(question, policy, genuine, [*fakes, *shared], shown(products))
    parts = in_parts(session, serving, comparing, question, unexplained)
    genuine = replace(genuine, matches=[*genuine.matches, *parts])
    nearest = of_nearest_brands(genuine.matches)
    identity = identity_signals(nearest, policy.thresholds.identity)
    copies, encoder = policy.thresholds.copies, serving.encoder.info.name
    history = verdicts.seller_history(session, tenant, fold(listing.seller))
    signals = [
        *quality_signals([seen.faults for seen in question.seen]),
        *identity,
        *mark_signals(seen_marks(session, comparing, question)),
        *reference_copies(genuine.copies, copies, encoder),
        *counterfeit_copies(fakes, copies, encoder),
        *shared_copies(shared, copies, encoder),
        *history_signals(history, question.today, policy.thresholds.seller),
    ]
    written = read(comparing, question, lexicon, heard, signals)
    signals += tell(session, question, heard, written, signals, told(products))
    signals += stability(session, serving, comparing, question, nearest, policy.thresholds.identity)
    signals += differing(session, comparing, question, products)
    named = frozenset(heard.said.named)
    about = sorted({signal.brand_id for signal in signals if signal.brand_id} | named)
    signals += authorisations(session, question, about)
    signals += prices(session, policy, question, identity, told(products))
    findings = Findings(
        pictures=len(question.seen),
        signals=tuple(signals),
        text_names=named,
        auto_block_brands=frozenset(brand.id for brand in known if brand.auto_block),
        precision=verdicts.rule_precision(session, tenant, about),
        category=listing.category,
        gated_brands=frozenset(brand.id for brand in known if brand.gated),
        rule_status=rule_status,
    )
    return Evidence(findings, candidates(genuine, products, policy), shown(products), written.pictures)


def _unexplained(
    question: Question,
    policy: Policy,
    genuine: Genuine,
    fakes: Sequence[CopyMatch],
    products: Sequence[ShownProduct],
) -> list[int]:
    """Pictures that can be judged and of which nothing strong is known as a whole."""
    strong = policy.thresholds.identity.strong
    seen = {match.picture for match in genuine.matches if match.score >= strong}
    copied = {match.picture for match in [*genuine.copies, *fakes] if match.verified}
    certain = {each.picture for each in products if each.verdict is Verdict.PRODUCT}
    known = seen | copied | certain
    return [at for at, each in enumerate(question.seen) if at not in known and not each.faults]


def _among_counterfeits(
    session: Session, serving: Serving, comparing: Comparing, question: Question
) -> list[CopyMatch]:
    near = search(serving, question, Library.COUNTERFEIT, COPIES)
    return copy_matches(comparing, question, near, confirmed(session, question.tenant_id, all_ids(near)))


def _with_copies_of_parts(
    session: Session,
    serving: Serving,
    comparing: Comparing,
    question: Question,
    genuine: Genuine,
    fakes: list[CopyMatch],
) -> tuple[Genuine, list[CopyMatch]]:
    """Pictures that no copy explains are looked for in parts; where nothing is enrolled nobody looks."""
    copied = {match.picture for match in [*genuine.copies, *fakes] if match.verified}
    left = [at for at in range(len(question.seen)) if at not in copied]
    held = [library for library in DESCRIBED if serving.copies.count(Scope(question.tenant_id, library))]
    if not left or not held:
        return genuine, fakes
    asked = comparing.on_pool_each(lambda at: serving.tiles(question.seen[at].pixels()), left)
    tiles = dict(zip(left, asked, strict=True))
    found: dict[Library, list[CopyMatch]] = {}
    for library in held:
        near = search_views(serving, question, library, tiles)
        stored = DESCRIBED[library](session, question.tenant_id, all_ids(near.values()))
        known = [*genuine.copies, *fakes]
        found[library] = copies_of_parts(comparing, question, near, stored, known)
    more = replace(genuine, copies=[*genuine.copies, *found.get(Library.GENUINE, [])])
    return more, [*fakes, *found.get(Library.COUNTERFEIT, [])]
