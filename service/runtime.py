"""What one process holds for its whole life: settings, database, blobs, encoder, indexes, workers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from model.images import PictureLimits
from model.regions import Proposer
from service.blobs import BlobStore
from service.closeups.service import CloseUps
from service.database import Database
from service.exchange.incoming.store import PartnerPictures
from service.jobs.runner import JobRunner
from service.marks.library import MarkLibrary
from service.readings.reader import reader
from service.settings import Settings
from service.vectors.service import VectorSpaces
from service.webhooks.courier import Courier


@dataclass(frozen=True)
class Runtime:
    settings: Settings
    database: Database
    blobs: BlobStore
    closeups: CloseUps
    marks: MarkLibrary
    proposer: Proposer | None
    """Of parts of pictures; None where the encoder's parts were never measured."""
    vectors: VectorSpaces
    pool: ThreadPoolExecutor
    """The one bounded pool for CPU work: decoding and hashing. The encoder has its own thread."""
    waiters: ThreadPoolExecutor
    """Threads that only wait: for the encoder's answer, so that a caller can give up at its deadline."""
    partner_pictures: PartnerPictures
    jobs: JobRunner
    courier: Courier

    @property
    def picture_limits(self) -> PictureLimits:
        return self.settings.picture_limits

    def start(self) -> None:
        """Begin what goes on in the background; the first check shall not wait for what reads."""
        self.waiters.submit(reader().load)
        self.work(self.settings.job_workers)

    def work(self, workers: int) -> None:
        """Begin to do jobs and deliver webhooks with that many workers; with none, leave both to others."""
        self.jobs.start(self, workers)
        if workers:
            self.courier.start()

    def close(self) -> None:
        """Stop in the reverse order of opening; what was acknowledged is on the disk already."""
        self.courier.close()
        self.jobs.close()
        self.waiters.shutdown(wait=True, cancel_futures=True)
        self.pool.shutdown(wait=True, cancel_futures=True)
        self.vectors.close()
        self.database.close()
