"""The synthetic brand kit: invented brands, their catalogue pictures, and listings genuine and counterfeit."""

from model.evaluation.kit.brands import Category, Kit, KitBrand, KitProduct, ProductKind, build_kit
from model.evaluation.kit.catalogue import catalogue_views
from model.evaluation.kit.defects import DefectKind
from model.evaluation.kit.photos import SellerPhoto, background_photo, seller_photo

__all__ = [
    "Category",
    "DefectKind",
    "Kit",
    "KitBrand",
    "KitProduct",
    "ProductKind",
    "SellerPhoto",
    "background_photo",
    "build_kit",
    "catalogue_views",
    "seller_photo",
]
