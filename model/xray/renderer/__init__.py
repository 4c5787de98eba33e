"""Draws what X-ray scanners show, so that reading it can be measured, and things be seen among others."""

from model.xray.renderer.clutter import add_thing, clutter
from model.xray.renderer.items import KINDS, Design, Pose, new_design, place
from model.xray.renderer.parcels import RenderedParcel, render_parcel

__all__ = [
    "KINDS",
    "Design",
    "Pose",
    "RenderedParcel",
    "add_thing",
    "clutter",
    "new_design",
    "place",
    "render_parcel",
]
