"""Can a product's verdicts tell genuine from counterfeit by the object, and not by how it was photographed?"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from model.authenticity import (
    Bags,
    Margin,
    TooFewGroups,
    file_properties,
    genuine_trials,
    groups_for,
    joined_groups,
    labelled_trials,
    margin,
    mean_margin,
    see,
)
from model.authenticity.margins import MODEL
from model.authenticity.trials import LEAST_GROUPS
from model.copies.hashes import PerceptualHash, pdq
from model.encoders.dense import DenseEncoder
from model.evaluation.metrics import Interval
from model.images import PictureError, decode
from service.evaluation.manifest import ManifestInvalid

SIZES = (0, 10, 50)
"""Groups of each label that are learnt from; 0: genuine references alone."""
CONTROL, CONTROL_FILES = "control", "control_files"
_LONGER_SIDE = 1024
_KEPT_ASIDE = "test"


class Label(StrEnum):
    GENUINE = "genuine"
    COUNTERFEIT = "counterfeit"


@dataclass(frozen=True)
class Labelled:
    path: Path
    product: str
    label: Label
    group: str
    split: str


@dataclass(frozen=True)
class Looked:
    """One picture as each source sees it, and its hash."""

    bags: dict[str, NDArray[np.float32]]
    hash: PerceptualHash


@dataclass(frozen=True)
class Measured:
    """One product, or the mean of all: for each size its margin and the groups really learnt from."""

    suffix: str
    margins: Mapping[int, Margin]
    groups: Mapping[int, int]


@dataclass(frozen=True)
class Report:
    pictures: int
    contradictory: int
    """Groups left out since they hold both labels, by themselves or by a picture shared with another."""
    products_left_out: int
    measured: tuple[Measured, ...]
    """The mean first, then each product where there are several."""

    def figures(self) -> dict[str, float | int | str]:
        found: dict[str, float | int | str] = {
            "pictures": self.pictures,
            "groups_of_both_labels": self.contradictory,
            "products_left_out": self.products_left_out,
        }
        for each in self.measured:
            for size in SIZES:
                found |= _figures(each, size)
        return found

    def rows(self) -> list[tuple[str, str]]:
        return [row for each in self.measured for size in SIZES for row in _rows(each, size)]


def read_labelled(manifest: Path) -> list[Labelled]:
    """The rows of an authenticity manifest: path, product, label, group[, split].

    Raises:
        ManifestInvalid: a column is missing, a label is unknown, a picture is not there, no group is named.
    """
    with manifest.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"path", "product", "label", "group"} - set(reader.fieldnames or ())
        if missing:
            raise ManifestInvalid(f"{manifest}: the header lacks {', '.join(sorted(missing))}.")
        return [_labelled(manifest, reader.line_num, fields) for fields in reader]


def evaluate_authenticity(manifest: Path, *, encoder: DenseEncoder, seed: int, rounds: int) -> Report:
    """Learn each product from drawn groups, test on the others, and do the same with the controls.

    Raises:
        ManifestInvalid: the manifest cannot be used, a picture cannot be decoded, or no product has groups enough.
    """
    rows = read_labelled(manifest)
    looked = [_looked(row.path, encoder) for row in track(rows, description="looking")]
    contradictory, found, refused = 0, [], []
    for product in sorted({row.product for row in rows}):
        places = [place for place, row in enumerate(rows) if row.product == product]
        bags, dropped = _bags([rows[at] for at in places], [looked[at] for at in places])
        contradictory += dropped
        try:
            _require_groups(product, bags)
        except TooFewGroups as error:
            refused.append(str(error))
            continue
        found.append(_measured(product, bags, seed, rounds))
    if not found:
        raise ManifestInvalid(
            f"{manifest}: no product can be measured ({contradictory} groups of both labels left out). "
            + " ".join(refused)
        )
    each = tuple(found) if len(found) > 1 else ()
    return Report(len(rows), contradictory, len(refused), (_mean(found), *each))


def _labelled(manifest: Path, line: int, fields: Mapping[str, str | None]) -> Labelled:
    path, product, label, group, split = (
        (fields.get(name) or "").strip() for name in ("path", "product", "label", "group", "split")
    )
    if label not in set(Label):
        raise ManifestInvalid(f"{manifest}:{line}: label is {label!r}; write genuine or counterfeit.")
    if not (manifest.parent / path).is_file():
        raise ManifestInvalid(f"{manifest}:{line}: there is no picture {manifest.parent / path}.")
    if not group:
        raise ManifestInvalid(f"{manifest}:{line}: name the group, for instance the listing, of the picture.")
    return Labelled(manifest.parent / path, product, Label(label), group, split)


def _looked(path: Path, encoder: DenseEncoder) -> Looked:
    data = path.read_bytes()
    try:
        pixels = decode(data, max_side=_LONGER_SIDE).pixels
    except PictureError as error:
        raise ManifestInvalid(f"{path}: {error}") from error
    seen = see(pixels, encoder)
    bags = {MODEL: seen.object, CONTROL: seen.background, CONTROL_FILES: file_properties(data)}
    return Looked(bags, pdq(pixels))


def _bags(rows: Sequence[Labelled], looked: Sequence[Looked]) -> tuple[Bags, int]:
    """The pictures of groups with one label, and how many groups have both."""
    counterfeit = np.array([row.label == Label.COUNTERFEIT for row in rows])
    aside = np.array([row.split == _KEPT_ASIDE for row in rows])
    groups = joined_groups([row.group for row in rows], [each.hash for each in looked])
    both = np.intersect1d(groups[counterfeit], groups[~counterfeit])
    parted = np.intersect1d(groups[aside], groups[~aside])
    kept = ~np.isin(groups, both) & ~(np.isin(groups, parted) & ~aside)
    sources = {
        source: [looked[at].bags[source] for at in np.flatnonzero(kept).tolist()]
        for source in (MODEL, CONTROL, CONTROL_FILES)
    }
    kept_aside = aside[kept] if aside.any() else None
    return Bags(counterfeit[kept], groups[kept], sources, kept_aside), len(both)


def _require_groups(product: str, bags: Bags) -> None:
    """Raises:
    TooFewGroups: there are too few of a label to learn from, or none to test on.
    """
    learnable = np.ones(len(bags.groups), bool) if bags.kept_aside is None else ~bags.kept_aside
    counts = [len(np.unique(bags.groups[learnable & (bags.counterfeit == label)])) for label in (False, True)]
    tested = bags.counterfeit if bags.kept_aside is None else bags.counterfeit[bags.kept_aside]
    if min(counts) < LEAST_GROUPS or tested.all() or not tested.any():
        raise TooFewGroups(product, *counts)


def _measured(product: str, bags: Bags, seed: int, rounds: int) -> Measured:
    suffix = "_" + "".join(sign if sign.isalnum() else "_" for sign in product.lower())
    groups = {size: groups_for(bags, size) for size in SIZES}
    margins = {}
    for size in track(SIZES, description=f"learning {product}"):
        trials = (
            labelled_trials(bags, groups[size], rounds, seed) if size else genuine_trials(bags, rounds, seed)
        )
        margins[size] = margin(trials, seed=seed)
    return Measured(suffix, margins, groups)


def _mean(found: Sequence[Measured]) -> Measured:
    margins = {size: mean_margin([each.margins[size] for each in found]) for size in SIZES}
    return Measured("", margins, {size: min(each.groups[size] for each in found) for size in SIZES})


def _figures(each: Measured, size: int) -> dict[str, float | int | str]:
    stem = f"_{size}" if size else ""
    found: dict[str, float | int | str] = {f"used{stem}{each.suffix}": int(each.margins[size].used)}
    if size:
        found[f"groups_used{stem}{each.suffix}"] = each.groups[size]
    for name, value in _intervals(each, size).items():
        found |= {name: value.value, f"{name}_low": value.low, f"{name}_high": value.high}
    return found


def _intervals(each: Measured, size: int) -> dict[str, Interval]:
    stem, at = f"auroc_{size}" if size else "auroc", each.margins[size]
    return {
        f"{stem}{each.suffix}": at.auroc(MODEL),
        f"{stem}_control{each.suffix}": at.auroc(CONTROL),
        f"{stem}_control_files{each.suffix}": at.auroc(CONTROL_FILES),
        f"{stem}_margin{each.suffix}": at.margin,
    }


def _rows(each: Measured, size: int) -> list[tuple[str, str]]:
    stem = f"_{size}" if size else ""
    verdict = "used" if each.margins[size].used else "not used: it does not clearly beat its control"
    learnt = f", learnt from {each.groups[size]} + {each.groups[size]} groups" if size else ""
    return [
        *((name, str(value)) for name, value in _intervals(each, size).items()),
        (f"used{stem}{each.suffix}", verdict + learnt),
    ]
