"""Which encoder this process serves with."""

from __future__ import annotations

import logging
from pathlib import Path

from model.encoders import Encoder, load
from service.settings import Settings

_log = logging.getLogger(__name__)
BUNDLED = "bundled"


def encoders_folder(settings: Settings) -> Path:
    return settings.data_dir / "encoders"


def load_encoder(settings: Settings, name: str) -> Encoder:
    """The encoder of that name, from the data folder."""
    return load(name, encoders_folder(settings), settings.threads)


def wanted_encoder(settings: Settings, stored: str | None) -> Encoder:
    """What the settings name, else the one that made the stored vectors, else `bundled`."""
    name = settings.encoder or stored or BUNDLED
    encoder = load_encoder(settings, name)
    _log.info("encoder %s, fingerprint %s", encoder.info.name, encoder.info.fingerprint)
    return encoder
