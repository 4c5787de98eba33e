"""Which product is it? Candidates of the index ranked by keypoints, print and colour, with calibrated chances."""

from model.products.candidates import (
    BrandChance,
    CandidateReference,
    MatchedRegion,
    ProductChance,
    ProductRanking,
    Verdict,
)
from model.products.parameters import RankingInvalid, RankingParameters, load_parameters
from model.products.ranking import CANDIDATES, rank
from model.products.view import ProductView

__all__ = [
    "CANDIDATES",
    "BrandChance",
    "CandidateReference",
    "MatchedRegion",
    "ProductChance",
    "ProductRanking",
    "ProductView",
    "RankingInvalid",
    "RankingParameters",
    "Verdict",
    "load_parameters",
    "rank",
]
