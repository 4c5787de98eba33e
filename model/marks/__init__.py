"""A brand's marks, words and figures, found inside pictures; altered ones told from those that were registered."""

from model.marks.finder import Box, Sighting, find_marks
from model.marks.layers import MarkUnusable
from model.marks.proposals import MarkIndex, Means
from model.marks.template import DamagedTemplate, MarkTemplate, register
from model.marks.text import ReadLine
from model.marks.thresholds import MarkThresholds, Scale, shipped_thresholds

__all__ = [
    "Box",
    "DamagedTemplate",
    "MarkIndex",
    "MarkTemplate",
    "MarkThresholds",
    "MarkUnusable",
    "Means",
    "ReadLine",
    "Scale",
    "Sighting",
    "find_marks",
    "register",
    "shipped_thresholds",
]
