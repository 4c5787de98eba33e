"""What captures show, in the officer's words: kinds and counts, and nothing of marks."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from index.base import Modality
from service.parcels.record import InspectionRecord
from service.screening.signals import SignalCode


class XrayNote(StrEnum):
    IS_NONE = "is_none"
    SENT_AS_PHOTO = "sent_as_photo"
    NONE_ALIKE = "none_alike"
    ALIKE = "alike"
    SURPLUS = "surplus"


def xray_notes(record: InspectionRecord, said: Mapping[str, str]) -> list[str]:
    """One or two sentences a capture, then where the count differs from the declaration."""
    notes = []
    for reading in record.xray.readings:
        picture, count = reading["picture"], reading["alike_items"]
        if not reading["is_xray"]:
            notes.append(said[f"xray.{XrayNote.IS_NONE}"].format(picture=picture))
            continue
        if reading["sent_as"] == Modality.PHOTO.value:
            notes.append(said[f"xray.{XrayNote.SENT_AS_PHOTO}"].format(picture=picture))
        several = isinstance(count, int) and count > 1
        notes.append(
            said[f"xray.{XrayNote.ALIKE if several else XrayNote.NONE_ALIKE}"].format(
                picture=picture, count=count
            )
        )
    notes += [
        said[f"xray.{XrayNote.SURPLUS}"].format(
            count=each.evidence["counted"], declared=each.evidence["declared"]
        )
        for each in record.findings.signals
        if each.code is SignalCode.S11 and {"counted", "declared"} <= set(each.evidence)
    ]
    return notes
