"""Keeps stolen photos out: is a picture a copy of some genuine reference?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

import service.references.service as references
from index.base import Library, Scope
from model.copies.hashes import MATCH_DISTANCE
from model.copies.verification import CopyFinding, CopyKind
from model.keypoints import LocalPicture
from service.closeups.service import CloseUps
from service.references.pictures import hash_means_something
from service.vectors.service import VectorSpaces
from service.vectors.serving import Features

CLOSE_LOOKS = 10


@dataclass(frozen=True)
class OriginalSearch:
    """Looks for the genuine original of one picture. What was compared once is not compared again.

    So it is asked before the transaction that stores the picture, which takes its time, and once more within it, which
    takes none unless a reference came in between.
    """

    vectors: VectorSpaces
    closeups: CloseUps
    tenant_id: str
    sha256: str
    features: Features
    closeup: Callable[[], LocalPicture]
    _compared: dict[str, CopyFinding | None] = field(default_factory=dict, repr=False)

    def original(self, session: Session) -> str | None:
        """The id of a reference of the tenant, of whichever owner, that the picture copies.

        A near hash is a copy unless keypoints say that it is another photo of the same print.

        Raises:
            FingerprintMismatch: the encoder was changed since the features were made.
        """
        same = references.any_of_bytes(session, self.tenant_id, self.sha256)
        if same is not None:
            return same.id
        hashed, near = self._hashed(), self._near()
        facts = references.describe(session, self.tenant_id, sorted({*hashed, *near}))
        for reference_id in [*hashed, *(each for each in near if each not in hashed)]:
            if reference_id in facts:
                finding = self._finding(facts[reference_id].sha256)
                unclear = finding is None or finding.kind is CopyKind.NONE
                if (finding and finding.is_copy) or (unclear and reference_id in hashed):
                    return reference_id
        return None

    def _hashed(self) -> list[str]:
        if not hash_means_something(self.features):
            return []
        scope = Scope(self.tenant_id, Library.GENUINE)
        hits = self.vectors.serving().same_hash([self.features], CLOSE_LOOKS, scope, MATCH_DISTANCE)
        return [hit.id for hit in hits[0]]

    def _near(self) -> list[str]:
        scope = Scope(self.tenant_id, Library.GENUINE)
        return [hit.id for hit in self.vectors.serving().alike([self.features], CLOSE_LOOKS, scope)[0]]

    def _finding(self, sha256: str) -> CopyFinding | None:
        if sha256 not in self._compared:
            self._compared[sha256] = self.closeups.compared(self.closeup(), sha256)
        return self._compared[sha256]
