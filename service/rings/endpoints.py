"""HTTP of rings."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict

from model.rings import Link, Ring
from service.deadline import Deadline
from service.deps import ReadSession, RuntimeDep, requires
from service.listings.question import Comparing
from service.rings import service
from service.security.principals import Principal, Role

_PATIENCE_SECONDS = 20.0

router = APIRouter(prefix="/v1/rings", tags=["rings"])

Reader = Annotated[Principal, Depends(requires(Role.INSPECTOR, Role.ADMIN))]


class MemberKind(StrEnum):
    SELLER = "seller"
    SENDER = "sender"
    PARCEL = "parcel"
    """One whose sender is not known."""


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MemberOut(_View):
    kind: MemberKind
    id: str
    """Account of the seller, digest of the sender, or id of the parcel."""


class SharedOut(_View):
    """A picture that both show, by the digest of each one's file."""

    first: str
    second: str


class LinkOut(_View):
    first: MemberOut
    second: MemberOut
    shared: list[SharedOut]
    """The evidence: pictures that are the same photo, and that neither a brand nor a stock library is known to own."""


class RingOut(_View):
    members: list[MemberOut]
    links: list[LinkOut]
    """Strongest first."""


class Rings(_View):
    rings: list[RingOut]
    """Largest first."""
    unseen: int
    """Pairs of pictures that were worth a closer look and that there was no time for; ask again to see more."""


@router.get("")
def list_rings(
    principal: Reader,
    runtime: RuntimeDep,
    session: ReadSession,
    top: Annotated[int, Query(ge=1, le=1_000, description="How many at most")] = 50,
) -> Rings:
    """Sellers and senders who share several pictures of their own: a reason to look, and nobody's guilt."""
    comparing = Comparing(runtime, Deadline(_PATIENCE_SECONDS))
    found = service.rings(session, runtime.vectors.serving(), comparing, principal)
    return Rings(rings=[_ring(each) for each in found.rings[:top]], unseen=found.unseen)


def _ring(ring: Ring) -> RingOut:
    return RingOut(
        members=[_member(each) for each in ring.members], links=[_link(each) for each in ring.links]
    )


def _link(link: Link) -> LinkOut:
    first, second = link.owners
    shared = [SharedOut(first=one, second=other) for one, other in link.pictures]
    return LinkOut(first=_member(first), second=_member(second), shared=shared)


def _member(name: str) -> MemberOut:
    kind, _, identity = name.partition(":")
    return MemberOut(kind=MemberKind(kind), id=identity)
