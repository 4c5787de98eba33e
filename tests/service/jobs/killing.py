"""Workers to be killed again and again: a template process imports everything once and forks them on request.

Run as a program it is that template; its arguments are a script with `main(*arguments)`, which starts threads and
returns, and those arguments.
"""

from __future__ import annotations

import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LONGEST_LIFE_SECONDS = 120


class Template:
    def __init__(self, requests: IO[bytes], answers: IO[bytes]) -> None:
        self._requests, self._answers = requests, answers

    @contextmanager
    def worker(self) -> Iterator[None]:
        """A worker that is ready; SIGKILL ends it, whatever happens, and it is gone afterwards."""
        self._requests.write(b"fork\n")
        word, _, pid = self._answers.readline().partition(b" ")
        assert word == b"ready", "the worker ended before it began; its traceback is on stderr"
        try:
            yield
        finally:
            os.kill(int(pid), signal.SIGKILL)
            assert self._answers.readline() == b"ended\n"


@contextmanager
def template(script: Path, *arguments: str) -> Iterator[Template]:
    command = [sys.executable, __file__, str(script), *arguments]
    with subprocess.Popen(command, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            yield Template(process.stdin, process.stdout)
        finally:
            process.kill()


def _fork_on_request(script: str, *arguments: str) -> None:
    main = runpy.run_path(script, run_name="template")["main"]
    while os.read(sys.stdin.fileno(), 16):  # unbuffered, so that forks share nothing half-read
        worker = os.fork()
        if worker == 0:
            main(*arguments)
            _say(f"ready {os.getpid()}")
            time.sleep(LONGEST_LIFE_SECONDS)
            os._exit(1)
        os.waitpid(worker, 0)
        _say("ended")


def _say(line: str) -> None:
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


if __name__ == "__main__":
    _fork_on_request(*sys.argv[1:])
