"""Hostile ZIPs are refused with a reason, before anything in them is read."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from service.enrolment import archive
from service.enrolment.archive import ZipSource
from service.enrolment.errors import ArchiveRefused, EntryMissing, EntryTooLarge
from service.enrolment.sources import FolderSource
from tests.service.enrolment.conftest import send, zipped


def opened(tmp_path: Path, data: bytes) -> ZipSource:
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    return ZipSource(path)


def entry(name: str, data: bytes = b"x", mode: int = 0, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        info = zipfile.ZipInfo(name)
        info.external_attr, info.compress_type = mode << 16, method
        made.writestr(info, data)
    return out.getvalue()


def encrypted() -> bytes:
    data = bytearray(entry("a.csv"))
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + offset] |= 1
    return bytes(data)


def twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.csv", "1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            made.writestr("a.csv", "2")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (entry("../up.csv"), "leaves"),
        (entry("a/../../up.csv"), "leaves"),
        (entry("/etc/passwd"), "leaves"),
        (entry("..\\up.csv"), "leaves"),
        (entry("C:/up.csv"), "leaves"),
        (entry("link", b"/etc/passwd", stat.S_IFLNK | 0o777), "link"),
        (entry("pipe", b"", stat.S_IFIFO), "link"),
        (entry("bomb.csv", b"0" * 20_000_000), "100 times"),
        (entry("inner.zip", entry("a.csv")), "archive"),
        (entry("a.csv", b"x" * 100, method=zipfile.ZIP_LZMA), "method"),
        (encrypted(), "encrypted"),
        (twice(), "twice"),
        (b"", "not a ZIP"),
        (b"PK\5\6", "not a ZIP"),
        (b"no zip at all" * 100, "not a ZIP"),
    ],
)
def test_is_refused(tmp_path, data, word):
    with pytest.raises(ArchiveRefused, match=word):
        opened(tmp_path, data)


def test_too_many_entries_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_ENTRIES", 3)
    with pytest.raises(ArchiveRefused, match="4 entries"):
        opened(tmp_path, zipped({f"{n}.csv": b"" for n in range(4)}))


def test_too_much_in_all_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_TOTAL", 30)
    with pytest.raises(ArchiveRefused, match="40 bytes"):
        opened(tmp_path, zipped({f"{n}.csv": b"x" * 10 for n in range(4)}))


def test_a_directory_that_would_fill_the_memory_is_not_read(tmp_path):
    data = bytearray(entry("a.csv"))
    at = data.rindex(b"PK\5\6")
    struct.pack_into("<L", data, at + 12, archive.MAX_DIRECTORY + 1)
    with pytest.raises(ArchiveRefused, match="entries"):
        opened(tmp_path, bytes(data))


def test_an_entry_larger_than_it_claims_gives_no_byte_more(tmp_path):
    data = bytearray(entry("a.csv", b"x" * 5000))
    for mark, offset in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        struct.pack_into("<L", data, data.index(mark) + offset, 10)
    with opened_closing(tmp_path, bytes(data)) as source, pytest.raises(ArchiveRefused, match="damaged"):
        source.read("a.csv", 100)


def test_names_of_japanese_windows_are_read(tmp_path):
    data = entry("XXXX.csv").replace(b"XXXX", "大橋".encode("cp932"))
    with opened_closing(tmp_path, data) as source:
        assert source.read("大橋.csv", 10) == b"x"


def test_an_entry_over_its_limit_and_an_absent_one_have_their_errors(tmp_path):
    with opened_closing(tmp_path, entry("a.csv", b"x" * 50)) as source:
        with pytest.raises(EntryTooLarge):
            source.read("a.csv", 49)
        with pytest.raises(EntryMissing):
            source.read("b.csv", 49)


def test_a_folder_gives_nothing_from_outside(tmp_path):
    (tmp_path / "secret").write_text("x")
    folder = tmp_path / "kit"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "secret")
    for path in ("../secret", "link", str(tmp_path / "secret"), "a\0b", "."):
        assert not FolderSource(folder).has(path)


def test_the_api_answers_with_the_reason_and_keeps_nothing(client, runtime, owner):
    answer = send(client, owner, entry("../up.csv"))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/archive-refused")
    assert list(runtime.settings.data_dir.glob("uploads/*")) == []


def opened_closing(tmp_path: Path, data: bytes):  # type: ignore[no-untyped-def]
    return closing(opened(tmp_path, data))
