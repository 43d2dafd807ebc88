"""The messages of inboxes in the document store, which removes those whose time is over by itself."""

import msgspec

from domain.discussions import Remark
from domain.inbox import KEPT_AT_MOST, Message, excerpt
from domain.wording import tr
from persistence.documents import Collection
from persistence.mongo import Documents

BEYOND = "!"
"""After the blank that follows the id of a person: beyond all of their messages."""


class _Named(msgspec.Struct, frozen=True):
    id: str


class MessageRepository:
    """Each message is one document; those of one person are a range of one index."""

    def __init__(self, documents: Documents, most: int = KEPT_AT_MOST) -> None:
        self._most = most
        self._messages = Collection(documents, "messages", Message, tr("message"))

    async def add(self, message: Message) -> None:
        """Keep a message; the oldest of its reader go when there are too many."""
        await self._messages.add(message, taken=tr("This message is there already."))
        held = await self._messages.many(self._of(message.user_id), sort=[("order", -1)], projection=_Named)
        for old in held[self._most :]:
            await self._messages.remove({"_id": old.id})

    async def page(self, user_id: str, before: str | None, size: int) -> list[Message]:
        """The newest of one person's messages, of those before the order `before`."""
        return await self._messages.many(self._of(user_id, before), sort=[("order", -1)], limit=size)

    async def unread(self, user_id: str) -> list[Message]:
        """Those that were not read."""
        return await self._messages.many({"unread_by": user_id})

    async def read(self, user_id: str, message_id: str) -> bool:
        """Note that the person has read a message; False when they have none such, and another's stays as it is."""
        theirs = {"_id": message_id, "user_id": user_id}
        return await self._messages.update(theirs, {"$set": {"unread_by": ""}}) > 0

    async def carry(self, dashboard_id: str, project_id: str, new_id: str) -> None:
        """Let those of a dashboard be of the new one, which is of that project."""
        there = {"project_id": project_id, "dashboard_id": new_id}
        await self._messages.update_all({"dashboard_id": dashboard_id}, {"$set": there})

    async def remove_of_dashboard(self, dashboard_id: str) -> None:
        await self._messages.remove({"dashboard_id": dashboard_id})

    async def remove_of_remark(self, dashboard_id: str, thread_id: str, remark: Remark) -> None:
        """Remove what quotes that remark of a thread: what told of it, and of the end of a thread that it began."""
        quoting: list[dict[str, object]] = [
            {"by_id": remark.author_id, "at": remark.at},
            {"why": "resolved", "excerpt": excerpt(remark.body)},
        ]
        for query in quoting:
            await self._messages.remove({"dashboard_id": dashboard_id, "thread_id": thread_id, **query})

    def _of(self, user_id: str, before: str | None = None) -> dict[str, object]:
        low, high = f"{user_id} ", f"{user_id}{BEYOND}"
        return {"order": {"$gte": low, "$lt": high if before is None else min(max(before, low), high)}}
