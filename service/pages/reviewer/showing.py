"""What of a decision a reviewer's page shows, gathered in one read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from service.decisions.models import StoredDecision
from service.evidence.service import originals_of
from service.pages.page import Page
from service.pages.reviewer.access import sees_scores
from service.pages.reviewer.pairs import Pair, pairs_of
from service.pages.sentences import Names
from service.pages.telling import Told, names_of, tell
from service.products import service as products
from service.products.models import PriceBand
from service.screening.record import DecisionRecord
from service.screening.rules.seller import SellerCase
from service.screening.views import appeal_until
from service.users import service as users
from service.verdicts import service as verdicts
from service.verdicts.models import Verdict

_BANDS = 10


@dataclass(frozen=True)
class Shown:
    stored: StoredDecision
    record: DecisionRecord
    names: Names
    pairs: list[Pair]
    moving: list[Told]
    """Signals that moved something."""
    still: list[Told]
    """Those that say why nothing was concluded."""
    verdicts: Sequence[Verdict]
    people: dict[str, str]
    """What those who judged are called, by id."""
    cases: list[SellerCase]
    bands: Sequence[PriceBand]
    appeal_until: datetime | None
    exact: bool
    judged_by_me: bool


def shown_decision(page: Page, session: Session, stored: StoredDecision) -> Shown:
    record = DecisionRecord.model_validate(stored.record)
    tenant, signals = stored.tenant_id, record.findings.signals
    cases = verdicts.seller_history(session, tenant, stored.seller)
    priced = sorted({str(each.evidence["product_id"]) for each in signals if each.evidence.get("product_id")})
    spoken = [
        stored.brand_id,
        *(each.brand_id for each in signals),
        *(each.brand_id for each in record.shown),
    ]
    about = {each for each in (*spoken, *(case.brand_id for case in cases)) if each}
    names = names_of(session, tenant, about, priced)
    told = tell(signals, names, page.say, sees_scores(page))
    judged = verdicts.given_on(session, tenant, stored.id)
    return Shown(
        stored=stored,
        record=record,
        names=names,
        pairs=pairs_of(record, originals_of(session, record)),
        moving=[each for each in told if each.signal.strength],
        still=[each for each in told if not each.signal.strength],
        verdicts=judged,
        people=users.names(session, tenant, {each.given_by for each in judged}),
        cases=cases,
        bands=[band for each in priced for band in products.price_bands_of(session, tenant, each, _BANDS)],
        appeal_until=appeal_until(record),
        exact=sees_scores(page),
        judged_by_me=any(each.given_by == page.principal.key_id for each in judged),
    )
