"""What a project's pages cost with 200 members, three groups and ten invited addresses.

    python -m benchmarks.members [ROUNDS]

Prints for the project's page and for its members: how many questions the document store is asked and how many
documents it answers with, and the median and the worst of the whole request, from the first byte in to the last byte
out, in ms: on the embedded document server, in this process, without a network. The goal is a median of 60 ms. The
processor time, which others on the machine do not disturb, leaves out the document server. Exits with 1 when a page
asks for more than `QUESTIONS`, or reads more documents than there are people, groups and invitations on it.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from pathlib import Path

import httpx
from argon2 import PasswordHasher
from pymongo import monitoring
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from domain.access import Capability, Grant, Principal, PrincipalKind, Role
from domain.projects import Project, with_grants
from domain.settings import Settings
from services.opening import open_services
from services.system import Services
from web.app import create_app

MEMBERS, GROUPS, INVITED = 200, 3, 10
PASSWORD = "correct horse battery staple"  # noqa: S105 -- of an account that lives as long as this process.
GOAL_MS = 60
QUESTIONS = 12
AROUND = 16
"""Documents of every page beside the people on it: session, account, project, groups; five members; dashboards."""
DOCUMENTS = {"project": AROUND, "members": MEMBERS + GROUPS + INVITED + AROUND}


class Reads(CommandListener):
    """Counts what the document store is asked for, and what it answers with."""

    def __init__(self) -> None:
        self.questions, self.documents = 0, 0

    def started(self, event: CommandStartedEvent) -> None:
        self.questions += event.command_name == "find"

    def succeeded(self, event: CommandSucceededEvent) -> None:
        cursor = event.reply.get("cursor", {})
        self.documents += len(cursor.get("firstBatch", ())) + len(cursor.get("nextBatch", ()))

    def failed(self, event: CommandFailedEvent) -> None:
        raise RuntimeError(f"The document store refused {event.command_name}.")


async def main(rounds: int) -> bool:
    """Print what the pages cost; whether they read no more than they may."""
    reads = Reads()
    monitoring.register(reads)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), admin_password=PASSWORD)
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        async with open_services(settings, hasher=hasher) as services:
            project_id = await filled(services)
            transport = httpx.ASGITransport(create_app(services))
            async with httpx.AsyncClient(transport=transport, base_url=settings.address) as http:
                await sign_in(http, settings.admin_email)
                pages = {"project": f"/projects/{project_id}", "members": f"/projects/{project_id}/members"}
                good = [await measured(http, name, path, rounds, reads) for name, path in pages.items()]
    return all(good)


async def measured(http: httpx.AsyncClient, name: str, path: str, rounds: int, reads: Reads) -> bool:
    """Print a line about one page; whether it reads no more than it may."""
    await timed(http, path)
    reads.questions, reads.documents = 0, 0
    await timed(http, path)
    questions, documents = reads.questions, reads.documents
    worked = time.process_time()
    times = [await timed(http, path) for _ in range(rounds)]
    worked = (time.process_time() - worked) * 1000 / rounds
    sys.stdout.write(f"{name}, {MEMBERS} members: {questions} questions, {documents} documents; ")
    sys.stdout.write(f"median {statistics.median(times):.1f} ms, worst {max(times):.1f} ms, ")
    sys.stdout.write(f"goal {GOAL_MS} ms; {worked:.1f} ms of processor time in this process\n")
    return questions <= QUESTIONS and documents <= DOCUMENTS[name]


async def filled(services: Services) -> str:
    """A project that everybody shares; its id."""
    admin = (await services.people.user_by_email(services.settings.admin_email)).actor()
    users = [
        await services.people.create_user(f"member{number}@example.org", PASSWORD, f"Member Number {number}")
        for number in range(MEMBERS - 1)
    ]
    groups = [await services.groups.create(admin, f"Group {number}") for number in range(GROUPS)]
    project = await services.projects.create(admin, "Shared by many")
    proof = await services.projects.open(admin, project.id)
    principals = [Principal(PrincipalKind.USER, user.id) for user in users]
    principals += [Principal(PrincipalKind.GROUP, group.id) for group in groups]
    await services.projects.change(proof, Capability.PROJECT_SHARE, partial(shared, principals=principals))
    for number in range(INVITED):
        await services.invitations.invite_to(proof, f"invited{number}@example.org", Role.VIEWER)
    return project.id


def shared(project: Project, principals: Sequence[Principal]) -> Project:
    return with_grants(project, (*project.grants, *(Grant(principal, Role.VIEWER) for principal in principals)))


async def sign_in(http: httpx.AsyncClient, email: str) -> None:
    await http.get("/sign-in")
    token = next(value for name, value in http.cookies.items() if "csrf" in name)
    form = {"_csrf_token": token, "email": email, "password": PASSWORD}
    if (await http.post("/sign-in", data=form)).status_code != HTTPStatus.SEE_OTHER:
        raise RuntimeError("Signing in failed.")


async def timed(http: httpx.AsyncClient, path: str) -> float:
    started = time.perf_counter()
    answer = await http.get(path)
    shown = MEMBERS - 1 if path.endswith("/members") else 0
    if answer.status_code != HTTPStatus.OK or answer.text.count("Role of Member Number") != shown:
        raise RuntimeError("The page does not show its members.")
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)) else 1)
