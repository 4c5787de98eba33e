"""Simulated parcels, taken in and ranked through the API of a house of their own."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track

from model.encoders.base import Encoder
from model.evaluation.kit import Kit, build_kit
from model.evaluation.traffic import Address, KitParcel, ParcelTruth, earlier_stops, simulated_parcels
from service.demo.catalogue import write_archives
from service.demo.pictures import as_jpeg
from service.evaluation.house import TENANT, House, Unexpected, evaluation_house
from service.jobs.models import FINISHED, JobState
from service.parcels.models import ParcelState
from service.parcels.repository import latest_inspections
from service.security.principals import Role
from service.security.service import tenant_named
from service.settings import Settings
from service.worklist.chances import ChanceModel, Traits

_POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Placed:
    """One simulated parcel with its place in the work list, the first being 0."""

    truth: ParcelTruth
    place: int
    value: int
    """Declared."""
    advice: str
    traits: Traits


def simulate(
    kit_seed: int, brands: int, counts: Mapping[ParcelTruth, int], encoder: Encoder, settings: Settings
) -> list[Placed]:
    """Enrol a kit, stop some parcels, take the traffic in, and read the work list."""
    kit = build_kit(kit_seed, brands=brands)
    with evaluation_house(settings.model_copy(update={"job_workers": 1}), encoder) as house:
        _enrol(house, kit)
        _stop(house, kit)
        sent: dict[str, KitParcel] = {}
        total = sum(counts.values())
        for parcel in track(simulated_parcels(kit, 0, counts), description="inspecting", total=total):
            sent[_take_in(house, parcel)] = parcel
        return _placed(house, sent)


def placed_anew(parcels: Sequence[Placed], model: ChanceModel) -> list[Placed]:
    """As the work list would place them by other chances, while no minutes are known; equals stay in their order."""
    order = np.argsort(-model.chances([each.traits for each in parcels]), kind="stable")
    places = {int(at): place for place, at in enumerate(order)}
    return [replace(each, place=places[at]) for at, each in enumerate(parcels)]


def counts_of(counterfeits: int, others: int) -> dict[ParcelTruth, int]:
    """More of the kinds that are hard to tell from counterfeits than the traffic has: they decide the figure."""
    genuine, authorised = round(others * 0.45), round(others * 0.15)
    return {
        ParcelTruth.COUNTERFEIT: counterfeits,
        ParcelTruth.GENUINE: genuine,
        ParcelTruth.AUTHORISED: authorised,
        ParcelTruth.UNBRANDED: others - genuine - authorised,
    }


def _enrol(house: House, kit: Kit) -> None:
    """Each brand's ZIP. A case whose photo is too like a reference is refused, as in any house, and left out."""
    with tempfile.TemporaryDirectory(prefix="mizugiwa-kit-") as folder:
        archives = write_archives(kit, Path(folder))
        for archive in track(archives, description="enrolling", total=len(kit.brands)):
            files = {"archive": ("kit.zip", archive.path.read_bytes())}
            sent = house.post(Role.BRAND_OWNER, "/v1/enrolments", files=files)
            _wait(house, sent["job_id"])


def _wait(house: House, job_id: str) -> None:
    while True:
        job = house.get(Role.BRAND_OWNER, f"/v1/jobs/{job_id}")
        if job["state"] in FINISHED:
            break
        time.sleep(_POLL_SECONDS)
    if job["state"] != JobState.DONE:
        raise Unexpected(f"Enrolment {job_id} ended as {job['state']}: {job['failure']}")


def _stop(house: House, kit: Kit) -> None:
    """History: parcels of the repeat senders that turned out counterfeit. Nobody has photos of those any more."""
    owned = house.get(Role.BRAND_OWNER, "/v1/brands?limit=200")["items"]
    brands = {each["name"]: each["id"] for each in owned}
    for parcel in earlier_stops(kit, 0):
        stopped = _take_in(house, parcel, photos=False)
        brand = brands[parcel.product.brand.name] if parcel.product else None
        outcome = {"outcome": "counterfeit", "brand_id": brand}
        house.post(Role.INSPECTOR, f"/v1/parcels/{stopped}/outcome", json=outcome)


def _take_in(house: House, parcel: KitParcel, *, photos: bool = True) -> str:
    said = {
        "reference": parcel.reference,
        "declaration": {
            "description": parcel.description,
            "quantity": parcel.quantity,
            "value": parcel.value,
            "currency": "JPY",
            "destination": "JP",
        },
        "sender": _party(parcel.sender),
        "addressee": _party(parcel.addressee),
    }
    files: list[tuple[str, Any]] = [
        ("photos", (f"{at}.jpg", as_jpeg(each))) for at, each in enumerate(parcel.photos if photos else ())
    ]
    form = {"parcel": json.dumps(said)}
    found = house.post(Role.INSPECTOR, "/v1/parcels", data=form, files=files or {"none": b""})
    return str(found["parcel"]["id"])


def _party(address: Address) -> dict[str, str]:
    return {"name": address.name, "address": address.address, "country": address.country}


def _placed(house: House, sent: Mapping[str, KitParcel]) -> list[Placed]:
    listed = house.get(Role.INSPECTOR, "/v1/worklist?top=5000")["items"]
    places = {each["parcel_id"]: at for at, each in enumerate(listed)}
    runtime = house.client.app.state.runtime  # type: ignore[attr-defined]
    with runtime.database.read() as session:
        tenant = tenant_named(session, TENANT)
        rows = latest_inspections(session, tenant.id, ParcelState.WAITING, 10_000)
    return [
        Placed(
            sent[row.id].truth, places[row.id], sent[row.id].value, inspection.advice, dict(inspection.traits)
        )
        for row, inspection in rows
    ]
