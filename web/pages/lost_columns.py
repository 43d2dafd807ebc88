"""Lost columns of a dashboard: what uses them, another column for each, and what that changes."""

from collections.abc import Mapping
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, URLEncodedBody

from domain.access import Actor
from domain.errors import Invalid, NotFound
from domain.remap import Rewritten
from domain.wording import tr, trn
from services.dashboards import DashboardAccess
from services.system import Services
from web.errors import fault_of
from web.pages.editor_session import UNDO, in_editor
from web.pages.share_links import provide_dashboard
from web.render import Done, Page
from web.security.identity import signed_in

CHOSEN = "new "
"""Begins the name of the field that holds the new column; the old one's name follows."""


class LostColumnsPage(Controller):
    """`/dashboards/{dashboard_id}/columns`."""

    path = "/dashboards/{dashboard_id:str}/columns"
    guards = [signed_in]  # noqa: RUF012 -- Litestar reads class attributes.
    dependencies = {"board": Provide(provide_dashboard)}  # noqa: RUF012

    @get("/")
    async def index(
        self,
        board: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        request: Request[Actor, str | None, Any],
    ) -> Page:
        """The lost columns; with columns chosen for those of one collection, what would be changed."""
        lost = await services.remap.lost(board)
        asked = dict(request.query_params)
        collection, names = asked.get("collection", ""), _names(asked)
        preview: list[Rewritten] = []
        message = ""
        if names:
            try:
                preview = await services.remap.preview(board, collection, names)
            except (NotFound, Invalid) as error:
                fault = fault_of(error)
                message = f"{fault.message} {'; '.join(f'{one.place} {one.message}' for one in fault.problems)}".strip()
        by_collection: dict[str, list[object]] = {}
        for one in lost:
            by_collection.setdefault(one.collection_id, []).append(one)
        context = {
            "dashboard": board.dashboard,
            "project": board.access.project,
            "groups": by_collection,
            "linked": await services.remap.linked(board),
            "left": await services.remap.left(board),
            "kept_by_others": await services.remap.kept_by_others(board),
            "collection": collection,
            "names": names,
            "preview": preview,
            "message": message,
            "may_undo": await services.remap.may_undo(board),
            "prefix": CHOSEN,
        }
        return Page("dashboards/lost_columns.html", context)

    @post("/undo", status_code=200)
    async def undo(self, board: NamedDependency[DashboardAccess], services: NamedDependency[Services]) -> Page:
        await services.remap.undo(board)
        return Done(_here(board), tr("The columns are as they were."))

    @post("/{collection_id:str}", status_code=200)
    async def apply(
        self,
        data: URLEncodedBody[dict[str, str]],
        board: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
    ) -> Page:
        names = _names(data)
        saved = await in_editor(services, data).remap.apply(board, collection_id, names)
        changed = sum(tile != board.dashboard.tiles.get(key) for key, tile in saved.tiles.items())
        said = trn("{n} tile uses other columns now.", "{n} tiles use other columns now.", changed)
        return Done(_here(board), f"{said} {UNDO}")


def _names(form: Mapping[str, str]) -> dict[str, str]:
    """The new column that was chosen for each old one."""
    return {key.removeprefix(CHOSEN): new for key, new in form.items() if key.startswith(CHOSEN) and new}


def _here(board: DashboardAccess) -> str:
    return f"/dashboards/{board.dashboard.id}/columns"
