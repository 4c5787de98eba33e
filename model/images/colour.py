"""From every colour mode that files come in to plain 8-bit sRGB."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

_WIDE_MODES = frozenset({"I", "F", "I;16", "I;16L", "I;16B", "I;16N"})
_ALPHA_MODES = frozenset({"LA", "PA", "RGBA", "RGBa", "La"})
_MAX_PROFILE_BYTES = 4 * 1024 * 1024
"""Profiles of printing presses are the largest in use; this is room for their tables."""

_PROFILE_CHANNELS = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}


def flatten(image: Image.Image) -> Image.Image:
    """Bring any mode to L, RGB, CMYK or LAB of 8 bits a channel, transparency composited on white."""
    if image.mode in _WIDE_MODES:
        return _scaled(image)
    if image.mode in _ALPHA_MODES or "transparency" in image.info:
        return _on_white(image.convert("RGBA"))
    if image.mode in {"L", "RGB", "CMYK", "LAB"}:
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert a flattened picture by its ICC profile, or by its mode's usual meaning without one.

    A profile that is damaged, too large or made for another kind of picture is left out of account, as
    browsers do: the pixels are sound, and the colours are what most viewers have seen.
    """
    transform = _transform(profile, image.mode) if profile else None
    if transform is not None:
        converted = ImageCms.applyTransform(image, transform)
        if converted is None:
            raise AssertionError("applyTransform gives None only for in-place calls")
        return converted
    if image.mode == "LAB":
        converted = ImageCms.applyTransform(image, _lab_transform())
        if converted is None:
            raise AssertionError("applyTransform gives None only for in-place calls")
        return converted
    return image.convert("RGB")


def _scaled(image: Image.Image) -> Image.Image:
    """Map 16-bit, 32-bit and float samples to 0–255.

    16-bit samples are taken over their full range. Wider ones do not say theirs: the smallest usual range
    that holds all finite samples counts (0–1 for floats, 0–255, 0–65535), else what they span.
    """
    samples = np.asarray(image, dtype=np.float32)
    if image.mode.startswith("I;16"):
        low, high = 0.0, 65535.0
    else:
        samples = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
        low, high = _span(float(samples.min()), float(samples.max()), is_float=image.mode == "F")
    scaled = np.clip((samples - low) * (255.0 / (high - low)) + 0.5, 0, 255)
    return Image.fromarray(scaled.astype(np.uint8))


def _span(low: float, high: float, *, is_float: bool) -> tuple[float, float]:
    for top in (1.0, 255.0, 65535.0) if is_float else (255.0, 65535.0):
        if low >= 0 and high <= top:
            return 0.0, top
    return low, high


def _on_white(image: Image.Image) -> Image.Image:
    if image.getchannel("A").getextrema() == (255, 255):
        return image.convert("RGB")
    white = Image.new("RGB", image.size, (255, 255, 255))
    white.paste(image.convert("RGB"), mask=image.getchannel("A"))
    return white


@lru_cache(maxsize=32)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """None where the pixels are to be read as sRGB: the profile says so, or cannot be used."""
    if len(profile) > _MAX_PROFILE_BYTES:
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if _PROFILE_CHANNELS.get(source.profile.xcolor_space) != mode or _is_srgb(source):
            return None
        return ImageCms.buildTransform(source, _srgb(), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _is_srgb(source: ImageCms.ImageCmsProfile) -> bool:
    described = source.profile.profile_description or ""
    return described.startswith("sRGB")


@lru_cache(maxsize=1)
def _lab_transform() -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(ImageCms.createProfile("LAB"), _srgb(), "LAB", "RGB")


def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
