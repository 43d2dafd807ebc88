"""REST: projects and their members."""

import msgspec
from litestar import Controller, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from domain.access import Actor, Role
from domain.errors import NotFound
from domain.listing import Wanted
from domain.projects import Access
from services.system import Services
from web.api.lists import Part, part_of
from web.api.problems import READING, WRITING
from web.api.views import (
    MemberDetails,
    ProjectDetails,
    ProjectSummary,
    member_details,
    project_details,
    project_summary,
)
from web.security.identity import signed_in


class NewProject(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A project to create; you become its owner."""

    name: str
    description: str = ""


class ProjectChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to change; what is left out stays."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    is_public: bool | UnsetType = UNSET


class NewMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to share the project with."""

    email: str
    role: Role


class WantedRole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The role that a member shall have."""

    role: Role


class ProjectsApi(Controller):
    """`/projects`."""

    path = "/projects"
    tags = ["Projects"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [signed_in]  # noqa: RUF012

    @get("/", summary="List projects", responses=READING)
    async def index(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], asked: NamedDependency[Wanted]
    ) -> Part[ProjectSummary]:
        """List the projects that you may see, by name."""
        return part_of([project_summary(project) for project in await services.projects.visible(actor)], asked)

    @post("/", summary="Create a project", responses=WRITING)
    async def create(
        self, data: JSONBody[NewProject], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> ProjectDetails:
        """Create an empty project."""
        project = await services.projects.create(actor, data.name, data.description)
        return project_details(await services.projects.open(actor, project.id))

    @get("/{project_id:str}", summary="Read a project", responses=READING)
    async def read(self, access: NamedDependency[Access]) -> ProjectDetails:
        """Show a project and what you may do in it."""
        return project_details(access)

    @patch("/{project_id:str}", summary="Change a project", responses=WRITING)
    async def change(
        self, data: JSONBody[ProjectChanges], access: NamedDependency[Access], services: NamedDependency[Services]
    ) -> ProjectDetails:
        """Change the name, the description or the visibility."""
        if data.name is not UNSET:
            await services.projects.rename(access, data.name)
        if data.description is not UNSET:
            await services.projects.describe(access, data.description)
        if data.is_public is not UNSET:
            await services.projects.set_public(access, is_public=data.is_public)
        return project_details(await services.projects.open(access.actor, access.project.id))

    @delete("/{project_id:str}", summary="Delete a project", responses=WRITING)
    async def remove(self, access: NamedDependency[Access], services: NamedDependency[Services]) -> None:
        """Delete a project with its collections, tables and dashboards. There is no way back."""
        await services.projects.delete(access)


class MembersApi(Controller):
    """`/projects/{project_id}/members`."""

    path = "/projects/{project_id:str}/members"
    tags = ["Members"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [signed_in]  # noqa: RUF012

    @get("/", summary="List members", responses=WRITING)
    async def index(
        self, access: NamedDependency[Access], services: NamedDependency[Services], asked: NamedDependency[Wanted]
    ) -> Part[MemberDetails]:
        """List who shares the project, owners first; for its members only."""
        return part_of([member_details(member) for member in await services.projects.members(access)], asked)

    @post("/", summary="Add a member", responses=WRITING)
    async def add(
        self, data: JSONBody[NewMember], access: NamedDependency[Access], services: NamedDependency[Services]
    ) -> MemberDetails:
        """Share the project with the account of an e-mail address."""
        await services.projects.add_member(access, data.email, data.role)
        user = await services.people.user_by_email(data.email)
        return MemberDetails(user.id, user.email, user.display_name, data.role)

    @put("/{user_id:str}", summary="Set a member's role", responses=WRITING)
    async def set_role(
        self,
        data: JSONBody[WantedRole],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        user_id: FromPath[str],
    ) -> MemberDetails:
        """Give a member another role. A project keeps at least one owner."""
        await services.projects.set_role(access, user_id, data.role)
        users = await services.people.users([user_id])
        if user_id not in users:
            raise NotFound("That person has no account any more.")
        user = users[user_id]
        return MemberDetails(user.id, user.email, user.display_name, data.role)

    @delete("/{user_id:str}", summary="Remove a member", responses=WRITING)
    async def remove(
        self, access: NamedDependency[Access], services: NamedDependency[Services], user_id: FromPath[str]
    ) -> None:
        """Take a member out of the project. A project keeps at least one owner."""
        await services.projects.remove_member(access, user_id)
