from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from service.secret_files import keep_first


def test_a_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret"
    assert keep_first(path, lambda: b"one") == b"one"
    assert keep_first(path, lambda: b"two") == b"one"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secret"]


def test_of_many_that_make_one_at_the_same_time_the_first_counts_for_all(tmp_path: Path) -> None:
    path, together = tmp_path / "secret", Barrier(8)

    def make(number: int) -> bytes:
        together.wait(30)  # each has seen that there is none yet
        return b"%d" % number

    with ThreadPoolExecutor(8) as pool:
        held = set(pool.map(lambda number: keep_first(path, lambda: make(number)), range(8)))
    assert len(held) == 1
