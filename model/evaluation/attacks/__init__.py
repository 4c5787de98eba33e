"""What people do to a picture before they post it again, as a seeded suite with its truth."""

from model.evaluation.attacks.catalogue import Attack, Family, attacked
from model.evaluation.attacks.edited import Edited
from model.evaluation.attacks.sheet import contact_sheet
from model.evaluation.attacks.suite import Attacked, AttackSuite, TooFewPictures, suite

__all__ = [
    "Attack",
    "AttackSuite",
    "Attacked",
    "Edited",
    "Family",
    "TooFewPictures",
    "attacked",
    "contact_sheet",
    "suite",
]
