"""Listings in the background: batches, and checks that ran out of time."""

from __future__ import annotations

from typing import Any

from service.errors import NotFound, Problem
from service.jobs.handlers import JobContext, job_handler
from service.listings.keeping import FINISH_CHECK, Asked
from service.listings.schemas import ListingIn
from service.listings.service import check, finish

CHECK_BATCH = "check-batch"


@job_handler(CHECK_BATCH)
def check_batch(context: JobContext) -> dict[str, Any]:
    """Check each listing of the payload; one that fails is reported under its place and does not stop the others."""
    listings = context.payload["listings"]
    decided: list[dict[str, Any]] = list(context.checkpoint.get("decided", []))
    for place in range(len(decided), len(listings)):
        decided.append(_one(context, place, listings[place]))
        context.save_checkpoint({"decided": decided})
        context.progress(place + 1, len(listings))
    return {"decisions": decided}


@job_handler(FINISH_CHECK)
def finish_check(context: JobContext) -> dict[str, Any]:
    try:
        stored = finish(context.runtime, context.principal, context.payload["decision_id"])
    except NotFound:
        stored = None
    return {"decision_id": stored.id if stored else None}


def _one(context: JobContext, place: int, listing: dict[str, Any]) -> dict[str, Any]:
    """The idempotency key makes a listing that was decided just before a kill give the same decision again."""
    asked = Asked(context.principal, ListingIn.model_validate(listing), f"{context.job_id}:{place}")
    try:
        stored = check(context.runtime, asked)
    except Problem as problem:
        context.add_error(place, problem.detail)
        return {"reference": listing["reference"], "problem": problem.document()}
    return {"reference": listing["reference"], "decision_id": stored.id, "decision": stored.decision}
