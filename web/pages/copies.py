"""Dashboards taken elsewhere: as a file, as a copy beside the first one, into another project."""

from collections.abc import Iterable
from typing import Annotated

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, URLEncodedBody

from domain.access import Actor, Capability
from domain.errors import Conflict, Invalid, Problem
from domain.projects import Access
from domain.wording import tr
from services.dashboards import DashboardAccess
from services.system import Services
from web.downloads import attachment
from web.pages.dashboards import OF_PROJECT, dashboards_context
from web.pages.projects import refused
from web.render import Done, Page, PageRequest
from web.security.identity import signed_in

COPY = "dashboards/copy.html"
STANDS = "stands."
"""What the names of the fields begin with that choose a collection."""
FILE_MAX_BYTES = 2 * 2**20


class ImportForm(msgspec.Struct, frozen=True):
    """A dashboard file, chosen or pasted."""

    file: UploadFile | None = None
    text: str = ""


class PastedFile(msgspec.Struct, frozen=True):
    """What of it is shown again when it cannot be used."""

    title: str = ""
    subtitle: str = ""
    text: str = ""


class DashboardCopiesPage(Controller):
    """`/dashboards/{dashboard_id}`: its file, and its copy in another project."""

    path = "/dashboards/{dashboard_id:str}"
    guards = [signed_in]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/file")
    async def file(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], dashboard_id: FromPath[str]
    ) -> Response[str]:
        opened = await services.dashboards.open(actor, dashboard_id)
        headers = attachment(f"{opened.dashboard.title}.yaml")
        return Response(await services.copies.file(opened), media_type="application/yaml", headers=headers)

    @get("/copy")
    async def copy(
        self,
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        request: PageRequest,
        dashboard_id: FromPath[str],
        project: FromQuery[str] = "",
    ) -> Page:
        opened = await services.dashboards.open(actor, dashboard_id)
        chosen = _chosen(request.query_params.items())
        return Page(COPY, await _choices(services, opened, project, chosen), block="copy_form")

    @post("/copy")
    async def make(
        self,
        data: URLEncodedBody[dict[str, str]],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        dashboard_id: FromPath[str],
    ) -> Page:
        opened = await services.dashboards.open(actor, dashboard_id)
        chosen = _chosen(data.items())
        move = data.get("move") == "on"
        target = await services.projects.open(actor, data.get("project", ""))
        try:
            made = await services.copies.copy(opened, target, chosen, move=move)
        except (Invalid, Conflict) as error:
            context = await _choices(services, opened, target.project.id, chosen)
            return Page(COPY, {**context, "message": error.message}, status_code=422)
        title, project = made.title, target.project.name
        said = (
            tr("The dashboard {title} is moved to {project}.", title=title, project=project)
            if move
            else tr("The dashboard {title} is copied to {project}.", title=title, project=project)
        )
        return Done(f"/dashboards/{made.id}", said)


class ProjectCopiesPage(Controller):
    """`/projects/{project_id}/dashboards`: what comes in from files, and copies."""

    path = "/projects/{project_id:str}/dashboards"
    guards = [signed_in]  # noqa: RUF012 -- Litestar reads class attributes.

    @post("/import")
    async def read(
        self,
        data: Annotated[ImportForm, Body(media_type=RequestEncodingType.MULTI_PART)],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
    ) -> Page:
        access.require(Capability.DASHBOARD_CREATE)
        text = data.text
        try:
            text = await _text_of(data)
            made = await services.copies.read(access, text)
        except (Invalid, Conflict) as error:
            context = await dashboards_context(services, access)
            return refused(OF_PROJECT, PastedFile(text=data.text), error, **{**context, "importing": True})
        return Done(f"/dashboards/{made.id}", tr("The dashboard {title} is made from the file.", title=made.title))

    @post("/{dashboard_id:str}/duplicate")
    async def duplicate(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        dashboard_id: FromPath[str],
    ) -> Page:
        made = await services.copies.duplicate(await services.dashboards.open(actor, dashboard_id))
        context = await dashboards_context(services, access)
        here = f"/projects/{access.project.id}/dashboards"
        return Done(here, tr("{title} is made.", title=made.title), OF_PROJECT, context, block="dashboards")


def _chosen(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The collections that were chosen, by those for which they stand."""
    return {name.removeprefix(STANDS): one for name, one in fields if name.startswith(STANDS) and one}


async def _choices(
    services: Services, opened: DashboardAccess, project_id: str, chosen: dict[str, str]
) -> dict[str, object]:
    opened.access.require(Capability.DASHBOARD_DUPLICATE)
    actor = opened.access.actor
    targets = [one for one in await services.copies.targets(actor) if one.id != opened.access.project.id]
    known = next((one for one in targets if one.id == project_id), targets[0] if targets else None)
    plan = None
    if known is not None:
        plan = await services.copies.plan(opened, await services.projects.open(actor, known.id), chosen)
    return {
        "access": opened.access,
        "dashboard": opened.dashboard,
        "targets": targets,
        "plan": plan,
        "stands": STANDS,
        "may_move": opened.access.may(Capability.DASHBOARD_DELETE),
        "message": "",
    }


async def _text_of(form: ImportForm) -> str:
    """The chosen file, or what was pasted.

    Raises:
        Invalid: when there is neither, or the file is too large or no text.
    """
    if form.file is None or not form.file.filename:
        if not form.text.strip():
            raise Invalid(tr("Choose a dashboard file."), (Problem("file", tr("choose a file, or paste its text")),))
        return form.text
    content = await form.file.read(FILE_MAX_BYTES + 1)
    if len(content) > FILE_MAX_BYTES:
        problem = Problem("file", tr("is larger than {size} MiB", size=FILE_MAX_BYTES // 2**20))
        raise Invalid(tr("This is no dashboard file."), (problem,))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem("file", tr("is not UTF-8 text: {reason}", reason=error.reason))
        raise Invalid(tr("This is no dashboard file."), (problem,)) from None
