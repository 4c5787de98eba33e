"""Small things in pictures: parts that could be products, searched like pictures, merged to boxes."""

from model.regions.boxes import Boxes
from model.regions.calibration import (
    RegionCalibration,
    RegionCalibrationMissing,
    load_region_calibration,
    shipped_calibration,
)
from model.regions.finding import EFFORT, Effort, Regions, propose, region_picture
from model.regions.merging import Found, merge
from model.regions.proposer import Proposals, Proposer, load_proposer
from model.regions.verifying import Near, look_at_regions, to_verify, verified

__all__ = [
    "EFFORT",
    "Boxes",
    "Effort",
    "Found",
    "Near",
    "Proposals",
    "Proposer",
    "RegionCalibration",
    "RegionCalibrationMissing",
    "Regions",
    "load_proposer",
    "load_region_calibration",
    "look_at_regions",
    "merge",
    "propose",
    "region_picture",
    "shipped_calibration",
    "to_verify",
    "verified",
]
