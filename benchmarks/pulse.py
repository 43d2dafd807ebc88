"""What the pulse of an opened dashboard costs the server.

    python -m benchmarks.pulse [ROUNDS]

Prints for the viewer and the editor of the penguins: how many questions one pulse asks the document store, how many
documents that answers with, and the processor time of the server and of the document server, from which follows what
`PAGES` opened pages take. On the embedded document server, in this process, without a network. Exits with 1 when a
pulse asks more than `QUESTIONS`.
"""

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

import httpx
import msgspec
from argon2 import PasswordHasher
from pymongo import monitoring

from benchmarks.members import PASSWORD, Reads, sign_in
from benchmarks.memory import PROC, family
from domain.settings import Settings
from services.examples import install_examples
from services.opening import open_services
from services.system import Services
from web.app import create_app
from web.pages.boards import board_routes

PAGES = 100
QUESTIONS: Mapping[str, int] = {"view": 6, "edit": 7}
"""Three of them are who asks: the session, the account, its groups. An editor asks who else is there."""
SCRIPT = Path(__file__).parents[1] / "web" / "static" / "dash" / "pulse.js"
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """Of one pulse; processor time in ms, of the server and of the document server."""

    page: str
    questions: int
    documents: int
    server_ms: float
    store_ms: float


def pause_ms() -> int:
    """How long an opened page waits from one pulse to the next."""
    found = re.search(r"const EVERY = (\d+);", SCRIPT.read_text("utf-8"))
    if found is None:
        raise RuntimeError("pulse.js does not say how often it asks.")
    return int(found[1])


async def measure(rounds: int) -> list[Cost]:
    """The pulses of both pages, so many times each."""
    reads = Reads()
    monitoring.register(reads)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), admin_password=PASSWORD)
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        async with open_services(settings, hasher=hasher) as services:
            dashboard_id = await _penguins(services)
            transport = httpx.ASGITransport(create_app(services, board_routes(services)))
            async with httpx.AsyncClient(transport=transport, base_url=settings.address) as http:
                await sign_in(http, settings.admin_email)
                return [await _cost(http, page, dashboard_id, rounds, reads) for page in QUESTIONS]


async def _penguins(services: Services) -> str:
    actor = (await services.people.user_by_email(services.settings.admin_email)).actor()
    await install_examples(services, actor, lambda _text: None)
    project = next(one for one in await services.projects.visible(actor) if "penguins" in one.name)
    [dashboard] = await services.dashboards.of_project(await services.projects.open(actor, project.id))
    return dashboard.id


async def _cost(http: httpx.AsyncClient, page: str, dashboard_id: str, rounds: int, reads: Reads) -> Cost:
    token = next(value for name, value in http.cookies.items() if "csrf" in name)
    headers = {"x-csrftoken": token, "x-depictio-session": "a" * 24}

    async def ask(version: int, *, first: bool) -> int:
        content = {"version": version, "tile": "", "first": first}
        answer = await http.post(f"/dashboards/{dashboard_id}/{page}/_pulse", json=content, headers=headers)
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"A pulse was answered with {answer.status_code}: {answer.text}")
        known: int = answer.json()["version"]
        return known

    version = await ask(0, first=True)
    await ask(version, first=False)
    reads.questions, reads.documents = 0, 0
    await ask(version, first=False)
    questions, documents = reads.questions, reads.documents
    before = _worked()
    for _ in range(rounds):
        await ask(version, first=False)
    server_ms, store_ms = ((after - was) * 1000 / max(rounds, 1) for after, was in zip(_worked(), before, strict=True))
    return Cost(page=page, questions=questions, documents=documents, server_ms=server_ms, store_ms=store_ms)


def _worked() -> tuple[float, float]:
    """Seconds of processor time of this process, and of those that it started."""
    own, *others = family(os.getpid())
    return _seconds(own), sum(map(_seconds, others))


def _seconds(pid: int) -> float:
    user, system = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / TICKS_PER_SECOND


def _said(cost: Cost) -> str:
    cores = PAGES * (cost.server_ms + cost.store_ms) / pause_ms()
    return (
        f"{cost.page}: {cost.questions} questions, {cost.documents} documents; {cost.server_ms:.2f} ms of processor"
        f" time in the server, {cost.store_ms:.2f} ms in the document server; {PAGES} pages, each every"
        f" {pause_ms()} ms, take {cores:.2f} cores"
    )


if __name__ == "__main__":
    found = asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
    print("\n".join(map(_said, found)))
    sys.exit(any(one.questions > QUESTIONS[one.page] for one in found))
