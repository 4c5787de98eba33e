"""What a decided case teaches: seller history and rule precision by a verdict, known counterfeits by its pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

import service.brands.service as brands
import service.counterfeits.service as counterfeits
import service.verdicts.service as verdicts
from model.images import PictureError
from service.cases import repository
from service.cases.models import Case, SubjectKind
from service.cases.subjects import close_subject, read_subject
from service.counterfeits.service import CounterfeitKnown, NewCounterfeit
from service.errors import Conflict, NotFound, Unprocessable
from service.jobs.context import JobContext
from service.jobs.handlers import job_handler
from service.jobs.service import submit
from service.references import pictures
from service.runtime import Runtime
from service.security.principals import Principal
from service.vectors.serving import EnrolledFeatures
from service.verdicts.models import VerdictOutcome

ENROL_PICTURES = "case-known-counterfeits"


def learn(session: Session, principal: Principal, case: Case) -> None:
    """Within the transaction of the decision: the verdict now, the pictures by a job."""
    outcome = VerdictOutcome(case.outcome or "")
    subject = read_subject(session, principal, SubjectKind(case.subject_kind), case.subject_id)
    verdicts.give_verdict(session, principal, subject.judged, outcome, f"case {case.id}")
    close_subject(session, principal, SubjectKind(case.subject_kind), case.subject_id, outcome)
    if outcome is VerdictOutcome.COUNTERFEIT and case.brand_id is not None:
        submit(session, principal, ENROL_PICTURES, {"case_id": case.id})


@job_handler(ENROL_PICTURES)
def enrol_pictures(context: JobContext) -> dict[str, Any]:
    """Offer each picture of a confirmed case as a known counterfeit; a copy of a genuine reference is refused."""
    with context.runtime.database.read() as session:
        case = repository.case(session, context.tenant_id, context.payload["case_id"])
        if case is None or case.brand_id is None:
            return {"enrolled": 0, "refused": 0}
        rows = repository.pictures(session, context.tenant_id, case.id)
        owner = brands.owner_of(session, context.tenant_id, case.brand_id)
    acting = replace(context.principal, owners=frozenset({owner}))
    for done, row in enumerate(rows):
        if row.known_counterfeit is None:
            _note(context, case, row.number, _enrolled(context.runtime, acting, case, row.sha256))
        context.progress(done + 1, len(rows))
    with context.runtime.database.read() as session:
        told = [
            each.known_counterfeit or {} for each in repository.pictures(session, case.tenant_id, case.id)
        ]
    return {
        "enrolled": sum("id" in each for each in told),
        "refused": sum("refused" in each for each in told),
    }


def _enrolled(runtime: Runtime, principal: Principal, case: Case, sha256: str) -> dict[str, str]:
    """The id of the known counterfeit, or the name of the rule that refused it."""
    try:
        taken = pictures.take(runtime, runtime.blobs.get(sha256))

        def store(features: list[EnrolledFeatures]) -> str:
            search = counterfeits.search_original(runtime, principal, taken, features[0])
            pictures.keep(runtime, taken)
            new = NewCounterfeit(case.brand_id or "", None, case.id, "", taken, features[0], search)
            with runtime.database.write() as session:
                return counterfeits.add(session, runtime.vectors, principal, new).id

        return {"id": pictures.described_and_stored(runtime, [taken], store)}
    except CounterfeitKnown as known:
        return {"id": str(known.members["known_counterfeit_id"])}
    except (Conflict, Unprocessable, NotFound) as refusal:
        return {"refused": refusal.slug}
    except PictureError as refusal:
        return {"refused": type(refusal).__name__}


def _note(context: JobContext, case: Case, number: int, told: dict[str, str]) -> None:
    with context.runtime.database.write() as session:
        for row in repository.pictures(session, case.tenant_id, case.id):
            if row.number == number:
                row.known_counterfeit = told
