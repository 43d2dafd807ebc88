"""Reading the settings, and that `docs/settings.md` says what the code does."""

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from domain.errors import Invalid
from domain.settings import FIELDS, Settings, map_origin, settings_from

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"
SECRET = "hX3kP9vQ7rT1wY5zB2nM8cL4dF6gJ0sA"
GIVEN: dict[str, tuple[str, Any]] = {
    "DEPICTIO_DATA_DIR": ("/srv/depictio", Path("/srv/depictio")),
    "DEPICTIO_HOST": ("0.0.0.0", "0.0.0.0"),  # noqa: S104 -- an example, nothing listens.
    "DEPICTIO_PORT": ("9000", 9000),
    "DEPICTIO_BASE_URL": ("https://lab.example.org/", "https://lab.example.org/"),
    "DEPICTIO_MONGODB_URL": ("mongodb://db:27017", "mongodb://db:27017"),
    "DEPICTIO_MONGODB_DATABASE": ("lab", "lab"),
    "DEPICTIO_STORAGE_URL": ("s3://lake/lab", "s3://lake/lab"),
    "DEPICTIO_SECRET_KEY": (SECRET, SECRET),
    "DEPICTIO_ADMIN_EMAIL": ("ada@example.org", "ada@example.org"),
    "DEPICTIO_ADMIN_PASSWORD": ("correct horse battery", "correct horse battery"),
    "DEPICTIO_SESSION_IDLE_HOURS": ("8", 8),
    "DEPICTIO_SESSION_MAX_DAYS": ("7", 7),
    "DEPICTIO_ACCESS_TOKEN_MINUTES": ("15", 15),
    "DEPICTIO_SIGN_IN_ATTEMPTS": ("5", 5),
    "DEPICTIO_PROCESSES": ("3", 3),
    "DEPICTIO_QUERY_SECONDS": ("60", 60),
    "DEPICTIO_UPLOAD_MAX_MIB": ("100", 100),
    "DEPICTIO_CACHE_MIB": ("100", 100),
    "DEPICTIO_QUERY_MEMORY_MIB": ("50", 50),
    "DEPICTIO_JOBS": ("3", 3),
    "DEPICTIO_DASK_SCHEDULER": ("tcp://10.0.0.1:8786", "tcp://10.0.0.1:8786"),
    "DEPICTIO_MAP_TILES": ("https://tiles.example.org/{z}/{x}/{y}.png",) * 2,
    "DEPICTIO_MAP_ATTRIBUTION": ("© Someone", "© Someone"),
    "DEPICTIO_REGISTRATION": ("open", "open"),
    "DEPICTIO_REGISTRATION_DOMAINS": ("lab.example.org", "lab.example.org"),
    "DEPICTIO_PUBLIC_ACCESS": ("false", False),
    "DEPICTIO_SINGLE_USER": ("false", False),
    "DEPICTIO_OIDC_ISSUER": ("https://id.example.org", "https://id.example.org"),
    "DEPICTIO_OIDC_CLIENT_ID": ("depictio", "depictio"),
    "DEPICTIO_OIDC_CLIENT_SECRET": ("s3cret", "s3cret"),
    "DEPICTIO_OIDC_NAME": ("our university", "our university"),
    "DEPICTIO_LANGUAGE": ("", ""),
    "DEPICTIO_LOG_LEVEL": ("debug", "debug"),
}


def problems(environment: dict[str, str]) -> list[str]:
    with pytest.raises(Invalid) as raised:
        settings_from(environment)
    return [str(problem) for problem in raised.value.problems]


def test_every_field_is_read() -> None:
    """Each value arrives in its field, and the AWS variables as they are; other variables are not looked at."""
    environment = {key: text for key, (text, _) in GIVEN.items()} | {"AWS_REGION": "eu-north-1", "HOME": "/root"}
    expected = Settings(
        **{FIELDS[key].name: value for key, (_, value) in GIVEN.items()}, storage_options={"AWS_REGION": "eu-north-1"}
    )
    assert settings_from(environment) == expected
    assert set(GIVEN) == set(FIELDS)
    assert (expected.address, expected.is_secure, expected.is_embedded) == ("https://lab.example.org", True, False)


@pytest.mark.parametrize(
    "tiles",
    [
        "tiles.example.org/{z}/{x}/{y}", "https://example.org/{z}/{x}.png", "https://example.org; *//{z}{x}{y}",
        "https://example.org,evil.org/{z}/{x}/{y}", "ftp://example.org/{z}/{x}/{y}", "https://a@b.org/{z}/{x}/{y}",
        "https://example.org/{z}/{x}/{y} 'unsafe-eval'",
    ],
)  # fmt: skip
def test_a_tile_server_that_could_not_be_asked_or_would_widen_the_policy_is_refused(tiles: str) -> None:
    [problem] = problems({"DEPICTIO_MAP_TILES": tiles})
    assert problem.startswith("DEPICTIO_MAP_TILES")


def test_the_origin_of_the_tile_server_is_read() -> None:
    assert map_origin("https://tiles.example.org:8443/osm/{z}/{x}/{y}.png?key=1") == "https://tiles.example.org:8443"
    assert map_origin("") == ""


