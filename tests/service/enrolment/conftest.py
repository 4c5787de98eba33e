"""Small enrolments with everything in them."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.security.principals import Role
from tests.service.conftest import Authorised
from tests.service.references.test_references import photo

Files = dict[str, bytes]


@pytest.fixture
def owner(key_for: Authorised) -> dict[str, str]:
    return key_for(Role.BRAND_OWNER, "Ohashi")


@pytest.fixture
def files() -> Files:
    """One row and more of every file."""
    return {
        "brands.csv": "name,spellings\nOhashi,オオハシ|OHASHI\n".encode(),
        "rights.csv": b"brand,kind,number,office,classes\nOhashi,trademark,T-1,jp,9|25\n",
        "recordations.csv": b"right_number,office,authority,number,valid_until\nT-1,JP,Tokyo Customs,R-9,2030-01-31\n",
        "products.csv": b"brand,sku,name,category\nOhashi,A-1,Lens,Optics\nOhashi,A-2,Hood,Optics\n",
        "price_bands.csv": b"brand,sku,currency,low,median,high\nOhashi,A-1,JPY,9000,10000.10,12000\n",
        "authorised_sellers.csv": b"brand,seller,category,territory\nOhashi,Good-Shop,,JP\n",
        "references.csv": b"brand,sku,path,view\nOhashi,A-1,p/1.png,front\nOhashi,A-2,p/2.png,front\n",
        "known_counterfeits.csv": b"brand,sku,path,case_reference\nOhashi,A-1,p/3.png,case 7\n",
        **{f"p/{seed}.png": photo(seed) for seed in (1, 2, 3)},
    }


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def send(client: TestClient, headers: dict[str, str], data: bytes, **form: Any) -> Any:
    return client.post("/v1/enrolments", files={"archive": ("x.zip", data)}, data=form, headers=headers)


def enrolled(client: TestClient, headers: dict[str, str], files: Mapping[str, bytes], **form: Any) -> Any:
    """The job when it has ended."""
    answer = send(client, headers, zipped(files), **form)
    assert answer.status_code == 202, answer.text
    until = time.monotonic() + 30
    while time.monotonic() < until:
        job = client.get(answer.headers["Location"], headers=headers).json()
        if job["state"] in {"done", "failed", "cancelled"}:
            return job
        time.sleep(0.05)
    raise AssertionError(f"the job did not end: {job}")
