"""Two parcels that customs photographs: one with a counterfeit in it, one with honest goods."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from service.demo.checking import Checked
from service.demo.preparing import House
from service.demo.scenes import Story


@dataclass(frozen=True)
class Inspected:
    reference: str
    story: Story
    advice: str
    codes: Sequence[str]
    inspection_id: str


_STORIES: dict[Story, dict[str, Any]] = {
    Story.COUNTERFEIT: {"description": "household goods", "quantity": 40, "value": "90", "currency": "USD"},
    Story.RESALE: {"description": "one used article, gift", "quantity": 1, "value": "60", "currency": "USD"},
}
"""What their senders declared."""


def inspect(house: House, checked: Sequence[Checked]) -> list[Inspected]:
    """Take both in as an officer does, and open a case on the first; the other waits in the work list."""
    found = [
        _taken_in(house, next(each for each in checked if each.story is story), declared)
        for story, declared in _STORIES.items()
    ]
    subject = {"kind": "inspection", "id": found[0].inspection_id}
    case = {"subject": subject, "profile": "jp-identification", "country": "JP", "why": "seen by an officer"}
    house.inspector.ask("POST", "/v1/cases", json=case)
    return found


def _taken_in(house: House, listing: Checked, declared: dict[str, Any]) -> Inspected:
    reference = f"parcel-{listing.story.value.replace('_', '-')}"
    parcel = {
        "reference": reference,
        "declaration": {**declared, "origin": "CN", "destination": "JP"},
        "sender": {"name": "A sender", "address": "1 Harbour Road"},
        "addressee": {"name": "An addressee", "address": "2 Hill Street"},
    }
    files = [("photos", (each.path.name, each.data, "image/jpeg")) for each in listing.pictures]
    answer = house.inspector.ask("POST", "/v1/parcels", data={"parcel": json.dumps(parcel)}, files=files)
    found = answer.json()["inspection"]
    return Inspected(
        reference, listing.story, found["advice"], [each["code"] for each in found["reasons"]], found["id"]
    )
