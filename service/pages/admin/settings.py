"""The settings in force, without their secrets, and what each is for."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from functools import cache

from pydantic import SecretStr

from service.settings import Settings

_TOLD = re.compile(r'^    (\w+): [^\n]+\n    """(.+?)"""', re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Setting:
    variable: str
    value: str
    is_default: bool
    about: str
    """As the program's source tells it, in English; empty where the name says it all."""


def settings_in_force(settings: Settings) -> list[Setting]:
    """Every setting; of a secret only whether it is set."""
    return [
        Setting(
            f"MIZUGIWA_{name.upper()}",
            _shown(getattr(settings, name)),
            name not in settings.model_fields_set,
            _about().get(name, ""),
        )
        for name in Settings.model_fields
    ]


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "•••" if value.get_secret_value() else ""
    if isinstance(value, str) and "://" in value:
        return re.sub(r"//([^:/@]*):[^@]*@", r"//\1:•••@", value)
    return str(value)


@cache
def _about() -> dict[str, str]:
    """What stands under each field of the class."""
    return {name: " ".join(words.split()) for name, words in _TOLD.findall(inspect.getsource(Settings))}
