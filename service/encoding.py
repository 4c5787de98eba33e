"""Which encoder this process serves with, and how requests share it."""

from __future__ import annotations

import logging
from pathlib import Path

from model.encoders import BatchingEncoder, Encoder, load, select
from service.settings import Settings

_log = logging.getLogger(__name__)


def encoders_folder(settings: Settings) -> Path:
    return settings.data_dir / "encoders"


def load_encoder(settings: Settings, name: str) -> Encoder:
    """The encoder of that name alone, with all threads for one call: for commands."""
    return load(name, encoders_folder(settings), settings.threads)


def serving_encoder(settings: Settings, name: str) -> BatchingEncoder:
    """The encoder of that name behind one bounded queue: a worker of one thread for each core."""
    encoder = load(name, encoders_folder(settings), threads=1)
    _log.info("encoder %s, fingerprint %s", encoder.info.name, encoder.info.fingerprint)
    return BatchingEncoder(encoder, workers=settings.threads, max_waiting=settings.encoder_queue)


def wanted_encoder(settings: Settings, stored: str | None) -> str:
    """What the settings name, else what made the stored vectors, else the newest installed CLIP, else `bundled`.

    An encoder that was installed later does not take over by itself: the stored vectors must be made anew first.
    """
    newest = select("", encoders_folder(settings))
    if stored and not settings.encoder and newest not in (stored, "bundled"):
        _log.info("encoder %s is installed; `mizugiwa reindex --encoder %s` moves to it", newest, newest)
    return settings.encoder or stored or newest
