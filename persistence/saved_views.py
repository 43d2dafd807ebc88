"""Saved views and the choice of default ones in the document store."""

import msgspec

from domain.errors import Conflict
from domain.saved_views import DefaultView, SavedView, in_order, key_of
from domain.wording import tr
from persistence.documents import Collection
from persistence.mongo import Documents

SHARED = "shared"
TAKEN = tr("There is a view of that name already. Choose another one, or update that view.")


class KeptView(SavedView, frozen=True, kw_only=True):
    """A view as its document holds it: within one dashboard and one `audience`, no two have the same `key`."""

    audience: str
    key: str


class SavedViewRepository:
    """The views of dashboards, and which of them are the default ones."""

    def __init__(self, documents: Documents) -> None:
        self._views = Collection(documents, "saved_views", KeptView, tr("view"))
        self._defaults = Collection(documents, "default_views", DefaultView, tr("default view"))

    async def find(self, view_id: str) -> SavedView | None:
        return _view(await self._views.find({"_id": view_id}))

    async def find_named(self, dashboard_id: str, audience: str, name: str) -> SavedView | None:
        """The one of that name that is shared, or that this person keeps."""
        return _view(await self._views.find({"dashboard_id": dashboard_id, "audience": audience, "key": key_of(name)}))

    async def visible(self, dashboard_id: str, user_id: str | None) -> list[SavedView]:
        """The shared ones, and those that this person keeps."""
        audiences = [SHARED] if user_id is None else [SHARED, user_id]
        found = await self._views.many({"dashboard_id": dashboard_id, "audience": {"$in": audiences}})
        return in_order(one for kept in found if (one := _view(kept)) is not None)

    async def kept_by_others(self, dashboard_id: str, user_id: str | None) -> list[SavedView]:
        """Those that other people keep for themselves: to be counted, never to be shown."""
        found = await self._views.many({"dashboard_id": dashboard_id})
        return [view for kept in found if kept.audience not in (SHARED, user_id) and (view := _view(kept)) is not None]

    async def add(self, view: SavedView) -> SavedView:
        await self._views.add(_kept(view), taken=TAKEN)
        return view

    async def replace(self, view: SavedView) -> SavedView:
        """Keep a changed one; `Conflict` when it was changed meanwhile, or its name is taken."""
        stored = await self.find_named(view.dashboard_id, _audience(view), view.name)
        if stored is not None and stored.id != view.id:
            raise Conflict(TAKEN)
        kept = await self._views.replace(_kept(view))
        return msgspec.structs.replace(view, version=kept.version)

    async def remove(self, view: SavedView) -> None:
        """Remove a view, and before it every choice of it as a default."""
        await self._defaults.remove({"dashboard_id": view.dashboard_id, "view_id": view.id})
        await self._views.remove({"_id": view.id})

    async def defaults(self, dashboard_id: str, user_id: str | None) -> dict[str, str]:
        """The default views by whose choice they are: "" stands for everybody's."""
        ids = [_default_id(dashboard_id, one) for one in ("", user_id) if one is not None]
        return {one.user_id: one.view_id for one in await self._defaults.many({"_id": {"$in": ids}})}

    async def set_default(self, project_id: str, dashboard_id: str, user_id: str, view_id: str) -> None:
        values = {"project_id": project_id, "dashboard_id": dashboard_id, "user_id": user_id, "view_id": view_id}
        await self._defaults.update({"_id": _default_id(dashboard_id, user_id)}, {"$set": values}, upsert=True)

    async def forget_default(self, dashboard_id: str, user_id: str) -> None:
        await self._defaults.remove({"_id": _default_id(dashboard_id, user_id)})

    async def carry(self, dashboard_id: str, project_id: str, new_id: str) -> None:
        """Let the views of a dashboard, and the choices of default ones, be those of the new one."""
        there = {"project_id": project_id, "dashboard_id": new_id}
        await self._views.update_all({"dashboard_id": dashboard_id}, {"$set": there})
        for one in await self._defaults.many({"dashboard_id": dashboard_id}):
            await self.set_default(project_id, new_id, one.user_id, one.view_id)
        await self._defaults.remove({"dashboard_id": dashboard_id})

    async def remove_of_dashboard(self, dashboard_id: str) -> None:
        await self._defaults.remove({"dashboard_id": dashboard_id})
        await self._views.remove({"dashboard_id": dashboard_id})


def _default_id(dashboard_id: str, user_id: str) -> str:
    return f"{dashboard_id}.{user_id}"


def _audience(view: SavedView) -> str:
    return SHARED if view.shared else view.owner_id


def _kept(view: SavedView) -> KeptView:
    # Not `asdict`, which would take the state apart.
    values = {name: getattr(view, name) for name in SavedView.__struct_fields__}
    return KeptView(**values, audience=_audience(view), key=key_of(view.name))


def _view(kept: KeptView | None) -> SavedView | None:
    return kept and SavedView(**{name: getattr(kept, name) for name in SavedView.__struct_fields__})
