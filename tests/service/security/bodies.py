"""A body that is accepted, for every operation that takes one, so that a refusal is never for the body's sake.

`{name}` stands for the id of the thing of that name, `{fresh}`, `{day}` and `{card}` for what was never there,
`PICTURE` for a picture that was never there, `GENUINE` for the one that the house has as its reference, `ARCHIVE` for a
ZIP to enrol from.
"""

from __future__ import annotations

import io
import re
import secrets
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from PIL import Image

from service.ids import new_id
from service.screening.policy_file import DEFAULT_POLICY
from tests.service.exchange.houses import Stranger

PICTURE = "<picture>"
ARCHIVE = "<archive>"
GENUINE = "<genuine>"
SENT: dict[str, bytes] = {}
"""By SHA-256, pictures that a house has enrolled: what is compared with them has to show the same."""
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Body:
    json: Any = None
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """Of the things whose ids stand in it."""
        return set(_PLACE.findall(repr((self.json, self.form)))) - {"fresh", "day", "card"}

    def request(self, ids: Mapping[str, str]) -> dict[str, Any]:
        """What a client is given to send it."""
        if not self.files:
            return {} if self.json is None else {"json": _filled(self.json, ids)}
        files = {
            name: (name, _content(kind, ids), "application/octet-stream") for name, kind in self.files.items()
        }
        return {"data": _filled(dict(self.form), ids), "files": files}


_SELLER = Body({"seller": "{fresh}"})
_RIGHT = Body({"kind": "trademark", "number": "{fresh}", "office": "JP"})
_RECORDATION = Body({"authority": "JP", "number": "{fresh}"})
_BAND = Body({"currency": "JPY", "low": "1000", "median": "2000", "high": "3000"})
_LISTING = {"reference": "{fresh}", "seller": "shop", "pictures": [{"sha256": "{sha256}"}]}
_PARCEL = '{"reference": "{fresh}", "sender": {"name": "Somebody", "address": "somewhere"}}'
_CASE = {
    "subject": {"kind": "decision", "id": "{decision_id}"},
    "profile": "eu-608-2013",
    "country": "DE",
    "why": "seen",
}
NOTHING = Body()

