"""A case on the inspection of a parcel."""

from __future__ import annotations

from tests.service.cases.conftest import Port


def test_a_case_opens_on_an_inspection_and_its_end_is_a_verdict_on_it(port: Port) -> None:
    sent = port.client.post(
        "/v1/parcels",
        headers=port.inspector,
        data={"parcel": '{"reference": "P-1", "sender": {"name": "山田太郎", "address": "somewhere"}}'},
        files={"photos": ("a.png", port.pictures[0])},
    )
    assert sent.status_code == 201, sent.text
    inspection = sent.json()["inspection"]["id"]
    case = port.open(subject={"kind": "inspection", "id": inspection})
    assert case["brand_id"] == port.brand_id
    assert len(case["pictures"]) == 1
    assert case["evidence"] is None
    refused = port.client.post(
        "/v1/cases",
        headers=port.market,
        json={
            "subject": {"kind": "inspection", "id": inspection},
            "profile": "us-cbp-133",
            "why": "curious",
        },
    )
    assert refused.status_code == 404
    drafted = port.client.post(
        f"/v1/cases/{case['id']}/referrals", json={"language": "ja"}, headers=port.inspector
    )
    assert "山田" not in drafted.text
    port.steps(
        case["id"], "notified", "disputed", "opinions_invited", "evidence_gathered", "decided:counterfeit"
    )


def test_a_decided_case_closes_its_parcel(port: Port) -> None:
    sent = port.client.post(
        "/v1/parcels",
        headers=port.inspector,
        data={"parcel": '{"reference": "P-2"}'},
        files={"photos": ("a.png", port.pictures[0])},
    ).json()
    case = port.open(subject={"kind": "inspection", "id": sent["inspection"]["id"]})
    address = f"/v1/parcels/{sent['parcel']['id']}"
    assert port.client.get(address, headers=port.inspector).json()["state"] == "waiting"
    port.steps(
        case["id"], "notified", "disputed", "opinions_invited", "evidence_gathered", "decided:counterfeit"
    )
    parcel = port.client.get(address, headers=port.inspector).json()
    assert (parcel["state"], parcel["outcome"]) == ("decided", "counterfeit")
    assert parcel["decided_at"] is not None
