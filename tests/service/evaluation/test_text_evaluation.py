from __future__ import annotations

import numpy as np

from service.evaluation.text import carton_brand, lookalikes_in_texts, text_kit


def test_false_spellings_in_offers_are_found_and_honest_offers_are_not_accused() -> None:
    hits = lookalikes_in_texts(text_kit(7), 400, np.random.default_rng(7))
    assert hits.present == 200
    assert hits.recall >= 0.90
    assert hits.precision >= 0.95


def test_a_product_of_two_words_brand_is_of_that_brand() -> None:
    assert carton_brand("God-Morgon-Orange-Red-Grapefruit-Juice") == "God Morgon"
