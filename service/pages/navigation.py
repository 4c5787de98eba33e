"""The pages that stand in everybody's menu, in the order of their working day."""

from __future__ import annotations

from dataclasses import dataclass

from service.pages.language import N_
from service.security.principals import Role

_OFFICERS = frozenset({Role.INSPECTOR, Role.ADMIN})
_REVIEWERS = frozenset({Role.PLATFORM, Role.ADMIN})
_OWNERS = frozenset({Role.BRAND_OWNER, Role.AGENT, Role.ADMIN})
_MEASURERS = frozenset({Role.PLATFORM, Role.AUDITOR, Role.ADMIN})
_HOLDERS = frozenset({Role.BRAND_OWNER, Role.AGENT})
_ADMINS = frozenset({Role.ADMIN})


@dataclass(frozen=True)
class Entry:
    title: str
    path: str
    roles: frozenset[Role]


ROLES: dict[str, str] = {
    Role.ADMIN: N_("administrator"),
    Role.PLATFORM: N_("marketplace reviewer"),
    Role.INSPECTOR: N_("customs inspector"),
    Role.BRAND_OWNER: N_("brand owner"),
    Role.AGENT: N_("brand owner's agent"),
    Role.AUDITOR: N_("auditor"),
}
"""What roles are called on pages."""

ENTRIES: tuple[Entry, ...] = (
    Entry(N_("Inspect"), "/inspect", frozenset({Role.INSPECTOR})),
    Entry(N_("Work list"), "/worklist", _OFFICERS),
    Entry(N_("Review"), "/review", _REVIEWERS),
    Entry(N_("Appeals"), "/appeals", _REVIEWERS),
    Entry(N_("Rules"), "/rules", _MEASURERS),
    Entry(N_("Drift"), "/drift", _MEASURERS),
    Entry(N_("Cases"), "/cases", _OFFICERS | _REVIEWERS),
    Entry(N_("Brands"), "/brands", _OWNERS),
    Entry(N_("Opinions"), "/opinions", _HOLDERS),
    Entry(N_("Coverage"), "/coverage", _OWNERS),
    Entry(N_("Enrol in bulk"), "/enrolments", _OWNERS),
    Entry(N_("Administration"), "/admin", _ADMINS),
    Entry(N_("Try it"), "/try", frozenset(Role)),
)
"""The first that a role is offered is its home."""


def offered(role: Role) -> tuple[Entry, ...]:
    return tuple(each for each in ENTRIES if role in each.roles)
