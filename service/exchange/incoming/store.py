"""Pictures that partners gave: in a folder of their own, and gone from it once no signal names them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from service.blobs import BlobMissing, BlobStore, DirectoryBlobs
from service.closeups.service import CloseUps
from service.database import Database, after_commit
from service.exchange.incoming import repository


class PartnerPictures:
    """The folder, and what is derived of what is in it."""

    def __init__(self, folder: Path, database: Database, closeups: CloseUps) -> None:
        self._blobs = DirectoryBlobs(folder)
        self._database = database
        self._closeups = closeups

    def keep(self, data: bytes) -> str:
        return self._blobs.put(data)

    def holds(self, sha256: str) -> bool:
        return self._blobs.exists(sha256)

    def forget_after_commit(self, session: Session, pictures: Sequence[str]) -> None:
        """Those that no signal of any partner names by then."""
        after_commit(session, self._forgetting(pictures))

    def _forgetting(self, pictures: Sequence[str]) -> Callable[[], None]:
        def forget() -> None:
            with self._database.read() as session:
                needed = repository.needed_pictures(session, pictures)
            for sha256 in sorted(set(pictures) - needed):
                self._blobs.delete(sha256)
                self._closeups.forget(sha256)

        return forget


class WithPartnerPictures:
    """The house's own pictures to write, those of partners to be read beside them."""

    def __init__(self, own: BlobStore, partners: BlobStore) -> None:
        self._own, self._partners = own, partners

    def put(self, data: bytes) -> str:
        return self._own.put(data)

    def get(self, key: str) -> bytes:
        try:
            return self._own.get(key)
        except BlobMissing:
            return self._partners.get(key)

    def exists(self, key: str) -> bool:
        return self._own.exists(key)

    def delete(self, key: str) -> None:
        self._own.delete(key)


def partner_folder(data_dir: Path) -> Path:
    return data_dir / "partner-pictures"


def all_pictures(data_dir: Path) -> WithPartnerPictures:
    return WithPartnerPictures(DirectoryBlobs(data_dir / "blobs"), DirectoryBlobs(partner_folder(data_dir)))
