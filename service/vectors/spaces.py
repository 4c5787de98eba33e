"""The spaces of vectors: what each is called, and what it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from sqlalchemy.orm import Session

from model.copies import copy_fingerprint
from model.encoders.base import Encoder, EncoderInfo
from service.clock import now
from service.ids import new_id
from service.vectors import repository
from service.vectors.models import Space

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


def copy_space(encoder: Encoder) -> str:
    return copy_space_of(copy_fingerprint(encoder))


def copy_space_of(fingerprint: str) -> str:
    """Args: fingerprint: of an encoder and its views together."""
    return f"copy:{fingerprint}"


def ensure_spaces(session: Session, encoder: Encoder, *, active: bool) -> dict[Kind, Space]:
    """The spaces that an encoder's vectors and the hashes go into, made if they are new.

    Of several versions of its views the newest is made active.
    """
    info = encoder.info
    found = {
        Kind.EMBEDDING: _ensured(
            session, embedding_space(info.fingerprint), Kind.EMBEDDING, info, info.fingerprint
        ),
        Kind.COPY: _ensured(session, copy_space(encoder), Kind.COPY, info, copy_fingerprint(encoder)),
    }
    if active:
        _make_way(session, found[Kind.COPY])
    for space in found.values():
        space.active = space.active or active
    session.flush()
    return found | {Kind.HASH: _ensured_hashes(session)}


def _make_way(session: Session, copies: Space) -> None:
    earlier = active_spaces(session).get(Kind.COPY)
    if earlier is not None and earlier.name != copies.name:
        earlier.active = False


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
