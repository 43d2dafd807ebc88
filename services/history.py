"""The history of a dashboard: looking at its versions, comparing, restoring, undoing and redoing."""

from collections.abc import Collection, Sequence

import msgspec

from domain.access import Capability
from domain.dashboards import Dashboard
from domain.errors import Conflict, Invalid, NotFound, Problem
from domain.history import (
    UNSTAMPED,
    Comparison,
    Edit,
    How,
    Stacks,
    Stamp,
    compare,
    restored,
    stacks,
    standing,
    taken_back,
)
from domain.listing import PAGE_MAX_LENGTH
from domain.projects import Access
from domain.wording import tr
from persistence.dashboards import DashboardRepository
from services.dashboards import Dashboards

PAGE = 50
NOTHING = {How.UNDO: tr("There is nothing to undo."), How.REDO: tr("There is nothing to redo.")}


class Versions(msgspec.Struct, frozen=True):
    """A page of the edits that made versions, the newest first; `earlier` is where the next page begins."""

    edits: Sequence[Edit]
    earlier: int | None


class Compared(msgspec.Struct, frozen=True):
    """Two versions and how they differ."""

    old: Dashboard
    new: Dashboard
    comparison: Comparison


class History:
    """The use cases of histories; all of them need the permission to edit the dashboard."""

    def __init__(self, dashboards: Dashboards, repository: DashboardRepository, stamp: Stamp = UNSTAMPED) -> None:
        self._dashboards = dashboards.stamped(stamp)
        self._repository = repository
        self._stamp = stamp

    def stamped(self, stamp: Stamp) -> "History":
        """The same use cases in one opened editor: what undo and redo mean depends on it."""
        return History(self._dashboards, self._repository, stamp)

    async def versions(self, access: Access, dashboard_id: str, upto: int | None = None, size: int = PAGE) -> Versions:
        """The edits up to the version `upto`, or the newest, `size` of them.

        Raises:
            Invalid: for a page of another size than there can be.
        """
        if not 1 <= size <= PAGE_MAX_LENGTH:
            raise Invalid(
                tr("There is no such page."), (Problem("limit", tr("must be 1 to {most}", most=PAGE_MAX_LENGTH)),)
            )
        current = await self._current(access, dashboard_id)
        last = current.version if upto is None else min(upto, current.version)
        edits = await self._repository.edits.between(dashboard_id, max(last - size - 1, 0), last)
        return Versions(edits[:size], edits[size].number if len(edits) > size else None)

    async def edit_of(self, access: Access, dashboard_id: str, number: int) -> Edit | None:
        """The edit that made that version; None for the first, and where it is no longer kept."""
        await self._current(access, dashboard_id)
        return await self._repository.edits.find(dashboard_id, number)

    async def compare(self, access: Access, dashboard_id: str, old: int, new: int | None = None) -> Compared:
        """What the version `new`, or the present one, has otherwise than the version `old`."""
        before = await self._dashboards.at(access, dashboard_id, old)
        current = await self._current(access, dashboard_id)
        after = current if new is None else await self._dashboards.at(access, dashboard_id, new)
        return Compared(before, after, compare(before, after))

    async def restore(self, access: Access, dashboard_id: str, number: int) -> Dashboard:
        """Make the dashboard what it was in that version. That is a new version, and can be undone."""
        old = await self._dashboards.at(access, dashboard_id, number)
        return await self._dashboards.edit(
            access, dashboard_id, lambda stored: restored(stored, old), how=How.RESTORE, of=number
        )

    async def stacks(self, access: Access, dashboard_id: str) -> Stacks:
        """What can be undone and redone in this editor."""
        current = await self._current(access, dashboard_id)
        user_id = access.actor.user_id
        if not (user_id and self._stamp.session):
            return Stacks()
        return stacks(await self._repository.edits.of_session(current.id, user_id, self._stamp.session))

    async def undo(self, access: Access, dashboard_id: str, passed: Collection[int] = ()) -> Edit:
        """Take back the last edit of this editor, but for those that are passed over; the edit that was taken back.

        Raises:
            Conflict: when there is none, or somebody has changed the same thing since.
        """
        found = await self.stacks(access, dashboard_id)
        return await self._take_back(access, dashboard_id, found.undo, passed, How.UNDO)

    async def redo(self, access: Access, dashboard_id: str, passed: Collection[int] = ()) -> Edit:
        """Do again what was undone last; the undoing that was taken back. `Conflict` as for `undo`."""
        found = await self.stacks(access, dashboard_id)
        return await self._take_back(access, dashboard_id, found.redo, passed, How.REDO)

    async def _take_back(
        self, access: Access, dashboard_id: str, numbers: Sequence[int], passed: Collection[int], how: How
    ) -> Edit:
        left = [number for number in numbers if number not in passed]
        if not left:
            raise Conflict(NOTHING[how])
        edit = await self._repository.edits.find(dashboard_id, left[-1])
        if edit is None:
            raise NotFound(tr("That change is too old to be taken back."))
        await self.take_back(access, edit, how)
        return edit

    async def last_remapping(self, access: Access, dashboard_id: str) -> Edit | None:
        """The edit by which the actor's last choice of other columns holds, of the newest; None when none does."""
        edits = (await self.versions(access, dashboard_id)).edits
        own = (edit for edit in edits if edit.how is How.REMAP and edit.by == access.actor.user_id)
        last = next(own, None)
        return None if last is None else standing(last, edits)

    async def take_back(self, access: Access, edit: Edit, how: How = How.UNDO) -> None:
        """Take that edit back; `Conflict` when somebody has changed the same thing since."""
        dashboard_id, names = edit.dashboard_id, edit.names
        await self._dashboards.edit(
            access, dashboard_id, lambda stored: taken_back(stored, edit), how=how, of=edit.number, names=names
        )

    async def _current(self, access: Access, dashboard_id: str) -> Dashboard:
        """The dashboard as it is stored, with all its versions in the log."""
        access.require(Capability.DASHBOARD_EDIT)
        stored = await self._dashboards.stored(access, dashboard_id)
        await self._repository.complete_log(stored.id, stored.version)
        return stored
