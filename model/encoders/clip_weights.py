"""Weights of open_clip models: what there is, fetching one once, building it. Checkpoints are hostile."""

from __future__ import annotations

import fnmatch
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import torch
from open_clip.transform import PreprocessCfg, image_transform_v2
from PIL import Image

from model.encoders.artifacts import sha256_of
from model.encoders.base import RGB, EncoderDamaged, EncoderUnknown, Vectors
from model.encoders.names import PREFIX, ClipName
from model.encoders.preprocessing import Fit, Interpolation, Preprocessing

_FITS = {"shortest": Fit.CENTRE_CROP, "squash": Fit.SQUASH, "longest": Fit.PAD}


@dataclass(frozen=True)
class ClipWeights:
    model: Any
    sha256: str
    preprocessing: Preprocessing

    def reference(self, pictures: list[RGB]) -> Vectors:
        """What torch in fp32 behind open_clip's own transform says: the truth that parity is held to."""
        transform = image_transform_v2(_configuration(self.model), is_train=False)
        rows = []
        with torch.inference_mode():
            for picture in pictures:
                pixels = transform(Image.fromarray(picture)).unsqueeze(0)
                rows.append(self.model.encode_image(pixels, normalize=True).numpy())
        return np.concatenate(rows).astype(np.float32)


def pretrained_names(pattern: str = "*") -> list[str]:
    """Names of all published weights that a wildcard pattern matches, with or without the prefix."""
    names = [f"{architecture}/{tag}" for architecture, tag in open_clip.list_pretrained()]
    wanted = pattern.removeprefix(PREFIX)
    return [PREFIX + name for name in names if fnmatch.fnmatchcase(name, wanted) or wanted in ("", name)]


def download(name: ClipName) -> Path:
    """Fetch the weights of a tag, once, with huggingface's progress bar.

    Raises:
        EncoderUnknown: open_clip knows no such tag.
    """
    configuration = open_clip.get_pretrained_cfg(name.architecture, name.weights)
    if not configuration:
        raise EncoderUnknown(name.text, "open_clip has no such pretrained tag")
    return Path(open_clip.download_pretrained(configuration))


def build(name: ClipName, checkpoint: Path) -> ClipWeights:
    """Load a checkpoint file into the named architecture, as tensors alone: no code in it is run.

    Raises:
        EncoderUnknown: there is no such architecture.
        EncoderDamaged: the file is not a checkpoint of that architecture.
    """
    if name.architecture not in open_clip.list_models():
        raise EncoderUnknown(name.text, "open_clip has no such architecture")
    if not checkpoint.is_file():
        raise EncoderUnknown(name.text, f"there is no checkpoint file {checkpoint}")
    model = _loaded(name, checkpoint).eval()
    return ClipWeights(model, sha256_of(checkpoint), _preprocessing(_configuration(model)))


def _loaded(name: ClipName, checkpoint: Path) -> Any:
    tag = {} if name.checkpoint else open_clip.get_pretrained_cfg(name.architecture, name.weights)
    try:
        with _quiet_root_logger():
            return open_clip.create_model(
                name.architecture,
                pretrained=str(checkpoint),
                weights_only=True,
                force_quick_gelu=bool(tag.get("quick_gelu")),
                force_preprocess_cfg=_preprocessing_of_tag(tag),
            )
    except Exception as error:  # open_clip trips over a foreign file in as many ways as there are files
        raise EncoderDamaged(checkpoint, f"not a checkpoint of {name.architecture} ({error})") from error


def _preprocessing_of_tag(tag: dict[str, Any]) -> dict[str, Any]:
    return {key: tag[key] for key in ("mean", "std", "interpolation", "resize_mode") if key in tag}


def _configuration(model: Any) -> PreprocessCfg:
    return PreprocessCfg(**model.visual.preprocess_cfg)


def _preprocessing(found: PreprocessCfg) -> Preprocessing:
    size = found.size if isinstance(found.size, int) else found.size[0]
    return Preprocessing(
        size=size,
        fit=_FITS[found.resize_mode],
        interpolation=Interpolation(found.interpolation),
        mean=tuple(found.mean),
        std=tuple(found.std),
        fill=found.fill_color,
    )


@contextmanager
def _quiet_root_logger() -> Iterator[None]:
    """open_clip reports each step on the root logger; what goes wrong it raises."""
    logger = logging.getLogger()
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
