"""With what a check was made, so that it can be explained and made again."""

from __future__ import annotations

import hashlib
from functools import cache

from model.copies.verdict import SHIPPED
from model.keypoints.local import FORMAT
from model.products.parameters import shipped_parameters
from model.text.reading import networks
from service.screening.policy import Policy
from service.screening.record import CopyVersions, Versions
from service.vectors.serving import Serving

_NONE = "none"


def versions(serving: Serving | None, policy: Policy, was_read: bool = False) -> Versions:
    """
    Args:
        serving: None when the check did not come as far as to an encoder.
        was_read: whether somebody asked what is written in the pictures.
    """
    return Versions(
        encoder=serving.encoder.info.name if serving else _NONE,
        encoder_fingerprint=serving.fingerprint if serving else _NONE,
        index_revision=serving.revision if serving else 0,
        policy=policy.version,
        policy_digest=policy.digest,
        calibration=serving.calibration.version if serving else _NONE,
        copies=_copies(serving) if serving else None,
        products=shipped_parameters().version if serving else None,
        reading=networks() if was_read else None,
    )


def _copies(serving: Serving) -> CopyVersions:
    return CopyVersions(
        views=serving.copy_fingerprint,
        revision=serving.copies.revision(),
        verification=f"{FORMAT}/{_verdict()}",
    )


@cache
def _verdict() -> str:
    return hashlib.sha256(SHIPPED.read_bytes()).hexdigest()[:16]
