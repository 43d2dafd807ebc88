"""Versions, undo and redo through the services: kept with every save, for each person, and never with a gap."""

import asyncio
from typing import Any

import msgspec
import pytest

from domain.dashboards import Dashboard
from domain.errors import Conflict, NotFound
from domain.history import How, Stamp
from domain.tiles import Box, TextTile


class Author:
    """Somebody with an editor open."""

    def __init__(self, world: Any, access: Any, session: str) -> None:
        self.access = access
        self.session = session
        self.services = world.services.stamped(Stamp(session))

    async def write(self, dashboard: Dashboard, tile_id: str, body: str) -> Dashboard:
        stored = await self.services.dashboards.stored(self.access, dashboard.id)
        tile = msgspec.structs.replace(stored.tiles[tile_id], body=body)
        return await self.services.dashboards.replace_tile(self.access, dashboard.id, tile)

    async def undo(self, dashboard: Dashboard, *passed: int) -> Dashboard:
        await self.services.history.undo(self.access, dashboard.id, passed)
        return await self.services.dashboards.stored(self.access, dashboard.id)

    async def redo(self, dashboard: Dashboard) -> Dashboard:
        await self.services.history.redo(self.access, dashboard.id)
        return await self.services.dashboards.stored(self.access, dashboard.id)


async def an_author(world: Any, who: str = "owner", session: str = "tab") -> Author:
    return Author(world, await world.services.projects.open(world.actors[who], world.project_id), session)


async def two_texts(author: Author) -> Dashboard:
    dashboard = await author.services.dashboards.create(author.access, "Dashboard")
    for key in "ab":
        tile = TextTile(id=key, body="first")
        dashboard = await author.services.dashboards.add_tile(author.access, dashboard.id, tile)
    return dashboard


def bodies(dashboard: Dashboard) -> dict[str, str]:
    return {key: tile.body for key, tile in dashboard.tiles.items() if isinstance(tile, TextTile)}


async def test_every_save_is_a_version_that_can_be_seen(world: Any) -> None:
    """With who, when, how and what; each opens under its number, to be looked at only."""
    owner = await an_author(world)
    dashboard = await two_texts(owner)
    written = await owner.write(dashboard, "a", "second")
    found = await owner.services.history.versions(owner.access, dashboard.id)
    assert [(edit.number, edit.by_name, edit.how, edit.names) for edit in found.edits] == [
        (4, "Owner", How.EDIT, {"a": "Text"}),
        (3, "Owner", How.EDIT, {"b": "Text"}),
        (2, "Owner", How.EDIT, {"a": "Text"}),
    ]
    assert found.edits[0].at == written.updated_at
    assert found.earlier is None
    opened = await world.services.dashboards.open(world.actors["editor"], f"{dashboard.id}@3")
    assert bodies(opened.dashboard) == {"a": "first", "b": "first"}
    assert (opened.dashboard.version, opened.dashboard.id) == (3, dashboard.id)
    assert {str(one) for one in opened.access.capabilities} == {
        "project:view", "dashboard:view", "data:view", "data:export"
    }  # fmt: skip


@pytest.mark.parametrize("number", ["0", "5", "-1", "x", "", "3@3", "٣"])
async def test_a_version_that_never_was_is_not_found(world: Any, number: str) -> None:
    """Whatever stands behind the sign."""
    owner = await an_author(world)
    dashboard = await two_texts(owner)
    with pytest.raises(NotFound):
        await world.services.dashboards.open(world.actors["owner"], f"{dashboard.id}@{number}")


async def test_restoring_is_a_new_version_and_can_be_undone(world: Any) -> None:
    """Nothing that came after the old version is lost by it."""
    owner = await an_author(world)
    dashboard = await two_texts(owner)
    await owner.services.dashboards.remove_tile(owner.access, dashboard.id, "b")
    last = await owner.write(dashboard, "a", "second")
    back = await owner.services.history.restore(owner.access, dashboard.id, 3)
    assert (bodies(back), back.version) == ({"a": "first", "b": "first"}, last.version + 1)
    edit = await owner.services.history.edit_of(owner.access, dashboard.id, back.version)
    assert edit
    assert (edit.how, edit.of) == (How.RESTORE, 3)
    again = await owner.undo(dashboard)
    assert (bodies(again), again.version) == ({"a": "second"}, last.version + 2)
    same = await owner.services.history.restore(owner.access, dashboard.id, again.version)
    assert same == again


