"""What captures show, in the officer's words: kinds and counts, and nothing of marks."""

from __future__ import annotations

from collections.abc import Mapping

from index.base import Modality
from service.parcels.record import InspectionRecord
from service.screening.signals import SignalCode


def xray_notes(record: InspectionRecord, said: Mapping[str, str]) -> list[str]:
    """One or two sentences a capture, then where the count differs from the declaration."""
    notes = []
    for reading in record.xray.readings:
        picture, count = reading["picture"], reading["alike_items"]
        if not reading["is_xray"]:
            notes.append(said["xray.is_none"].format(picture=picture))
            continue
        if reading["sent_as"] == Modality.PHOTO.value:
            notes.append(said["xray.sent_as_photo"].format(picture=picture))
        several = isinstance(count, int) and count > 1
        notes.append(
            said["xray.alike" if several else "xray.none_alike"].format(picture=picture, count=count)
        )
    notes += [
        said["xray.surplus"].format(count=each.evidence["counted"], declared=each.evidence["declared"])
        for each in record.findings.signals
        if each.code is SignalCode.S11 and {"counted", "declared"} <= set(each.evidence)
    ]
    return notes
