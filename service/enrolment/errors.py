"""Why an enrolment, or a part of it, cannot be read."""

from __future__ import annotations

from service.errors import Unprocessable


class ArchiveRefused(Unprocessable):
    slug = "archive-refused"
    title = "The ZIP cannot be taken"
    help = "docs/enrolment.md says what a ZIP may hold; make it anew and send it again."


class FileUnusable(Unprocessable):
    """One file of an enrolment; the others go on."""

    slug = "enrolment-file-unusable"
    title = "A file of the enrolment cannot be used"
    help = "docs/enrolment.md names the files and their columns."

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        self.file, self.line, self.reason = file, line, reason
        super().__init__(f"{file}: {reason}")


class EntryMissing(Unprocessable):
    slug = "enrolment-entry-missing"
    title = "A row names a file that is not there"
    help = "Paths are relative to the top of the folder or ZIP, with / between folders."

    def __init__(self, path: str) -> None:
        super().__init__(f"there is no file {path[:200]!r}")


class EntryTooLarge(Unprocessable):
    slug = "enrolment-entry-too-large"
    title = "A file of the enrolment is too large"
    help = "Send a smaller file."

    def __init__(self, path: str, limit: int) -> None:
        super().__init__(f"{path[:200]!r} has more than {limit:,} bytes")
