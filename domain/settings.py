"""The settings of one installation: a frozen struct and the pure function that makes it from a mapping."""

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from domain.accounts import Registration, normal_domains
from domain.errors import Invalid, Problem
from domain.providers import LOOPBACK, url_problem
from domain.wording import catalogue_of, tr

PREFIX = "DEPICTIO_"
STORAGE_PREFIX = "AWS_"
TILES = re.compile(r"(https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?)(/[^\s;,'\"]*)")
"""Origin and path of a tile server; a quote, comma or semicolon would end a directive of the policy."""
PROVIDER_BACK = "/sign-in/provider/callback"
"""Where a sign-in provider sends the browser back to; it has to be told this, below our address."""
SECRET_MIN_LENGTH = 32
SECRET_MIN_VARIETY = 10


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Every key of `docs/settings.md`; the environment's name of a field is its own in upper case after DEPICTIO_."""

    data_dir: Path = Path("~/.local/share/depictio")
    """Where Depictio keeps what it stores on this machine: documents, tables, cache, secrets, logs."""
    host: str = "127.0.0.1"
    """The address that the server listens on; 0.0.0.0 for every network interface."""
    port: int = 8050
    """The port that the server listens on; 0 takes a free one."""
    processes: int = 0
    """How many server processes share the port; 0: one for each processor of the machine, four at most."""
    base_url: str = ""
    """The address that people use, when it is not http://HOST:PORT. With https, cookies are sent over TLS only."""
    mongodb_url: str = ""
    """The MongoDB to keep documents in, as mongodb://…. Empty: an embedded document server in the data directory."""
    mongodb_database: str = "depictio"
    """The name of the database there."""
    storage_url: str = ""
    """Where tables and files are kept: s3://BUCKET/PREFIX or a directory. Empty: `storage` in the data directory."""
    secret_key: str = ""
    """Signs access tokens: 32 random characters or more. Required with DEPICTIO_MONGODB_URL; else generated once."""
    admin_email: str = "admin@localhost"
    """The e-mail address of the administrator who is created at the first start."""
    admin_password: str = ""
    """The first administrator's password, of 12 characters or more. Empty: one is generated and printed once."""
    session_idle_hours: int = 24
    """A browser that was not used for so long is signed out."""
    session_max_days: int = 14
    """A browser is signed out so long after it signed in, however much it was used."""
    access_token_minutes: int = 60
    """How long an access token of the REST interface holds."""
    sign_in_attempts: int = 10
    """How often signing in to one account may fail within 15 minutes; from one network address, five times as often."""
    registration: str = "invitation"
    """Who may open an account by themselves: off, invitation, domain (see the next setting) or open."""
    registration_domains: str = ""
    """The hosts of the addresses that may register with DEPICTIO_REGISTRATION=domain, separated by commas."""
    public_access: bool = True
    """Whether visitors who are not signed in see public projects."""
    single_user: bool = False
    """No sign-in: whoever opens the server is its administrator. It then listens on this machine only."""
    oidc_issuer: str = ""
    """The address of an OpenID Connect provider to sign in with, as it calls itself. Empty: passwords only."""
    oidc_client_id: str = ""
    """What that provider calls this installation."""
    oidc_client_secret: str = ""
    """The secret that it gave to this installation; empty for a public client, which PKCE alone protects."""
    oidc_name: str = tr("single sign-on")
    """What people call that provider: the button says “Sign in with …”."""
    query_seconds: int = 30
    """After so long a tile shows an error, with a button to try again."""
    cache_mib: int = 8192
    """How many MiB of `cache` in the data directory hold columns for fast reading; large ones long unused go first."""
    query_memory_mib: int = 512
    """How many MiB of memory keep filtered and sorted rows between queries; running queries need more beside it."""
    upload_max_mib: int = 4096
    """The largest request that is accepted, in MiB."""
    jobs: int = 2
    """How many jobs, such as ingests from the browser, a server runs at once; 0: it leaves them to other servers."""
    dask_scheduler: str = ""
    """The Dask scheduler whose workers compute jobs, as tcp://HOST:PORT. Empty: processes of this machine do."""
    map_tiles: str = ""
    """The pictures below maps, as https://SERVER/{z}/{x}/{y}.png. Empty: bundled boundaries, nothing from elsewhere."""
    map_attribution: str = ""
    """What the tile server wants to be said on maps, such as © OpenStreetMap contributors."""
    language: str = "en"
    """What people read: the code of a catalogue, or the path of one that ends in .json."""
    log_level: str = "info"
    """How much is logged: debug, info, warning or error."""
    storage_options: dict[str, str] = {}
    """The AWS_* variables, for S3 storage."""

    @property
    def is_embedded(self) -> bool:
        """Whether Depictio looks after its own document server."""
        return not self.mongodb_url

    @property
    def address(self) -> str:
        """The address people use, without a trailing slash."""
        # Nobody can open the address that stands for all of a machine's interfaces.
        host = "localhost" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 -- compared, not listened on.
        return self.base_url.rstrip("/") or f"http://{host}:{self.port}"

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


