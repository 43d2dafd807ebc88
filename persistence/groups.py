"""Groups in the document store. Whose groups they are is one look-up by the index of `members`."""

from collections.abc import Iterable

import msgspec

from domain.groups import Group
from domain.wording import tr
from persistence.documents import Collection
from persistence.mongo import Documents


class _Id(msgspec.Struct, frozen=True):
    id: str


class GroupRepository:
    """The groups; a name is unique, whatever its case and accents."""

    def __init__(self, documents: Documents) -> None:
        self._groups = Collection(documents, "groups", Group, tr("group"))

    async def find(self, group_id: str) -> Group | None:
        return await self._groups.find({"_id": group_id})

    async def ids_of_user(self, user_id: str) -> frozenset[str]:
        """The groups that the user is in; asked once for each request."""
        return frozenset(one.id for one in await self._groups.many({"members": user_id}, projection=_Id))

    async def of_user(self, user_id: str) -> list[Group]:
        return await self._groups.many({"members": user_id})

    async def all(self) -> list[Group]:
        return await self._groups.many({})

    async def with_ids(self, ids: Iterable[str]) -> list[Group]:
        wanted = sorted(set(ids))
        return await self._groups.many({"_id": {"$in": wanted}}) if wanted else []

    async def starting_with(self, key: str, limit: int) -> list[Group]:
        """Those whose name, as `search_key` makes it, begins so."""
        return await self._groups.many({"name_key": {"$gte": key, "$lt": f"{key}\uffff"}}, limit=limit)

    async def add(self, group: Group) -> Group:
        return await self._groups.add(group, taken=tr("There is a group named {name!r} already.", name=group.name))

    async def replace(self, group: Group) -> Group:
        return await self._groups.replace(group)

    async def remove(self, group_id: str) -> None:
        await self._groups.remove({"_id": group_id})
