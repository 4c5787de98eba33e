"""People of the demo who sign in to the pages, one for each kind of work."""

from __future__ import annotations

from dataclasses import dataclass

from model.evaluation.kit import Kit
from service.demo.preparing import House
from service.security.principals import Role


@dataclass(frozen=True)
class Person:
    role: Role
    login: str
    password: str


def let_in(house: House, kit: Kit) -> list[Person]:
    """An administrator, a marketplace's reviewer, a customs inspector and the owner of the first brand."""
    owner = f"{kit.brands[0].name} K.K."
    wanted = (
        (Role.ADMIN, "Operator", "admin"),
        (Role.PLATFORM, "Umibe Market", "reviewer"),
        (Role.INSPECTOR, "Customs house", "inspector"),
        (Role.BRAND_OWNER, owner, "owner"),
    )
    holders = {each["name"]: each["id"] for each in house.admin.every("/v1/organisations")}
    return [_person(house, holders[holder], role, login) for role, holder, login in wanted]


def _person(house: House, holder: str, role: Role, login: str) -> Person:
    new = {"organisation_id": holder, "role": role.value, "login": login, "name": login.title()}
    made = house.admin.ask("POST", "/v1/users", json=new).json()
    return Person(role, login, made["password"])
