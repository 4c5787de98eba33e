"""The demo's own folder. It is begun anew by every run, and nothing outside it is ever touched."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

_MARK = ".mizugiwa-demo"
_KEPT = frozenset({"encoders", "calibrations"})
"""In the data folder: costly to make, checked when read, and not about anybody's pictures."""


class FolderInUse(Exception):
    def __init__(self, root: Path) -> None:
        super().__init__(
            f"{root} holds files that no demo wrote, so nothing in it is touched; "
            "name an empty folder with --folder."
        )


@dataclass(frozen=True)
class DemoFolder:
    root: Path

    @property
    def data(self) -> Path:
        """The service's data folder."""
        return self.root / "data"

    @property
    def archives(self) -> Path:
        """One ZIP a brand owner, as `docs/enrolment.md` describes it."""
        return self.root / "enrolments"

    @property
    def listings(self) -> Path:
        return self.root / "listings"

    @property
    def report(self) -> Path:
        return self.root / "report.html"

    @property
    def keys(self) -> Path:
        return self.root / "keys.env"


def begin_anew(root: Path) -> DemoFolder:
    """An empty folder for one run, after what an earlier run left was removed.

    Raises:
        FolderInUse: it was not made by a demo.
    """
    folder = DemoFolder(root)
    if root.exists() and any(root.iterdir()) and not (root / _MARK).exists():
        raise FolderInUse(root)
    root.mkdir(parents=True, exist_ok=True)
    (root / _MARK).touch()
    for old in (folder.archives, folder.listings, folder.report, folder.keys, *_stale(folder.data)):
        _remove(old)
    for fresh in (folder.data, folder.archives, folder.listings):
        fresh.mkdir(exist_ok=True)
    return folder


def _stale(data: Path) -> list[Path]:
    return [path for path in data.iterdir() if path.name not in _KEPT] if data.exists() else []


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
