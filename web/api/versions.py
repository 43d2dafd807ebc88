"""REST: the history of a dashboard, its versions and the way back to one."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from domain.dashboards import Dashboard
from domain.history import Comparison, Edit, How, told
from domain.listing import PAGE_LENGTH
from services.dashboards import DashboardAccess
from services.system import Services
from web.api.lists import Part, provide_asked
from web.api.problems import READING, WRITING


class VersionSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One version: who made it when, and what they did, in words. `of` is what was restored or taken back."""

    number: int
    at: datetime
    by: str
    by_name: str
    did: str
    how: How
    of: int | None


class Differences(msgspec.Struct, frozen=True, kw_only=True):
    """What the later version has otherwise: ids of tiles and, of what says something else, both values by property."""

    added: list[str]
    removed: list[str]
    changed: dict[str, dict[str, tuple[Any, Any]]]
    moved: list[str]
    fields: dict[str, tuple[Any, Any]]


class VersionsApi(Controller):
    """`/dashboards/{dashboard_id}/versions`."""

    path = "/dashboards/{dashboard_id:str}/versions"
    tags = ["Versions"]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/", summary="List versions", responses=READING)
    async def index(
        self,
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        after: FromQuery[str] = "",
        limit: FromQuery[int] = PAGE_LENGTH,
    ) -> Part[VersionSummary]:
        """List the versions that are kept, the newest first. They are a log: `next` is the number of a version."""
        asked = provide_asked(after=after, limit=limit)
        found = await services.history.versions(opened.access, opened.dashboard.id, asked.offset or None, limit)
        following = None if found.earlier is None else str(found.earlier)
        return Part([_summary(edit) for edit in found.edits], None, following)

    @get("/{number:int}", summary="Read a version", responses=READING)
    async def read(
        self,
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        number: FromPath[int],
    ) -> Dashboard:
        """Show the dashboard as it was in that version."""
        return await services.dashboards.at(opened.access, opened.dashboard.id, number)

    @get("/{number:int}/differences", summary="Compare versions", responses=READING)
    async def compare(
        self,
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        number: FromPath[int],
        to: FromQuery[int | None] = None,
    ) -> Differences:
        """Say what the version `to`, or the present one, has otherwise than that version."""
        found = await services.history.compare(opened.access, opened.dashboard.id, number, to)
        return _differences(found.comparison)

    @post("/{number:int}/restore", summary="Restore a version", responses=WRITING)
    async def restore(
        self,
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        number: FromPath[int],
    ) -> Dashboard:
        """Make the dashboard what it was in that version; that is a new version."""
        return await services.history.restore(opened.access, opened.dashboard.id, number)


def _summary(edit: Edit) -> VersionSummary:
    return VersionSummary(
        number=edit.number,
        at=edit.at,
        by=edit.by,
        by_name=edit.by_name,
        did=told(edit),
        how=edit.how,
        of=edit.of,
    )


def _differences(found: Comparison) -> Differences:
    return Differences(
        added=[tile.id for tile in found.added],
        removed=[tile.id for tile in found.removed],
        changed={one.tile.id: one.properties for one in found.changed},
        moved=[one.tile.id for one in found.moved],
        fields=found.fields,
    )
