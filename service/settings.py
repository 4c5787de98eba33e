"""What an operator may set, from the environment or a `.env` file, all under the prefix MIZUGIWA_."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from model.images import PictureLimits
from service.logs import LogFormat
from service.screening.findings import RuleStatus
from service.secret_files import keep_first

_PLACEHOLDERS = {"", "changeme", "change-me", "secret", "placeholder", "example"}
_SHORTEST_SECRET = 32


class Settings(BaseSettings):
    """All of it has a default but nothing secret: a missing secret is made once and kept in the data folder."""

    model_config = SettingsConfigDict(env_prefix="MIZUGIWA_", env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Path(".mizugiwa")
    """Database, blobs, index snapshots, encoders and jobs live here."""
    database_url: str = ""
    """`postgresql://user:password@host/name`; empty means SQLite in the data folder."""
    database_connections: int = Field(default=60, ge=10, le=1000)
    """Most connections of one process to the database; of them 20 are kept open."""
    encoder: str = ""
    """`bundled`, `open_clip:ARCHITECTURE/TAG`; empty means the one in use, else the newest installed CLIP."""
    threads: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, le=64)
    secret_key: SecretStr = SecretStr("")
    """Keys the hashes of API keys; at least 32 characters. Empty means the file `secret-key` in the data folder."""

    rule_status: dict[str, RuleStatus] = Field(default_factory=dict)
    """Rule id to `live` or `shadow`, where it differs from the policy file, as JSON: `{"6": "live"}`."""
    check_budget_seconds: float = Field(default=10.0, gt=0, le=120)
    """A check that takes longer answers `review_pending` and is finished in the background."""
    max_picture_bytes: int = Field(default=20 * 2**20, ge=2**10)
    max_pictures_per_listing: int = Field(default=24, ge=1, le=100)
    requests_per_minute: int = Field(default=600, ge=1)
    """For each API key."""
    closeup_cache_mb: int = Field(default=256, ge=0, le=65_536)
    """Memory for keypoints of references that pictures were last compared with; one takes up to 0.9 MB."""
    encoder_queue: int = Field(default=256, ge=1)
    """Pictures that may wait for the encoder; beyond it requests are answered with 503 and Retry-After."""
    fetch_hosts_allowed: tuple[str, ...] = ()
    """Hosts in the house from which pictures may be fetched in spite of their private address."""
    log_format: LogFormat = LogFormat.TEXT
    """`text` for people, `json` for one object a line."""
    job_workers: int = Field(default=1, ge=0, le=16)
    """Threads for background work in the serving process; 0 leaves it to `mizugiwa worker`."""
    party_retention_days: int = Field(default=180, ge=1, le=3650)
    """Days after which the names of a parcel's sender and addressee are erased."""
    exchange_hosts_allowed: tuple[str, ...] = ()
    """Partners' hosts, `host` or `host:port`, that may have a private address or a port other than 80 and 443."""
    exchange_retention_days: int = Field(default=90, ge=1, le=3650)
    """Days after which a withdrawal is forgotten; a partner that was silent for longer reads everything anew."""
    exchange_silence_days: int = Field(default=7, ge=1, le=365)
    """Days without reading a partner's feed after which its signals are mere candidates: a withdrawal may be missed."""
    webhook_retention_days: int = Field(default=30, ge=1, le=3650)
    """Days after which a webhook's event that was delivered, or given up, is forgotten."""

    time_zone: str = "UTC"
    """IANA name of the zone in which pages tell the time, such as `Asia/Tokyo`."""
    oidc_issuer: str = ""
    """The house's identity provider, such as `https://id.customs.example/realms/house`; empty means passwords alone."""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")

    @field_validator("secret_key")
    @classmethod
    def _no_placeholder(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        if text and (text.lower() in _PLACEHOLDERS or len(text) < _SHORTEST_SECRET):
            raise ValueError(
                f"MIZUGIWA_SECRET_KEY must be at least {_SHORTEST_SECRET} characters of a random text; "
                "make one with `python -c 'import secrets; print(secrets.token_urlsafe(48))'`"
            )
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value!r} is no IANA time zone, such as Asia/Tokyo or UTC") from error
        return value

    @property
    def max_request_bytes(self) -> int:
        """A listing with all its pictures, and a mebibyte for what is said about them."""
        return self.max_picture_bytes * self.max_pictures_per_listing + 2**20

    @property
    def resolved_database_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'mizugiwa.db'}"

    @property
    def picture_limits(self) -> PictureLimits:
        return PictureLimits(max_bytes=self.max_picture_bytes)

    def signing_key(self) -> bytes:
        """The secret key, made and kept in the data folder (mode 0600) where none is set."""
        text = self.secret_key.get_secret_value()
        return text.encode() if text else _kept(self.data_dir / "secret-key")


def _kept(path: Path) -> bytes:
    return keep_first(path, lambda: secrets.token_urlsafe(48).encode()).strip()
