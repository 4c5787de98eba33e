from __future__ import annotations

import numpy as np
import pytest

from model.encoders.dummy import DummyEncoder
from service.calibration import site_calibration
from service.evaluation.house import evaluation_house
from service.evaluation.text import carton_brand, text_kit
from service.evaluation.text_house import enrol_kit, lookalikes_in_offers
from service.settings import Settings
from tests.service.conftest import CALIBRATION


@pytest.mark.long
def test_false_spellings_in_offers_are_found_and_honest_offers_are_not_accused(settings: Settings) -> None:
    encoder = DummyEncoder()
    CALIBRATION.save(site_calibration(settings.data_dir, encoder.info.fingerprint))
    kit = text_kit(7)
    with evaluation_house(settings, encoder) as house:
        hits = lookalikes_in_offers(house, kit, enrol_kit(house, kit), 80, np.random.default_rng(7))
    assert hits.present == 40
    assert hits.recall >= 0.90
    assert hits.precision >= 0.95


def test_a_product_of_two_words_brand_is_of_that_brand() -> None:
    assert carton_brand("God-Morgon-Orange-Red-Grapefruit-Juice") == "God Morgon"
