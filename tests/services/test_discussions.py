"""Comments and notes: answered, resolved, mentioned, moderated; notes keep what they were."""

import asyncio
from typing import Any, NamedTuple

import pytest

from domain.access import Actor
from domain.discussions import KEPT_REVISIONS, MAX_REMARKS, Thread
from domain.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from domain.tiles import TextTile
from persistence.discussions import NoteRepository
from services.dashboards import DashboardAccess
from services.discussions import Notes


class Table(NamedTuple):
    """A dashboard with one tile, as each member opens it."""

    world: Any
    owner: DashboardAccess
    editor: DashboardAccess
    viewer: DashboardAccess

    @property
    def talk(self) -> Any:
        return self.world.services.discussions

    @property
    def notes(self) -> Any:
        return self.world.services.notes


@pytest.fixture
async def table(world: Any) -> Table:
    dashboards = world.services.dashboards
    access = await world.services.projects.open(world.actors["owner"], world.project_id)
    made = await dashboards.create(access, "D", tiles={"t": TextTile(id="t")})
    opened = [await dashboards.open(world.actors[name], made.id) for name in ("owner", "editor", "viewer")]
    return Table(world, *opened)


def bodies(thread: Thread) -> list[str]:
    return [remark.body for remark in thread.remarks]


async def test_a_thread_is_begun_answered_resolved_and_open_again(table: Table) -> None:
    """An answer opens what was resolved, for something is to be said about it."""
    thread = await table.talk.start(table.viewer, "t", " Is this right? ")
    await table.talk.reply(table.owner, thread.id, "Yes.")
    closed = await table.talk.resolve(table.viewer, thread.id, resolved=True)
    assert closed.resolution.by_id == table.viewer.access.actor.user_id
    assert await table.talk.resolve(table.owner, thread.id, resolved=True) == closed
    again = await table.talk.reply(table.editor, thread.id, "But then …")
    assert (bodies(again), again.resolution) == (["Is this right?", "Yes.", "But then …"], None)
    assert await table.talk.threads(table.viewer) == [again]


async def test_answers_at_the_same_moment_are_all_kept(table: Table) -> None:
    thread = await table.talk.start(table.owner, "t", "First")
    await asyncio.gather(*(table.talk.reply(table.editor, thread.id, f"Answer {n}") for n in range(8)))
    [found] = await table.talk.threads(table.owner)
    assert sorted(bodies(found)) == sorted(["First", *(f"Answer {n}" for n in range(8))])


async def test_only_members_are_mentioned(table: Table) -> None:
    """They are listed by name, without their addresses; an outsider's id is refused."""
    people = {person.id for person in await table.talk.people(table.viewer)}
    members = {one.access.actor.user_id for one in (table.owner, table.editor, table.viewer)}
    assert people == members
    editor = table.editor.access.actor.user_id
    thread = await table.talk.start(table.viewer, "t", "@Editor look", [editor, editor])
    assert thread.remarks[0].mentions == (editor,)
    with pytest.raises(Invalid, match="cannot be saved"):
        await table.talk.start(table.viewer, "t", "look", [table.world.actors["outsider"].user_id])


async def test_own_comments_are_deleted_and_others_by_editors(table: Table) -> None:
    """A thread goes with its last comment."""
    thread = await table.talk.start(table.owner, "t", "Mine")
    answered = await table.talk.reply(table.viewer, thread.id, "Theirs")
    first, second = answered.remarks
    with pytest.raises(Forbidden):
        await table.talk.remove(table.viewer, thread.id, first.id)
    await table.talk.remove(table.viewer, thread.id, second.id)
    with pytest.raises(NotFound):
        await table.talk.remove(table.viewer, thread.id, second.id)
    await table.talk.remove(table.editor, thread.id, first.id)
    assert await table.talk.threads(table.owner) == []


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 10_001, "a\x00b"])
async def test_a_comment_says_something(table: Table, body: str) -> None:
    with pytest.raises(Invalid):
        await table.talk.start(table.owner, "t", body)


