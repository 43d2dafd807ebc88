"""REST: the inbox of who asks."""

import msgspec
from litestar import Controller, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from domain.access import Actor
from domain.inbox import PAGE_LENGTH, Message
from services.system import Services
from web.api.lists import Part
from web.api.problems import READING, WRITING


class Unread(msgspec.Struct, frozen=True):
    """How many messages were not read."""

    unread: int


class InboxApi(Controller):
    """`/inbox`."""

    path = "/inbox"
    tags = ["Inbox"]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/", summary="List messages", responses=READING)
    async def index(
        self,
        actor: NamedDependency[Actor],
        services: NamedDependency[Services],
        after: FromQuery[str] = "",
        limit: FromQuery[int] = PAGE_LENGTH,
    ) -> Part[Message]:
        """List your messages, the newest first; `next` goes on from a message, so that new ones move nothing."""
        page = await services.inbox.page(actor, after or None, limit)
        return Part(list(page.messages), None, page.next)

    @get("/unread", summary="Count unread messages", responses=READING)
    async def unread(self, actor: NamedDependency[Actor], services: NamedDependency[Services]) -> Unread:
        """Count your messages that were not read."""
        return Unread(await services.inbox.unread(actor))

    @put("/read", summary="Mark all messages as read", responses=WRITING, status_code=204)
    async def read_all(self, actor: NamedDependency[Actor], services: NamedDependency[Services]) -> None:
        """Mark all of your messages as read."""
        await services.inbox.read_all(actor)

    @put("/{message_id:str}/read", summary="Mark a message as read", responses=WRITING, status_code=204)
    async def read(
        self, actor: NamedDependency[Actor], services: NamedDependency[Services], message_id: FromPath[str]
    ) -> None:
        """Mark one of your messages as read."""
        await services.inbox.read(actor, message_id)

    @put("/threads/{thread_id:str}/read", summary="Mark a thread as read", responses=WRITING, status_code=204)
    async def read_thread(
        self, actor: NamedDependency[Actor], services: NamedDependency[Services], thread_id: FromPath[str]
    ) -> None:
        """Mark all of your messages about one thread of comments as read."""
        await services.inbox.read_thread(actor, thread_id)
