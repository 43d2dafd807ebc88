"""REST: comments on the tiles of a dashboard, and its notes."""

import msgspec
from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from domain.discussions import Note, Revision, Thread
from domain.listing import Wanted
from services.dashboards import DashboardAccess
from services.discussions import Person
from services.system import Services
from web.api.lists import Part, part_of
from web.api.problems import READING, WRITING


class NewRemark(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A comment to write. `mentions` are ids of members whose names stand in it as `@Name`."""

    body: str
    mentions: tuple[str, ...] = ()


class NewThread(NewRemark, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The first comment of a thread, on a tile."""

    tile_id: str


class Resolved(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a thread is resolved."""

    resolved: bool


class NewNotes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Notes in Markdown, written over what `version` said; 0 when there were none.

    With `restores` what they replace stands in the history, whoever wrote it and when.
    """

    body: str
    version: int
    restores: bool = False


class CommentsApi(Controller):
    """`/dashboards/{dashboard_id}/comments`."""

    path = "/dashboards/{dashboard_id:str}/comments"
    tags = ["Comments"]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/", summary="List comments", responses=READING)
    async def index(
        self,
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        asked: NamedDependency[Wanted],
    ) -> Part[Thread]:
        """List the threads of a dashboard, the oldest first."""
        return part_of(await services.discussions.threads(opened), asked)

    @get("/people", summary="List who can be mentioned", responses=READING)
    async def people(
        self,
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        asked: NamedDependency[Wanted],
    ) -> Part[Person]:
        """List the members of the project by name, without their addresses."""
        return part_of(await services.discussions.people(opened), asked)

    @post("/", summary="Comment on a tile", responses=WRITING)
    async def start(
        self,
        data: JSONBody[NewThread],
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
    ) -> Thread:
        """Begin a thread on a tile."""
        return await services.discussions.start(opened, data.tile_id, data.body, data.mentions)

    @post("/{thread_id:str}", summary="Answer a comment", responses=WRITING)
    async def reply(
        self,
        data: JSONBody[NewRemark],
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        thread_id: FromPath[str],
    ) -> Thread:
        """Answer in a thread, which is open again then."""
        return await services.discussions.reply(opened, thread_id, data.body, data.mentions)

    @put("/{thread_id:str}/resolved", summary="Resolve or reopen comments", responses=WRITING)
    async def resolve(
        self,
        data: JSONBody[Resolved],
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        thread_id: FromPath[str],
    ) -> Thread:
        """Close a thread, or open it again."""
        return await services.discussions.resolve(opened, thread_id, resolved=data.resolved)

    @delete("/{thread_id:str}/remarks/{remark_id:str}", summary="Delete a comment", responses=WRITING)
    async def remove(
        self,
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        thread_id: FromPath[str],
        remark_id: FromPath[str],
    ) -> None:
        """Delete a comment; a thread goes with its last one."""
        await services.discussions.remove(opened, thread_id, remark_id)


class NotesApi(Controller):
    """`/dashboards/{dashboard_id}/notes`."""

    path = "/dashboards/{dashboard_id:str}/notes"
    tags = ["Notes"]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/", summary="Read notes", responses=READING)
    async def read(self, opened: NamedDependency[DashboardAccess], services: NamedDependency[Services]) -> Note:
        """Show the notes of a dashboard; version 0 when nobody has written any."""
        return await services.notes.read(opened)

    @put("/", summary="Save notes", responses=WRITING)
    async def write(
        self,
        data: JSONBody[NewNotes],
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
    ) -> Note:
        """Save the notes; a stale `version` is a conflict, and nothing is saved."""
        return await services.notes.write(opened, data.body, data.version, restores=data.restores)

    @get("/revisions", summary="List earlier notes", responses=READING)
    async def revisions(
        self,
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        asked: NamedDependency[Wanted],
    ) -> Part[Revision]:
        """List what the notes were, the newest first."""
        return part_of(await services.notes.revisions(opened), asked)
