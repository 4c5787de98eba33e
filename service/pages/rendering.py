"""Templates to HTML: one environment a language, everything escaped, nothing undefined passed over."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime, get_timezone
from babel.numbers import format_currency, format_decimal, format_percent
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from service.pages.language import LANGUAGES, translations
from service.pages.navigation import ROLES
from service.pages.telling import ACTIONS, LIKENESS, PRIORITIES, REASONS, badge_of

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
ASSETS = "/assets/pages"
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Nothing from outside, and nothing inline: words of strangers that slipped into a page could not run."""


@cache
def environment(language: str, zone: str) -> Environment:
    """
    Args:
        language: one of `LANGUAGES`.
        zone: the IANA name of the time zone in which moments are told.
    """
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(asset=asset, languages=LANGUAGES, language=language)
    made.globals.update(
        badge_of=badge_of,
        ROLES=ROLES,
        REASONS=REASONS,
        PRIORITIES=PRIORITIES,
        ACTIONS=ACTIONS,
        LIKENESS=LIKENESS,
    )
    made.filters.update(
        moment=lambda value: _moment(value, language, zone),
        day=lambda value: _day(value, language),
        number=lambda value: format_decimal(value, locale=language),
        share=lambda value, digits=0: _share(value, digits, language),
        money=lambda value, currency: format_currency(Decimal(str(value)), currency, locale=language),
        as_json=lambda value: json.dumps(value, ensure_ascii=False),
    )
    return made


def render(language: str, zone: str, template: str, context: dict[str, Any]) -> str:
    return environment(language, zone).get_template(template).render(context)


@cache
def asset(name: str) -> str:
    """The address of a file of ours; it changes with the file, so that browsers may keep it for good."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"{ASSETS}/{name}?{digest}"


def _moment(value: datetime | None, language: str, zone: str) -> Markup:
    if value is None:
        return Markup("–")
    said = format_datetime(value, "yyyy-MM-dd HH:mm", tzinfo=get_timezone(zone), locale=language)
    return Markup('<time datetime="{}">{} {}</time>').format(value.isoformat(), said, _zone_name(value, zone))


def _zone_name(value: datetime, zone: str) -> str:
    return value.astimezone(get_timezone(zone)).tzname() or zone


def _day(value: date | None, language: str) -> str:
    return "–" if value is None else format_date(value, "yyyy-MM-dd", locale=language)


def _share(value: float | None, digits: int, language: str) -> str:
    if value is None:
        return "–"
    return format_percent(round(value, digits + 2), f"0.{'0' * digits}%" if digits else "0%", locale=language)
