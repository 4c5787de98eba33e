"""A ZIP from outside: judged by its directory before anything is read, then read entry by entry, never unpacked.

What the entries claim of their size is counted; Python's reader gives no byte more than an entry claims and checks its
CRC, so that a lie in the directory gains nothing.
"""

from __future__ import annotations

import stat
import struct
import unicodedata
import zipfile
import zlib
from pathlib import Path
from threading import Lock

from service.enrolment.errors import ArchiveRefused, EntryMissing, EntryTooLarge

MAX_BYTES = 2**30
MAX_ENTRIES = 20_000
MAX_TOTAL = 4 * 2**30
MAX_RATIO = 100
"""Unpacked to packed; a photo has about 1, a table of numbers up to 20."""
RATIO_FREE = 2**20
"""Entries smaller than this unpacked may have any ratio."""
MAX_DIRECTORY = MAX_ENTRIES * 600
_END = struct.Struct("<4s4H2LH")
_ENCRYPTED, _UTF8 = 0x1, 0x800
_NESTED = (".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".zst", ".tar", ".tgz", ".jar")


class ZipSource:
    """Raises, when opened: ArchiveRefused: it is none, or hostile; the detail says what and where."""

    def __init__(self, path: Path) -> None:
        _check_directory_size(path)
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
            raise ArchiveRefused(f"The file is not a ZIP that can be read ({error}).") from error
        self._lock = Lock()
        try:
            self._entries = _checked(self._zip.infolist())
        except ArchiveRefused:
            self._zip.close()
            raise

    def has(self, path: str) -> bool:
        return unicodedata.normalize("NFC", path) in self._entries

    def read(self, path: str, limit: int) -> bytes:
        entry = self._entries.get(unicodedata.normalize("NFC", path))
        if entry is None:
            raise EntryMissing(path)
        if entry.file_size > limit:
            raise EntryTooLarge(path, limit)
        try:
            with self._lock, self._zip.open(entry) as file:
                return file.read()
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise ArchiveRefused(f"The entry {path[:200]!r} is damaged ({error}).") from error

    def close(self) -> None:
        self._zip.close()


def _check_directory_size(path: Path) -> None:
    """Before Python reads the whole directory into memory: at most so many bytes of it."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise ArchiveRefused(f"The ZIP has more than {MAX_BYTES:,} bytes.")
    with path.open("rb") as file:
        file.seek(max(0, size - 65_557))
        tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise ArchiveRefused("The file is not a ZIP, or its end is missing.")
    _, _, _, _, entries, directory, _, _ = _END.unpack_from(tail, at)
    if entries == 0xFFFF or directory == 0xFFFFFFFF or b"PK\6\6" in tail or directory > MAX_DIRECTORY:
        raise ArchiveRefused(f"The ZIP has more than {MAX_ENTRIES:,} entries, or is of the ZIP64 form.")


def _checked(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    if len(infos) > MAX_ENTRIES:
        raise ArchiveRefused(f"The ZIP has {len(infos):,} entries; at most {MAX_ENTRIES:,} are taken.")
    total = sum(info.file_size for info in infos)
    if total > MAX_TOTAL:
        raise ArchiveRefused(f"The ZIP would unpack to {total:,} bytes; at most {MAX_TOTAL:,} are taken.")
    entries: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = _name(info)
        _check_entry(info, name)
        if name in entries:
            raise ArchiveRefused(f"The ZIP holds {name[:200]!r} twice.")
        entries[name] = info
    return {name: info for name, info in entries.items() if not name.endswith("/")}


def _name(info: zipfile.ZipInfo) -> str:
    """The entry's name, composed; names without the UTF-8 mark are UTF-8 or CP932 all the same."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8:
        raw = name.encode("cp437")
        for encoding in ("utf-8", "cp932"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
        else:
            raise ArchiveRefused(f"The name {name[:200]!r} is neither UTF-8 nor CP932.")
    return unicodedata.normalize("NFC", name)


def _check_entry(info: zipfile.ZipInfo, name: str) -> None:
    shown = repr(name[:200])
    parts = name.removesuffix("/").split("/")
    if any(part in {"", ".", ".."} for part in parts) or "\\" in name or "\0" in name or ":" in parts[0]:
        raise ArchiveRefused(f"The name {shown} leaves the archive or is no plain relative path with '/'.")
    if info.flag_bits & _ENCRYPTED:
        raise ArchiveRefused(f"The entry {shown} is encrypted.")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise ArchiveRefused(f"The entry {shown} is a link or a device, not a file.")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise ArchiveRefused(f"The entry {shown} is packed by a method other than deflate.")
    if info.file_size > RATIO_FREE and info.file_size > MAX_RATIO * max(1, info.compress_size):
        raise ArchiveRefused(f"The entry {shown} would unpack to more than {MAX_RATIO} times its size.")
    if name.lower().endswith(_NESTED):
        raise ArchiveRefused(f"The entry {shown} is an archive; archives inside are not read.")