async def test_undo_takes_back_ones_own_changes_only(world: Any) -> None:
    """Mine of one tile, not another person's of another, and not those of my other tab."""
    owner, other = await an_author(world), await an_author(world, session="other")
    editor = await an_author(world, "editor")
    dashboard = await two_texts(owner)
    await owner.write(dashboard, "a", "mine")
    await editor.write(dashboard, "b", "theirs")
    assert bodies(await owner.undo(dashboard)) == {"a": "first", "b": "theirs"}
    assert bodies(await editor.undo(dashboard)) == {"a": "first", "b": "first"}
    assert bodies(await owner.redo(dashboard)) == {"a": "mine", "b": "first"}
    with pytest.raises(Conflict, match="nothing to undo"):
        await other.undo(dashboard)
    with pytest.raises(Conflict, match="nothing to redo"):
        await owner.redo(dashboard)


async def test_what_somebody_else_changed_since_is_passed_over(world: Any) -> None:
    """The refusal says so; the change before it can still be taken back."""
    owner, editor = await an_author(world), await an_author(world, "editor")
    dashboard = await two_texts(owner)
    await owner.write(dashboard, "b", "mine")
    mine = await owner.write(dashboard, "a", "mine")
    await editor.write(dashboard, "a", "theirs")
    with pytest.raises(Conflict, match="'Text' was changed again since"):
        await owner.undo(dashboard)
    assert bodies(await owner.undo(dashboard, mine.version)) == {"a": "theirs", "b": "first"}


async def test_undo_goes_back_to_the_beginning_and_redo_to_the_end(world: Any) -> None:
    """Adding, moving, renaming, copying and removing; a new opening of the editor goes on where the old one was."""
    owner = await an_author(world)
    dashboard = await two_texts(owner)
    use, access = owner.services.dashboards, owner.access
    await use.place_tiles(access, dashboard.id, {"a": Box(4, 8, 2, 2)})
    await use.rename(access, dashboard.id, "Renamed", "Sub", dashboard.version + 1)
    await use.duplicate_tile(access, dashboard.id, "a")
    end = await use.remove_tile(access, dashboard.id, "b")
    for _ in range(end.version - 1):
        back = await (await an_author(world)).undo(dashboard)
    assert (back.tiles, back.title, back.subtitle) == ({}, "Dashboard", "")
    for _ in range(end.version - 1):
        again = await (await an_author(world)).redo(dashboard)
    versions = {key: tile.version for key, tile in again.tiles.items()}
    assert msgspec.structs.replace(
        again,
        tiles={key: msgspec.structs.replace(tile, version=versions[key]) for key, tile in end.tiles.items()},
        version=end.version,
        updated_at=end.updated_at,
    ) == msgspec.structs.replace(again, version=end.version, updated_at=end.updated_at)


async def test_a_request_that_is_sent_twice_is_applied_once(world: Any) -> None:
    """Later, or at the same moment; the same key of another person is another request."""
    owner, editor = await an_author(world), await an_author(world, "editor")
    dashboard = await two_texts(owner)
    stamp = Stamp("tab", "request-1")
    use = world.services.dashboards.stamped(stamp)
    await asyncio.gather(*(use.add_tile(owner.access, dashboard.id, TextTile(body="new")) for _ in range(5)))
    again = await use.add_tile(owner.access, dashboard.id, TextTile(body="new"))
    assert len(again.tiles) == 3
    assert again.version == dashboard.version + 1
    theirs = await use.add_tile(editor.access, dashboard.id, TextTile(body="new"))
    assert len(theirs.tiles) == 4


async def test_twenty_at_once_leave_a_log_without_gaps(world: Any) -> None:
    """Every version of a crowd of savers can be opened."""
    owner = await an_author(world)
    dashboard = await two_texts(owner)
    use = owner.services.dashboards
    await asyncio.gather(*(use.add_tile(owner.access, dashboard.id, TextTile(id=f"t{number}")) for number in range(20)))
    sizes = [len((await use.at(owner.access, dashboard.id, version)).tiles) for version in range(1, 24)]
    assert sizes == list(range(23))


