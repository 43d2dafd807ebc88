"""Inboxes: whom a comment concerns, what they may see of it, and what is read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.access import ANONYMOUS, Actor
from domain.errors import Invalid, NotFound, Unauthenticated
from domain.inbox import KEPT_FOR, Message, order_of
from domain.tiles import TextTile
from persistence.inbox import MessageRepository
from persistence.mongo import Documents
from services.inbox import Inbox
from tests.services.conftest import person
from tests.services.test_discussions import Table


@pytest.fixture
async def table(world: Any, module_documents: Documents) -> Table:
    """A dashboard among people whose inboxes are empty: those hold what was said in every project."""
    messages = MessageRepository(module_documents)
    for actor in world.actors.values():
        for message in await messages.page(actor.user_id, None, 100) if actor.user_id else ():
            await messages.remove_of_dashboard(message.dashboard_id)
    access = await world.services.projects.open(world.actors["owner"], world.project_id)
    made = await world.services.dashboards.create(access, "D", tiles={"t": TextTile(id="t")})
    opened = [
        await world.services.dashboards.open(world.actors[name], made.id) for name in ("owner", "editor", "viewer")
    ]
    return Table(world, *opened)


def people(table: Table) -> dict[str, Actor]:
    return {name: getattr(table, name).access.actor for name in ("owner", "editor", "viewer")}


async def told(table: Table) -> dict[str, list[tuple[str, str]]]:
    """Who has been told what by whom, the newest first."""
    use: Inbox = table.world.services.inbox
    who = people(table)
    names = {actor.user_id: name for name, actor in who.items()}
    pages = {name: await use.page(actor) for name, actor in who.items()}
    return {name: [(names[one.by_id], one.why) for one in page.messages] for name, page in pages.items()}


async def test_a_deleted_comment_is_quoted_in_no_inbox(table: Table) -> None:
    """Neither where it was told nor where its thread was resolved; what others wrote stays."""
    who = people(table)
    thread = await table.talk.start(table.owner, "t", "A secret  for @Editor", [who["editor"].user_id])
    await table.talk.reply(table.editor, thread.id, "Delete that")
    await table.talk.resolve(table.viewer, thread.id, resolved=True)
    await table.talk.remove(table.owner, thread.id, thread.remarks[0].id)
    assert await told(table) == {"owner": [("editor", "answered")], "editor": [], "viewer": []}


async def test_a_comment_is_told_to_those_whom_it_concerns(table: Table) -> None:
    """Who is mentioned, who wrote in the thread before, and nobody of their own doing."""
    who = people(table)
    thread = await table.talk.start(table.owner, "t", "See @Editor  here", [who["editor"].user_id])
    assert await told(table) == {"owner": [], "editor": [("owner", "mentioned")], "viewer": []}
    await table.talk.reply(table.viewer, thread.id, "I agree, @Owner", [who["owner"].user_id, who["viewer"].user_id])
    await table.talk.reply(table.viewer, thread.id, "Twice")
    await table.talk.resolve(table.owner, thread.id, resolved=True)
    await table.talk.resolve(table.owner, thread.id, resolved=True)
    assert await told(table) == {
        "owner": [("viewer", "answered"), ("viewer", "mentioned")],
        "editor": [("owner", "mentioned")],
        "viewer": [("owner", "resolved")],
    }
    (message,) = (await table.world.services.inbox.page(who["editor"])).messages
    dashboard = table.owner.dashboard
    assert (message.dashboard_id, message.title, message.tile, message.thread_id, message.excerpt) == (
        (dashboard.id, "D", "t", thread.id, "See @Editor here")
    )


async def test_messages_are_read_one_by_one_by_thread_or_all_at_once(table: Table) -> None:
    """Only one's own."""
    use, viewer = table.world.services.inbox, people(table)["viewer"]
    threads = [await table.talk.start(table.owner, "t", f"{n}", [viewer.user_id]) for n in range(4)]
    newest, *_ = (await use.page(viewer)).messages
    with pytest.raises(NotFound):
        await use.read(people(table)["editor"], newest.id)
    assert await use.unread(viewer) == 4
    await use.read(viewer, newest.id)
    await use.read_thread(viewer, threads[0].id)
    assert await use.unread(viewer) == 2
    assert [one.unread_by for one in (await use.page(viewer)).messages] == ["", viewer.user_id, viewer.user_id, ""]
    await use.read_all(viewer)
    assert await use.unread(viewer) == 0
    assert len((await use.page(viewer)).messages) == 4


async def test_pages_follow_each_other_without_gaps(table: Table) -> None:
    """By the order of the last message of the page before."""
    use, viewer = table.world.services.inbox, people(table)["viewer"]
    for number in range(5):
        await table.talk.start(table.owner, "t", f"{number}", [viewer.user_id])
    found, before = [], None
    while True:
        page = await use.page(viewer, before, 2)
        found += [message.excerpt for message in page.messages]
        before = page.next
        if before is None:
            break
    assert found == ["4", "3", "2", "1", "0"]
    assert (await use.page(viewer, "")).messages == ()
    with pytest.raises(Invalid):
        await use.page(viewer, limit=0)


async def test_who_may_no_longer_see_comments_is_shown_none_of_them(table: Table) -> None:
    """Also in a public project, whose visitors see no comments; nor what a deleted dashboard was about."""
    services, viewer = table.world.services, people(table)["viewer"]
    await table.talk.start(table.owner, "t", "Secret", [viewer.user_id])
    assert await services.inbox.unread(viewer) == 1
    access = await services.projects.open(people(table)["owner"], table.world.project_id)
    await services.sharing.withdraw(access, person(viewer.user_id))
    await services.projects.set_public(access, is_public=True)
    assert await services.inbox.unread(viewer) == 0
    assert (await services.inbox.page(viewer)).messages == ()


async def test_the_messages_of_a_deleted_dashboard_go_with_it(table: Table) -> None:
    services, viewer = table.world.services, people(table)["viewer"]
    await table.talk.start(table.owner, "t", "Gone", [viewer.user_id])
    await services.dashboards.delete(table.owner.access, table.owner.dashboard.id)
    assert (await services.inbox.page(viewer)).messages == ()


async def test_an_inbox_keeps_so_many(documents: Any) -> None:
    """The newest; those of another person, whose id begins alike, are not touched."""
    messages, at = MessageRepository(documents, most=5), datetime(2026, 1, 1, tzinfo=UTC)

    def message(number: int, who: str) -> Message:
        moment = at.replace(microsecond=number)
        return Message(
            id=f"{who}-{number}", order=order_of(who, moment, f"{number}"), user_id=who, unread_by=who, why="answered",
            project_id="p", dashboard_id="d", thread_id="t", tile_id="x", title="D", tile="x", by_id="b", by_name="B",
            at=moment, expires_at=at + KEPT_FOR,
        )  # fmt: skip

    await messages.add(message(0, "onemore"))
    for number in range(7):
        await messages.add(message(number, "one"))
    held = await messages.page("one", None, 10)
    assert [one.id for one in held] == ["one-6", "one-5", "one-4", "one-3", "one-2"]
    assert len(await messages.page("onemore", None, 5)) == 1


async def test_nobody_without_an_account_has_an_inbox(table: Table) -> None:
    use = table.world.services.inbox
    for act in (use.page(ANONYMOUS), use.unread(ANONYMOUS), use.read(ANONYMOUS, "m"), use.read_all(ANONYMOUS),
                use.read_thread(ANONYMOUS, "t")):  # fmt: skip
        with pytest.raises(Unauthenticated):
            await act
