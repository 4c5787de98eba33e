"""Tells which worker processes are dead: each holds a lock on a file that the kernel lets go when it dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from service.ids import new_id


class LifeSign:
    """This process's own file, locked as long as it lives; safe against reused process ids."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self.worker = new_id("wrk")
        self._file = self._locked_file()

    def dead_workers(self) -> list[str]:
        """Workers that used this folder and ended without saying goodbye."""
        others = (path.stem for path in self._directory.glob("wrk_*.alive"))
        return [worker for worker in others if worker != self.worker and self._is_dead(worker)]

    def bury(self, worker: str) -> None:
        """Forget a dead worker whose jobs were given to others."""
        self._path(worker).unlink(missing_ok=True)

    def close(self) -> None:
        """Let the lock go; the file stays for a sweep to find, in case a job was left behind."""
        os.close(self._file)

    def _locked_file(self) -> int:
        """Made aside and renamed once locked: no sweep ever sees it unlocked while its worker lives."""
        aside = self._directory / f"{self.worker}.new"
        file = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        aside.rename(self._path(self.worker))
        return file

    def _is_dead(self, worker: str) -> bool:
        try:
            file = os.open(self._path(worker), os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False  # buried by someone else meanwhile
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(file)

    def _path(self, worker: str) -> Path:
        return self._directory / f"{worker}.alive"
