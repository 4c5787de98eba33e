"""The exchange: signed signals between customs houses, marketplaces and brands; docs/exchange describes it."""
