"""Comments on the tiles of a dashboard, and its notes."""

from collections.abc import Callable, Sequence

import msgspec

from domain.access import Capability, PrincipalKind
from domain.discussions import (
    MAX_THREADS,
    Note,
    Remark,
    Revision,
    Thread,
    Voice,
    checked_notes,
    noted,
    remark,
    reply,
    resolve,
    revision_of,
    without,
)
from domain.errors import Conflict, Invalid, NotFound, Problem, Unauthenticated
from domain.inbox import Why, messages_about, told_of_remark, told_of_resolution
from domain.projects import Access
from domain.wording import tr
from persistence.discussions import NoteRepository, ThreadRepository
from persistence.inbox import MessageRepository
from persistence.mongo import new_id
from services.clock import Clock
from services.dashboards import DashboardAccess
from services.inbox import excerpt_of
from services.people import People
from services.saving import save


class Person(msgspec.Struct, frozen=True):
    """A member who can be mentioned; addresses are shown on the page of members only."""

    id: str
    name: str


class Discussions:
    """The use cases of comments: members read and write them; visitors of a public project see none."""

    def __init__(self, threads: ThreadRepository, messages: MessageRepository, people: People, now: Clock) -> None:
        self._threads = threads
        self._messages = messages
        self._people = people
        self._now = now

    async def threads(self, opened: DashboardAccess) -> list[Thread]:
        """All threads of the dashboard, the oldest first."""
        opened.access.require(Capability.COMMENT_VIEW)
        return await self._threads.of_dashboard(opened.dashboard.id)

    async def people(self, opened: DashboardAccess) -> list[Person]:
        """Who can be mentioned, by name."""
        opened.access.require(Capability.COMMENT_VIEW)
        users = await self._people.users(_members(opened.access))
        found = [Person(user.id, user.display_name or user.email) for user in users.values() if user.is_active]
        return sorted(found, key=lambda person: (person.name.casefold(), person.id))

    async def start(self, opened: DashboardAccess, tile_id: str, body: str, mentions: Sequence[str] = ()) -> Thread:
        """Comment on a tile.

        Raises:
            NotFound: when the dashboard has no such tile.
            Invalid: when the comment is empty or too long, mentions a stranger, or there are too many threads.
        """
        voice = self._voice(opened.access)
        opened.dashboard.tile(tile_id)
        first = remark(new_id(), voice, body, mentions, _members(opened.access))
        if len(await self._threads.of_dashboard(opened.dashboard.id)) >= MAX_THREADS:
            problem = Problem("thread", tr("delete some that are resolved"))
            raise Invalid(tr("A dashboard holds at most {most} threads.", most=MAX_THREADS), (problem,))
        thread = Thread(
            id=new_id(),
            project_id=opened.access.project.id,
            dashboard_id=opened.dashboard.id,
            tile_id=tile_id,
            started_at=voice.at,
            remarks=(first,),
        )
        kept = await self._threads.add(thread)
        await self._tell(opened, kept, voice, told_of_remark(kept, first), first)
        return kept

    async def reply(self, opened: DashboardAccess, thread_id: str, body: str, mentions: Sequence[str] = ()) -> Thread:
        """Answer in a thread, which is open again then."""
        voice = self._voice(opened.access)
        new = remark(new_id(), voice, body, mentions, _members(opened.access))
        thread = await self._change(opened, thread_id, lambda thread: reply(thread, new))
        await self._tell(opened, thread, voice, told_of_remark(thread, new), new)
        return thread

    async def resolve(self, opened: DashboardAccess, thread_id: str, *, resolved: bool) -> Thread:
        """Close a thread, or open it again."""
        voice = self._voice(opened.access)
        was_open = False

        def rule(thread: Thread) -> Thread:
            nonlocal was_open
            was_open = thread.resolution is None
            return resolve(thread, voice, resolved=resolved)

        thread = await self._change(opened, thread_id, rule)
        if resolved and was_open:
            await self._tell(opened, thread, voice, told_of_resolution(thread, voice))
        return thread

    async def remove(self, opened: DashboardAccess, thread_id: str, remark_id: str) -> None:
        """Delete a comment: one's own, or any for those who may edit the dashboard; a thread goes with its last one."""
        voice = self._voice(opened.access)
        gone: list[Remark] = []

        def rule(thread: Thread) -> Thread:
            gone[:] = [one for one in thread.remarks if one.id == remark_id]
            return without(thread, remark_id, voice)

        left = await self._change(opened, thread_id, rule)
        # Nobody reads in an inbox what was deleted.
        for remark_gone in gone:
            await self._messages.remove_of_remark(opened.dashboard.id, thread_id, remark_gone)
        if not left.remarks:
            try:
                await self._threads.remove(left)
            except Conflict:
                return  # Somebody answered meanwhile, so something is left.

    async def _tell(
        self,
        opened: DashboardAccess,
        thread: Thread,
        voice: Voice,
        concerned: dict[str, Why],
        new: Remark | None = None,
    ) -> None:
        """Put it into the inboxes of those whom it concerns."""
        ids = [new_id() for _ in concerned]
        said = excerpt_of(thread, new)
        for message in messages_about(opened.dashboard, thread, voice, concerned, said, ids):
            await self._messages.add(message)

    async def _change(self, opened: DashboardAccess, thread_id: str, rule: Callable[[Thread], Thread]) -> Thread:
        async def read() -> Thread:
            thread = await self._threads.get(thread_id)
            if thread.dashboard_id != opened.dashboard.id:
                raise NotFound(tr("There is no thread {thread_id}.", thread_id=thread_id))
            return thread

        return await save(read, rule, self._threads.replace)

    def _voice(self, access: Access) -> Voice:
        return voice_of(access, Capability.COMMENT_WRITE, self._now)


