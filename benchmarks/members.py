"""How long the server works on a project's members page: 200 members, three groups, ten invited addresses.

    python -m benchmarks.members [ROUNDS]

Prints the median and the worst of the whole request, from the first byte in to the last byte out, in ms: on the
embedded document server, in this process, without a network. The goal is a median of 60 ms. The processor time, which
others on the machine do not disturb, leaves out the document server.
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

from domain.access import Capability, Grant, Principal, PrincipalKind, Role
from domain.projects import Project, with_grants
from domain.settings import Settings
from services.system import Services, open_services
from web.app import create_app

MEMBERS, GROUPS, INVITED = 200, 3, 10
PASSWORD = "correct horse battery staple"  # noqa: S105 -- of an account that lives as long as this process.
GOAL_MS = 60


async def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), admin_password=PASSWORD)
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        async with open_services(settings, hasher=hasher) as services:
            project_id = await filled(services)
            transport = httpx.ASGITransport(create_app(services))
            async with httpx.AsyncClient(transport=transport, base_url=settings.address) as http:
                await sign_in(http, settings.admin_email)
                path = f"/projects/{project_id}/members"
                await timed(http, path)
                worked = time.process_time()
                times = [await timed(http, path) for _ in range(rounds)]
                worked = (time.process_time() - worked) * 1000 / rounds
    sys.stdout.write(f"{MEMBERS} members: median {statistics.median(times):.1f} ms, worst {max(times):.1f} ms, ")
    sys.stdout.write(f"goal {GOAL_MS} ms; {worked:.1f} ms of processor time in this process\n")


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
    if answer.status_code != HTTPStatus.OK or answer.text.count("Role of Member Number") != MEMBERS - 1:
        raise RuntimeError("The page does not show its members.")
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