def map_origin(tiles: str) -> str:
    """The origin of the tile server, for the policy of pages; empty when there is none, or it cannot be used."""
    found = TILES.fullmatch(tiles)
    return found[1] if found and all(f"{{{part}}}" in found[2] for part in "zxy") else ""


def _unknown(key: str) -> str:
    names = [known.removeprefix(PREFIX) for known in FIELDS]
    near = difflib.get_close_matches(key.removeprefix(PREFIX), names, n=1)
    return "is not a setting" + (f"; did you mean {PREFIX}{near[0]}?" if near else "; see docs/settings.md")


def _contradictions(settings: Settings) -> list[Problem]:
    problems = []
    if settings.secret_key and len(settings.secret_key) < SECRET_MIN_LENGTH:
        problems.append(Problem("DEPICTIO_SECRET_KEY", f"use at least {SECRET_MIN_LENGTH} random characters"))
    elif settings.secret_key and len(set(settings.secret_key)) < SECRET_MIN_VARIETY:
        problems.append(Problem("DEPICTIO_SECRET_KEY", "repeats few characters; use random ones"))
    if not settings.secret_key and not settings.is_embedded:
        problems.append(Problem("DEPICTIO_SECRET_KEY", "must be set when DEPICTIO_MONGODB_URL is"))
    if settings.storage_url and not settings.storage_url.startswith(("s3://", "/", "file://")):
        problems.append(Problem("DEPICTIO_STORAGE_URL", "must start with s3://, file:// or /"))
    if settings.dask_scheduler and not settings.dask_scheduler.startswith(("tcp://", "tls://")):
        problems.append(Problem("DEPICTIO_DASK_SCHEDULER", "must start with tcp:// or tls://"))
    if settings.base_url and not settings.base_url.startswith(("http://", "https://")):
        problems.append(Problem("DEPICTIO_BASE_URL", "must start with http:// or https://"))
    if settings.map_tiles and not map_origin(settings.map_tiles):
        problems.append(Problem("DEPICTIO_MAP_TILES", "must be https://SERVER/… with {z}, {x} and {y} in its path"))
    try:
        catalogue_of(settings.language)
    except Invalid as error:
        problems.append(Problem("DEPICTIO_LANGUAGE", error.message))
    if settings.log_level not in {"debug", "info", "warning", "error"}:
        problems.append(Problem("DEPICTIO_LOG_LEVEL", "must be debug, info, warning or error"))
    return (
        problems
        + _registration_problems(settings)
        + _provider_problems(settings)
        + loopback_problems(settings)
        + _out_of_range(settings)
    )


def loopback_problems(settings: Settings) -> list[Problem]:
    """Why a server without sign-in must not start: it could be reached from other machines."""
    if not settings.single_user:
        return []
    problems = []
    if settings.host not in LOOPBACK:
        problems.append(Problem("DEPICTIO_HOST", f"is {settings.host}; with DEPICTIO_SINGLE_USER use 127.0.0.1 or ::1"))
    if settings.base_url and urlsplit(settings.base_url).hostname not in LOOPBACK:
        problems.append(Problem("DEPICTIO_BASE_URL", "must be an address of this machine with DEPICTIO_SINGLE_USER"))
    return problems


def _provider_problems(settings: Settings) -> list[Problem]:
    if not settings.oidc_issuer:
        return []
    problem = url_problem("DEPICTIO_OIDC_ISSUER", settings.oidc_issuer)
    problems = [problem] if problem else []
    if not settings.oidc_client_id:
        problems.append(Problem("DEPICTIO_OIDC_CLIENT_ID", "must be set with DEPICTIO_OIDC_ISSUER"))
    return problems


def _registration_problems(settings: Settings) -> list[Problem]:
    if settings.registration not in set(Registration):
        return [Problem("DEPICTIO_REGISTRATION", f"must be {', '.join(Registration)}")]
    try:
        domains = normal_domains(settings.registration_domains)
    except Invalid:
        return [Problem("DEPICTIO_REGISTRATION_DOMAINS", "must be hosts such as example.org, separated by commas")]
    if settings.registration == Registration.DOMAIN and not domains:
        return [Problem("DEPICTIO_REGISTRATION_DOMAINS", "must be set with DEPICTIO_REGISTRATION=domain")]
    return []


def _out_of_range(settings: Settings) -> list[Problem]:
    numbers = {key: getattr(settings, field.name) for key, field in FIELDS.items() if field.type is int}
    ranges = dict.fromkeys(numbers, (1, 1_000_000)) | {PREFIX + "PORT": (0, 65_535), PREFIX + "PROCESSES": (0, 64)}
    ranges[PREFIX + "JOBS"] = (0, 64)
    return [
        Problem(key, f"is {number}; must be {ranges[key][0]} to {ranges[key][1]}")
        for key, number in numbers.items()
        if not ranges[key][0] <= number <= ranges[key][1]
    ]
