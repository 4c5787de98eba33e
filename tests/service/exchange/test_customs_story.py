"""The customs story of the README: two commands, three pictures, one case, one message to the marketplace."""

from __future__ import annotations

import json
from threading import Event
from typing import Any

import numpy as np

from model.xray.renderer import render_parcel
from service.jobs.execution import run_job
from service.security.principals import Role
from tests.service.exchange.conftest import Both
from tests.service.exchange.houses import Headers, Side
from tests.service.exchange.test_story import COUNTERFEIT, enrol_genuine
from tests.service.listings.conftest import png, textured

DECLARED = {"description": "sample", "quantity": 1, "value": "3000", "currency": "JPY"}
STEPS = ("notified", "disputed", "opinions_invited", "evidence_gathered", "decided")


def test_three_pictures_become_one_case_and_one_message(both: Both) -> None:
    brand, officer = both.customs.brand(), both.customs.key(Role.INSPECTOR, "Customs")
    enrol_genuine(both.customs, brand)
    both.customs.share("Market")

    taken_in = take_in(both.customs, officer)
    inspection = taken_in["inspection"]
    assert [each["modality"] for each in inspection["pictures"]] == ["photo", "photo", "xray"]
    assert "1 declared" in inspection["xray_notes"][-1]
    case = open_case(both.customs, officer, inspection["id"], brand)
    for step in STEPS:
        outcome = {"outcome": "counterfeit"} if step == "decided" else {}
        body = {"step": step, "why": f"{step}, as it should be", **outcome}
        post(both.customs, officer, f"/v1/cases/{case['id']}/steps", body)
    run_jobs(both.customs)

    parcel = both.customs.client.get(f"/v1/parcels/{taken_in['parcel']['id']}", headers=officer).json()
    assert (parcel["state"], parcel["outcome"]) == ("decided", "counterfeit")
    both.market.visit()
    [told] = both.market.signals()
    assert (told["signal"]["brand"], told["signal"]["place"]) == ("Kumoru", "JP")
    assert "Oda Trading" not in json.dumps(told)


def take_in(customs: Side, officer: Headers) -> Any:
    rng = np.random.default_rng(3)
    capture = render_parcel(rng, 6, 0, kind="telephone", overlap=0.0).picture(colour=True, rng=rng)
    parcel = {
        "reference": "box-1",
        "declaration": DECLARED,
        "sender": {"name": "Oda Trading Ltd."},
        "views": ["goods", "outside"],
    }
    answer = customs.client.post(
        "/v1/parcels",
        data={"parcel": json.dumps(parcel)},
        files=[
            ("photos", ("front.png", png(COUNTERFEIT))),
            ("photos", ("outside.png", png(textured(40)))),
            ("xrays", ("scan.png", png(capture))),
        ],
        headers=officer,
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def open_case(customs: Side, officer: Headers, inspection: str, brand: str) -> Any:
    body = {
        "subject": {"kind": "inspection", "id": inspection},
        "brand_id": brand,
        "profile": "jp-identification",
        "why": "more pieces than declared",
    }
    return post(customs, officer, "/v1/cases", body)


def run_jobs(side: Side) -> None:
    """What a worker would do by and by; these houses have none."""
    listed = side.client.get("/v1/jobs", params={"limit": 200}, headers=side.admin).json()["items"]
    for job in listed:
        if job["kind"] == "case-known-counterfeits":
            run_job(side.runtime, job["id"], "test", Event())


def post(side: Side, headers: Headers, path: str, body: dict[str, Any]) -> Any:
    answer = side.client.post(path, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()
