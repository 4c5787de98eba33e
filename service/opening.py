"""Opens everything a process needs, in order, and leaves nothing open when a step fails."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from model.encoders.base import Encoder
from service.blobs import DirectoryBlobs
from service.database import Database
from service.jobs.runner import JobRunner
from service.migration import migrate
from service.runtime import Runtime
from service.settings import Settings
from service.vectors.service import VectorSpaces
from service.webhooks.courier import Courier


def open_runtime(settings: Settings, encoder: Encoder | None = None) -> Runtime:
    """Migrate the database, load the encoder and bring its index level.

    Args:
        encoder: used instead of the one that the settings or the database name.

    Raises:
        FingerprintMismatch: the stored vectors were made with another encoder.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with ExitStack() as undo:
        database = Database(settings.resolved_database_url)
        undo.callback(database.close)
        migrate(database)
        vectors = VectorSpaces(database, settings.data_dir / "index", _loader(settings))
        vectors.open(encoder)
        undo.callback(vectors.close)
        pool = ThreadPoolExecutor(settings.threads, thread_name_prefix="cpu")
        jobs = JobRunner(settings.data_dir, database)
        courier = Courier(database, settings)
        undo.pop_all()
    blobs = DirectoryBlobs(settings.data_dir / "blobs")
    return Runtime(settings, database, blobs, vectors, pool, jobs, courier)


def _loader(settings: Settings):  # type: ignore[no-untyped-def]
    def load(name: str) -> Encoder:
        raise LookupError(name)

    return load
