"""Conditions that people have typed into saved views and share links, for whoever remaps columns."""

import msgspec

from domain.access import Capability
from domain.collections import DataCollection
from domain.remap_left import Left, left_of
from persistence.mongo import Documents
from persistence.saved_views import SavedViewRepository
from persistence.share_links import ShareLinkRepository
from services.clock import Clock
from services.dashboards import DashboardAccess


class TypedConditions(msgspec.Struct, frozen=True):
    """Where they are kept; `left` says which of them name lost columns."""

    views: SavedViewRepository
    links: ShareLinkRepository
    now: Clock

    async def left(self, opened: DashboardAccess, collections: list[DataCollection]) -> list[Left]:
        """Those of the shared and of the actor's own views, and of the links that still open something.

        Who may not manage the links is told of their conditions, and not whose they are.
        """
        opened.access.require(Capability.DASHBOARD_EDIT)
        views = await self.views.visible(opened.dashboard.id, opened.access.actor.user_id)
        links = [one for one in await self.links.of_dashboard(opened.dashboard.id) if one.holds(self.now())]
        if not opened.access.may(Capability.DASHBOARD_PUBLISH):
            links = [msgspec.structs.replace(one, name="") for one in links]
        return left_of(opened.dashboard, collections, views, links)

    async def kept_by_others(self, opened: DashboardAccess, collections: list[DataCollection]) -> int:
        """How many views that other people keep for themselves have such a condition; no more is told of them."""
        opened.access.require(Capability.DASHBOARD_EDIT)
        views = await self.views.kept_by_others(opened.dashboard.id, opened.access.actor.user_id)
        return sum(bool(left_of(opened.dashboard, collections, [view], [])) for view in views)


def typed_conditions(documents: Documents, now: Clock) -> TypedConditions:
    """Those of this site."""
    return TypedConditions(SavedViewRepository(documents), ShareLinkRepository(documents), now)
