"""`depictio login`, `logout` and `token`: what is kept where, and who can read it."""

import json
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import ADMIN_PASSWORD, COMMAND, Command, Server

Typed = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def data_dir(installed: Path) -> Path:
    return installed


@pytest.fixture
def config(tmp_path: Path, variables: dict[str, str]) -> Path:
    """The user's folder of settings, which does not exist yet; where the tokens will be."""
    variables["XDG_CONFIG_HOME"] = str(tmp_path / "config")
    return tmp_path / "config" / "depictio" / "credentials.json"


@pytest.fixture
def typed(variables: dict[str, str]) -> Typed:
    """Run the command with something on its standard input."""

    def run(text: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
        command = [COMMAND, *map(str, arguments)]
        return subprocess.run(
            command, env=variables, input=text, capture_output=True, text=True, timeout=120, check=False
        )

    return run


def test_a_login_serves_the_commands_that_follow(config: Path, typed: Typed, depictio: Command, server: Server) -> None:
    """Signed in once, `query` needs no token; the kept one reads and ingests, and does not manage tokens."""
    there = ("--server", server.url)
    ask = ("query", "rows", "--dashboard", "Palmer penguins", "--limit", "1", *there)
    before = depictio(*ask)
    assert (before.returncode, f"depictio login --server {server.url}" in before.stderr) == (4, True)
    wrong = typed("not the password\n", "login", *there, "--email", "admin@localhost")
    assert (wrong.returncode, config.exists()) == (4, False)
    login = typed(f"{ADMIN_PASSWORD}\n", "login", *there, "--email", "admin@localhost")
    assert (login.returncode, login.stderr) == (0, "")
    assert ADMIN_PASSWORD not in config.read_text("utf-8")
    assert (stat.S_IMODE(config.stat().st_mode), stat.S_IMODE(config.parent.stat().st_mode)) == (0o600, 0o700)
    assert [path.name for path in config.parent.iterdir()] == ["credentials.json"]
    refused = depictio("token", "list", *there)
    assert (refused.returncode, "scopes" in refused.stderr) == (4, True)
    config.chmod(0o640)
    shown = depictio(*ask)
    assert (shown.returncode, "chmod 600" in shown.stderr) == (1, True)
    config.chmod(0o600)
    token = json.loads(config.read_text("utf-8"))["servers"][server.url]["token"]
    assert depictio("logout").returncode == 0
    assert json.loads(config.read_text("utf-8")) == {"servers": {}}
    assert depictio(*ask, "--token", token).returncode == 4
    assert depictio("logout", *there).returncode == 2


def test_tokens_are_made_listed_and_revoked(config: Path, typed: Typed, depictio: Command, server: Server) -> None:
    """By a token of the scope admin; one that was made in the browser is kept as well."""
    there = ("--server", server.url)
    login = ("login", *there, "--email", "admin@localhost", "--scope", "admin", "--name", "laptop", "--days", "1")
    assert typed(f"{ADMIN_PASSWORD}\n", *login).returncode == 0
    made = depictio("token", "create", "nightly", "--scope", "ingest", "--days", "7", *there)
    assert (made.returncode, made.stdout.startswith("dpt_")) == (0, True)
    rows = [line.split("\t") for line in depictio("token", "list", *there).stdout.splitlines()]
    assert [row[1:3] for row in rows] == [["name", "scopes"], ["nightly", "ingest"], ["laptop", "admin"]]
    assert made.stdout.strip().endswith(rows[1][3])
    assert depictio("token", "revoke", "nightly", *there).returncode == 0
    kept = typed(made.stdout, "login", *there, "--with-token")
    assert (kept.returncode, "revoked" in kept.stderr) == (4, True)
    again = depictio("token", "create", "browser", "--scope", "read", *there).stdout
    assert typed(again, "login", *there, "--with-token").returncode == 0
    assert json.loads(config.read_text("utf-8"))["servers"][server.url] == {
        "token": again.strip(),
        "email": "admin@localhost",
    }


def test_a_logout_without_the_server_forgets_here(config: Path, depictio: Command) -> None:
    """And says that the token still holds there."""
    config.parent.mkdir(parents=True)
    config.write_text('{"servers": {"http://127.0.0.1:9": {"token": "dpt_x", "email": "ada@example.org"}}}')
    config.chmod(0o600)
    done = depictio("logout")
    assert (done.returncode, "does not answer" in done.stderr, "holds there" in done.stderr) == (0, True, True)
    assert json.loads(config.read_text("utf-8")) == {"servers": {}}


def test_a_file_that_login_did_not_write_is_named(config: Path, depictio: Command) -> None:
    config.parent.mkdir(parents=True)
    config.write_text("{}}")
    config.chmod(0o600)
    done = depictio("logout")
    assert (done.returncode, str(config) in done.stderr) == (1, True)
