"""Passwords: which are accepted, how they are kept (Argon2id, RFC 9106), and that checking one always takes as long."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from service.errors import Unprocessable

SHORTEST = 12
LONGEST = 200
_TELLING = 4
"""Letters that a name needs for its being in a password to say anything."""
_GUESSABLE_BELOW = 3
"""Of zxcvbn's five scores, 0 to 4; at 3 an attacker who has the hash needs more than 10^8 guesses."""


class WeakPassword(Unprocessable):
    slug = "weak-password"
    title = "The password is too easy to guess"
    help = "Take at least 12 characters; four unrelated words do well. Names and dates do not."


def check_strength(password: str, *about: str) -> None:
    """
    Args:
        about: words that stand near the person, such as the login; a password made of them is weak.

    Raises:
        WeakPassword: too short, too long, or soon guessed.
    """
    from zxcvbn import zxcvbn  # 0.1 s of word lists that signing in does not need

    if len(password) < SHORTEST:
        raise WeakPassword(f"It has {len(password)} characters; it needs {SHORTEST}.")
    if len(password) > LONGEST:
        raise WeakPassword(f"It has {len(password)} characters; {LONGEST} are the most.")
    folded = password.casefold()
    if any(len(word) >= _TELLING and word.casefold() in folded for word in about):
        raise WeakPassword("It has your own name in it.")
    if zxcvbn(password[:72], user_inputs=list(about))["score"] < _GUESSABLE_BELOW:
        raise WeakPassword("It is among those that are tried first.")


def hashed(password: str) -> str:
    return _hasher().hash(password)


def matches(known: str | None, password: str) -> bool:
    """Whether it is the password; where none is known, the time of a check passes all the same."""
    try:
        _hasher().verify(known or _nobodys(), password[: LONGEST + 1])
    except (VerifyMismatchError, InvalidHashError):
        return False
    return known is not None


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobodys() -> str:
    return _hasher().hash("of nobody")
