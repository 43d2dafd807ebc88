"""How long the server works on a project's members page: 200 members, three groups, ten invited addresses.

    python -m benchmarks.members [ROUNDS]

Prints the median and the worst of the whole request, from the first byte in to the last byte out, in ms: on the
embedded document server, in this process, without a network. The goal is a median of 60 ms.
"""

import asyncio
import secrets
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx
from argon2 import PasswordHasher

from domain.access import Actor, Grant, Invited, Principal, PrincipalKind, Role
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
                times = [await timed(http, f"/projects/{project_id}/members") for _ in range(rounds + 3)][3:]
    sys.stdout.write(f"{MEMBERS} members: median {statistics.median(times):.1f} ms, worst {max(times):.1f} ms, ")
    sys.stdout.write(f"goal {GOAL_MS} ms\n")


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
    invited = tuple(Invited(f"invited{number}@example.org", Role.VIEWER) for number in range(INVITED))
    await services.projects.save_all(proof, shared(proof.project, admin, principals, invited))
    return project.id
