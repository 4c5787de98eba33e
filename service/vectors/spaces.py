"""The spaces of vectors: what each is called, and what it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from sqlalchemy.orm import Session

from model.encoders.base import EncoderInfo
from service.clock import now
from service.ids import new_id
from service.vectors import repository
from service.vectors.models import Space
from service.vectors.views import copy_fingerprint

HASH_SPACE = "pdq"
HASH_DIMENSION = 256


class Kind(StrEnum):
    """Every item is in one space of each kind."""

    EMBEDDING = "embedding"
    """One vector an item: which product is it?"""
    HASH = "hash"
    """One perceptual hash an item."""
    COPY = "copy"
    """Several views an item: is it the same photo?"""


def embedding_space(fingerprint: str) -> str:
    return f"emb:{fingerprint}"


def copy_space(encoder_fingerprint: str) -> str:
    return f"copy:{copy_fingerprint(encoder_fingerprint)}"


def ensure_spaces(session: Session, info: EncoderInfo, *, active: bool) -> dict[Kind, Space]:
    """The spaces that an encoder's vectors and the hashes go into, made if they are new."""
    found = {
        Kind.EMBEDDING: _ensured(
            session, embedding_space(info.fingerprint), Kind.EMBEDDING, info, info.fingerprint
        ),
        Kind.COPY: _ensured(
            session, copy_space(info.fingerprint), Kind.COPY, info, copy_fingerprint(info.fingerprint)
        ),
    }
    for space in found.values():
        space.active = space.active or active
    session.flush()
    return found | {Kind.HASH: _ensured_hashes(session)}


def active_spaces(session: Session) -> Mapping[Kind, Space]:
    return by_kind(repository.active_spaces(session))


def by_kind(spaces: Iterable[Space]) -> dict[Kind, Space]:
    return {Kind(space.kind): space for space in spaces}


def active_embedding_space(session: Session) -> Space | None:
    return active_spaces(session).get(Kind.EMBEDDING)


def _ensured(session: Session, name: str, kind: Kind, info: EncoderInfo, fingerprint: str) -> Space:
    return repository.space(session, name) or _made(
        session, name, kind, info.name, fingerprint, info.dimension
    )


def _ensured_hashes(session: Session) -> Space:
    space = repository.space(session, HASH_SPACE) or _made(
        session, HASH_SPACE, Kind.HASH, HASH_SPACE, HASH_SPACE, HASH_DIMENSION
    )
    space.active = True
    return space


def _made(session: Session, name: str, kind: Kind, encoder: str, fingerprint: str, dimension: int) -> Space:
    space = Space(
        name=name,
        incarnation=new_id("inc"),
        kind=kind.value,
        encoder=encoder,
        fingerprint=fingerprint,
        dimension=dimension,
        revision=0,
        active=False,
        created_at=now(),
    )
    session.add(space)
    return space