BODIES: dict[tuple[str, str], Body] = {
    ("post", "/v1/appeals/{appeal_id}/resolution"): Body({"upheld": False, "note": "seen again"}),
    ("put", "/v1/authorised-sellers/{record_id}"): _SELLER,
    ("post", "/v1/background"): Body(files={"files": PICTURE}),
    ("post", "/v1/brands"): Body({"name": "{fresh}", "owner_id": "{owner_id}"}),
    ("patch", "/v1/brands/{brand_id}"): Body({"name": "{fresh}"}),
    ("post", "/v1/brands/{brand_id}/authorised-sellers"): _SELLER,
    ("post", "/v1/brands/{brand_id}/known-counterfeits"): Body(
        form={"case_reference": "case", "product_id": "{product_id}"}, files={"file": PICTURE}
    ),
    ("post", "/v1/brands/{brand_id}/marks"): Body(
        form={"kind": "word", "text": "KUMORU", "right_id": "{right_id}"}, files={"file": PICTURE}
    ),
    ("post", "/v1/brands/{brand_id}/products"): Body({"sku": "{fresh}", "name": "Shoe"}),
    ("post", "/v1/brands/{brand_id}/rights"): _RIGHT,
    ("post", "/v1/cases"): Body(_CASE),
    ("patch", "/v1/cases/{case_id}"): Body({"perishable": False, "why": "{fresh}"}),
    ("post", "/v1/cases/{case_id}/extension"): Body({"why": "{fresh}"}),
    ("post", "/v1/cases/{case_id}/opinion-links"): Body({"recipient": "{fresh}"}),
    ("post", "/v1/cases/{case_id}/parties"): Body({"role": "importer", "name": "{fresh}"}),
    ("post", "/v1/cases/{case_id}/referrals"): Body({"language": "ja"}),
    ("post", "/v1/cases/{case_id}/steps"): Body({"step": "application_filed", "why": "{fresh}"}),
    ("post", "/v1/decisions/{decision_id}/appeals"): Body({"text": "It is genuine."}),
    ("post", "/v1/decisions/{decision_id}/verdicts"): Body({"outcome": "genuine"}),
    ("post", "/v1/embeddings"): Body(files={"file": PICTURE}),
    ("post", "/v1/encoder/moves"): Body({"encoder": "bundled"}),
    ("post", "/v1/enrolments"): Body(form={"owner_id": "{owner_id}"}, files={"archive": ARCHIVE}),
    ("post", "/v1/keys"): Body(
        {"organisation_id": "{organisation_id}", "role": "brand_owner", "label": "till"}
    ),
    ("post", "/v1/keys/{key_id}/rotation"): Body({"grace_seconds": 60}),
    ("put", "/v1/exchange/introduction"): Body({"name": "{fresh}", "kind": "customs"}),
    ("post", "/v1/exchange/partners"): Body({"card": "{card}"}),
    ("patch", "/v1/exchange/partners/{partner_id}"): Body({"shares": True}),
    ("post", "/v1/exchange/partners/{partner_id}/acceptance"): Body({"fingerprint": "{fingerprint}"}),
    ("post", "/v1/exchange/partners/{partner_id}/nominal"): Body(
        {
            "subject": "seller_account",
            "value": "{fresh}",
            "purpose": "stop it",
            "legal_basis": "the law",
            "expires_at": f"{datetime.now(UTC) + timedelta(days=30)}",
        }
    ),
    ("post", "/v1/exchange/polls"): NOTHING,
    ("put", "/v1/exchange/signals/{signal_id}/opinion"): Body({"opinion": "confirms"}),
    ("patch", "/v1/known-counterfeits/{counterfeit_id}"): Body({"note": "{fresh}"}),
    ("post", "/v1/listings/checks"): Body(_LISTING),
    ("post", "/v1/listings/rehearsals"): Body(_LISTING),
    ("post", "/v1/listings/checks:batch"): Body({"listings": [_LISTING]}),
    ("post", "/v1/mandates"): Body({"agent_id": "{agent_id}", "owner_id": "{owner_id}"}),
    ("post", "/v1/opinion-requests/{link_id}/opinion"): Body(
        form={"opinion": '{"answer": "genuine", "reason": "known"}'}, files={"files": PICTURE}
    ),
    ("post", "/v1/organisations"): Body({"name": "{fresh}"}),
    ("post", "/v1/photo-quality"): Body(files={"photos": PICTURE}),
    ("post", "/v1/parcels"): Body(form={"parcel": _PARCEL}, files={"photos": GENUINE}),
    ("post", "/v1/parcels/{parcel_id}/opening"): NOTHING,
    ("post", "/v1/parcels/{parcel_id}/inspections"): Body(files={"photos": PICTURE}),
    ("post", "/v1/parcels/{parcel_id}/outcome"): Body({"outcome": "genuine"}),
    ("post", "/v1/inspections/{inspection_id}/reviews"): Body({"answer": "agree"}),
    ("post", "/v1/policies"): Body(
        {"text": DEFAULT_POLICY.read_text().replace("listing-2026-11", "{fresh}")}
    ),
    ("post", "/v1/policies/replays"): Body({"policy": "{digest}"}),
    ("post", "/v1/policies/switches"): Body({"rule": "6", "status": "live", "reason": "measured"}),
    ("post", "/v1/policies/switches/{switch_id}/signature"): NOTHING,
    ("put", "/v1/price-bands/{band_id}"): _BAND,
    ("patch", "/v1/products/{product_id}"): Body({"name": "{fresh}"}),
    ("post", "/v1/products/{product_id}/price-bands"): Body({**_BAND.json, "valid_from": "{day}"}),
    ("post", "/v1/products/{product_id}/references"): Body(files={"file": PICTURE}),
    ("put", "/v1/recordations/{recordation_id}"): _RECORDATION,
    ("post", "/v1/readings"): Body(files={"file": PICTURE}),
    ("patch", "/v1/references/{reference_id}"): Body({"view": "{fresh}"}),
    ("post", "/v1/references/{reference_id}/identification-points"): Body(
        {"name": "{fresh}", "x0": 0.1, "y0": 0.1, "x1": 0.3, "y1": 0.3}
    ),
    ("post", "/v1/references/{reference_id}/comparisons"): Body(files={"file": GENUINE}),
    ("post", "/v1/references/{reference_id}/comparisons/heat-map"): Body(files={"file": GENUINE}),
    ("post", "/v1/referrals/{referral_id}/revision"): Body({"own": {"quantity": "{fresh}"}}),
    ("put", "/v1/rights/{right_id}"): _RIGHT,
    ("post", "/v1/rights/{right_id}/recordations"): _RECORDATION,
    ("post", "/v1/users"): Body(
        {"organisation_id": "{organisation_id}", "role": "inspector", "login": "{fresh}", "name": "Somebody"}
    ),
    ("post", "/v1/users/{user_id}/reset"): NOTHING,
    ("post", "/v1/users/{user_id}/return"): NOTHING,
    ("post", "/v1/webhooks"): Body({"url": "https://hooks.example.com/", "events": ["*"]}),
    ("post", "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redelivery"): NOTHING,
    ("post", "/v1/webhooks/{webhook_id}/test"): NOTHING,
}


def unheard_of() -> dict[str, str]:
    """What `{fresh}`, `{day}` and `{card}` stand for, this once."""
    return {
        "fresh": new_id("new"),
        "day": f"{date(2100, 1, 1) + timedelta(days=secrets.randbelow(10**6))}",
        "card": Stranger.new(new_id("hse")).card(),
    }


def picture() -> bytes:
    """Noise, another at each call: like no picture that was there before."""
    encoded = io.BytesIO()
    Image.fromarray(np.random.default_rng().integers(0, 256, (256, 256, 3), dtype=np.uint8)).save(
        encoded, "PNG"
    )
    return encoded.getvalue()


def _content(kind: str, ids: Mapping[str, str]) -> bytes:
    if kind == GENUINE:
        return SENT.get(ids.get("sha256", ""), b"") or picture()
    return picture() if kind == PICTURE else _archive()


def _archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("brands.csv", "name\nKumoru\n")
    return packed.getvalue()


def _filled(value: Any, ids: Mapping[str, str]) -> Any:
    match value:
        case str():
            return _PLACE.sub(lambda found: ids[found[1]], value)
        case dict():
            return {name: _filled(each, ids) for name, each in value.items()}
        case list():
            return [_filled(each, ids) for each in value]
        case _:
            return value
