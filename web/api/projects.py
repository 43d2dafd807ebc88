"""REST: projects and their members."""

import msgspec
from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from domain.access import Actor
from domain.listing import Wanted
from domain.projects import Access
from services.system import Services
from web.api.lists import Part, part_of
from web.api.problems import READING, WRITING
from web.api.views import (
    ProjectDetails,
    ProjectSummary,
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
