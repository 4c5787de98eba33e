from __future__ import annotations

from collections.abc import Sequence

import pytest

from index.base import Library, Scope
from model.encoders.base import RGB, FingerprintMismatch, Vectors
from model.encoders.dummy import DummyEncoder
from model.images import decode
from service.opening import open_runtime
from service.runtime import Runtime
from service.settings import Settings
from service.vectors import repository
from service.vectors.reindex import reindex
from service.vectors.service import VectorSpaces
from service.vectors.spaces import Kind, active_spaces
from service.vectors.views import view_ids
from tests.service.conftest import CALIBRATION
from tests.service.listings.conftest import House, png, textured

pytestmark = pytest.mark.both_engines

OTHER = DummyEncoder("other")


def moved(runtime: Runtime, encoder: DummyEncoder = OTHER) -> int:
    return reindex(runtime.database, runtime.blobs, runtime.picture_limits, encoder, lambda done, total: None)


def found(spaces: VectorSpaces, photo: bytes, tenant: str) -> list[str]:
    serving = spaces.serving()
    features = serving.describe([decode(photo).pixels])
    return [hit.id for hit in serving.alike(features, 5, Scope(tenant, Library.GENUINE), 0.9)[0]]


def tenant_of(runtime: Runtime, house: House) -> str:
    with runtime.database.read() as session:
        return str(session.connection().exec_driver_sql("select tenant_id from brands").scalar_one())


@pytest.fixture
def switching(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Runtime:
    """The running service can load the other encoder when the database names it."""
    monkeypatch.setattr(runtime.vectors, "_load_encoder", lambda name: OTHER)
    return runtime


def test_the_running_service_switches_once_every_reference_has_its_new_vector(
    house: House, switching: Runtime
) -> None:
    tenant = tenant_of(switching, house)
    assert found(switching.vectors, house.photo, tenant) == [house.reference_id]
    assert moved(switching) == 1
    assert switching.vectors.serving().fingerprint == OTHER.info.fingerprint
    assert found(switching.vectors, house.photo, tenant) == [house.reference_id]


def test_a_second_run_has_nothing_left_to_do(house: House, switching: Runtime) -> None:
    moved(switching)
    assert moved(switching) == 0


def test_what_is_enrolled_while_it_runs_is_moved_too(house: House, switching: Runtime) -> None:
    late = png(textured(5))

    class Slow(DummyEncoder):
        calls = 0

        def encode(self, pictures: Sequence[RGB]) -> Vectors:
            if not self.calls:
                Slow.calls += 1
                answer = house.client.post(
                    f"/v1/products/{house.product_id}/references",
                    files={"file": ("late.png", late, "image/png")},
                    data={"view": "late"},
                    headers=house.owner,
                )
                assert answer.status_code == 201
            return super().encode(pictures)

    assert moved(switching, Slow("other")) == 2
    assert len(found(switching.vectors, late, tenant_of(switching, house))) == 1


def test_what_is_removed_while_it_runs_does_not_come_back(house: House, switching: Runtime) -> None:
    class Slow(DummyEncoder):
        def encode(self, pictures: Sequence[RGB]) -> Vectors:
            house.client.delete(f"/v1/references/{house.reference_id}", headers=house.owner)
            return super().encode(pictures)

    assert moved(switching, Slow("other")) == 0
    assert found(switching.vectors, house.photo, tenant_of(switching, house)) == []


def test_vectors_of_another_encoder_are_refused_at_start_and_the_way_out_is_named(
    house: House, settings: Settings
) -> None:
    with pytest.raises(FingerprintMismatch, match="mizugiwa reindex"):
        open_runtime(settings, DummyEncoder("stranger"), CALIBRATION)


def test_features_made_before_a_switch_cannot_be_stored_after_it(house: House, switching: Runtime) -> None:
    old = switching.vectors.serving()
    features = old.describe([textured(8)])
    moved(switching)
    with pytest.raises(FingerprintMismatch):
        switching.vectors.serving().alike(features, 1, Scope("t", Library.GENUINE))


def views_kept(runtime: Runtime, item_id: str) -> int:
    with runtime.database.read() as session:
        space = active_spaces(session)[Kind.COPY]
        return len(repository.entries(session, space.name, view_ids(item_id)))


def test_views_go_over_to_the_new_encoder_and_go_with_their_item(house: House, switching: Runtime) -> None:
    before = views_kept(switching, house.reference_id)
    moved(switching)
    assert views_kept(switching, house.reference_id) == before > 0
    house.client.delete(f"/v1/references/{house.reference_id}", headers=house.owner)
    assert views_kept(switching, house.reference_id) == 0
    assert switching.vectors.serving().copies.count() == 0


def test_pictures_from_before_there_were_views_get_them_from_the_encoder_in_use(
    house: House, runtime: Runtime
) -> None:
    before = views_kept(runtime, house.reference_id)
    with runtime.database.write() as session:
        repository.drop(session, active_spaces(session)[Kind.COPY].name, view_ids(house.reference_id))
    assert views_kept(runtime, house.reference_id) == 0
    assert moved(runtime, DummyEncoder()) == 1
    assert views_kept(runtime, house.reference_id) == before
    assert moved(runtime, DummyEncoder()) == 0


def test_views_of_what_was_removed_do_not_come_back_with_an_earlier_encoder(
    house: House, switching: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved(switching)
    house.client.delete(f"/v1/references/{house.reference_id}", headers=house.owner)
    monkeypatch.setattr(switching.vectors, "_load_encoder", lambda name: DummyEncoder())
    moved(switching, DummyEncoder())
    assert switching.vectors.serving().copies.count() == 0