def test_without_any_setting_everything_lies_in_the_home_directory() -> None:
    settings = settings_from({})
    assert settings == msgspec.structs.replace(Settings(), data_dir=Path("~/.local/share/depictio").expanduser())
    assert (settings.address, settings.is_secure, settings.is_embedded) == ("http://127.0.0.1:8050", False, True)


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("DEPICTIO_PROT", "DEPICTIO_PORT"),
        ("DEPICTIO_DATADIR", "DEPICTIO_DATA_DIR"),
        ("DEPICTIO_MONGO_URL", "DEPICTIO_MONGODB_URL"),
        ("DEPICTIO_SECRETKEY", "DEPICTIO_SECRET_KEY"),
    ],
)
def test_a_typo_is_named_with_the_nearest_key(key: str, near: str) -> None:
    assert problems({key: "1"}) == [f"{key}: is not a setting; did you mean {near}?"]


def test_a_key_like_no_other_points_to_the_documentation() -> None:
    assert problems({"DEPICTIO_ZZZZZZZZ": "1"}) == ["DEPICTIO_ZZZZZZZZ: is not a setting; see docs/settings.md"]


def test_every_fault_is_named_at_once() -> None:
    assert problems({"DEPICTIO_PORT": "http", "DEPICTIO_QUERY_SECONDS": "1.5", "DEPICTIO_HOTS": "x"}) == [
        "DEPICTIO_HOTS: is not a setting; did you mean DEPICTIO_HOST?",
        "DEPICTIO_PORT: 'http' is not of the type int",
        "DEPICTIO_QUERY_SECONDS: '1.5' is not of the type int",
    ]


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({"DEPICTIO_SECRET_KEY": "short"}, "DEPICTIO_SECRET_KEY: use at least 32 random characters"),
        ({"DEPICTIO_SECRET_KEY": "changeme" * 8}, "DEPICTIO_SECRET_KEY: repeats few characters; use random ones"),
        ({"DEPICTIO_MONGODB_URL": "mongodb://db"}, "DEPICTIO_SECRET_KEY: must be set when DEPICTIO_MONGODB_URL is"),
        ({"DEPICTIO_STORAGE_URL": "lake"}, "DEPICTIO_STORAGE_URL: must start with s3://, file:// or /"),
        ({"DEPICTIO_BASE_URL": "lab.org"}, "DEPICTIO_BASE_URL: must start with http:// or https://"),
        ({"DEPICTIO_REGISTRATION": "all"}, "DEPICTIO_REGISTRATION: must be off, invitation, domain, open"),
        (
            {"DEPICTIO_REGISTRATION": "domain"},
            "DEPICTIO_REGISTRATION_DOMAINS: must be set with DEPICTIO_REGISTRATION=domain",
        ),
        (
            {"DEPICTIO_REGISTRATION_DOMAINS": "a b"},
            "DEPICTIO_REGISTRATION_DOMAINS: must be hosts such as example.org, separated by commas",
        ),
        (
            {"DEPICTIO_OIDC_ISSUER": "http://id.example.org", "DEPICTIO_OIDC_CLIENT_ID": "x"},
            "DEPICTIO_OIDC_ISSUER: must be an https:// address",
        ),
        (
            {"DEPICTIO_OIDC_ISSUER": "https://id.example.org"},
            "DEPICTIO_OIDC_CLIENT_ID: must be set with DEPICTIO_OIDC_ISSUER",
        ),
        ({"DEPICTIO_LANGUAGE": "xx"}, "DEPICTIO_LANGUAGE: There is no catalogue 'xx'; there are: en."),
        ({"DEPICTIO_LOG_LEVEL": "loud"}, "DEPICTIO_LOG_LEVEL: must be debug, info, warning or error"),
        ({"DEPICTIO_PORT": "70000"}, "DEPICTIO_PORT: is 70000; must be 0 to 65535"),
        ({"DEPICTIO_SIGN_IN_ATTEMPTS": "0"}, "DEPICTIO_SIGN_IN_ATTEMPTS: is 0; must be 1 to 1000000"),
    ],
)
def test_a_value_that_cannot_work_is_refused(environment: dict[str, str], problem: str) -> None:
    assert problems(environment) == [problem]


def test_a_wrong_secret_is_not_repeated() -> None:
    """What is wrong with a secret is said without showing it."""
    assert "short" not in str(problems({"DEPICTIO_SECRET_KEY": "short"}))


def meanings() -> dict[str, str]:
    """The docstring below each field, which Python itself does not keep."""
    definition = ast.parse(inspect.getsource(Settings)).body[0]
    assert isinstance(definition, ast.ClassDef)
    found = {}
    for field, below in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            assert isinstance(below, ast.Expr), field.target.id
            assert isinstance(below.value, ast.Constant)
            found[field.target.id] = " ".join(str(below.value.value).split())
    return found


def test_the_documentation_names_every_setting_its_default_and_its_meaning() -> None:
    """The table of `docs/settings.md`, row by row, against the struct."""
    rows = re.findall(r"^\| `(DEPICTIO_\w+)` \| (.*?) \| (.*) \|$", DOCS.read_text("utf-8"), re.MULTILINE)
    said = {key: (default.strip("`"), meaning) for key, default, meaning in rows}
    assert len(said) == len(rows)
    said_by_code = meanings()
    assert said == {key: (str(field.default) or "empty", said_by_code[field.name]) for key, field in FIELDS.items()}
