"""The encoder and the index as they are, and the move to another encoder as a job."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from index.faiss import FaissIndex
from model.encoders import EncoderDamaged, installed
from model.encoders.bundled import NAME as BUNDLED
from model.regions.proposer import PARTS
from service.audit.service import record
from service.calibration import CalibrationMissing, find_calibration, site_calibration
from service.encoders.schemas import EncoderStatus, InstalledOut, PartOut, SpaceOut
from service.encoding import encoders_folder, load_encoder
from service.errors import Conflict, Forbidden, Unprocessable
from service.jobs.handlers import JobContext, job_handler
from service.jobs.models import Job
from service.jobs.service import submit
from service.runtime import Runtime
from service.security import repository as security
from service.security.principals import Principal
from service.vectors import repository
from service.vectors.reindex import reindex
from service.vectors.serving import Serving

MOVE = "re-embed"


class OnlyByCommand(Forbidden):
    slug = "only-by-command"
    title = "Only the operator may do that here"
    help = "Several houses share this installation, and the encoder is everybody's: run `mizugiwa reindex` on it."


class NotInstalled(Unprocessable):
    slug = "encoder-not-installed"
    title = "No such encoder is installed"
    help = "Install it on the machine with `mizugiwa encoder pull` or `mizugiwa encoder export`."


def status(runtime: Runtime, session: Session, principal: Principal) -> EncoderStatus:
    """
    Raises:
        IndexNotReady: the index is being brought level with the database.
    """
    serving = runtime.vectors.serving()
    return EncoderStatus(
        encoder=serving.encoder.info.name,
        fingerprint=serving.fingerprint,
        revision=serving.revision,
        installed=_installed(runtime, serving.fingerprint),
        spaces=_spaces(session),
        parts=_parts(serving, principal.tenant_id),
    )


def move(runtime: Runtime, session: Session, principal: Principal, encoder: str) -> Job:
    """Embed every reference with another encoder in the background, then switch to it.

    Raises:
        OnlyByCommand: the installation has several tenants.
        NotInstalled: there is no such encoder.
        Conflict: it serves already.
    """
    if security.count_tenants(session) > 1:
        raise OnlyByCommand("This installation has several tenants.")
    serving = runtime.vectors.serving()
    if encoder not in {each.name for each in _installed(runtime, serving.fingerprint)} | {BUNDLED}:
        raise NotInstalled(f"{encoder!r} is not among the installed encoders.")
    if encoder == serving.encoder.info.name:
        raise Conflict(f"{encoder} serves already.")
    job = submit(session, principal, MOVE, {"encoder": encoder})
    record(session, principal, "encoder.move", job.id, {"encoder": encoder})
    return job


@job_handler(MOVE)
def move_job(context: JobContext) -> dict[str, Any]:
    """Can be killed and goes on where it was: what is embedded already is in the database."""
    runtime, settings = context.runtime, context.runtime.settings
    encoder = load_encoder(settings, context.payload["encoder"])
    _calibrated(runtime, encoder)
    made = reindex(runtime.database, runtime.blobs, runtime.picture_limits, encoder, context.progress)
    return {"encoder": encoder.info.name, "fingerprint": encoder.info.fingerprint, "embedded": made}


def _calibrated(runtime: Runtime, encoder: Any) -> None:
    from model.evaluation.calibrate import calibrate  # draws the kit; nothing else of the service needs it

    data_dir = runtime.settings.data_dir
    try:
        find_calibration(data_dir, encoder.info)
    except CalibrationMissing:
        calibrate(encoder).save(site_calibration(data_dir, encoder.info.fingerprint))


def _installed(runtime: Runtime, serves: str) -> list[InstalledOut]:
    try:
        found = installed(encoders_folder(runtime.settings))
    except EncoderDamaged as error:
        raise Unprocessable(f"An installed encoder is damaged; install it again: {error}") from error
    return [
        InstalledOut(
            name=each.info.name,
            precision=str(each.info.precision),
            dimension=each.info.dimension,
            fingerprint=each.info.fingerprint,
            installed_at=each.created,
            serves=each.info.fingerprint == serves,
        )
        for each in found
        if not each.info.name.startswith(PARTS)
    ]


def _spaces(session: Session) -> list[SpaceOut]:
    return [
        SpaceOut(
            name=each.name,
            kind=each.kind,
            encoder=each.encoder,
            dimension=each.dimension,
            vectors=repository.count(session, each.name),
            revision=each.revision,
            in_use=each.active,
        )
        for each in repository.spaces(session)
    ]


def _parts(serving: Serving, tenant_id: str) -> list[PartOut]:
    return [
        PartOut(
            kind=kind.value,
            library=part.library.value,
            modality=part.modality.value,
            main=part.main,
            fresh=part.fresh,
            removed=part.tombstones,
            lists=part.lists,
            recall_at_10=part.recall_at_10,
        )
        for kind, index in serving.indexes.items()
        if isinstance(index, FaissIndex)
        for part in index.status()
        if part.tenant == tenant_id
    ]
