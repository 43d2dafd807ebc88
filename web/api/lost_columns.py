"""REST: lost columns of a dashboard, and other columns in their place."""

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from domain.remap import Lost, Rewritten
from domain.remap_left import Left
from services.dashboards import DashboardAccess
from services.remap import Linked
from services.system import Services
from web.api.problems import WRITING, failures


class LostColumns(msgspec.Struct, frozen=True):
    """What tiles use and tables lack, and what a remapping leaves alone.

    `links` are links of the project file, which are changed in that file; `conditions` stand in saved views and share
    links, as they were typed. Of views that others keep for themselves `kept_by_others` says how many have such a
    condition, and nothing more.
    """

    columns: list[Lost]
    links: list[Linked]
    conditions: list[Left]
    kept_by_others: int


class NewNames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The new column for each old one."""

    columns: dict[str, str]


class Remapped(msgspec.Struct, frozen=True):
    """What the new columns change, property by property, and the version of the dashboard that has it."""

    version: int
    changes: list[Rewritten]


class LostColumnsApi(Controller):
    """`/dashboards/{dashboard_id}/lost-columns`."""

    path = "/dashboards/{dashboard_id:str}/lost-columns"
    tags = ["Dashboards"]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/", summary="List lost columns", responses=failures(401, 403, 404, 422))
    async def index(self, opened: NamedDependency[DashboardAccess], services: NamedDependency[Services]) -> LostColumns:
        """The columns that tiles use and their tables lack, with what may stand for each."""
        remap = services.remap
        return LostColumns(
            await remap.lost(opened),
            await remap.linked(opened),
            await remap.left(opened),
            await remap.kept_by_others(opened),
        )

    @post("/{collection_id:str}", summary="Remap lost columns", status_code=200, responses=WRITING)
    async def apply(
        self,
        data: JSONBody[NewNames],
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        dry_run: FromQuery[bool] = False,  # noqa: FBT002 -- a query parameter.
    ) -> Remapped:
        """Use the new columns for the old ones in the whole dashboard, as one edit; with `dry_run` only say where."""
        changes = await services.remap.preview(opened, collection_id, data.columns)
        if dry_run:
            return Remapped(opened.dashboard.version, changes)
        saved = await services.remap.apply(opened, collection_id, data.columns)
        return Remapped(saved.version, changes)
