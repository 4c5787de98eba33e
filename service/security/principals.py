"""Who is asking: the roles, and what a verified API key says of its holder."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    ADMIN = "admin"
    PLATFORM = "platform"
    INSPECTOR = "inspector"
    BRAND_OWNER = "brand_owner"
    AGENT = "agent"
    AUDITOR = "auditor"


@dataclass(frozen=True)
class Principal:
    """The holder of a verified key.

    `owners` are the organisations whose brands the key may register and see as their owner: its own for a brand
    owner, those with a mandate in force for an agent, none for other roles. An administrator acts for all owners of
    the tenant; `may_act_for` answers for every role.
    """

    key_id: str
    tenant_id: str
    organisation_id: str
    role: Role
    owners: frozenset[str] = frozenset()

    def may_act_for(self, owner_id: str) -> bool:
        return self.role is Role.ADMIN or owner_id in self.owners
