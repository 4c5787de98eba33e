"""The brands that pictures show, asked again of pictures that are mirrored, cut a little or saved anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

import service.references.service as references
from index.base import Hit, Library, Scope
from model.encoders.base import RGB, Vectors
from model.renderings import Rendering, renderings
from service.listings.question import Comparing, Question
from service.references.service import ReferenceFacts
from service.screening.rules.identity import ReferenceMatch
from service.screening.rules.stability import Answer, Rendered, not_rendered, stability_signals
from service.screening.signals import Signal
from service.screening.thresholds import IdentityThresholds
from service.vectors.serving import Serving

PICTURES = 4
"""Of a listing, most alike first: what one more would tell is not worth three more pictures to the encoder."""
LEAST_SECONDS = 0.5
"""Under which nobody begins: an answer in time is worth more."""
_NEIGHBOURS = 3
"""The nearest reference is all that is asked for; the others stand in for one that was removed a moment ago."""


def stability(
    session: Session,
    serving: Serving,
    comparing: Comparing,
    question: Question,
    matches: Iterable[ReferenceMatch],
    thresholds: IdentityThresholds,
) -> list[Signal]:
    """S10 for pictures that as a whole show a brand; parts of pictures are not asked again.

    Args:
        matches: of the nearest brand of each picture.

    Raises:
        OutOfTime: the renderings were not all asked.
    """
    sent = _as_sent(question, matches, thresholds.weak)
    if not sent:
        return []
    if comparing.deadline.remaining < LEAST_SECONDS:
        return [not_rendered(brand) for brand in sorted({match.brand_id for match in sent.values()})]
    made = comparing.on_pool_each(lambda at: renderings(question.seen[at].pixels()), sent)
    answers = _answers(session, serving, comparing, question.tenant_id, made)
    rendered = [
        Rendered(at, Answer(match.brand_id, match.score), each)
        for (at, match), each in zip(sent.items(), answers, strict=True)
    ]
    return stability_signals(rendered, thresholds)


def _as_sent(question: Question, matches: Iterable[ReferenceMatch], weak: float) -> dict[int, ReferenceMatch]:
    """The best match of each picture that can be judged and shows a brand, surest pictures first."""
    best: dict[int, ReferenceMatch] = {}
    for match in sorted(matches, key=lambda each: (-each.score, each.picture, each.reference_id)):
        if match.box is None and match.score >= weak and not question.seen[match.picture].faults:
            best.setdefault(match.picture, match)
    return dict(list(best.items())[:PICTURES])


def _answers(
    session: Session,
    serving: Serving,
    comparing: Comparing,
    tenant_id: str,
    made: Sequence[Mapping[Rendering, RGB]],
) -> list[dict[Rendering, Answer]]:
    """All renderings of all pictures go to the encoder together."""
    pictures = [pixels for each in made for pixels in each.values()]
    vectors = _encoded(serving, comparing, pictures)
    hits = serving.embeddings.search(vectors, _NEIGHBOURS, Scope(tenant_id, Library.GENUINE))
    facts = references.describe(session, tenant_id, sorted({hit.id for each in hits for hit in each}))
    found = iter([_answer(serving, each, facts) for each in hits])
    return [{name: next(found) for name in each} for each in made]


def _encoded(serving: Serving, comparing: Comparing, pictures: Sequence[RGB]) -> Vectors:
    """By a thread that only waits: the encoder has its own."""
    waiting = comparing.runtime.waiters.submit(serving.encoder.encode, pictures)
    return comparing.deadline.wait(waiting)


def _answer(serving: Serving, hits: Sequence[Hit], facts: Mapping[str, ReferenceFacts]) -> Answer:
    nearest = next((hit for hit in hits if hit.id in facts), None)
    if nearest is None:
        return Answer(None, 0.0)
    return Answer(facts[nearest.id].brand_id, serving.calibration.probability(nearest.score))
