"""The inbox of each person: what others wrote to them in comments, and what of it they have not read."""

from collections.abc import Sequence

from domain.access import Actor, Capability, permit
from domain.discussions import Remark, Thread
from domain.errors import Invalid, NotFound, Problem
from domain.inbox import PAGE_LENGTH, PAGE_MAX_LENGTH, InboxPage, Message
from domain.wording import tr
from persistence.inbox import MessageRepository
from services.projects import Projects

SEE = tr("see the inbox of this account")


class Inbox:
    """The use cases of an inbox, each about the actor's own. What they may no longer see is not shown.

    Messages are written by `Discussions`.
    """

    def __init__(self, messages: MessageRepository, projects: Projects) -> None:
        self._messages = messages
        self._projects = projects

    async def page(self, actor: Actor, before: str | None = None, limit: int = PAGE_LENGTH) -> InboxPage:
        """The actor's messages, the newest first.

        Raises:
            Unauthenticated: for somebody without an account.
            Invalid: for a page that cannot be.
        """
        user_id = permit(actor, Capability.ACCOUNT_EDIT, SEE)
        if not 1 <= limit <= PAGE_MAX_LENGTH:
            raise Invalid(
                tr("There is no such page."), (Problem("limit", tr("must be 1 to {most}", most=PAGE_MAX_LENGTH)),)
            )
        found = await self._messages.page(user_id, before, limit + 1)
        following = found[limit - 1].order if len(found) > limit else None
        return InboxPage(tuple(await self._visible(actor, found[:limit])), following)

    async def unread(self, actor: Actor) -> int:
        """How many of the messages that the actor may see were not read."""
        user_id = permit(actor, Capability.ACCOUNT_EDIT, SEE)
        return len(await self._visible(actor, await self._messages.unread(user_id)))

    async def read(self, actor: Actor, message_id: str) -> None:
        """Note that the actor has read a message; `NotFound` for another's, or one that is gone."""
        user_id = permit(actor, Capability.ACCOUNT_EDIT, SEE)
        if not await self._messages.read(user_id, message_id):
            raise NotFound(tr("There is no such message."))

    async def read_thread(self, actor: Actor, thread_id: str) -> None:
        """Note that the actor has seen a thread: what was said to them about it, if anything, is read."""
        user_id = permit(actor, Capability.ACCOUNT_EDIT, SEE)
        for message in await self._messages.unread(user_id):
            if message.thread_id == thread_id:
                await self._messages.read(user_id, message.id)

    async def read_all(self, actor: Actor) -> None:
        """Note that the actor has read everything."""
        user_id = permit(actor, Capability.ACCOUNT_EDIT, SEE)
        for message in await self._messages.unread(user_id):
            await self._messages.read(user_id, message.id)

    async def _visible(self, actor: Actor, messages: Sequence[Message]) -> list[Message]:
        """Without those of projects whose comments the actor may not, or no longer, see."""
        seen = {one: await self._hears(actor, one) for one in {message.project_id for message in messages}}
        return [message for message in messages if seen[message.project_id]]

    async def _hears(self, actor: Actor, project_id: str) -> bool:
        try:
            access = await self._projects.open(actor, project_id)
        except NotFound:
            return False
        return access.may(Capability.COMMENT_VIEW)


def excerpt_of(thread: Thread, new: Remark | None) -> str:
    """What stands in a message: the new remark, or the one that has begun the thread."""
    said = new or (thread.remarks[0] if thread.remarks else None)
    return "" if said is None else " ".join(said.body.split())
