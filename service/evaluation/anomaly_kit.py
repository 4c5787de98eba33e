"""Are the kit's counterfeits told from genuine articles by how they differ, from the brands' references alone?

Each photo is a listing of its own, checked through the API; what counts is S8 of the decision's record. A photo that
was not compared (its product was not told for certain, or it could not be laid over) scores 0, as a decision sees it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from rich.progress import track

from model.encoders.base import RGB
from model.evaluation.kit import DefectKind, Kit, KitProduct, build_kit, catalogue_views, seller_photo
from model.evaluation.metrics import Interval, auroc, bootstrap
from service.encoding import load_encoder
from service.evaluation.house import House, evaluation_house
from service.security.principals import Role
from service.settings import Settings

VIEWS = ("front", "turned", "detail")
_PATIENCE_SECONDS = 60.0
_QUALITY = 92


@dataclass(frozen=True)
class Seen:
    """What a check said of one photo."""

    defect: DefectKind | None
    told: bool
    """Its product was told for certain."""
    score: float | None
    """None where it was not compared."""
    mass: float
    tint: float | None
    gather_ms: float


@dataclass(frozen=True)
class KitReport:
    genuine: int
    counterfeit: int
    compared: float
    """Share of all photos."""
    false_alarm: float
    """Share of the genuine photos that S8 is weak for."""
    intervals: dict[str, Interval]
    p50_ms: float

    def figures(self) -> dict[str, float | int | str]:
        found: dict[str, float | int | str] = {
            "genuine": self.genuine,
            "counterfeit": self.counterfeit,
            "compared": self.compared,
            "false_alarm": self.false_alarm,
            "p50_ms": self.p50_ms,
        }
        for name, interval in self.intervals.items():
            found |= {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}
        return found

    def rows(self) -> list[tuple[str, str]]:
        return [
            *((name, str(interval)) for name, interval in self.intervals.items()),
            ("compared", f"{self.compared:.3f}"),
            ("false_alarm", f"{self.false_alarm:.3f}"),
            ("p50_ms", f"{self.p50_ms:.0f}"),
        ]


def evaluate_kit(*, seed: int, brands: int, photos: int, settings: Settings) -> KitReport:
    """Check so many photos of each defect, and as many genuine ones as of all defects together."""
    kinds = [*DefectKind]
    return _report(checked(seed, brands, [*kinds * photos, *[None] * (photos * len(kinds))], settings), seed)


def checked(seed: int, brands: int, wanted: Sequence[DefectKind | None], settings: Settings) -> list[Seen]:
    """One photo for each of the wanted, of the kit's products in turn, each as hard as traffic is."""
    kit = build_kit(seed, brands, 2)
    patient = settings.model_copy(update={"check_budget_seconds": _PATIENCE_SECONDS})
    with evaluation_house(patient, load_encoder(settings, "bundled")) as house:
        _enrol(house, kit)
        asked = list(enumerate(_photos(kit, seed, wanted)))
        return [_seen(house, at, *each) for at, each in track(asked, description="checking")]


def _photos(
    kit: Kit, seed: int, wanted: Sequence[DefectKind | None]
) -> Iterator[tuple[KitProduct, RGB, DefectKind | None]]:
    for at, defect in enumerate(wanted):
        rng = np.random.default_rng([kit.seed, seed, 307, at])
        product = kit.products[int(rng.integers(len(kit.products)))]
        defects = frozenset({defect} if defect else ())
        hardness = float(rng.beta(2.0, 2.6))
        yield product, seller_photo(product, rng, defects=defects, hardness=hardness).pixels, defect


def _enrol(house: House, kit: Kit) -> None:
    owner = Role.BRAND_OWNER
    for brand in track(kit.brands, description="enrolling"):
        brand_id = house.post(owner, "/v1/brands", json={"name": brand.name})["id"]
        for product in kit.of_brand(brand):
            body = {"sku": product.id, "name": product.name, "category": product.category.value}
            product_id = house.post(owner, f"/v1/brands/{brand_id}/products", json=body)["id"]
            for view, pixels in zip(VIEWS, catalogue_views(product, len(VIEWS)), strict=True):
                files = {"file": (f"{view}.jpg", _jpeg(pixels))}
                house.post(owner, f"/v1/products/{product_id}/references", files=files, data={"view": view})


def _seen(house: House, at: int, product: KitProduct, pixels: RGB, defect: DefectKind | None) -> Seen:
    listing = {"reference": f"photo-{at}", "seller": "somebody", "title": product.name}
    files = {"pictures": ("photo.jpg", _jpeg(pixels))}
    told = house.post(
        Role.PLATFORM, "/v1/listings/checks", data={"listing": json.dumps(listing)}, files=files
    )
    record = house.get(Role.AUDITOR, f"/v1/decisions/{told['id']}")["record"]
    found = [each["evidence"] for each in record["findings"]["signals"] if each["code"] == "S8"]
    compared: dict[str, Any] = next((each for each in found if "score" in each), {})
    return Seen(
        defect=defect,
        told=bool(found),
        score=compared.get("score"),
        mass=compared.get("mass", 0.0),
        tint=compared.get("tint"),
        gather_ms=record["timings_ms"]["gather"],
    )


def _jpeg(pixels: RGB) -> bytes:
    _, data = cv2.imencode(
        ".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    )
    return data.tobytes()


def _report(seen: Sequence[Seen], seed: int) -> KitReport:
    genuine = np.array([each.score or 0.0 for each in seen if each.defect is None])
    altered = [each for each in seen if each.defect is not None]
    scores = np.array([each.score or 0.0 for each in altered])
    both = [each for each in seen if each.score is not None]
    intervals = {
        "auroc": bootstrap(auroc, scores, genuine, seed=seed),
        "auroc_compared": bootstrap(
            auroc,
            np.array([each.score for each in both if each.defect is not None], np.float64),
            np.array([each.score for each in both if each.defect is None], np.float64),
            seed=seed,
        ),
    }
    for kind in DefectKind:
        of_kind = np.array([each.score or 0.0 for each in altered if each.defect is kind])
        intervals[f"auroc_{kind}"] = bootstrap(auroc, of_kind, genuine, seed=seed)
    return KitReport(
        genuine=len(genuine),
        counterfeit=len(scores),
        compared=len(both) / len(seen),
        false_alarm=float((genuine >= 1).mean()),
        intervals=intervals,
        p50_ms=float(np.median([each.gather_ms for each in seen])),
    )
