"""The pages that stand in everybody's menu, in the order of their working day."""

from __future__ import annotations

from dataclasses import dataclass

from service.pages.language import N_
from service.security.principals import Role

_OFFICERS = frozenset({Role.INSPECTOR, Role.ADMIN})
_REVIEWERS = frozenset({Role.PLATFORM, Role.ADMIN})
_OWNERS = frozenset({Role.BRAND_OWNER, Role.AGENT, Role.ADMIN})
_ADMINS = frozenset({Role.ADMIN})


@dataclass(frozen=True)
class Entry:
    title: str
    path: str
    roles: frozenset[Role]


ENTRIES: tuple[Entry, ...] = (Entry(N_("Try it"), "/try", frozenset(Role)),)
"""The first that a role is offered is its home."""


def offered(role: Role) -> tuple[Entry, ...]:
    return tuple(each for each in ENTRIES if role in each.roles)
