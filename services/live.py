"""The pulse of an opened dashboard: its version, those of its tables, and who else is in an editor.

Everything is read from the document store, so that it is the same whichever server process answers.
"""

import msgspec

from domain.access import Actor, Capability
from domain.errors import NotFound
from domain.history import Edit
from domain.pins import Pin
from domain.presence import NOTED_EVERY, Presence, presence_id, there
from domain.projects import Access
from domain.text import IDENTIFIER
from persistence.collections import CollectionHead, CollectionRepository
from persistence.dashboards import DashboardRepository
from persistence.presences import PresenceRepository
from services.clock import Clock
from services.dashboard_saves import INVISIBLE
from services.dashboards import AT
from services.projects import Projects


class TableState(msgspec.Struct, frozen=True):
    """The version of a collection's table that readers are given, and its rows."""

    tag: str
    rows: int
    version: int | None


class Pulse(msgspec.Struct, frozen=True):
    """What is new, as far as a pulse tells; `present` are the others, in editors, and `news` what they have saved."""

    version: int
    tables: dict[str, TableState]
    present: tuple[Presence, ...] = ()
    news: tuple[Edit, ...] = ()


MOST_SHOWN = 50
MOST_NEWS = 20


class Live:
    """Asked every one or two seconds by each opened dashboard: one look-up by an index for each thing."""

    def __init__(
        self,
        dashboards: DashboardRepository,
        collections: CollectionRepository,
        presences: PresenceRepository,
        projects: Projects,
        now: Clock,
    ) -> None:
        self._dashboards = dashboards
        self._collections = collections
        self._presences = presences
        self._projects = projects
        self._now = now

    async def pulse(self, actor: Actor, dashboard_id: str) -> Pulse:
        """The pulse of a viewer. Of an old version, `ID@N`, only the tables can change.

        Raises:
            NotFound: when the dashboard is gone, or not theirs to see.
        """
        _, pulse = await self._seen(actor, dashboard_id)
        return pulse

    async def pulse_of_editor(self, actor: Actor, dashboard_id: str, session: str, tile: str, known: int = 0) -> Pulse:
        """The pulse of an editor, who is there and, if `tile` is not empty, in that tile.

        `known` is the version that this editor has seen; 0 asks for no news.

        Raises:
            NotFound: when the dashboard is gone, or not theirs to see.
            Forbidden: when they may not edit it.
        """
        access, pulse = await self._seen(actor, dashboard_id)
        access.require(Capability.DASHBOARD_EDIT)
        if not (IDENTIFIER.fullmatch(session) and (not tile or IDENTIFIER.fullmatch(tile))):
            raise NotFound(INVISIBLE)
        user_id, at = actor.user_id or "", self._now()
        own = Presence(
            id=presence_id(dashboard_id, user_id, session),
            dashboard_id=dashboard_id,
            user_id=user_id,
            name=actor.display_name or actor.email,
            tile=tile,
            seen_at=at,
        )
        found = await self._presences.of_dashboard(dashboard_id)
        before = next((one for one in found if one.id == own.id), None)
        if before is None or before.tile != tile or at - before.seen_at >= NOTED_EVERY:
            await self._presences.note(own)
        others = tuple(one for one in there(found, at) if one.id != own.id)[:MOST_SHOWN]
        news = await self._news(own, session, max(known, pulse.version - MOST_NEWS), pulse.version) if known else ()
        return msgspec.structs.replace(pulse, present=others, news=news)

    async def _news(self, own: Presence, session: str, known: int, version: int) -> tuple[Edit, ...]:
        """What others have saved since that version, the newest first."""
        if version <= known:
            return ()
        await self._dashboards.complete_log(own.dashboard_id, version)
        edits = await self._dashboards.edits.between(own.dashboard_id, known, version)
        return tuple(edit for edit in edits if (edit.by, edit.stamp.session) != (own.user_id, session))

    async def leave(self, actor: Actor, dashboard_id: str, session: str) -> None:
        """The editor was closed."""
        if actor.user_id:
            await self._presences.remove(presence_id(dashboard_id, actor.user_id, session))

    async def _seen(self, actor: Actor, dashboard_id: str) -> tuple[Access, Pulse]:
        plain_id, at, _ = dashboard_id.partition(AT)
        head = await self._dashboards.find_head(plain_id)
        if head is None:
            raise NotFound(INVISIBLE)
        try:
            access = await self._projects.open_dashboard(actor, head.project_id, plain_id)
        except NotFound:
            raise NotFound(INVISIBLE) from None
        # Whoever may only look sees what is published now.
        access.require(Capability.DASHBOARD_EDIT if at else Capability.DASHBOARD_VIEW)
        access.require(Capability.DATA_VIEW)
        collections = await self._collections.heads_of_project(head.project_id)
        collections = [_pinned(one, head.pins.get(one.id)) for one in collections]
        if access.only is not None:
            # How many rows there are is not for whom a link shows some of them.
            heads = [one for one in collections if one.id in access.only.collections]
            tables = {one.id: TableState(one.tag, 0, one.table_version) for one in heads}
            return access, Pulse(head.version, tables)
        tables = {one.id: TableState(one.tag, one.rows, one.table_version) for one in collections}
        return access, Pulse(head.version, tables)


def _pinned(head: CollectionHead, pin: Pin | None) -> CollectionHead:
    """Of a pinned collection nothing is ever new."""
    return head if pin is None else msgspec.structs.replace(head, rows=0, table_version=pin.version)
