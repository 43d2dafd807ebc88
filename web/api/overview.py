"""REST: all projects, groups, ingests, accounts and live sessions of a site, for administrators."""

from datetime import datetime

import msgspec
from litestar import Controller, delete, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from domain.access import Actor
from domain.listing import Listing, Wanted
from services.overview import FailedIngest, GroupUse, LiveSession, ProjectUse, RunningIngest
from services.system import Services
from web.api.lists import Part, as_part, part_of, provide_ordered
from web.api.problems import failures
from web.security.identity import administrator

READING = failures(401, 403, 422)


class ListedAccount(msgspec.Struct, frozen=True):
    """An account as the list has it."""

    id: str
    email: str
    display_name: str
    is_admin: bool
    is_active: bool
    created_at: datetime


class OverviewApi(Controller):
    """`/admin`: lists."""

    path = "/admin"
    tags = ["Administration"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [administrator]  # noqa: RUF012
    dependencies = {"wanted": Provide(provide_ordered, sync_to_thread=False)}  # noqa: RUF012

    @get("/projects", summary="List all projects", responses=READING)
    async def projects(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], wanted: NamedDependency[Wanted]
    ) -> Part[ProjectUse]:
        """List projects with owners, rows and bytes stored; `sort` is `name` or `updated`."""
        return as_part(await services.overview.projects(actor, wanted))

    @get("/users", summary="List accounts", responses=READING)
    async def users(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], wanted: NamedDependency[Wanted]
    ) -> Part[ListedAccount]:
        """List accounts; `sort` is `email`, `name` or `created`."""
        part = await services.overview.users(actor, wanted)
        items = tuple(
            ListedAccount(one.id, one.email, one.display_name, one.is_admin, one.is_active, one.created_at)
            for one in part.items
        )
        return as_part(Listing(items, part.total, part.offset, part.next))

    @get("/groups", summary="List all groups", responses=READING)
    async def groups(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], wanted: NamedDependency[Wanted]
    ) -> Part[GroupUse]:
        """List groups with who administers them; `sort` is `name`, `members` or `created`."""
        return as_part(await services.overview.groups(actor, wanted))

    @get("/ingests/running", summary="List running ingests", responses=READING)
    async def running(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], asked: NamedDependency[Wanted]
    ) -> Part[RunningIngest]:
        """List the data collections that are being ingested now, and where."""
        return part_of(await services.overview.running(actor), asked)

    @get("/ingests/failed", summary="List failed ingests", responses=READING)
    async def failed(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], wanted: NamedDependency[Wanted]
    ) -> Part[FailedIngest]:
        """List what failed within 30 days, the newest first; `sort` is `at` or `project`."""
        return as_part(await services.overview.failed(actor, wanted))

    @get("/sessions", summary="List live sessions", responses=READING)
    async def sessions(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], wanted: NamedDependency[Wanted]
    ) -> Part[LiveSession]:
        """List everybody's signed-in browsers, the last used first; `sort` is `used` or `email`."""
        return as_part(await services.overview.sessions(actor, wanted))

    @delete("/sessions/{user_id:str}/{session_id:str}", summary="End somebody's session",
            responses=failures(401, 403, 404, 422))  # fmt: skip
    async def end_session(
        self,
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        user_id: FromPath[str],
        session_id: FromPath[str],
    ) -> None:
        """Sign out one of somebody's browsers."""
        await services.overview.end_session(actor, user_id, session_id)
