"""Makes the house: its parties and their keys, and everything that the brand owners enrol."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from model.evaluation.kit import KitBrand
from service.demo.catalogue import Archive
from service.demo.serving import Caller
from service.jobs.models import FINISHED, JobState
from service.jobs.schemas import JobOut
from service.runtime import Runtime
from service.security import keys, parties
from service.security.principals import Role

TENANT = "demo"
_POLL_SECONDS = 0.2


class EnrolmentFailed(RuntimeError):
    def __init__(self, job: JobOut) -> None:
        said = "; ".join(error.message for error in job.errors[:5]) or str(job.failure)
        super().__init__(f"Enrolment {job.id} ended as {job.state} with {job.error_count} errors: {said}")


@dataclass(frozen=True)
class House:
    """The callers of the demo, by what they do."""

    admin: Caller
    platform: Caller
    inspector: Caller
    auditor: Caller
    client: httpx.Client

    def owner(self, brand: KitBrand) -> Caller:
        """A brand owner of its own, who sees nothing of the others."""
        return self._party(f"{brand.name} K.K.", Role.BRAND_OWNER)

    @classmethod
    def opened(cls, runtime: Runtime, client: httpx.Client) -> House:
        admin = Caller(client, _first_key(runtime))
        house = cls(admin, admin, admin, admin, client)
        return cls(
            admin,
            house._party("Umibe Market", Role.PLATFORM),
            house._party("Customs house", Role.INSPECTOR),
            house._party("Auditors", Role.AUDITOR),
            client,
        )

    def _party(self, name: str, role: Role) -> Caller:
        made = self.admin.ask("POST", "/v1/organisations", json={"name": name}).json()
        wanted = {"organisation_id": made["id"], "role": role.value, "label": "demo"}
        return Caller(self.client, self.admin.ask("POST", "/v1/keys", json=wanted).json()["key"])


def enrol(owner: Caller, archive: Archive, advanced: Callable[[int], None]) -> None:
    """Send the owner's ZIP and wait until the job has read it; `advanced` is told how many rows are done.

    Raises:
        EnrolmentFailed: the job failed, or a row was refused.
    """
    with archive.path.open("rb") as file:
        files = {"archive": (archive.path.name, file, "application/zip")}
        accepted = owner.ask("POST", "/v1/enrolments", files=files).json()
    while True:
        job = JobOut.model_validate(owner.ask("GET", f"/v1/jobs/{accepted['job_id']}").json())
        advanced(job.done)
        if job.state in FINISHED:
            break
        time.sleep(_POLL_SECONDS)
    if job.state is not JobState.DONE or job.error_count:
        raise EnrolmentFailed(job)


def _first_key(runtime: Runtime) -> str:
    """As `mizugiwa keys create` makes it; every later key is made over HTTP with this one."""
    with runtime.database.write() as session:
        operator = keys.operator(parties.founded(session, TENANT).id)
        holder, pepper = parties.joined(session, operator, "Operator"), runtime.settings.signing_key()
        _, text = keys.issue(session, pepper, operator, holder, Role.ADMIN, "demo", None)
    return text
