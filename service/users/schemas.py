"""What the endpoints of people take and answer."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from service.security.principals import Role
from service.security.schemas import Name, Reference
from service.users.models import User


class UserIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    organisation_id: Reference
    role: Role
    login: Name
    """What the person types to sign in, such as an address of mail; width and case do not matter."""
    name: Name
    oidc_subject: Name | None = None
    """The person's `sub` at the house's identity provider, where signing in goes through one."""


class UserOut(BaseModel):
    id: str
    organisation_id: str
    role: Role
    login: str
    name: str
    second_factor: bool
    created_at: datetime
    signed_in_at: datetime | None
    locked_until: datetime | None
    disabled_at: datetime | None
    oidc_subject: str | None

    @classmethod
    def of(cls, person: User) -> UserOut:
        plain = {name: getattr(person, name) for name in cls.model_fields if name != "second_factor"}
        return cls(**plain, second_factor=person.totp_sealed is not None)


class NewUserOut(UserOut):
    password: str
    """A first password. It is shown this once; the person changes it on the page `/account`."""


class PasswordOut(BaseModel):
    password: str
    """Shown this once."""