async def test_a_crash_between_save_and_log_leaves_no_gap(world: Any) -> None:
    """The edit is in the dashboard's own document until the log has it."""
    owner = await an_author(world)
    dashboard = await two_texts(owner)
    await owner.write(dashboard, "a", "second")
    await world.documents["edits"].delete_one({"_id": f"{dashboard.id}.4"})
    last = await owner.write(dashboard, "b", "second")
    await world.documents["edits"].delete_one({"_id": f"{dashboard.id}.5"})
    assert last.version == 5
    found = await owner.services.history.versions(owner.access, dashboard.id)
    assert [edit.number for edit in found.edits] == [5, 4, 3, 2]
    assert bodies(await owner.undo(dashboard)) == {"a": "second", "b": "first"}


async def test_a_dashboard_of_before_the_log_opens_and_begins_one(world: Any) -> None:
    """Its document has no edit; its history begins at the version that it has."""
    owner = await an_author(world)
    dashboard = await two_texts(owner)
    await world.documents["edits"].delete_many({})
    await world.documents["dashboards"].update_one({"_id": dashboard.id}, {"$unset": {"edit": 1}})
    assert (await owner.services.history.versions(owner.access, dashboard.id)).edits == []
    await owner.write(dashboard, "a", "second")
    found = await owner.services.history.versions(owner.access, dashboard.id)
    assert [edit.number for edit in found.edits] == [4]
    assert bodies(await owner.services.dashboards.at(owner.access, dashboard.id, 3)) == {"a": "first", "b": "first"}
    with pytest.raises(NotFound, match="is not kept"):
        await owner.services.dashboards.at(owner.access, dashboard.id, 2)


async def test_a_long_history_has_pages(world: Any) -> None:
    """Each begins where the one before says."""
    owner = await an_author(world)
    dashboard = await two_texts(owner)
    for number in range(60):
        await owner.write(dashboard, "a", f"text {number}")
    first = await owner.services.history.versions(owner.access, dashboard.id)
    second = await owner.services.history.versions(owner.access, dashboard.id, first.earlier)
    assert [edit.number for edit in (*first.edits, *second.edits)] == list(range(63, 1, -1))
    assert (first.earlier, second.earlier) == (13, None)


async def test_the_history_goes_with_the_dashboard(world: Any) -> None:
    """Deleted with it, and with its project."""
    owner = await an_author(world)
    one, two = await two_texts(owner), await two_texts(owner)
    await owner.services.dashboards.delete(owner.access, one.id)
    left = [edit["dashboard_id"] async for edit in world.documents["edits"].find({"dashboard_id": one.id})]
    assert left == []
    await world.services.projects.delete(owner.access)
    assert [edit async for edit in world.documents["edits"].find({"dashboard_id": two.id})] == []


async def test_changes_that_waited_in_one_editor_are_no_conflict(world: Any) -> None:
    """Each was made from the version that was seen last; when somebody else has saved in between, it is one."""
    owner = await an_author(world)
    dashboard = await two_texts(owner)
    seen = dashboard.tiles["a"]
    for body in ("second", "third"):
        tile = msgspec.structs.replace(seen, body=body)
        dashboard = await owner.services.dashboards.replace_tile(owner.access, dashboard.id, tile)
    assert bodies(dashboard) == {"a": "third", "b": "first"}
    other_tab = await an_author(world, session="other")
    with pytest.raises(Conflict):
        await other_tab.services.dashboards.replace_tile(other_tab.access, dashboard.id, seen)
    editor = await an_author(world, "editor", "tab")
    await editor.write(dashboard, "a", "by the editor")
    with pytest.raises(Conflict):
        await owner.services.dashboards.replace_tile(owner.access, dashboard.id, seen)
    await owner.write(dashboard, "a", "fourth")
    with pytest.raises(Conflict):
        await owner.services.dashboards.replace_tile(owner.access, dashboard.id, seen)
