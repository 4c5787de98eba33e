"""The tray: photos that were taken and are not inspected yet, kept for a while for the organisation that took them."""

from __future__ import annotations

import time
from pathlib import Path

from model.images import decode
from service.blobs import BlobMissing, DirectoryBlobs
from service.errors import NotFound
from service.runtime import Runtime
from service.security.principals import Principal

KEPT_SECONDS = 2 * 24 * 3600
"""A photo of a label bears names; what nobody comes back for is not kept longer."""
PREVIEW_SIDE = 480


class NotOnTray(NotFound):
    slug = "not-on-tray"
    title = "A photo is not kept any more"
    help = "Photos wait two days for their inspection. Take this one again, or choose it again."


def keep(runtime: Runtime, principal: Principal, data: bytes) -> str:
    """Its digest, under which it is taken up again; the same photo twice is one.

    Raises:
        PictureError: it is not a picture that can be judged.
    """
    runtime.pool.submit(decode, data, runtime.picture_limits, max_side=PREVIEW_SIDE).result()
    folder = _folder(runtime, principal)
    _sweep(folder)
    return DirectoryBlobs(folder).put(data)


def take_up(runtime: Runtime, principal: Principal, sha256: str) -> bytes:
    """
    Raises:
        NotOnTray: this organisation has put no such photo there, or too long ago.
    """
    try:
        return DirectoryBlobs(_folder(runtime, principal)).get(sha256)
    except BlobMissing as missing:
        raise NotOnTray(f"There is no photo {sha256[:12]} waiting.") from missing


def clear(runtime: Runtime, principal: Principal, digests: list[str]) -> None:
    """They are with their parcel now."""
    tray = DirectoryBlobs(_folder(runtime, principal))
    for each in digests:
        tray.delete(each)


def _folder(runtime: Runtime, principal: Principal) -> Path:
    return runtime.settings.data_dir / "tray" / principal.tenant_id / principal.organisation_id


def _sweep(folder: Path) -> None:
    oldest = time.time() - KEPT_SECONDS
    for path in folder.glob("??/??/*"):
        if path.stat(follow_symlinks=False).st_mtime < oldest:
            path.unlink(missing_ok=True)
