"""Manifests of real pictures: CSV with paths relative to the file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class ManifestInvalid(ValueError):
    """The message names the file, the line and what to correct."""


class PictureUse(StrEnum):
    REFERENCE = "reference"
    QUERY = "query"


@dataclass(frozen=True)
class Row:
    path: Path
    use: PictureUse
    product: str
    """Empty: shows nothing that is enrolled."""
    split: str
    brand: str = ""
    """Of the product, from the column of that name; where there is none, the product's name up to the first hyphen."""


def read_retrieval(manifest: Path) -> list[Row]:
    """The rows of a retrieval manifest.

    Raises:
        ManifestInvalid: a column is missing, a role is unknown, a picture is not there, a reference has no product.
    """
    with manifest.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"path", "role", "product"} - set(reader.fieldnames or ())
        if missing:
            raise ManifestInvalid(f"{manifest}: the header lacks {', '.join(sorted(missing))}.")
        return [_row(manifest, reader.line_num, fields) for fields in reader]


def _row(manifest: Path, line: int, fields: dict[str, str]) -> Row:
    path = manifest.parent / fields["path"]
    product = fields["product"].strip()
    if fields["role"] not in set(PictureUse):
        raise ManifestInvalid(f"{manifest}:{line}: role is {fields['role']!r}; write reference or query.")
    if not path.is_file():
        raise ManifestInvalid(f"{manifest}:{line}: there is no picture {path}.")
    if fields["role"] == PictureUse.REFERENCE and not product:
        raise ManifestInvalid(f"{manifest}:{line}: a reference needs a product.")
    split, brand = ((fields.get(column) or "").strip() for column in ("split", "brand"))
    return Row(path, PictureUse(fields["role"]), product, split, brand or product.partition("-")[0])
