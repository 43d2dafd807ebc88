"""`depictio user`: accounts, for the operator of an installation and for the administrators of a server."""

import sys
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

import click

from cli.environment import read_settings
from cli.printing import json_option, print_json, print_rows
from cli.server_options import server_of, server_options

if TYPE_CHECKING:
    from cli.user_desks import AccountLine, Opened, UserDesk

T = TypeVar("T")
Change: TypeAlias = "Callable[[UserDesk, AccountLine], Awaitable[T]]"
PURPOSE = "A running server; the token needs the scope admin."
VALID = "It works once, within 24 hours, and is shown only here."


@click.group()
def user() -> None:
    """List accounts, open, close and delete them, and say who administers.

    Without --server this works directly on the data directory, while no server runs on it.
    """


@user.command("list")
@json_option
@server_options(PURPOSE)
def list_users(as_json: bool, server: str | None, token: str | None) -> None:  # noqa: FBT001 -- as click gives it.
    """List all accounts by address."""
    found = _at_desk(server, token, lambda desk: desk.users())
    if as_json:
        print_json(found)
        return
    lines = [
        (one.id, one.email, one.display_name, one.is_admin, one.is_active, f"{one.created_at:%Y-%m-%d}")
        for one in found
    ]
    print_rows(("id", "email", "name", "admin", "open", "created"), lines)


@user.command()
@click.argument("email")
@click.option("--name", default="", help="What others see; the part of the address before the @ otherwise.")
@click.option("--admin", is_flag=True, help="Make it an administrator's account.")
@click.option("--password", "with_password", is_flag=True, help="Ask for its password, or read it from standard input.")
@json_option
@server_options(PURPOSE)
def add(
    email: str,
    name: str,
    admin: bool,  # noqa: FBT001
    with_password: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
    server: str | None,
    token: str | None,
) -> None:
    """Open an account for EMAIL and print the link with which its owner sets a password."""
    from cli.user_desks import NewAccount  # noqa: PLC0415 -- loaded when called, for a fast --help.

    wanted = NewAccount(email=email, display_name=name, password=_password() if with_password else "", is_admin=admin)
    made: Opened = _at_desk(server, token, lambda desk: desk.add(wanted))
    if as_json:
        print_json(made)
        return
    click.echo(f"The account of {made.email} is open{', with administration' if made.is_admin else ''}.")
    if made.link:
        click.echo(f"A password is set at {made.link}")
        click.echo(VALID, err=True)


class Asked(NamedTuple):
    """One account that a command is about, and how it was asked."""

    email: str
    server: str | None
    token: str | None
    as_json: bool

    def changed(self, change: "Change[T]") -> T:
        """What the change of the account gives."""
        from cli.user_desks import account_of  # noqa: PLC0415 -- loaded when called, for a fast --help.

        async def question(desk: "UserDesk") -> T:
            return await change(desk, await account_of(desk, self.email))

        return _at_desk(self.server, self.token, question)

    def say(self, change: "Change[AccountLine]", sentence: str) -> None:
        """Change the account and print it, or the sentence about it."""
        done = self.changed(change)
        if self.as_json:
            print_json(done)
        else:
            click.echo(sentence.format(done.email))


def _on_one(command: Callable[..., None]) -> Callable[..., None]:
    """Make `command` one about the account of EMAIL, which it is given as `Asked`."""

    @wraps(command)
    def run(email: str, *, server: str | None, token: str | None, as_json: bool, **own: object) -> None:
        command(Asked(email, server, token, as_json), **own)

    return click.argument("email", metavar="EMAIL")(json_option(server_options(PURPOSE)(run)))


@user.command()
@_on_one
def deactivate(asked: Asked) -> None:
    """Close the account of EMAIL, which ends its sessions and tokens at once."""
    asked.say(lambda desk, one: desk.set_active(one.id, is_active=False), "The account of {} is closed.")


@user.command()
@_on_one
def reactivate(asked: Asked) -> None:
    """Reopen the account of EMAIL; its tokens of before do not come back."""
    asked.say(lambda desk, one: desk.set_active(one.id, is_active=True), "The account of {} is open.")


@user.command("grant-admin")
@_on_one
def grant_admin(asked: Asked) -> None:
    """Make the account of EMAIL an administrator's."""
    asked.say(lambda desk, one: desk.set_admin(one.id, is_admin=True), "{} administers this site.")


@user.command("revoke-admin")
@_on_one
def revoke_admin(asked: Asked) -> None:
    """Take administration from the account of EMAIL, unless it is the last one with it."""
    asked.say(lambda desk, one: desk.set_admin(one.id, is_admin=False), "{} no longer administers this site.")


@user.command("reset-link")
@_on_one
def reset_link(asked: Asked) -> None:
    """Print a link with which the owner of EMAIL sets a new password; an earlier link ends."""
    link = asked.changed(lambda desk, one: desk.reset_link(one.id))
    if asked.as_json:
        print_json({"link": link})
        return
    click.echo(link)
    click.echo(VALID, err=True)


@user.command()
@_on_one
@click.option("--heir", metavar="EMAIL", default="", help="Who inherits the projects that nobody else owns.")
@click.option("--yes", is_flag=True, help="Do not ask whether to.")
def delete(asked: Asked, heir: str, *, yes: bool) -> None:
    """Delete the account of EMAIL; there is no way back."""

    async def deleted(desk: "UserDesk", one: "AccountLine") -> "AccountLine":
        if not yes:
            click.confirm(f"Delete the account of {one.email}?", abort=True, err=True)
        await desk.delete(one.id, heir)
        return one

    asked.say(deleted, "The account of {} is deleted.")


def _at_desk(server: str | None, token: str | None, question: "Callable[[UserDesk], Awaitable[T]]") -> T:
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from cli.user_desks import opened_user_desk  # noqa: PLC0415

    remote = server_of(server, token)
    settings = read_settings() if remote is None else None

    async def asked() -> T:
        async with opened_user_desk(remote, settings) as desk:
            return await question(desk)

    return asyncio.run(asked())


def _password() -> str:
    """What is typed twice without being shown, or comes through a pipe."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise click.UsageError("Password: nothing came through standard input.")
    return line
