"""Who is who on the wire: a house of an installation, known by the SHA-256 of the installation's public key."""

from __future__ import annotations

import base64
import hashlib
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from service.house_key import HouseKey, fingerprint

KeyId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
"""An id of whoever made it."""


class Party(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    key: KeyId
    """SHA-256 of the 32 bytes of the Ed25519 public key."""
    house: Word
    """Which house of the installation, in its own words."""


def key_id(public: str) -> str:
    """
    Raises:
        NotAPublicKey: it is none.
    """
    fingerprint(public)
    return hashlib.sha256(base64.b64decode(public)).hexdigest()


def own_party(key: HouseKey, tenant_id: str) -> Party:
    return Party(key=key_id(key.public), house=tenant_id)


def same_fingerprint(read_out: str, public: str) -> bool:
    """Whether somebody read out the fingerprint of that key; spaces, dashes and capitals do not matter."""
    plain = "".join(read_out.split()).replace("-", "").replace(":", "").lower()
    return plain == "".join(fingerprint(public).split())
