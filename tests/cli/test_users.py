"""`depictio user`: directly and through a server, the same."""

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any

import httpx

from domain.settings import Settings
from services.opening import open_services
from tests.cli.conftest import ADMIN_PASSWORD, Command, Server

ADA = "ada@example.org"
NEW = "a passphrase of Ada's own"


def printed(done: "subprocess.CompletedProcess[str]") -> Any:
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def journey(depictio: Command, where: tuple[str, ...]) -> str:
    """Open, close, reopen, promote and demote an account; the link with which it gets its password."""
    added = depictio("user", "add", " Ada@Example.ORG ", "--name", "Ada", *where)
    assert (added.returncode, added.stdout.splitlines()[0]) == (0, f"The account of {ADA} is open."), added.stderr
    assert "/reset?token=" in added.stdout.splitlines()[1]
    twice = depictio("user", "add", ADA, *where)
    assert (twice.returncode, twice.stderr) == (1, f"Error: There is already an account for {ADA}.\n")
    lines = [line.split("\t") for line in depictio("user", "list", *where).stdout.splitlines()]
    assert lines[0] == ["id", "email", "name", "admin", "open", "created"]
    assert [line[1:5] for line in lines[1:]] == [
        [ADA, "Ada", "no", "yes"],
        ["admin@localhost", "Administrator", "yes", "yes"],
    ]
    assert printed(depictio("user", "deactivate", ADA, "--json", *where))["is_active"] is False
    closed = depictio("user", "grant-admin", ADA, *where)
    assert (closed.returncode, "is closed. Reopen it first." in closed.stderr) == (1, True)
    assert depictio("user", "reactivate", "ADA@example.org", *where).stdout == f"The account of {ADA} is open.\n"
    last = depictio("user", "revoke-admin", "admin@localhost", *where)
    assert (last.returncode, "keeps at least one administrator" in last.stderr) == (1, True)
    assert printed(depictio("user", "grant-admin", lines[1][0], "--json", *where))["is_admin"] is True
    assert depictio("user", "revoke-admin", ADA, *where).stdout == f"{ADA} no longer administers this site.\n"
    nobody = depictio("user", "deactivate", "adda@example.org", *where)
    assert (nobody.returncode, f"did you mean '{ADA}'?" in nobody.stderr) == (1, True)
    return str(printed(depictio("user", "reset-link", ADA, "--json", *where))["link"])


def test_a_journey_on_the_data_directory(depictio: Command, data_dir: Path, variables: dict[str, str]) -> None:
    """The link sets a password; a password may come through a pipe; the account is deleted by name."""
    link = journey(depictio, ())
    from_pipe = subprocess.run(
        [depictio("--version").args[0], "user", "add", "bob@example.org", "--password", "--admin", "--json"],
        env=variables, input=f"{NEW}\n", capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    made = printed(from_pipe)
    assert (made["email"], made["display_name"], made["is_admin"], made["link"]) == ("bob@example.org", "bob", True, "")

    async def signed_in() -> None:
        async with open_services(Settings(data_dir=data_dir)) as services:
            await services.accounts.reset_password(link.partition("token=")[2], NEW)
            for email in (ADA, "bob@example.org"):
                _, user = await services.people.sign_in(email, NEW, address="127.0.0.1", user_agent="")
                assert user.email == email

    asyncio.run(signed_in())
    assert depictio("user", "delete", ADA).returncode == 1
    assert depictio("user", "delete", ADA, "--yes").stdout == f"The account of {ADA} is deleted.\n"
    assert [one["email"] for one in printed(depictio("user", "list", "--json"))] == [
        "admin@localhost",
        "bob@example.org",
    ]


def test_the_operator_gets_in_when_the_first_administrator_is_gone(depictio: Command) -> None:
    """Commands on the data directory act for another administrator when the first has no account any more."""
    depictio("user", "add", ADA, "--admin")
    assert depictio("user", "deactivate", "admin@localhost").returncode == 0
    assert depictio("user", "reactivate", "admin@localhost").stdout == "The account of admin@localhost is open.\n"
    assert depictio("user", "revoke-admin", "admin@localhost").returncode == 0
    assert depictio("user", "grant-admin", "admin@localhost").returncode == 0


def test_the_same_journey_through_a_server(depictio: Command, server: Server) -> None:
    """The token must be an administrator's; the link leads to this server."""
    where = ("--server", server.url, "--token", server.token)
    link = journey(depictio, where)
    assert link.startswith(f"{server.url}/reset?token=")
    reset = {"token": link.partition("token=")[2], "password": NEW}
    httpx.post(f"{server.url}/api/v1/accounts/reset", json=reset).raise_for_status()
    answer = httpx.post(f"{server.url}/api/v1/tokens", json={"email": ADA, "password": NEW}).raise_for_status().json()
    there = ("--server", server.url, "--token", answer["access_token"])
    for command in (("list",), ("add", "eve@example.org"), ("grant-admin", ADA)):
        refused = depictio("user", *command, *there)
        assert (refused.returncode, refused.stdout) == (4, "")
    assert depictio("user", "delete", ADA, "--yes", *where).returncode == 0
    assert ADMIN_PASSWORD not in depictio("user", "list", "--json", *where).stdout
