"""Running a question of the command line at a desk; what opens one is loaded when it is needed."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from cli.environment import read_settings
from cli.server_options import server_of

if TYPE_CHECKING:
    from cli.desks import Desk

T = TypeVar("T")


def at_desk(server: str | None, token: str | None, question: "Callable[[Desk], Awaitable[T]]") -> T:
    """What the question gives at the server that was named, or on this installation's stores."""
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from cli.desks import opened_desk  # noqa: PLC0415

    remote = server_of(server, token)
    settings = read_settings() if remote is None else None

    async def asked() -> T:
        async with opened_desk(remote, settings) as desk:
            return await question(desk)

    return asyncio.run(asked())
