"""Decoding in many threads at once gives what decoding one by one gives."""

from __future__ import annotations

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

from model.images import PictureError, decode

THREADS = 8


def zoo() -> list[bytes]:
    """Every format, some with profiles, orientation or damage: whatever keeps state in a decoder."""
    files = []
    for seed in range(4):
        coarse = np.random.default_rng(seed).integers(0, 256, (12, 16, 3), dtype=np.uint8)
        image = Image.fromarray(coarse).resize((320 + seed, 240), Image.Resampling.BICUBIC)
        exif = Image.Exif()
        exif[0x0112] = 5 + seed
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ" if seed % 2 else "sRGB")).tobytes()
        extras = {"exif": exif.tobytes(), "icc_profile": profile}
        lab = ImageCms.profileToProfile(
            image, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
        )
        assert lab is not None
        heic = io.BytesIO()
        pillow_heif.from_pillow(image).save(heic, quality=60)
        files += [
            saved(image, "JPEG", progressive=bool(seed % 2), **extras),
            saved(image.convert("CMYK"), "JPEG"),
            saved(image, "PNG", **extras),
            saved(image, "WEBP", **extras),
            saved(image, "AVIF", speed=10, **extras),
            saved(image, "GIF"),
            saved(image, "TIFF", compression="tiff_lzw"),
            saved(lab, "TIFF"),
            heic.getvalue(),
        ]
    return files + [data[: len(data) * 2 // 3] for data in files[:9]]


def saved(image: Image.Image, format_name: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_name, **options)
    return buffer.getvalue()


def outcome(data: bytes) -> str:
    try:
        picture = decode(data, max_side=200)
    except PictureError as error:
        return f"{type(error).__name__}: {error}"
    return f"{picture.pixels.shape} {hashlib.sha256(picture.pixels.tobytes()).hexdigest()}"


def test_eight_threads_decode_as_one_does() -> None:
    files = zoo()
    alone = [outcome(data) for data in files]
    assert sum("Picture" in each for each in alone) == 9
    with ThreadPoolExecutor(THREADS) as pool:
        together = list(pool.map(outcome, files * 4))
    assert together == alone * 4
