"""The index of a process against the record in the database: after damage, after loss, after other processes."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.base import Library, Scope
from model.encoders.dummy import DummyEncoder
from model.images import decode
from service.opening import open_runtime
from service.runtime import Runtime
from service.settings import Settings
from service.vectors.service import IndexNotReady
from tests.service.conftest import CALIBRATION
from tests.service.listings.conftest import House
from tests.service.vectors.test_reindex import tenant_of

pytestmark = pytest.mark.both_engines


def opened(settings: Settings) -> Runtime:
    return open_runtime(settings, DummyEncoder(), CALIBRATION)


def found(runtime: Runtime, house: House) -> list[str]:
    serving = runtime.vectors.serving()
    features = serving.describe([decode(house.photo).pixels])
    return [
        hit.id for hit in serving.alike(features, 5, Scope(tenant_of(runtime, house), Library.GENUINE))[0]
    ]


def lose(folder: Path) -> None:
    shutil.rmtree(folder)


def damage(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size > 64]
    assert files, "a snapshot was to be damaged, but there is none"
    for path in files:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 0xFF
        path.write_bytes(bytes(content))


def cut(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("harm", [lose, damage, cut])
def test_an_index_without_a_sound_snapshot_is_built_from_the_database(
    house: House, runtime: Runtime, settings: Settings, harm: Callable[[Path], None]
) -> None:
    runtime.vectors.save_snapshots()
    harm(settings.data_dir / "index")
    second = opened(settings)
    try:
        assert found(second, house) == [house.reference_id]
    finally:
        second.close()


def test_what_another_process_enrols_and_removes_is_seen_by_the_next_search(
    house: House, settings: Settings
) -> None:
    other = opened(settings)
    try:
        assert found(other, house) == [house.reference_id]
        house.client.delete(f"/v1/references/{house.reference_id}", headers=house.owner)
        assert found(other, house) == []
    finally:
        other.close()


def test_a_snapshot_that_is_ahead_of_the_database_is_not_served(house: House, runtime: Runtime) -> None:
    with runtime.database.write() as session:
        session.connection().exec_driver_sql("update spaces set revision = 0 where kind = 'embedding'")
    with pytest.raises(IndexNotReady, match="mizugiwa index rebuild"):
        runtime.vectors.serving()


def test_the_index_is_saved_while_it_serves_once_enough_has_changed(
    house: House, runtime: Runtime, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.vectors.service.SNAPSHOT_EVERY", 1)
    house.client.delete(f"/v1/references/{house.reference_id}", headers=house.owner)
    runtime.vectors.serving()
    until = time.monotonic() + 10
    while not list((settings.data_dir / "index").rglob("*.json")) and time.monotonic() < until:
        time.sleep(0.05)
    assert list((settings.data_dir / "index").rglob("*.json")), "no snapshot was written while serving"
