"""Preprocessing agrees with open_clip's own transform, for each way to fit a picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch
from open_clip.transform import PreprocessCfg, image_transform_v2
from PIL import Image

from model.encoders.preprocessing import Fit, Interpolation, Preprocessing
from model.encoders.probe import textured_pictures

PLAIN = {"mean": (0.0, 0.0, 0.0), "std": (1.0, 1.0, 1.0)}


@pytest.mark.parametrize(
    ("fit", "mode"),
    [(Fit.CENTRE_CROP, "shortest"), (Fit.SQUASH, "squash"), (Fit.PAD, "longest")],
)
@pytest.mark.parametrize("shape", [(300, 411), (513, 200), (224, 224), (100, 60), (1500, 1111)])
def test_pixels_are_those_of_open_clip(fit: Fit, mode: str, shape: tuple[int, int]) -> None:
    picture = cv2.resize(textured_pictures(1)[0], shape[::-1], interpolation=cv2.INTER_LINEAR)
    ours = Preprocessing(224, fit, Interpolation.BICUBIC, **PLAIN).apply(picture)
    transform = image_transform_v2(PreprocessCfg(size=224, resize_mode=mode, **PLAIN), is_train=False)
    tensor = transform(Image.fromarray(picture))
    assert isinstance(tensor, torch.Tensor)
    theirs = (tensor.permute(1, 2, 0) * 255).round().numpy()
    difference = np.abs(ours.astype(float) - theirs)
    assert ours.shape == (224, 224, 3)
    assert difference.mean() < 0.5


def test_canonical_text_is_read_back_as_written() -> None:
    one = Preprocessing(240, Fit.PAD, Interpolation.BILINEAR, (0.1, 0.2, 0.3), (0.4, 0.5, 0.6), fill=255)
    assert Preprocessing.parse(one.canonical()) == one


def test_any_field_changes_the_canonical_text() -> None:
    one = Preprocessing(224, Fit.PAD, Interpolation.BICUBIC, **PLAIN)
    others = [
        Preprocessing(225, Fit.PAD, Interpolation.BICUBIC, **PLAIN),
        Preprocessing(224, Fit.SQUASH, Interpolation.BICUBIC, **PLAIN),
        Preprocessing(224, Fit.PAD, Interpolation.BILINEAR, **PLAIN),
        Preprocessing(224, Fit.PAD, Interpolation.BICUBIC, **PLAIN, fill=1),
    ]
    assert len({preprocessing.canonical() for preprocessing in [one, *others]}) == 5
