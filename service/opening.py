"""Opens everything a process needs, in order, and leaves nothing open when a step fails."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

import cv2
from threadpoolctl import threadpool_limits

from model.encoders.base import Encoder
from model.keypoints.local import FORMAT
from model.regions import Proposer, load_proposer
from model.scoring.identity import IdentityCalibration
from service.calibration import find_calibration
from service.closeups.service import CloseUps
from service.closeups.store import DirectoryDerived
from service.database import Database
from service.encoding import encoders_folder, serving_encoder, wanted_encoder
from service.exchange.incoming.store import PartnerPictures, all_pictures, partner_folder
from service.jobs.runner import JobRunner
from service.listings.parts import calibration_of
from service.marks.library import MarkLibrary
from service.migration import migrate
from service.runtime import Runtime
from service.screening.findings import Findings
from service.screening.policy import check_status, load_policy
from service.settings import Settings
from service.vectors.service import VectorSpaces
from service.webhooks.courier import Courier

_WAITERS = 64


def open_runtime(
    settings: Settings, encoder: Encoder | None = None, calibration: IdentityCalibration | None = None
) -> Runtime:
    """Migrate the database, load the encoder and bring its index level.

    Args:
        encoder: used instead of the one that the settings or the database name.
        calibration: used instead of the one kept for the encoder.

    Raises:
        FingerprintMismatch: the stored vectors were made with another encoder.
        CalibrationMissing: the encoder has none yet.
        UnknownRule: the settings give a status to a rule that the policy does not have.
    """
    check_status(load_policy(), Findings(pictures=0, rule_status=settings.rule_status))
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with ExitStack() as undo:
        database = Database(settings.resolved_database_url, settings.database_connections)
        undo.callback(database.close)
        migrate(database)
        vectors = VectorSpaces(
            database,
            settings.data_dir / "index",
            partial(serving_encoder, settings),
            lambda info: calibration or find_calibration(settings.data_dir, info),
        )
        undo.callback(vectors.close)
        vectors.open(encoder or serving_encoder(settings, wanted_encoder(settings, vectors.stored_encoder())))
        # The pool's threads share the cores already; OpenCV's and BLAS's own would only get in their way. Comparing two
        # pictures takes 6 ms of one thread, and twenty times that where two BLAS threads wait for each other.
        cv2.setNumThreads(1)
        threadpool_limits(1, user_api="blas")
        pool = ThreadPoolExecutor(settings.threads, thread_name_prefix="cpu")
        waiters = ThreadPoolExecutor(_WAITERS, thread_name_prefix="wait")
        jobs = JobRunner(settings.data_dir, database)
        courier = Courier(database, settings)
        proposer = _proposer(settings, vectors)
        undo.pop_all()
    blobs = all_pictures(settings.data_dir)
    kept = DirectoryDerived(settings.data_dir / "closeups" / FORMAT)
    closeups = CloseUps(kept, blobs, settings.picture_limits, settings.closeup_cache_mb * 2**20)
    marks = MarkLibrary(blobs, settings.picture_limits)
    partner_pictures = PartnerPictures(partner_folder(settings.data_dir), database, closeups)
    return Runtime(
        settings,
        database,
        blobs,
        closeups,
        marks,
        proposer,
        vectors,
        pool,
        waiters,
        partner_pictures,
        jobs,
        courier,
    )


def _proposer(settings: Settings, vectors: VectorSpaces) -> Proposer | None:
    if calibration_of(vectors.serving().fingerprint) is None:
        return None
    return load_proposer(encoders_folder(settings), threads=1)
