"""The list of projects, and one project: overview, settings, creation and deletion."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody

from domain.access import Actor, Capability
from domain.errors import Conflict, Invalid, Problem, Unauthenticated
from domain.projects import Access, Project
from domain.projects import access as access_to
from domain.wording import tr
from services.system import Services
from web.errors import fault_of
from web.pages.paging import cut, matches
from web.render import Done, Page
from web.security.identity import signed_in

NEW = "projects/new.html"
SETTINGS = "projects/settings.html"


class ProjectForm(msgspec.Struct, frozen=True):
    name: str = ""
    description: str = ""
    is_public: str = ""


class DeletionForm(msgspec.Struct, frozen=True):
    confirmation: str = ""


class ProjectCard(msgspec.Struct, frozen=True):
    """A project as the list shows it."""

    project: Project
    collections: int
    rows: int
    dashboards: int


class ProjectsPage(Controller):
    """`/projects`."""

    path = "/projects"

    @get("/")
    async def index(
        self,
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        q: FromQuery[str] = "",
        page: FromQuery[int] = 1,
    ) -> Page:
        if actor.user_id is None and not actor.sees_public:
            raise Unauthenticated(tr("Sign in to see this."))
        projects = await services.projects.visible(actor)
        found = [project for project in projects if matches(q, project.name, project.description)]
        part = cut(found, page)
        cards = await _cards(services, actor, part.items)
        context = {"cards": cards, "part": part, "q": q, "any": bool(projects)}
        return Page("projects/index.html", context, block="project_list")

    @get("/new", guards=[signed_in])
    async def new(self) -> Page:
        return Page(NEW, {"form": ProjectForm(), "problems": {}, "message": ""})

    @post("/", guards=[signed_in])
    async def create(
        self, data: URLEncodedBody[ProjectForm], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Page:
        try:
            project = await services.projects.create(actor, data.name, data.description)
        except (Invalid, Conflict) as error:
            return refused(NEW, data, error)
        return Done(f"/projects/{project.id}", tr("The project {name} is ready.", name=project.name))

    @get("/{project_id:str}/settings", guards=[signed_in])
    async def settings(self, access: NamedDependency[Access]) -> Page:
        access.require(Capability.PROJECT_EDIT)
        project = access.project
        form = ProjectForm(project.name, project.description, "on" if project.is_public else "")
        return Page(SETTINGS, {"access": access, "form": form, "problems": {}, "message": ""})

    @post("/{project_id:str}/settings", guards=[signed_in])
    async def change(
        self,
        data: URLEncodedBody[ProjectForm],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
    ) -> Page:
        here = f"/projects/{access.project.id}"
        try:
            if data.name.strip() != access.project.name:
                await services.projects.rename(access, data.name)
                access = await services.projects.open(actor, access.project.id)
            if data.description != access.project.description:
                await services.projects.describe(access, data.description)
                access = await services.projects.open(actor, access.project.id)
            if bool(data.is_public) != access.project.is_public:
                await services.projects.set_public(access, is_public=bool(data.is_public))
        except (Invalid, Conflict) as error:
            return refused(SETTINGS, data, error, access=access)
        return Done(f"{here}/settings", tr("The settings are saved."))

    @post("/{project_id:str}/delete", guards=[signed_in])
    async def delete(
        self, data: URLEncodedBody[DeletionForm], access: NamedDependency[Access], services: NamedDependency[Services]
    ) -> Page:
        """Delete the project once its name was typed; there is no way back."""
        access.require(Capability.PROJECT_DELETE)
        project = access.project
        if data.confirmation.strip() != project.name:
            problem = Problem("confirmation", tr("write {name} to delete it", name=project.name))
            form = ProjectForm(project.name, project.description, "on" if project.is_public else "")
            return refused(SETTINGS, form, Invalid(tr("The project was not deleted."), (problem,)), access=access)
        await services.projects.delete(access)
        return Done("/projects", tr("The project {name} is deleted.", name=project.name))


def refused(template: str, form: object, error: Invalid | Conflict, /, **context: object) -> Page:
    """The form again, with what was written and a message at each field that needs another value."""
    fault = fault_of(error)
    problems = {problem.place.replace(" ", "_"): problem.message for problem in fault.problems}
    context |= {"form": form, "problems": problems, "message": fault.message}
    return Page(template, context, status_code=fault.status)


async def _cards(services: Services, actor: Actor, projects: Sequence[Project]) -> list[ProjectCard]:
    dashboards = Counter(project.id for project, _ in await services.dashboards.visible(actor))
    collections = await asyncio.gather(*(services.collections.all(access_to(actor, project)) for project in projects))
    return [
        ProjectCard(project, len(held), sum(collection.rows for collection in held), dashboards[project.id])
        for project, held in zip(projects, collections, strict=True)
    ]
