"""Signing in through the house's own identity provider: OpenID Connect, authorisation code flow with PKCE (RFC 7636).

Needs the extra `mizugiwa[oidc]`. The provider tells who somebody is; what they may do stays with this service.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx

from service.errors import Unavailable
from service.settings import Settings
from service.users.browsers import on_this_machine
from service.users.service import SignInRefused
from service.webhooks.secret_box import SecretBox, SecretKeyChanged

_PURPOSE = b"mizugiwa sign-in elsewhere v1"
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures alone: a provider's token that is not signed, or only keyed, proves nothing here."""
_PATIENCE_SECONDS = 10.0
_TICKET_SECONDS = 600
_KEPT_SECONDS = 3600


class ProviderFailed(Unavailable):
    slug = "identity-provider-failed"
    title = "The house's identity provider does not answer as it should"
    help = "Try again, or sign in with a password; the operator finds the reason in the log."


class ProviderUnsafe(ValueError):
    """The provider's address is neither https nor on this machine."""


@dataclass(frozen=True)
class Begun:
    address: str
    """Where the browser goes next."""
    ticket: str
    """Sealed; what has to be known again when it comes back."""


def begin(settings: Settings, back: str, onward: str) -> Begun:
    """
    Args:
        back: this service's address to which the provider sends the browser.
        onward: the page to show afterwards.

    Raises:
        ProviderFailed: it does not say where to go.
    """
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    with _client(settings, back) as client:
        address, _ = client.create_authorization_url(
            _endpoint(settings, "authorization_endpoint"),
            state=state,
            nonce=nonce,
            code_verifier=verifier,
        )
    kept = {"state": state, "nonce": nonce, "verifier": verifier, "onward": onward}
    return Begun(str(address), _box(settings).lock(json.dumps(kept)))


def finish(settings: Settings, back: str, ticket: str, state: str, code: str) -> tuple[str, str]:
    """The subject whom the provider vouches for, and the page to show.

    Raises:
        SignInRefused: the answer does not belong to what this browser began, or vouches for nobody.
        ProviderFailed: it does not answer as it should.
    """
    kept = _opened(settings, ticket)
    if not secrets.compare_digest(kept["state"].encode(), state.encode()):
        raise SignInRefused("The answer belongs to another attempt to sign in.")
    with _client(settings, back) as client:
        token = _asked(client.fetch_token, _endpoint(settings, "token_endpoint"), code, kept["verifier"])
    return _subject(settings, str(token.get("id_token", "")), kept["nonce"]), kept["onward"]


def _client(settings: Settings, back: str) -> Any:
    from authlib.integrations.httpx_client import OAuth2Client  # of the extra `oidc`

    return OAuth2Client(
        settings.oidc_client_id,
        settings.oidc_client_secret.get_secret_value() or None,
        scope="openid",
        redirect_uri=back,
        code_challenge_method="S256",
        timeout=_PATIENCE_SECONDS,
    )


def _asked(fetch: Any, address: str, code: str, verifier: str) -> dict[str, Any]:
    from authlib.integrations.base_client.errors import OAuthError

    try:
        found: dict[str, Any] = fetch(address, code=code, code_verifier=verifier)
    except OAuthError as error:
        raise SignInRefused("The identity provider does not take its own code back.") from error
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderFailed("The identity provider gave no token.") from error
    return found


def _subject(settings: Settings, token: str, nonce: str) -> str:
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    keys = KeySet.import_key_set(_document(_endpoint(settings, "jwks_uri"), _period()))
    wanted = jwt.JWTClaimsRegistry(
        leeway=60,
        iss={"essential": True, "value": settings.oidc_issuer},
        aud={"essential": True, "value": settings.oidc_client_id},
        exp={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = jwt.decode(token, keys, algorithms=_ALGORITHMS).claims
        wanted.validate(claims)
    except (JoseError, ValueError) as error:
        raise SignInRefused("The identity provider's token is not for this sign-in.") from error
    return str(claims["sub"])


def _endpoint(settings: Settings, name: str) -> str:
    """As the provider's discovery document tells it (OpenID Connect Discovery 1.0)."""
    document = _document(f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration", _period())
    if document.get("issuer") != settings.oidc_issuer:
        raise ProviderFailed("The identity provider calls itself by another name than MIZUGIWA_OIDC_ISSUER.")
    return _safe(str(document.get(name, "")))


@lru_cache(maxsize=8)
def _document(address: str, _period: int) -> dict[str, Any]:
    try:
        answer = httpx.get(_safe(address), timeout=_PATIENCE_SECONDS)
        answer.raise_for_status()
        found = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderFailed("The identity provider does not answer.") from error
    if not isinstance(found, dict):
        raise ProviderFailed("The identity provider answers something else than it should.")
    return found


def _period() -> int:
    """Changes every hour: keys that a provider changed are read again."""
    return int(time.time() // _KEPT_SECONDS)


def _safe(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and on_this_machine(parts.hostname or "")):
        return address
    raise ProviderFailed("The identity provider's addresses must begin with https.") from ProviderUnsafe(
        address
    )


def _opened(settings: Settings, ticket: str) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(_box(settings).unlock(ticket, _TICKET_SECONDS))
    except (SecretKeyChanged, ValueError) as error:
        raise SignInRefused("This browser has not begun to sign in, or too long ago.") from error
    return found


def _box(settings: Settings) -> SecretBox:
    return SecretBox(settings.signing_key(), _PURPOSE)
