"""Dashboards as files, and their copies: in the same project, in another one, from YAML."""

import msgspec
import yaml

from domain.access import Actor, Capability
from domain.collections import DataCollection, ids_by_name, names_by_id
from domain.copies import Match, lost_columns, matches, remapped
from domain.dashboard_file import dashboard_file, written
from domain.dashboards import Dashboard, division_of
from domain.projects import Access, Project
from domain.text import TITLE_MAX_LENGTH
from domain.wording import tr
from persistence.collections import CollectionRepository
from persistence.said import SaidRepository
from services.audit import Audit, recorded
from services.dashboards import DashboardAccess, Dashboards
from services.projects import Projects
from services.yaml_text import yaml_of

WIDTH = 110
COPY = tr(" (copy)")


class Plan(msgspec.Struct, frozen=True):
    """What a copy in another project would stand on; nothing is written for it."""

    target: Access
    matches: tuple[Match, ...]
    collections: tuple[DataCollection, ...]
    """Those of the other project."""
    own: tuple[DataCollection, ...] = ()

    def lacks(self, match: Match, target: DataCollection) -> tuple[str, ...]:
        """The columns that the tiles would miss there."""
        source = next((one for one in self.own if one.id == match.source_id), None)
        return lost_columns(match.used, source, target)

    @property
    def is_complete(self) -> bool:
        """Whether every tile would find its data."""
        return all(match.is_complete for match in self.matches)


class Copies:
    """The use cases of taking whole dashboards elsewhere."""

    def __init__(
        self,
        dashboards: Dashboards,
        collections: CollectionRepository,
        projects: Projects,
        said: SaidRepository,
        *,
        audit: Audit,
    ) -> None:
        self.audit = audit
        self._said = said
        self._dashboards = dashboards
        self._collections = collections
        self._projects = projects

    async def file(self, opened: DashboardAccess) -> str:
        """The dashboard as a dashboard file (YAML), which `read` makes the same tiles of."""
        opened.access.require(Capability.DASHBOARD_VIEW)
        opened.access.require(Capability.PROJECT_VIEW)
        names = names_by_id(await self._collections.of_project(opened.access.project.id))
        document = written(opened.dashboard, names)
        return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=WIDTH)

    async def read(self, access: Access, text: str) -> Dashboard:
        """A new dashboard made from a dashboard file.

        Raises:
            Forbidden: without `dashboard:create`.
            Invalid: naming each fault with its place; nothing is made then.
        """
        access.require(Capability.DASHBOARD_CREATE)
        collections = await self._collections.of_project(access.project.id)
        found = dashboard_file(yaml_of(text, tr("The dashboard file")), ids_by_name(collections))
        return await self._dashboards.create(
            access, found.title, found.subtitle, found.tiles, found.division, found.pins
        )

    async def duplicate(self, opened: DashboardAccess) -> Dashboard:
        """A copy beside the dashboard; `Forbidden` without `dashboard:duplicate`."""
        title = opened.dashboard.title[: TITLE_MAX_LENGTH - len(COPY)] + COPY
        return await self._dashboards.duplicate(opened.access, opened.dashboard.id, title)

    async def targets(self, actor: Actor) -> list[Project]:
        """The projects in which the actor may make dashboards, by name."""
        found = [await self._projects.open(actor, project.id) for project in await self._projects.visible(actor)]
        allowed = [access.project for access in found if access.may(Capability.DASHBOARD_CREATE)]
        return sorted(allowed, key=lambda project: (project.name.casefold(), project.id))

    async def plan(self, opened: DashboardAccess, target: Access, chosen: dict[str, str] | None = None) -> Plan:
        """Which collection of the other project would stand for which of the dashboard's.

        Raises:
            Forbidden: without `dashboard:create` there.
        """
        opened.access.require(Capability.DASHBOARD_DUPLICATE)
        target.require(Capability.DASHBOARD_CREATE)
        own = await self._collections.of_project(opened.access.project.id)
        theirs = await self._collections.of_project(target.project.id)
        return Plan(target, tuple(matches(opened.dashboard, own, theirs, chosen)), tuple(theirs), tuple(own))

    @recorded(Capability.DASHBOARD_DUPLICATE, "copy the dashboard to another project", "move")
    async def copy(self, opened: DashboardAccess, target: Access, chosen: dict[str, str], *, move: bool) -> Dashboard:
        """The dashboard in another project, on the collections that stand for its own; with `move` it leaves its own.

        Comments, notes and saved views go along when it leaves; history, pins and share links do not.

        Raises:
            Forbidden: without `dashboard:create` there, or without `dashboard:delete` here when it is to leave.
            Invalid: naming each collection for which none stands, or which lacks columns; nothing is written then.
        """
        if move:
            opened.access.require(Capability.DASHBOARD_DELETE)
        plan = await self.plan(opened, target, chosen)
        found = opened.dashboard
        tiles = remapped(found.tiles, plan.matches)
        made = await self._dashboards.create(target, found.title, found.subtitle, tiles, division_of(found))
        if move:
            await self._said.carry(found.id, made.project_id, made.id)
            await self._dashboards.delete(opened.access, found.id)
        return made