async def test_bounds_and_places_that_are_gone_are_said(table: Table) -> None:
    """A full thread, a tile that is not there, a thread of another dashboard."""
    with pytest.raises(NotFound):
        await table.talk.start(table.owner, "gone", "Hello")
    thread = await table.talk.start(table.owner, "t", "First")
    other = await table.world.services.dashboards.create(table.owner.access, "Other")
    elsewhere = await table.world.services.dashboards.open(table.owner.access.actor, other.id)
    with pytest.raises(NotFound):
        await table.talk.reply(elsewhere, thread.id, "Hello")
    for number in range(MAX_REMARKS - 1):
        await table.talk.reply(table.owner, thread.id, str(number))
    with pytest.raises(Invalid, match="at most"):
        await table.talk.reply(table.owner, thread.id, "one more")


async def test_an_administrator_without_an_account_writes_nothing(table: Table) -> None:
    """The server acts as one in the background; words have an author."""
    system = await table.world.services.dashboards.open(Actor(is_admin=True), table.owner.dashboard.id)
    with pytest.raises(Unauthenticated):
        await table.talk.start(system, "t", "Hello")
    with pytest.raises(Unauthenticated):
        await table.notes.write(system, "Hello", 0)


async def test_a_deleted_dashboard_takes_what_was_said_with_it(table: Table) -> None:
    await table.talk.start(table.owner, "t", "Hello")
    await table.notes.write(table.owner, "# N", 0)
    await table.world.services.dashboards.delete(table.owner.access, table.owner.dashboard.id)
    for name in ("threads", "notes", "note_revisions"):
        assert await table.world.documents[name].count_documents({"project_id": table.world.project_id}) == 0


async def test_notes_are_written_over_what_was_read(table: Table) -> None:
    """A stale save is refused and names who was faster; the same text is no save."""
    blank = await table.notes.read(table.viewer)
    assert (blank.body, blank.version) == ("", 0)
    first = await table.notes.write(table.owner, "# One\n", 0)
    assert await table.notes.write(table.owner, "# One\n", first.version) == first
    second = await table.notes.write(table.editor, "# Two\n", first.version)
    with pytest.raises(Conflict, match="changed by"):
        await table.notes.write(table.owner, "# Mine\n", first.version)
    with pytest.raises(Conflict):
        await table.notes.write(table.owner, "# Mine\n", 0)
    assert (await table.notes.read(table.viewer)).body == second.body == "# Two\n"
    assert [one.body for one in await table.notes.revisions(table.owner)] == ["# One\n"]


async def test_what_a_restored_text_takes_the_place_of_is_kept(table: Table, watch_class: Any) -> None:
    """Also what the same person has written in the same minute."""
    notes = Notes(NoteRepository(table.world.documents), watch_class())
    first = await notes.write(table.owner, "first", 0)
    second = await notes.write(table.owner, "first and second", first.version)
    await notes.write(table.owner, "first", second.version, restores=True)
    assert [one.body for one in await notes.revisions(table.owner)] == ["first and second"]


async def test_what_one_writes_in_a_few_minutes_is_one_revision(table: Table, watch_class: Any) -> None:
    """Autosaves of one person go together; after a pause a revision is kept, and the oldest ones go."""
    watch = watch_class()
    notes = Notes(NoteRepository(table.world.documents), watch)
    note = await notes.write(table.owner, "a", 0)
    for text in ("ab", "abc"):
        watch.move(minutes=2)
        note = await notes.write(table.owner, text, note.version)
    assert (note.revision, await notes.revisions(table.owner)) == (1, [])
    for number in range(KEPT_REVISIONS + 2):
        watch.move(minutes=6)
        note = await notes.write(table.owner, f"text {number}", note.version)
    kept = await notes.revisions(table.owner)
    assert note.revision == KEPT_REVISIONS + 3
    assert [one.number for one in kept] == list(range(KEPT_REVISIONS + 2, 2, -1))
    assert kept[-1].body == "text 1"
