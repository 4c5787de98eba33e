"""The evidence bundle: a ZIP whose manifest names every file by its SHA-256 and is signed by the house.

Nothing here needs a database: whoever has the file, and the house's public key by another way, can verify it.
`docs/evidence.md` describes the format for other implementers.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from service.audit.chain import Link, canonical
from service.house_key import HouseKey

FORMAT = "mizugiwa-evidence-1"
MANIFEST = "manifest.json"
SIGNATURE = "signature.json"
RECORD = "record.json"

_DATE = (1980, 1, 1, 0, 0, 0)
"""Of every file in the ZIP: when the bundle was made stands in the manifest, which is signed."""


@dataclass(frozen=True)
class Attachment:
    """A file of the bundle: `name` inside the ZIP, its bytes, and in words what it is."""

    name: str
    data: bytes
    what: str


@dataclass(frozen=True)
class AuditProof:
    """Entries of the audit log that tell of the decision, and where the log ended when the bundle was made."""

    entries: tuple[tuple[Link, str], ...]
    """Each with its hash."""
    head_seq: int
    head_hash: str


@dataclass(frozen=True)
class Provenance:
    """Who made the bundle, of what, when; `made_at` is ISO 8601 in UTC."""

    decision_id: str
    tenant_id: str
    made_at: str
    made_by: Mapping[str, str]


def write_bundle(
    path: Path, provenance: Provenance, attachments: list[Attachment], audit: AuditProof, key: HouseKey
) -> None:
    """Write the ZIP; a file that cannot be written whole is an OSError and leaves the caller to remove it."""
    manifest = canonical(_manifest(provenance, attachments, audit)).encode()
    signature = canonical(
        {"algorithm": "Ed25519", "public_key": key.public, "signature": key.sign(manifest)}
    ).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        _put(file, MANIFEST, manifest)
        _put(file, SIGNATURE, signature)
        for each in attachments:
            _put(file, each.name, each.data)


def _manifest(provenance: Provenance, attachments: list[Attachment], audit: AuditProof) -> dict[str, Any]:
    return {
        "format": FORMAT,
        **asdict(provenance),
        "files": {
            each.name: {
                "sha256": hashlib.sha256(each.data).hexdigest(),
                "bytes": len(each.data),
                "what": each.what,
            }
            for each in attachments
        },
        "audit": {
            "entries": [entry_document(link, digest) for link, digest in audit.entries],
            "head": {"seq": audit.head_seq, "hash": audit.head_hash},
        },
    }


def entry_document(link: Link, digest: str) -> dict[str, Any]:
    """An audit entry with everything that is hashed, as JSON."""
    fields: dict[str, Any] = json.loads(canonical(asdict(link) | {"at": link.at.isoformat()}))
    return fields | {"hash": digest}


def _put(file: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.external_attr = 0o644 << 16
    file.writestr(info, data)
