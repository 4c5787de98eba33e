"""Bulk enrolment through the API: everything arrives, errors name their line, a dry run changes nothing."""

from __future__ import annotations

import pytest

from service.security.principals import Role
from tests.service.enrolment.conftest import enrolled, send, zipped
from tests.service.references.test_references import found, photo

pytestmark = pytest.mark.both_engines


def only(client, headers, address):
    (item,) = client.get(address, headers=headers).json()["items"]
    return item


def test_every_file_arrives(client, runtime, owner, files):
    job = enrolled(client, owner, files)
    assert (job["state"], job["error_count"]) == ("done", 0), job
    brand = only(client, owner, "/v1/brands")
    assert brand["spellings"] == ["オオハシ", "OHASHI"]
    right = only(client, owner, f"/v1/brands/{brand['id']}/rights")
    assert (right["office"], right["classes"]) == ("JP", ["9", "25"])
    assert only(client, owner, f"/v1/rights/{right['id']}/recordations")["valid_until"] == "2030-01-31"
    assert only(client, owner, f"/v1/brands/{brand['id']}/authorised-sellers")["seller"] == "good-shop"
    assert only(client, owner, f"/v1/brands/{brand['id']}/known-counterfeits")["case_reference"] == "case 7"
    products = client.get(f"/v1/brands/{brand['id']}/products", headers=owner).json()["items"]
    assert only(client, owner, f"/v1/products/{products[0]['id']}/price-bands")["median"] == "10000.10"
    assert len(found(runtime, brand["id"], photo(2))) == 1


def test_enrolling_again_changes_nothing(client, owner, files):
    enrolled(client, owner, files)
    job = enrolled(client, owner, files)
    assert job["error_count"] == 0
    for file, counts in job["result"]["rows"].items():
        assert counts["created"] == counts["updated"] == counts["refused"] == 0, file


def test_a_changed_row_is_updated(client, owner, files):
    enrolled(client, owner, files)
    files["products.csv"] = files["products.csv"].replace(b"Lens", b"Lens II")
    counts = enrolled(client, owner, files)["result"]["rows"]["products.csv"]
    assert (counts["updated"], counts["unchanged"]) == (1, 1)


def test_a_dry_run_changes_nothing_and_says_what_would_happen(client, runtime, owner, files):
    job = enrolled(client, owner, files, dry_run=True)
    rows = job["result"]["rows"]
    assert rows["references.csv"]["created"] == 2
    assert rows["known_counterfeits.csv"]["created"] == 1
    assert job["error_count"] == 0
    assert client.get("/v1/brands", headers=owner).json()["items"] == []
    assert list(runtime.settings.data_dir.glob("blobs/*/*/*")) == []
    assert list(runtime.settings.data_dir.glob("uploads/*")) == []


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_counterfeit_that_copies_a_reference_of_the_same_kit_is_refused(client, owner, files, dry_run):
    files["p/3.png"] = files["p/1.png"]
    job = enrolled(client, owner, files, dry_run=dry_run)
    assert job["result"]["rows"]["known_counterfeits.csv"]["refused"] == 1
    assert job["errors"][0]["line"] == 2
    assert "copy" in job["errors"][0]["message"]


@pytest.mark.parametrize("dry_run", [True, False])
def test_each_bad_row_is_named_by_its_line_and_the_others_go_on(client, owner, files, dry_run):
    files["price_bands.csv"] = (
        b"brand,sku,currency,low,median,high\n"
        b"Ohashi,A-1,JPY,9,8,12\n"
        b"Ohashi,A-9,JPY,8,9,12\n"
        b'Ohashi,A-1,"X\nX",8,9,12\n'
        b"Ohashi,A-1,EUR,8,9\n"
        b"Ohashi,A-1,USD,8,9,12\n"
    )
    files["references.csv"] += (
        b"Ohashi,A-1,p/absent.png,\nOhashi,A-1,../../etc/passwd,\nOhashi,A-1,products.csv,\n"
    )
    job = enrolled(client, owner, files, dry_run=dry_run)
    said = {(e["message"].split(" line ")[0], e["line"]) for e in job["errors"]}
    assert said == {("price_bands.csv", n) for n in (2, 3, 4, 6)} | {("references.csv", n) for n in (4, 5, 6)}
    assert job["result"]["rows"]["price_bands.csv"]["created"] == 1
    assert job["result"]["rows"]["references.csv"]["created"] == 2


@pytest.mark.parametrize(
    ("header", "word"),
    [(b"name,colour", "unknown"), (b"spellings", "missing"), (b"name,name", "repeated"), (b"", "missing")],
)
def test_a_wrong_header_stops_that_file_alone(client, owner, files, header, word):
    files["brands.csv"] = header + b"\nx,y\n"
    job = enrolled(client, owner, {**files})
    assert any(word in e["message"] and e["message"].startswith("brands.csv") for e in job["errors"])
    assert client.get("/v1/brands", headers=owner).json()["items"] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_japanese_in_the_usual_encodings(client, owner, encoding):
    enrolled(client, owner, {"brands.csv": "name,spellings\n大橋光学,おおはし\n".encode(encoding)})
    assert only(client, owner, "/v1/brands")["name"] == "大橋光学"


def test_an_agent_without_mandate_learns_nothing(client, key_for, files):
    agent = key_for(Role.AGENT, "Agents")
    answer = send(client, agent, zipped(files), owner_id="org_unknown")
    assert answer.status_code == 404


def test_an_inspector_may_not_enrol(client, key_for, files):
    assert send(client, key_for(Role.INSPECTOR), zipped(files)).status_code == 403
