"""Names of encoders are read one way."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.encoders import EncoderUnknown
from model.encoders.names import parse_name


def test_a_tag_is_no_file() -> None:
    name = parse_name("open_clip:ViT-B-32/laion2b_s34b_b79k")
    assert (name.architecture, name.weights, name.checkpoint) == ("ViT-B-32", "laion2b_s34b_b79k", None)


@pytest.mark.parametrize("path", ["/srv/weights/ours.pt", "ours.safetensors", "weights/ours"])
def test_a_path_is_a_checkpoint(path: str) -> None:
    assert parse_name(f"open_clip:ViT-B-32/{path}").checkpoint == Path(path)


def test_the_folder_name_holds_no_path() -> None:
    slug = parse_name("open_clip:ViT-B-32//srv/../we ights/our s.pt").slug
    assert slug == "open-clip-ViT-B-32-our-s"


@pytest.mark.parametrize("text", ["bundled", "open_clip:/x", "open_clip:a/", "a/b", ""])
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(EncoderUnknown):
        parse_name(text)