class Notes:
    """The use cases of notes: whoever sees the dashboard reads them, whoever may edit it writes them."""

    def __init__(self, notes: NoteRepository, now: Clock) -> None:
        self._notes = notes
        self._now = now

    async def read(self, opened: DashboardAccess) -> Note:
        """The notes; version 0 of an empty text when nobody has written any."""
        opened.access.require(Capability.DASHBOARD_VIEW)
        opened.access.require(Capability.PROJECT_VIEW)
        found = await self._notes.find(opened.dashboard.id)
        return found or _blank(opened)

    async def write(self, opened: DashboardAccess, body: str, version: int, *, restores: bool = False) -> Note:
        """Save the notes, written over what `version` said; `restores`: they are what they were before.

        Raises:
            Forbidden: without `dashboard:edit`.
            Conflict: when somebody saved them since.
            Invalid: when they are too long.
        """
        voice = voice_of(opened.access, Capability.DASHBOARD_EDIT, self._now)
        stored = await self._notes.find(opened.dashboard.id)
        if stored is None:
            return await self._begin(opened, body, voice, version)
        changed = noted(stored, body, voice, version, restores=restores)
        if changed == stored:
            return stored
        if changed.revision != stored.revision:
            # Before the text is replaced, so that no crash leaves a gap in the history.
            await self._notes.keep(revision_of(stored))
        return await self._notes.replace(changed)

    async def revisions(self, opened: DashboardAccess) -> list[Revision]:
        """What the notes were, the newest first; what they are now is not part of it."""
        opened.access.require(Capability.DASHBOARD_EDIT)
        return await self._notes.revisions(opened.dashboard.id)

    async def _begin(self, opened: DashboardAccess, body: str, voice: Voice, version: int) -> Note:
        if version != 0:
            raise Conflict(tr("The notes are gone: the dashboard was deleted meanwhile."))
        text = checked_notes(body)
        first = Note(
            id=opened.dashboard.id,
            project_id=opened.access.project.id,
            body=text,
            by_id=voice.id,
            by_name=voice.name,
            at=voice.at,
            begun_at=voice.at,
        )
        return await self._notes.add(first)


def voice_of(access: Access, capability: Capability, now: Clock) -> Voice:
    """Who speaks.

    Raises:
        Forbidden: without that capability.
        Unauthenticated: for somebody without an account.
    """
    access.require(capability)
    actor = access.actor
    if actor.user_id is None:
        raise Unauthenticated(tr("Sign in to write something."))
    moderates = access.may(Capability.DASHBOARD_EDIT)
    return Voice(actor.user_id, actor.display_name or actor.email, now(), moderates)


def _members(access: Access) -> list[str]:
    return [grant.principal.id for grant in access.project.grants if grant.principal.kind is PrincipalKind.USER]


def _blank(opened: DashboardAccess) -> Note:
    at = opened.dashboard.created_at
    return Note(
        id=opened.dashboard.id,
        project_id=opened.access.project.id,
        body="",
        by_id="",
        by_name="",
        at=at,
        begun_at=at,
        revision=0,
        version=0,
    )
