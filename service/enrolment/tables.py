"""CSV files from outside to checked rows, each with its line number or its error."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError

from service.enrolment.errors import FileUnusable

MAX_BYTES = 64 * 2**20


@dataclass(frozen=True)
class RowError:
    line: int
    message: str


@dataclass(frozen=True)
class Row:
    line: int
    content: BaseModel


def read_table(file: str, data: bytes, kind: type[BaseModel], encoding: str | None) -> list[Row | RowError]:
    """Rows in their order.

    Args:
        encoding: declared by the sender; told by the content where None.

    Raises:
        FileUnusable: encoding or header are wrong; nothing of the file can be used.
    """
    reader = csv.reader(io.StringIO(_text(file, data, encoding), newline=""), strict=True)
    lines = _lines(reader)
    head = next(lines, None)
    if head is None or isinstance(head[1], str):
        raise FileUnusable(file, 1, "the header line is missing or broken")
    columns = [name.strip() for name in head[1]]
    _check_header(file, columns, kind)
    return [_row(line, cells, columns, kind) for line, cells in lines if cells]


def _text(file: str, data: bytes, encoding: str | None) -> str:
    for name in (encoding,) if encoding else ("utf-8-sig", "cp932"):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    raise FileUnusable(file, None, f"it is not {encoding or 'UTF-8 or CP932'} text; save it as UTF-8")


def _lines(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str] | str]]:
    """Cells with the first line that they stand on; a text says why there are none, and ends it."""
    start = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield start, f"not readable as CSV from here on: {error}"
            return
        yield start, cells
        start = reader.line_num + 1  # type: ignore[attr-defined]  # csv.reader has it, Iterator does not


def _check_header(file: str, columns: list[str], kind: type[BaseModel]) -> None:
    known = kind.model_fields
    unknown = sorted(set(columns) - known.keys())
    missing = [name for name, field in known.items() if field.is_required() and name not in columns]
    repeated = sorted({name for name in columns if columns.count(name) > 1})
    for what, names in (("unknown", unknown), ("missing", missing), ("repeated", repeated)):
        if names:
            listed = ", ".join(repr(name[:40]) for name in names[:10])
            raise FileUnusable(file, 1, f"{what} column {listed}; known are {', '.join(known)}")


def _row(line: int, cells: list[str] | str, columns: list[str], kind: type[BaseModel]) -> Row | RowError:
    if isinstance(cells, str):
        return RowError(line, cells)
    if len(cells) != len(columns):
        return RowError(line, f"{len(cells)} cells where the header has {len(columns)}")
    given = {name: cell for name, cell in zip(columns, cells, strict=True) if cell.strip()}
    try:
        return Row(line, kind.model_validate(given))
    except ValidationError as error:
        return RowError(line, "; ".join(_said(each["loc"], each["msg"]) for each in error.errors()[:5]))


def _said(location: tuple[int | str, ...], message: str) -> str:
    where = str(location[0]) if location else ""
    return f"{where}: {message}" if where else message
