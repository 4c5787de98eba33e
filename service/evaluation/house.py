"""A house of its own for one evaluation: a fresh data folder, a real application, keys for everyone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
from fastapi.testclient import TestClient

from model.encoders.base import Encoder
from service.app import create_app
from service.calibration import find_calibration
from service.opening import open_runtime
from service.security.principals import Role
from service.security.service import create_key, organisation_named, tenant_named
from service.settings import Settings

TENANT = "evaluation"


class Unexpected(RuntimeError):
    """The application refused what the evaluation asked; the message has its answer."""


@dataclass(frozen=True)
class House:
    client: TestClient
    keys: dict[Role, dict[str, str]]

    def post(self, role: Role, address: str, **request: Any) -> Any:
        return _checked(self.client.post(address, headers=self.keys[role], **request))

    def get(self, role: Role, address: str) -> Any:
        return _checked(self.client.get(address, headers=self.keys[role]))


@contextmanager
def evaluation_house(settings: Settings, encoder: Encoder) -> Iterator[House]:
    """Everything as in service, in a temporary folder; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mizugiwa-") as folder:
        own = settings.model_copy(
            update={"data_dir": Path(folder), "database_url": "", "requests_per_minute": 1_000_000}
        )
        app = create_app(
            lambda: open_runtime(own, encoder, find_calibration(settings.data_dir, encoder.info))
        )
        with TestClient(app) as client:
            yield House(client, _keys(client))


def _keys(client: TestClient) -> dict[Role, dict[str, str]]:
    runtime = client.app.state.runtime  # type: ignore[attr-defined]
    keys = {}
    with runtime.database.write() as session:
        tenant = tenant_named(session, TENANT)
        for role in (Role.BRAND_OWNER, Role.PLATFORM, Role.INSPECTOR, Role.AUDITOR):
            organisation = organisation_named(session, tenant.id, f"evaluation {role}")
            _, text = create_key(
                session, runtime.settings.signing_key(), organisation, role, "evaluation", None
            )
            keys[role] = {"Authorization": f"Bearer {text}"}
    return keys


def _checked(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise Unexpected(
            f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:500]}"
        )
    return answer.json()
