"""Which words the pages say, and which of them a language lacks.

`python -m service.pages.words` puts what is missing into the PO files, one an area of the pages, to be filled in.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import service.app  # noqa: F401 - so that every kind of problem is known
from service import errors
from service.pages.language import LANGUAGES, LOCALE, SOURCE
from service.problems import PictureRefused

_HERE = Path(__file__).parent
_COMMON = "common"
_METHODS = [
    ("static/**", "ignore"),
    ("locale/**", "ignore"),
    ("**.html", "jinja2.ext:babel_extract"),
    ("**.py", "python"),
]
_KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
_OPTIONS = {"**.html": {"newstyle_gettext": "true", "silent": "false", "extensions": "jinja2.ext.do"}}

Words = str | tuple[str, ...]
"""A sentence, or its singular and plural."""


def said() -> dict[Words, str]:
    """All that the pages say, each with the area whose PO file translates it."""
    found: dict[Words, str] = dict.fromkeys(_problems(), "problems")
    areas = _areas()
    for name, _line, words, _comments, _context in extract_from_dir(
        _HERE, method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS
    ):
        folder = next((each for each in Path(name).with_suffix("").parts if each in areas), _COMMON)
        found.setdefault(words, folder)
    return found


def lacking(language: str) -> dict[Words, str]:
    """What is said and has no translation, by area."""
    known = {
        _key(message.id): message.string for area in _files(language) for message in _read(area, language)
    }
    return {words: area for words, area in said().items() if not _translated(known.get(words))}


def stale(language: str) -> list[Words]:
    """What has a translation and is not said any more."""
    spoken = said()
    known = [_key(message.id) for path in _files(language) for message in _read(path, language) if message.id]
    return [words for words in known if words not in spoken]


def write_lacking(language: str) -> int:
    """Add what is missing to the areas' PO files, untranslated; how many were added."""
    missing = lacking(language)
    for area in sorted(set(missing.values())):
        path = LOCALE / language / f"{area}.po"
        catalog = _read(path, language) if path.exists() else Catalog(locale=language, fuzzy=False)
        for words, where in missing.items():
            if where == area:
                catalog.add(words, ("", "") if isinstance(words, tuple) else "")
        with path.open("wb") as file:
            write_po(file, catalog, width=0, sort_output=True, omit_header=True)
    return len(missing)


def _areas() -> set[str]:
    """Folders of templates, and files of the pages that have a PO file of their own name."""
    folders = {path.name for path in (_HERE / "templates").iterdir() if path.is_dir()}
    return folders | {path.stem for path in LOCALE.glob("*/*.po")}


def _problems() -> Iterator[str]:
    """What pages show of a problem and what does not stand in them."""
    kinds: set[type[errors.Problem]] = {*errors.all_problems(), PictureRefused}
    for kind in kinds:
        yield kind.title
        yield kind.help


def _files(language: str) -> list[Path]:
    return sorted((LOCALE / language).glob("*.po"))


def _read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _key(found: object) -> Words:
    return tuple(map(str, found)) if isinstance(found, (list, tuple)) else str(found)


def _translated(string: object) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


if __name__ == "__main__":
    for each in LANGUAGES:
        if each != SOURCE:
            print(each, write_lacking(each), "added")  # noqa: T201 - a tool for whoever translates
