"""One further server process: `python -m web.worker LISTENER SETTINGS`, both of them open files; see `workers`."""

import asyncio
import socket
import sys
from pathlib import Path
from typing import Any

import msgspec

from domain.errors import DomainError
from domain.settings import Settings
from services.opening import open_services
from web.logs import configure_logging
from web.server import answer_requests


def main() -> None:
    """Serve until told to stop."""
    listener, settings = (int(number) for number in sys.argv[1:])
    with open(settings, "rb") as pipe:  # noqa: PTH123 -- an open file has no path.
        given = msgspec.json.decode(pipe.read(), type=Settings, dec_hook=_path)
    configure_logging(given.log_level)
    try:
        asyncio.run(_serve(given, socket.socket(fileno=listener)))
    except DomainError as error:
        sys.exit(f"A server process cannot start: {error}")


def _path(kind: type, value: Any) -> Any:
    return Path(value) if issubclass(kind, Path) else value


async def _serve(settings: Settings, listener: socket.socket) -> None:
    async with open_services(settings) as services, services.workers.present():
        await answer_requests(services, listener)


if __name__ == "__main__":
    main()
