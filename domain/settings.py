"""The settings of one installation: a frozen struct and the pure function that makes it from a mapping."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from domain.errors import Invalid, Problem

PREFIX = "DEPICTIO_"
STORAGE_PREFIX = "AWS_"
SECRET_MIN_LENGTH = 32


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Every key of `docs/settings.md`; the environment's name of a field is its own in upper case after DEPICTIO_."""

    data_dir: Path = Path("~/.local/share/depictio")
    host: str = "127.0.0.1"
    port: int = 8050
    base_url: str = ""
    """The address people use, if not http://HOST:PORT; https makes cookies Secure."""
    mongodb_url: str = ""
    """Empty: the embedded document server in the data directory."""
    mongodb_database: str = "depictio"
    storage_url: str = ""
    """Empty: the folder `storage` in the data directory; otherwise s3://bucket/prefix."""
    secret_key: str = ""
    """Signs access tokens. Empty: generated once into the data directory (embedded mode only)."""
    admin_email: str = "admin@localhost"
    admin_password: str = ""
    """Of the first administrator. Empty: generated and printed once."""
    session_idle_hours: int = 24
    session_max_days: int = 14
    access_token_minutes: int = 60
    sign_in_attempts: int = 10
    """Failed sign-ins per account, and five times as many per address, within 15 minutes."""
    query_seconds: int = 30
    """After this long a tile shows an error with a retry."""
    upload_max_mib: int = 4096
    log_level: str = "info"
    storage_options: dict[str, str] = {}
    """The AWS_* variables, for S3 storage."""

    @property
    def is_embedded(self) -> bool:
        """Whether Depictio looks after its own document server."""
        return not self.mongodb_url

    @property
    def address(self) -> str:
        """The address people use, without a trailing slash."""
        return self.base_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def is_secure(self) -> bool:
        """Whether people reach the server over TLS."""
        return self.address.startswith("https://")


FIELDS = {PREFIX + field.name.upper(): field for field in msgspec.structs.fields(Settings)}
del FIELDS[PREFIX + "STORAGE_OPTIONS"]


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Read the settings; only keys that start with DEPICTIO_ or AWS_ are looked at.

    Raises:
        Invalid: naming every unknown key with the nearest known one, and every value of a wrong type.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, text in sorted(environment.items()):
        if not key.startswith(PREFIX):
            continue
        field = FIELDS.get(key)
        if field is None:
            problems.append(Problem(key, _unknown(key)))
            continue
        try:
            values[field.name] = Path(text) if field.type is Path else msgspec.convert(text, field.type, strict=False)
        except msgspec.ValidationError:
            problems.append(Problem(key, f"{text!r} is not of the type {field.type.__name__}"))
    values["storage_options"] = {key: text for key, text in environment.items() if key.startswith(STORAGE_PREFIX)}
    if not problems:
        settings = Settings(**values)
        problems = _contradictions(settings)
    if problems:
        raise Invalid("The settings cannot be used.", tuple(problems))
    return msgspec.structs.replace(settings, data_dir=settings.data_dir.expanduser().absolute())


def _unknown(key: str) -> str:
    near = difflib.get_close_matches(key, FIELDS, n=1)
    return "is not a setting" + (f"; did you mean {near[0]}?" if near else "; see docs/settings.md")


def _contradictions(settings: Settings) -> list[Problem]:
    problems = []
    if settings.secret_key and len(settings.secret_key) < SECRET_MIN_LENGTH:
        problems.append(Problem("DEPICTIO_SECRET_KEY", f"use at least {SECRET_MIN_LENGTH} random characters"))
    if not settings.secret_key and not settings.is_embedded:
        problems.append(Problem("DEPICTIO_SECRET_KEY", "must be set when DEPICTIO_MONGODB_URL is"))
    if settings.storage_url and not settings.storage_url.startswith(("s3://", "/", "file://")):
        problems.append(Problem("DEPICTIO_STORAGE_URL", "must start with s3://, file:// or /"))
    if settings.log_level not in {"debug", "info", "warning", "error"}:
        problems.append(Problem("DEPICTIO_LOG_LEVEL", "must be debug, info, warning or error"))
    return problems
