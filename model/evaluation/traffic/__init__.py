"""Simulated parcels: what is inside, what is declared, who sends it; the truth is known."""

from model.evaluation.traffic.parcels import (
    KitParcel,
    ParcelTruth,
    Shares,
    earlier_stops,
    simulated_parcels,
    traffic_shares,
)
from model.evaluation.traffic.senders import Address, sender_pool
from model.evaluation.traffic.sharing import Market, ShownPicture, simulated_market

__all__ = [
    "Address",
    "KitParcel",
    "Market",
    "ParcelTruth",
    "Shares",
    "ShownPicture",
    "earlier_stops",
    "sender_pool",
    "simulated_market",
    "simulated_parcels",
    "traffic_shares",
]
