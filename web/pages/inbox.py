"""The inbox of who is signed in, and the bell in the header that counts what they have not read."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from domain.access import Actor
from domain.wording import tr
from services.system import Services
from web.render import Done, Page
from web.security.identity import signed_in

TEMPLATE = "inbox/inbox.html"
BELL = "inbox/bell.html"
HERE = "/inbox"


class InboxPages(Controller):
    """`/inbox`."""

    path = HERE
    guards = [signed_in]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/")
    async def index(
        self,
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        before: FromQuery[str | None] = None,
    ) -> Page:
        return Page(TEMPLATE, await _context(services, actor, before))

    @get("/bell")
    async def bell(self, services: NamedDependency[Services], actor: NamedDependency[Actor]) -> Page:
        """The bell with its count, which every page asks for once it is there."""
        return Page(BELL, {"unread": await services.inbox.unread(actor)})

    @post("/read")
    async def read_all(self, services: NamedDependency[Services], actor: NamedDependency[Actor]) -> Page:
        await services.inbox.read_all(actor)
        return Done(
            HERE, tr("Everything is marked as read."), TEMPLATE, await _context(services, actor), block="messages"
        )

    @post("/{message_id:str}/read")
    async def read(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], message_id: FromPath[str]
    ) -> Page:
        await services.inbox.read(actor, message_id)
        return Done(HERE, "", TEMPLATE, await _context(services, actor), block="messages")


async def _context(services: Services, actor: Actor, before: str | None = None) -> dict[str, object]:
    page = await services.inbox.page(actor, before)
    return {"messages": page.messages, "next": page.next, "unread": await services.inbox.unread(actor)}
