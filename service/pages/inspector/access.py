"""Who sees which of the officers' pages: as the API has it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from service.messages import Language
from service.pages.page import Page, page_for
from service.security.principals import Role

InspectorPage = Annotated[Page, Depends(page_for(Role.INSPECTOR))]
"""What is secret outside owner and customs, and what is nominal, is for officers alone."""
CasePage = Annotated[Page, Depends(page_for(Role.INSPECTOR, Role.PLATFORM, Role.ADMIN))]


def message_language(page: Page) -> Language:
    return Language(page.language)
