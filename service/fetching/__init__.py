"""Reaches URLs that strangers name, without reaching into the house."""

from __future__ import annotations

from service.fetching.asking import Answer, ask
from service.fetching.errors import FetchError, Reason, UrlNotAllowed, UrlTooLarge, UrlTooSlow, UrlUnreachable
from service.fetching.pictures import FetchLimits, fetch_many, fetch_picture
from service.fetching.posting import post_message
from service.fetching.targets import parse_target

__all__ = [
    "Answer",
    "FetchError",
    "FetchLimits",
    "Reason",
    "UrlNotAllowed",
    "UrlTooLarge",
    "UrlTooSlow",
    "UrlUnreachable",
    "ask",
    "fetch_many",
    "fetch_picture",
    "parse_target",
    "post_message",
]
