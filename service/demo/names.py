"""Names and pictures of what a decision speaks of, asked of the API as an administrator may."""

from __future__ import annotations

from dataclasses import dataclass

from service.demo.serving import Caller


@dataclass(frozen=True)
class Names:
    brands: dict[str, str]
    products: dict[str, str]

    def brand(self, brand_id: str | None) -> str:
        return self.brands.get(brand_id or "", "no brand")


def read_names(admin: Caller) -> Names:
    brands = {each["id"]: each["name"] for each in admin.every("/v1/brands")}
    products = {
        each["id"]: each["name"] for brand in brands for each in admin.every(f"/v1/brands/{brand}/products")
    }
    return Names(brands, products)
