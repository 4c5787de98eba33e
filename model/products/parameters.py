"""The fitted numbers of ranking, with where they come from."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from model.products.choice import ChoiceModel
from model.products.features import NAMES

SHIPPED = Path(__file__).parent / "ranking.json"


class RankingInvalid(ValueError):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}. Make it anew with `mizugiwa fit products`.")


@dataclass(frozen=True)
class RankingParameters:
    version: str
    features: tuple[str, ...]
    shortlist: ChoiceModel
    product: ChoiceModel
    brand: ChoiceModel
    sure: float
    """Least chance at which a product, or a brand, is named."""
    provenance: dict[str, str]
    """Command, data, seed and date."""

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".new")
        aside.write_text(json.dumps(asdict(self), indent=1) + "\n")
        aside.replace(path)


def load_parameters(path: Path) -> RankingParameters:
    """Raises: RankingInvalid: the file holds no parameters, or those of other features."""
    try:
        held = json.loads(path.read_text())
        models = {name: ChoiceModel(**held[name]) for name in ("shortlist", "product", "brand")}
        found = RankingParameters(**{**held, **models})
    except (OSError, TypeError, KeyError, json.JSONDecodeError) as error:
        raise RankingInvalid(path, f"no parameters of ranking ({error})") from None
    if tuple(found.features) != NAMES:
        raise RankingInvalid(path, "these parameters are of other features")
    return found


@cache
def shipped_parameters() -> RankingParameters:
    return load_parameters(SHIPPED)
