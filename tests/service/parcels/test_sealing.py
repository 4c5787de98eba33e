from __future__ import annotations

import pytest

from service.parcels.schemas import Party
from service.parcels.sealing import Parties, PartySeal, SealBroken

KEY, OTHER = b"k" * 40, b"o" * 40
SENDER = Party(name="Oda Trading Ltd.", address="12 Dock Road", country="CN")
BOTH = Parties(SENDER, Party(name="山田 花子", address="東京都港区1-2-3", country="JP"))


def test_what_was_sealed_is_opened_for_its_own_parcel_alone() -> None:
    sealed = PartySeal(KEY).seal("pcl_1", BOTH)
    assert PartySeal(KEY).open("pcl_1", sealed) == BOTH
    assert "Oda" not in sealed
    with pytest.raises(SealBroken, match="another parcel"):
        PartySeal(KEY).open("pcl_2", sealed)
    with pytest.raises(SealBroken, match="MIZUGIWA_SECRET_KEY"):
        PartySeal(OTHER).open("pcl_1", sealed)


def test_a_sender_is_known_again_however_the_label_is_written() -> None:
    seal = PartySeal(KEY)
    again = Party(name="ODA  TRADING LTD", address="12, dock road", country="CN")
    assert seal.sender_key("house", SENDER) == seal.sender_key("house", again)


@pytest.mark.parametrize("change", [{"address": "13 Dock Road"}, {"country": "JP"}, {"name": "Oba Trading"}])
def test_others_are_others(change: dict[str, str]) -> None:
    seal = PartySeal(KEY)
    assert seal.sender_key("house", SENDER) != seal.sender_key("house", SENDER.model_copy(update=change))


def test_digests_tell_nothing_across_tenants_and_installations() -> None:
    keys = {
        PartySeal(key).sender_key(tenant, SENDER) for key in (KEY, OTHER) for tenant in ("house", "elsewhere")
    }
    assert len(keys) == 4


def test_a_name_without_an_address_is_nobody_in_particular() -> None:
    assert PartySeal(KEY).sender_key("house", Party(name="Li Wei")) is None
    assert PartySeal(KEY).sender_key("house", None) is None
