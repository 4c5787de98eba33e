"""Learn what the evidence is worth from photos of known products; of each, also as if it were not enrolled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.products.choice import NONE, Choice, ChoiceModel, fit_choice
from model.products.features import features
from model.products.ranking import Look

FOLDS = 5
FAR = 1_000_000
_PENALTY = 0.03
_UNKNOWN_WEIGHT = 0.5
"""Of a photo asked as unknown, against the same photo asked as known."""
_ROUNDS = 2
"""Which of a product's references speaks for it most is known only after fitting, and so asked again."""


@dataclass(frozen=True, eq=False)
class Shelf:
    """Whose the references are: numbers of products and of brands, shape (C,) each."""

    products: NDArray[np.intp]
    brands: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Photo:
    """A photo looked at, and which product it shows."""

    look: Look
    product: int
    brand: int


@dataclass(frozen=True)
class Models:
    shortlist: ChoiceModel
    product: ChoiceModel
    brand: ChoiceModel


def fit_models(photos: Sequence[Photo], shelf: Shelf) -> Models:
    """Raises: ValueError: no photo shows an enrolled product."""
    shortlist = _fit_shortlist(photos, shelf)
    asked = [each for photo in photos for each in _scenarios(photo, shelf)]
    product = [(photo.look, photo.product, weight) for photo, weight in asked]
    brand = [(photo.look, photo.brand, weight) for photo, weight in asked]
    return Models(shortlist, _fit(product, shelf.products, shortlist), _fit(brand, shelf.brands, shortlist))


def held_out_ranks(photos: Sequence[Photo], shelf: Shelf) -> NDArray[np.int64]:
    """Shape (N,), the place of each photo's product where nothing was learnt from photos of that product."""
    return np.array(
        [
            rank_of(photo, shelf, models)
            for learnt, tried in folds(photos)
            for models in [fit_models(learnt, shelf)]
            for photo in tried
        ]
    )


def rank_of(photo: Photo, shelf: Shelf, models: Models) -> int:
    """The place of the photo's product among those looked at closely; `FAR` where it is not among them."""
    owners = shelf.products[photo.look.close]
    strengths = models.product.strengths(features(photo.look.evidence, owners, models.shortlist))
    own = owners == photo.product
    if not own.any():
        return FAR
    return 1 + len(np.unique(owners[strengths > strengths[own].max()]))


def folds(photos: Sequence[Photo]) -> Iterator[tuple[list[Photo], list[Photo]]]:
    """Photos to fit on and photos of other products to try it on, such that every photo is tried once."""
    names = sorted({photo.product for photo in photos})
    fold_of = {name: at % FOLDS for at, name in enumerate(names)}
    for fold in range(FOLDS):
        yield (
            [photo for photo in photos if fold_of[photo.product] != fold],
            [photo for photo in photos if fold_of[photo.product] == fold],
        )


def _scenarios(photo: Photo, shelf: Shelf) -> Iterator[tuple[Photo, float]]:
    yield photo, 1.0
    for gone in (shelf.products == photo.product, shelf.brands == photo.brand):
        if gone.any() and not gone[photo.look.close].all():
            yield Photo(photo.look.without(gone), photo.product, photo.brand), _UNKNOWN_WEIGHT


def _fit_shortlist(photos: Sequence[Photo], shelf: Shelf) -> ChoiceModel:
    """How much cosine, matches and votes are worth at first look."""
    choices = []
    for photo in photos:
        own = np.flatnonzero(shelf.products == photo.product)
        if len(own):
            right = int(own[np.argmax(photo.look.features[own].sum(axis=1))])
            choices.append(Choice(photo.look.features, right))
    return fit_choice(choices, _PENALTY)


def _fit(
    asked: Sequence[tuple[Look, int, float]], owners: NDArray[np.intp], shortlist: ChoiceModel
) -> ChoiceModel:
    rows = [features(look.evidence, owners[look.close], shortlist) for look, _, _ in asked]
    model: ChoiceModel | None = None
    for _ in range(_ROUNDS):
        choices = [
            _choice(found, owners[look.close], right, weight, model)
            for found, (look, right, weight) in zip(rows, asked, strict=True)
        ]
        model = fit_choice(choices, _PENALTY)
    assert model is not None  # noqa: S101 - rounds are positive
    return model


def _choice(
    rows: NDArray[np.float64], owners: NDArray[np.intp], right: int, weight: float, model: ChoiceModel | None
) -> Choice:
    """One row for each owner: the strongest, or at first the one that the first look put first."""
    order = np.argsort(-model.strengths(rows), kind="stable") if model else np.arange(len(rows))
    groups, first = np.unique(owners[order], return_index=True)
    at = np.flatnonzero(groups == right)
    return Choice(rows[order[first]], int(at[0]) if len(at) else NONE, weight)
