"""How a suspect differs from the genuine, once it lies over it."""

from model.anomaly.alignment import Aligned, lay_over
from model.anomaly.comparison import Comparison, Difference, compare
from model.anomaly.difference import Box, boxes, excess, tolerated

__all__ = [
    "Aligned",
    "Box",
    "Comparison",
    "Difference",
    "boxes",
    "compare",
    "excess",
    "lay_over",
    "tolerated",
]
