"""What the owners of the invented brands bring: one ZIP each, as bulk enrolment reads it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.evaluation.kit import (
    KNOWN_CASES,
    Kit,
    KitBrand,
    KnownCounterfeit,
    enrolment_pictures,
    enrolment_tables,
    known_counterfeits,
)
from service.demo.pictures import as_jpeg


@dataclass(frozen=True)
class Archive:
    brand: KitBrand
    path: Path
    rows: int
    pictures: int


def write_archives(kit: Kit, folder: Path) -> Iterator[Archive]:
    """Write one ZIP a brand, and tell of each as soon as it is there."""
    cases = known_counterfeits(kit, kit.seed, KNOWN_CASES)
    return (_write(kit, brand, cases, folder) for brand in kit.brands)


def _write(kit: Kit, brand: KitBrand, cases: Iterable[KnownCounterfeit], folder: Path) -> Archive:
    path = folder / f"{brand.id}.zip"
    tables = enrolment_tables(kit, [brand], cases)
    pictures = 0
    with zipfile.ZipFile(path, "w") as archive:
        for name, (columns, rows) in tables.items():
            archive.writestr(name, _csv([columns, *rows]))
        for name, pixels in enrolment_pictures(kit, [brand], cases):
            archive.writestr(name, as_jpeg(pixels))
            pictures += 1
    return Archive(brand, path, sum(len(rows) for _, rows in tables.values()), pictures)


def _csv(rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()
