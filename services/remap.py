"""Lost columns: the tiles that use what a table has no more, and other columns in their place, as one edit."""

from collections.abc import Mapping

import msgspec

from domain.access import Capability
from domain.collections import DataCollection
from domain.dashboards import Dashboard
from domain.errors import Conflict
from domain.history import Edit, How, Stamp
from domain.projects import Access
from domain.remap import Lost, Rewritten, lost_of, remapped, rewritten
from domain.remap_left import Left
from domain.wording import tr
from services.audit import Audit, recorded
from services.collections import Collections
from services.dashboards import DashboardAccess, Dashboards
from services.history import History
from services.typed_conditions import TypedConditions


class Linked(msgspec.Struct, frozen=True):
    """A link of the project file that uses a column which its collection lacks."""

    number: int
    key: str
    tag: str
    column: str


class Remap:
    """The use cases of lost columns; they need `dashboard:edit`."""

    def __init__(
        self,
        dashboards: Dashboards,
        collections: Collections,
        history: History,
        typed: TypedConditions,
        *,
        audit: Audit,
    ) -> None:
        self.audit = audit
        self._typed = typed
        self._dashboards = dashboards
        self._collections = collections
        self._history = history

    def stamped(self, dashboards: Dashboards) -> "Remap":
        """The same use cases, saving through these dashboards."""
        return Remap(dashboards, self._collections, self._history, self._typed, audit=self.audit)

    async def lost(self, opened: DashboardAccess) -> list[Lost]:
        """The columns that tiles use and their tables lack, at the versions that the dashboard shows."""
        opened.access.require(Capability.DASHBOARD_EDIT)
        return lost_of(opened.dashboard, await self._collections.all(opened.access))

    async def linked(self, opened: DashboardAccess) -> list[Linked]:
        """The links of the project that use such a column; they stand in the project file and are changed there."""
        opened.access.require(Capability.DASHBOARD_EDIT)
        return _linked(opened.access, await self._collections.all(opened.access))

    async def left(self, opened: DashboardAccess) -> list[Left]:
        """The conditions in views and links that name a lost column: `apply` leaves them as they were typed."""
        opened.access.require(Capability.DASHBOARD_EDIT)
        return await self._typed.left(opened, await self._collections.all(opened.access))

    async def kept_by_others(self, opened: DashboardAccess) -> int:
        """How many views of others, which nobody else sees, name a lost column in their condition."""
        opened.access.require(Capability.DASHBOARD_EDIT)
        return await self._typed.kept_by_others(opened, await self._collections.all(opened.access))

    async def preview(self, opened: DashboardAccess, collection_id: str, names: Mapping[str, str]) -> list[Rewritten]:
        """What `apply` would change, property by property.

        Raises:
            NotFound: when there is no such collection, or no tile uses an old column.
            Invalid: naming each new column that the collection has not.
        """
        opened.access.require(Capability.DASHBOARD_EDIT)
        collection, others = await self._parted(opened, collection_id)
        return rewritten(opened.dashboard, remapped(opened.dashboard, collection, names, others))

    @recorded(Capability.DASHBOARD_EDIT, "remap lost columns", "collection_id")
    async def apply(self, opened: DashboardAccess, collection_id: str, names: Mapping[str, str]) -> Dashboard:
        """Use the new columns for the old ones, in every tile of the collection and as one edit.

        Raises:
            NotFound, Invalid: as `preview`.
        """
        opened.access.require(Capability.DASHBOARD_EDIT)
        collection, others = await self._parted(opened, collection_id)
        return await self._dashboards.edit(
            opened.access,
            opened.dashboard.id,
            lambda stored: remapped(stored, collection, names, others),
            how=How.REMAP,
        )

    async def _parted(self, opened: DashboardAccess, collection_id: str) -> tuple[DataCollection, list[DataCollection]]:
        """The collection, and all others of the project."""
        collection = await self._collections.get(opened.access, collection_id)
        found = await self._collections.all(opened.access)
        return collection, [one for one in found if one.id != collection.id]

    async def may_undo(self, opened: DashboardAccess) -> bool:
        """Whether the actor has remapped columns of this dashboard and not taken that back."""
        return await self._history.last_remapping(opened.access, opened.dashboard.id) is not None

    @recorded(Capability.DASHBOARD_EDIT, "take a remapping back")
    async def undo(self, opened: DashboardAccess) -> Edit:
        """Take back the actor's last remapping.

        Raises:
            Conflict: when there is none, or a tile was changed since.
        """
        opened.access.require(Capability.DASHBOARD_EDIT)
        edit = await self._history.last_remapping(opened.access, opened.dashboard.id)
        if edit is None:
            raise Conflict(tr("There is no remapping of yours to be taken back."))
        # In the editor that it came from, so that its Undo does not offer it again.
        await self._history.stamped(Stamp(session=edit.stamp.session)).take_back(opened.access, edit)
        return edit


def _linked(access: Access, collections: list[DataCollection]) -> list[Linked]:
    known = {one.tag: one for one in collections} | {f"{one.workflow}.{one.tag}": one for one in collections}
    found = []
    for number, link in enumerate(access.project.source.links if access.project.source else ()):
        sides = (
            ("source_column", link.source_dc_tag, link.source_column),
            ("link_config.target_field", link.target_dc_tag, link.target_column),
        )
        for key, tag, column in sides:
            collection = known.get(tag)
            if collection is not None and collection.columns and collection.column(column) is None:
                found.append(Linked(number, key, tag, column))
    return found
