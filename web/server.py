"""The server process: services around one uvicorn server that stops gracefully."""

import asyncio
import contextlib
import faulthandler
import gc
import logging
import resource
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from types import FrameType

import uvicorn
from litestar.plugins.jinja import JinjaTemplateEngine

from domain.errors import DomainError, Invalid, Unavailable
from domain.settings import Settings, loopback_problems
from services.opening import open_services
from services.system import Services
from services.workers import ANSWERS, RUNS_JOBS
from web.app import create_app
from web.logs import configure_logging
from web.pages.boards import TEMPLATE, board_routes
from web.render import compile_ahead
from web.workers import Workers

DRAIN_SECONDS = 20
ENDS_WITHIN = 80
"""Seconds after which a process that was told to stop ends, whatever its threads still do; stopping in order, with all
that is bounded in itself, takes less.
"""
BACKLOG = 1024
NEW_OBJECTS = (10_000, 20, 20)
"""After so many Python looks for garbage among them; after so many such looks, among older ones too, and so on."""
OPEN_FILES = 65_536
"""A process may hold so many open, if the system lets it: many begin with 1 024."""
FIRST_PEOPLE = 1.0
"""Seconds in which a server that has just started only answers."""

log = logging.getLogger(__name__)

Prepare = Callable[[Services], Awaitable[None]]


def serve(settings: Settings, *, prepare: Prepare, on_ready: Callable[[Services], None]) -> None:
    """Serve until the process is told to stop.

    `prepare` runs as soon as the services are open, before anything is answered; `on_ready` once requests are answered.

    Raises:
        Invalid: when there is no sign-in and others could reach it.
        Unavailable: when the port is taken, or a store does not answer.
        Conflict: when another process holds the data directory.
    """
    if problems := loopback_problems(settings):  # Before anything listens: --host comes after the settings were read.
        raise Invalid("A server without sign-in must be reached from this machine only.", tuple(problems))
    # A start that fails says why in one line; warnings about the same thing would only hide it.
    configure_logging("debug" if settings.log_level == "debug" else "error")
    with contextlib.closing(listen(settings)) as listener:
        asyncio.run(_serve(settings, listener, prepare, on_ready))


def listen(settings: Settings) -> socket.socket:
    """Take the port before anything is started.

    Raises:
        Unavailable: naming the address, when it cannot be had.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # With the protocol named, asyncio sends at once what is written; else an answer may wait 40 ms for an ACK.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        where = f"{settings.host}:{settings.port}"
        reason = error.strerror or str(error)
        raise Unavailable(f"Cannot listen on {where}: {reason}. Choose another with --port or --host.") from None
    return listener


async def _serve(
    settings: Settings, listener: socket.socket, prepare: Prepare, on_ready: Callable[[Services], None]
) -> None:
    async with open_services(settings) as services:
        await prepare(services)
        configure_logging(settings.log_level)
        answering = asyncio.Event()
        preparing = asyncio.create_task(_prepare_all(services, answering))
        async with (
            Workers(settings, services.documents_url, listener) as workers,
            services.runner.running(),
            services.workers.present(RUNS_JOBS if settings.jobs else ANSWERS),
        ):

            def ready() -> None:
                on_ready(services)
                workers.start()
                answering.set()

            def told() -> None:
                # A thread that never ends would be waited for, by Python itself too: say where it is, and end.
                faulthandler.dump_traceback_later(ENDS_WITHIN, exit=True)
                workers.stop()

            await answer_requests(services, listener, ready, told)
        preparing.cancel()


async def answer_requests(
    services: Services,
    listener: socket.socket,
    on_ready: Callable[[], None] = lambda: None,
    on_exit: Callable[[], None] = lambda: None,
) -> None:
    """Answer what comes to the socket until the process is told to stop; `on_exit` is called when it is."""
    app = create_app(services, board_routes(services))
    if isinstance(app.template_engine, JinjaTemplateEngine):
        compile_ahead(app.template_engine.engine, TEMPLATE)
    config = uvicorn.Config(
        app,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        # So many connections a process takes at a time: the others, when it is busy, get the next one.
        backlog=1,
    )
    # To look for garbage among all that is loaded would stop everything for a tenth of a second, often, and find none.
    gc.set_threshold(*NEW_OBJECTS)
    gc.freeze()
    allow_open_files()
    await _Server(config, on_ready, on_exit).serve(sockets=[listener])


def allow_open_files() -> None:
    """Let this process hold as many files open as it may: each column that tiles use is one, mapped into memory."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if soft not in {resource.RLIM_INFINITY, hard} and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


async def _prepare_all(services: Services, answering: asyncio.Event) -> None:
    """Make large tables ready for their filters; without it the first who uses one waits for that.

    Whoever has been waiting for the server comes first.
    """
    await answering.wait()
    await asyncio.sleep(FIRST_PEOPLE)
    try:
        await services.prepare_all()
    except DomainError as error:
        log.warning("Dashboards are not made ready: %s", error)


class _Server(uvicorn.Server):
    """Uvicorn that says when it answers requests, and when it is told to stop."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None], on_exit: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._on_exit = on_exit

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self._on_exit()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGINT and SIGTERM, and then return.

        Uvicorn itself raises the signal again, which would end the process before its services are closed.
        """
        if threading.current_thread() is threading.main_thread():
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, self.handle_exit, number, None)
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or ():
            listener.listen(BACKLOG)  # As many as before may wait for one.
        if self.started:
            self._on_ready()
