"""Who may look: people. A marketplace's key is for machines, which must not learn what reviewers see."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from service.errors import Forbidden
from service.pages.page import Page, ReviewerPage, page_for
from service.security.principals import Role


def _person(page: Page) -> Page:
    if page.principal.role is Role.PLATFORM and (page.visitor is None or page.visitor.user_id is None):
        raise Forbidden(
            "Reviewers sign in with a name and a password; a key of the marketplace is for machines."
        )
    return page


def _reviewer(page: ReviewerPage) -> Page:
    return _person(page)


def _measurer(page: Annotated[Page, Depends(page_for(Role.PLATFORM, Role.AUDITOR, Role.ADMIN))]) -> Page:
    return _person(page)


ReviewingPage = Annotated[Page, Depends(_reviewer)]
MeasuringPage = Annotated[Page, Depends(_measurer)]


def sees_scores(page: Page) -> bool:
    """Scores and thresholds are for those who answer for the house."""
    return page.principal.role in (Role.ADMIN, Role.AUDITOR)
