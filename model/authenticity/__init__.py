"""Genuine or counterfeit, learnt from a product's verdicts, and held against its own controls."""

from model.authenticity.duplicates import joined_groups
from model.authenticity.files import FILE_PROPERTIES, file_properties
from model.authenticity.learner import Learnt, NoveltyOf, learn, remember
from model.authenticity.margins import Margin, Trial, margin, mean_margin
from model.authenticity.seeing import Seen, see
from model.authenticity.trials import Bags, TooFewGroups, genuine_trials, groups_for, labelled_trials

__all__ = [
    "FILE_PROPERTIES",
    "Bags",
    "Learnt",
    "Margin",
    "NoveltyOf",
    "Seen",
    "TooFewGroups",
    "Trial",
    "file_properties",
    "genuine_trials",
    "groups_for",
    "joined_groups",
    "labelled_trials",
    "learn",
    "margin",
    "mean_margin",
    "remember",
    "see",
]
