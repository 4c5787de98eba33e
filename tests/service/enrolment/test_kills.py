"""Killed fifty times while it enrols: what was acknowledged is there and found, and nothing is half there."""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from index.base import Library, Scope
from model.encoders.dummy import DummyEncoder
from model.images import decode
from service.enrolment import importer
from service.opening import open_runtime
from service.references.models import Reference
from service.security.service import organisation_named, tenant_named
from service.settings import Settings
from tests.service.conftest import CALIBRATION
from tests.service.enrolment.killed_child import enrol_on
from tests.service.references.test_references import photo

PICTURES = 300
KILLS = 50


@pytest.mark.long
def test_fifty_kills_lose_nothing_and_leave_nothing_half_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "PICTURES_AT_ONCE", 3)  # what the last run here sets is taken back
    settings = Settings(data_dir=tmp_path / "data", threads=1, _env_file=None)
    folder = _kit(tmp_path / "kit")
    tenant_id, owner_id = _parties(settings)
    chance, context = random.Random(0), multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.service.enrolment.killed_child"])
    acknowledged, kills_at_work = 0, 0
    for _ in range(KILLS):
        heard, said = context.Pipe(duplex=False)
        child = context.Process(target=enrol_on, args=(settings.data_dir, folder, tenant_id, owner_id, said))
        child.start()
        said.close()
        opening = chance.random() < 0.15
        if not opening:
            assert heard.poll(30)
            assert heard.recv() == "opened"
        child.join(chance.uniform(0, 0.15))
        kills_at_work += child.is_alive()
        child.kill()
        child.join()
        acknowledged = max(acknowledged, _last_said(heard))
        _check_nothing_half_there(settings.data_dir, acknowledged)
    assert kills_at_work >= KILLS * 0.8
    heard, said = context.Pipe(duplex=False)
    enrol_on(settings.data_dir, folder, tenant_id, owner_id, said)
    _check_nothing_half_there(settings.data_dir, PICTURES)
    _check_all_found(settings, tenant_id)


def _kit(folder: Path) -> Path:
    folder.mkdir()
    (folder / "brands.csv").write_text("name\nOhashi\n")
    (folder / "products.csv").write_text("brand,sku,name\nOhashi,A-1,Lens\n")
    rows = ["brand,sku,path"]
    for seed in range(PICTURES):
        (folder / f"{seed}.png").write_bytes(photo(seed, (128, 96)))
        rows.append(f"Ohashi,A-1,{seed}.png")
    (folder / "references.csv").write_text("\n".join(rows))
    return folder


def _parties(settings: Settings) -> tuple[str, str]:
    runtime = open_runtime(settings, DummyEncoder(), CALIBRATION)
    with runtime.database.write() as session:
        tenant = tenant_named(session, "house")
        owner = organisation_named(session, tenant.id, "Ohashi")
    runtime.close()
    return tenant.id, owner.id


def _last_said(heard: Connection) -> int:
    last = 0
    try:
        while heard.poll():
            said = heard.recv()
            assert not str(said).startswith("error"), said
            last = said if isinstance(said, int) else last
    except EOFError:
        pass  # the child is gone and all it said was read
    return last


def _check_nothing_half_there(data_dir: Path, acknowledged: int) -> None:
    database = sqlite3.connect(data_dir / "mizugiwa.db")
    try:
        rows = dict(database.execute('select id, blob from "references" where removed_at is null'))
        spaces: dict[str, set[str]] = {name: set() for (name,) in database.execute("select name from spaces")}
        for space, item in database.execute("select space, item_id from vectors"):
            spaces[space].add(item)
    finally:
        database.close()
    assert len(rows) >= acknowledged
    assert {name.partition(":")[0] for name in spaces} == {"emb", "pdq", "copy"}
    for name, items in spaces.items():
        views = Counter(item.partition("~")[0] for item in items)
        assert views.keys() == rows.keys()
        assert len(set(views.values())) <= 1, f"{name} holds some pictures in part"
    assert all((data_dir / "blobs" / blob[:2] / blob[2:4] / blob).is_file() for blob in rows.values())
    assert len(set(rows.values())) == len(rows)


def _check_all_found(settings: Settings, tenant_id: str) -> None:
    runtime = open_runtime(settings, DummyEncoder(), CALIBRATION)
    try:
        with runtime.database.read() as session:
            held = {row.blob: row.id for row in session.query(Reference)}
        serving = runtime.vectors.serving()
        pictures = [decode(photo(seed, (128, 96)), max_side=1024) for seed in range(PICTURES)]
        hits = serving.alike(
            serving.describe([each.pixels for each in pictures]), 1, Scope(tenant_id, Library.GENUINE), 0.999
        )
        assert [each[0].id for each in hits] == [held[picture.sha256] for picture in pictures]
    finally:
        runtime.close()
