"""Checks the scenes as a marketplace does, and reads each decision as everybody else may."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from service.demo.pictures import as_jpeg
from service.demo.preparing import House
from service.demo.scenes import Scene, Story
from service.screening.outcome import Decision, ReasonCode
from service.screening.record import DecisionRecord
from service.screening.schemas import CandidateView, HookView, InspectorView, RecordView
from service.screening.signals import Signal, SignalCode


@dataclass(frozen=True)
class SentPicture:
    path: Path
    data: bytes


@dataclass(frozen=True, eq=False)
class Checked:
    """One listing, its truth, and its decision as each reader sees it."""

    scene: Scene
    pictures: tuple[SentPicture, ...]
    milliseconds: float
    """Over HTTP, from sending to the answer."""
    hook: HookView
    record: DecisionRecord
    advised: Sequence[CandidateView]
    """As an inspector sees them: at most three brands, in bands."""

    @property
    def story(self) -> Story:
        return self.scene.story

    @property
    def looked_at(self) -> bool:
        """Whether the decision asks a person or the seller for something."""
        return self.hook.decision is not Decision.ALLOW

    @property
    def could_be_judged(self) -> bool:
        return all(reason.code is not ReasonCode.Q_PHOTO for reason in self.hook.reasons)

    @property
    def candidates(self) -> Sequence[CandidateView]:
        """What it could be; nothing where no photo can be judged."""
        return self.advised if self.could_be_judged else ()

    @cached_property
    def signals(self) -> tuple[Signal, ...]:
        """What was noticed, strongest first, once for each kind and brand."""
        found: dict[tuple[SignalCode, str | None], Signal] = {}
        for signal in sorted(self.record.findings.signals, key=lambda each: -each.strength):
            if signal.strength:
                found.setdefault((signal.code, signal.brand_id), signal)
        return tuple(found.values())


def store_pictures(scene: Scene, folder: Path) -> tuple[SentPicture, ...]:
    """Write the scene's photos as files, in their order."""
    sent = []
    for at, pixels in enumerate(scene.photos):
        path = folder / f"{scene.listing['reference']}-{at + 1}.jpg"
        data = as_jpeg(pixels)
        path.write_bytes(data)
        sent.append(SentPicture(path, data))
    return tuple(sent)


def check(house: House, scene: Scene, folder: Path) -> Checked:
    """Send the listing to `POST /v1/listings/checks`, then read its decision as inspector and auditor."""
    pictures = store_pictures(scene, folder)
    began = time.perf_counter()
    hook = HookView.model_validate(_sent(house, scene, pictures))
    milliseconds = (time.perf_counter() - began) * 1000
    path = f"/v1/decisions/{hook.id}"
    whole = RecordView.model_validate(house.auditor.ask("GET", path).json())
    advice = InspectorView.model_validate(house.inspector.ask("GET", path).json())
    return Checked(scene, pictures, milliseconds, hook, whole.record, advice.candidates)


def _sent(house: House, scene: Scene, pictures: Sequence[SentPicture]) -> object:
    if scene.same_photos:
        known = [{"sha256": hashlib.sha256(each.data).hexdigest()} for each in pictures]
        body = {**scene.listing, "pictures": known}
        return house.platform.ask("POST", "/v1/listings/checks", json=body).json()
    files = [("pictures", (each.path.name, each.data, "image/jpeg")) for each in pictures]
    form = {"listing": json.dumps(scene.listing)}
    return house.platform.ask("POST", "/v1/listings/checks", data=form, files=files).json()
