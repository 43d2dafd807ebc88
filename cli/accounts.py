"""What the commands about tokens ask of a server."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

import msgspec

from cli.client import Client


class Pair(msgspec.Struct, frozen=True):
    """A sign-in; the rest of the answer is not needed."""

    access_token: str


class Who(msgspec.Struct, frozen=True):
    """Whose a token is."""

    email: str


class Token(msgspec.Struct, frozen=True):
    """An API token as the server lists it."""

    id: str
    name: str
    scopes: tuple[str, ...]
    hint: str
    expires_at: datetime
    last_used_at: datetime | None


class Made(msgspec.Struct, frozen=True):
    """A new API token with its secret."""

    token: str


async def made_token(server: str, email: str, password: str, name: str, scopes: Sequence[str], days: int) -> str:
    """Sign in, make an API token, and end the sign-in."""
    async with Client(server, "") as stranger:
        pair = await stranger.post("/tokens", {"email": email, "password": password}, Pair)
    try:
        return await create(server, pair.access_token, name, scopes, days)
    finally:
        await give_back(server, pair.access_token)


async def whose(server: str, token: str) -> str:
    """The address of the account that a token belongs to."""
    async with Client(server, token) as client:
        return (await client.get("/me", Who)).email


async def give_back(server: str, token: str) -> None:
    """End the token itself."""
    async with Client(server, token) as client:
        await client.delete("/tokens/current")


async def create(server: str, token: str, name: str, scopes: Sequence[str], days: int) -> str:
    """Make an API token; its secret."""
    async with Client(server, token) as client:
        wanted = {"name": name, "scopes": list(scopes), "days": days}
        return (await client.post("/me/tokens", wanted, Made)).token


async def tokens(server: str, token: str) -> list[Token]:
    """The API tokens of the account."""
    async with Client(server, token) as client:
        return await client.everything("/me/tokens", Token)


async def revoke(server: str, token: str, token_id: str) -> None:
    """End an API token."""
    async with Client(server, token) as client:
        await client.delete(f"/me/tokens/{quote(token_id, safe='')}")
