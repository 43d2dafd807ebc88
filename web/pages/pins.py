"""The versions of its data to which a dashboard is pinned, for those who may edit it."""

from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, URLEncodedBody

from domain.errors import Invalid, Problem
from domain.wording import tr
from services.dashboards import DashboardAccess
from services.system import Services
from web.pages.editor_session import UNDO, in_editor
from web.pages.share_links import provide_dashboard
from web.render import Done, Page
from web.security.identity import signed_in


class PinsPage(Controller):
    """`/dashboards/{dashboard_id}/pins`."""

    path = "/dashboards/{dashboard_id:str}/pins"
    guards = [signed_in]  # noqa: RUF012 -- Litestar reads class attributes.
    dependencies = {"board": Provide(provide_dashboard)}  # noqa: RUF012

    @get("/")
    async def index(self, board: NamedDependency[DashboardAccess], services: NamedDependency[Services]) -> Page:
        return Page("dashboards/pins.html", await _context(board, services))

    @post("/{collection_id:str}", status_code=200)
    async def pin(
        self,
        data: URLEncodedBody[dict[str, str]],
        board: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
    ) -> Page:
        version = data.get("version", "")
        if not (version.isascii() and version.isdigit()):
            raise Invalid(tr("The dashboard cannot be pinned."), (Problem("version", tr("choose a version")),))
        saved = await in_editor(services, data).pins.pin(board, collection_id, int(version))
        said = tr("The dashboard is pinned to {version}.", version=saved.pins[collection_id].said)
        return Done(_here(board), f"{said} {UNDO}")

    @post("/{collection_id:str}/remove", status_code=200)
    async def remove(
        self,
        data: URLEncodedBody[dict[str, str]],
        board: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
    ) -> Page:
        await in_editor(services, data).pins.unpin(board, collection_id)
        said = tr("The pin is gone: the dashboard shows the data as they are now.")
        return Done(_here(board), f"{said} {UNDO}")


async def _context(board: DashboardAccess, services: Services) -> dict[str, object]:
    choices = await services.pins.choices(board)
    return {"dashboard": board.dashboard, "project": board.access.project, "choices": choices}


def _here(board: DashboardAccess) -> str:
    return f"/dashboards/{board.dashboard.id}/pins"
