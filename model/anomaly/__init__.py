"""How a suspect differs from the genuine, once it lies over it."""

from model.anomaly.alignment import Aligned, lay_over
from model.anomaly.comparison import Comparison, Difference, View, compare, compared
from model.anomaly.difference import Box, boxes, excess, tolerated

__all__ = [
    "Aligned",
    "Box",
    "Comparison",
    "Difference",
    "View",
    "boxes",
    "compare",
    "compared",
    "excess",
    "lay_over",
    "tolerated",
]
