"""Saving a dashboard: a rule is applied to what is stored, and what it changed is noted in the log of edits."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import msgspec

from domain.access import Capability
from domain.dashboards import Dashboard
from domain.errors import NotFound
from domain.history import UNSTAMPED, Edit, How, Stamp, differences, edit_id, names_of, only_by
from domain.projects import Access
from domain.tiles import Tile
from domain.wording import tr
from persistence.dashboards import DashboardRepository
from services.clock import Clock
from services.saving import save

INVISIBLE = tr("There is no such dashboard, or it is not shared with you.")
OWN_EDITS = 100
"""So far back is looked for what an editor has saved itself since it saw a tile."""
Rule = Callable[[Dashboard], Dashboard]


class DashboardSaves:
    """One dashboard of a project, as it is stored and as a rule changes it.

    When somebody else saved in between, the rule is applied to what they saved. A dashboard of another project than the
    proof's is `NotFound`, whatever id the browser sends.
    """

    def __init__(self, dashboards: DashboardRepository, now: Clock, stamp: Stamp = UNSTAMPED) -> None:
        self._dashboards = dashboards
        self._now = now
        self._stamp = stamp

    async def stored(self, access: Access, dashboard_id: str) -> Dashboard:
        """The dashboard as it is now; `NotFound` when it is of another project than the proof's."""
        dashboard = await self._dashboards.find(dashboard_id)
        if dashboard is None or dashboard.project_id != access.project.id:
            raise NotFound(INVISIBLE)
        if access.only is not None and dashboard.id != access.only.dashboard_id:
            raise NotFound(INVISIBLE)
        return dashboard

    async def edit(
        self,
        access: Access,
        dashboard_id: str,
        rule: Rule,
        *,
        how: How = How.EDIT,
        of: int | None = None,
        names: Mapping[str, str] = MappingProxyType({}),
    ) -> Dashboard:
        """Save what `rule` makes of the dashboard, and note what that changed; `names` are of what is no tile.

        A request that was applied already, because its answer was lost and it is sent again, changes nothing.
        """
        access.require(Capability.DASHBOARD_EDIT)
        before: list[Dashboard] = []

        async def read() -> Dashboard:
            stored = await self.stored(access, dashboard_id)
            before[:] = [stored]
            return stored

        async def write(dashboard: Dashboard) -> Dashboard:
            changed = msgspec.structs.replace(dashboard, updated_at=self._now())
            edit = self._noted(access, before[0], changed, how, of)
            edit = msgspec.structs.replace(edit, names={**names, **edit.names})
            return await self._dashboards.replace(changed, edit)

        if not self._stamp.key:
            return await save(read, rule, write)
        applied = False

        async def read_once() -> Dashboard:
            nonlocal applied
            stored = await read()
            # After the dashboard was read: whatever made that version, and those before, is noted by then.
            applied = await self._dashboards.has_applied(stored, access.actor.user_id or "", self._stamp)
            return stored

        return await save(read_once, lambda stored: stored if applied else rule(stored), write)

    def _noted(self, access: Access, before: Dashboard, after: Dashboard, how: How, of: int | None) -> Edit:
        changes, number = differences(before, after), before.version + 1
        return Edit(
            id=edit_id(before.id, number),
            dashboard_id=before.id,
            number=number,
            at=after.updated_at,
            by=access.actor.user_id or "",
            by_name=access.actor.display_name or access.actor.email,
            stamp=self._stamp,
            how=how,
            of=of,
            names=names_of(changes, before, after),
            changes=changes,
        )

    async def _own_version(self, access: Access, dashboard_id: str, tile: Tile) -> int | None:
        """The version of the stored tile, when every save since `tile` was made came from this opened editor."""
        stored = await self.stored(access, dashboard_id)
        current = stored.tiles.get(tile.id)
        if current is None or not (access.actor.user_id and self._stamp.session):
            return None
        await self._dashboards.complete_log(stored.id, stored.version)
        first = max(stored.version - OWN_EDITS, 0)
        edits = await self._dashboards.edits.between(stored.id, first, stored.version)
        missed = current.version - tile.version
        is_own = only_by(edits, tile.id, missed, access.actor.user_id, self._stamp.session)
        return current.version if missed > 0 and is_own else None
