"""The synthetic brand kit: invented brands, their catalogue pictures, and listings genuine and counterfeit."""

from model.evaluation.kit.brands import Category, Kit, KitBrand, KitProduct, ProductKind, build_kit
from model.evaluation.kit.catalogue import catalogue_views
from model.evaluation.kit.defects import DefectKind
from model.evaluation.kit.enrolment import enrolment_pictures, enrolment_tables
from model.evaluation.kit.folders import write_kit, write_retrieval
from model.evaluation.kit.photos import SellerPhoto, background_photo, seller_photo
from model.evaluation.kit.sheet import contact_sheet
from model.evaluation.kit.traffic import (
    KNOWN_CASES,
    Condition,
    KitListing,
    KnownCounterfeit,
    Truth,
    known_counterfeits,
    listings,
)
from model.evaluation.kit.words import official_seller

__all__ = [
    "KNOWN_CASES",
    "Category",
    "Condition",
    "DefectKind",
    "Kit",
    "KitBrand",
    "KitListing",
    "KitProduct",
    "KnownCounterfeit",
    "ProductKind",
    "SellerPhoto",
    "Truth",
    "background_photo",
    "build_kit",
    "catalogue_views",
    "contact_sheet",
    "enrolment_pictures",
    "enrolment_tables",
    "known_counterfeits",
    "listings",
    "official_seller",
    "seller_photo",
    "write_kit",
    "write_retrieval",
]
