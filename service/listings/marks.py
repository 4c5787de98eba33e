"""Registered marks in the pictures of a listing: S1's second view."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

import service.marks.service as marks
from service.listings.question import Comparing, Question
from service.marks.service import MarkFinding, Shown


def seen_marks(session: Session, comparing: Comparing, question: Question) -> list[MarkFinding]:
    """Nobody looks where the tenant has no marks, or at a picture that cannot be judged.

    Raises:
        OutOfTime: a picture was not looked at.
    """
    known = marks.all_marks(session, question.tenant_id)
    judged = [at for at, seen in enumerate(question.seen) if not seen.faults]
    if not known or not judged:
        return []

    def in_one(at: int) -> list[MarkFinding]:
        shown = Shown(question.seen[at].pixels())
        found = marks.find(comparing.runtime.marks, known, [shown])
        return [replace(each, picture=at) for each in found]

    return [found for each in comparing.on_pool_each(in_one, judged) for found in each]
