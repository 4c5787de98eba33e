"""A whole service on a fresh data folder: real database, real index, real HTTP; a dummy for weights alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from model.encoders.dummy import DummyEncoder
from model.keypoints import detect
from model.scoring.identity import IdentityCalibration
from model.text.reading import Reader
from service.app import create_app
from service.opening import open_runtime
from service.runtime import Runtime
from service.security.principals import Role
from service.security.service import create_key, organisation_named, tenant_named
from service.settings import Settings
from tests.service import postgresql
from tests.service.databases import ENGINE, Engine, fresh_database
from tests.service.remembering import remembered

Authorised = Callable[..., dict[str, str]]


CALIBRATION = IdentityCalibration(
    fingerprint=DummyEncoder().info.fingerprint,
    version="test",
    slope=20.0,
    intercept=-14.0,
    source="by hand",
    pairs=0,
)
"""Cosine 0.7 is even odds, 0.81 strong: shrunken pictures of other things seldom come near."""


@pytest.fixture(scope="session", autouse=True)
def _pictures_are_remembered() -> Iterator[None]:
    """Most tests show the same few pictures to a new service; looking at them was two thirds of their time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("model.keypoints.local.detect", remembered(detect, at=0))
        for name in ("_find", "_recognised"):
            patch.setattr(Reader, name, remembered(getattr(Reader, name), at=1))
        yield


@pytest.fixture(autouse=True)
def _databases_are_removed() -> Iterator[None]:
    mark = postgresql.made()
    yield
    postgresql.remove_since(mark)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Engine:
    """Of the test's database; tests marked `both_engines` run once on each."""
    found: Engine = getattr(request, "param", ENGINE)
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marked = metafunc.definition.get_closest_marker("both_engines") is not None
    if marked and "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", list(Engine), indirect=True)


@pytest.fixture
def settings(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Settings:
    folder = tmp_path / "data"
    url = fresh_database(folder, engine)
    if engine is not Engine.SQLITE:  # which commands find in the data folder
        monkeypatch.setenv("MIZUGIWA_DATABASE_URL", url)
    return Settings(data_dir=folder, database_url=url, threads=2, _env_file=None)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """Runs the application with its start-up and shutdown; errors become answers as they do for a real caller."""
    app = create_app(lambda: open_runtime(settings, DummyEncoder(), CALIBRATION))
    with TestClient(app, raise_server_exceptions=False) as running:
        yield running


@pytest.fixture
def runtime(client: TestClient) -> Runtime:
    opened: Runtime = client.app.state.runtime  # type: ignore[attr-defined]
    return opened


@pytest.fixture
def key_for(runtime: Runtime) -> Authorised:
    """Headers with a fresh key: `key_for(Role.BRAND_OWNER, "Ohashi", tenant="house")`."""

    def make(role: Role, organisation: str = "someone", tenant: str = "house") -> dict[str, str]:
        with runtime.database.write() as session:
            owner = organisation_named(session, tenant_named(session, tenant).id, organisation)
            _, text = create_key(session, runtime.settings.signing_key(), owner, role, "test", None)
        return {"Authorization": f"Bearer {text}"}

    return make
