"""Saving dashboards and tiles: what merges, what conflicts, and which tiles are refused."""

import asyncio
from typing import Any

import msgspec
import pytest

from domain.dashboards import Dashboard
from domain.errors import Conflict, Invalid, NotFound
from domain.tiles import Box, CardTile, TextTile, Tile


async def an_access(world: Any, who: str = "owner") -> Any:
    return await world.services.projects.open(world.actors[who], world.project_id)


async def a_dashboard(world: Any, *tiles: Tile) -> Dashboard:
    access, dashboards = await an_access(world), world.services.dashboards
    dashboard = await dashboards.create(access, "Dashboard", "of tests")
    for tile in tiles:
        dashboard = await dashboards.add_tile(access, dashboard.id, tile)
    return dashboard


def a_text(tile_id: str, body: str = "") -> TextTile:
    return TextTile(id=tile_id, body=body)


async def test_a_dashboard_is_read_as_it_was_saved(world: Any) -> None:
    """Every kind of value survives the document store; Markdown stays the text that it is."""
    markdown = "# Title\r\n\n<script>alert(1)</script> $x.y ä 👩‍🔬"
    saved = await a_dashboard(world, a_text("text", markdown))
    opened = await world.services.dashboards.open(world.actors["viewer"], saved.id)
    assert opened.dashboard == saved
    assert saved.tiles == {"text": TextTile(id="text", body=markdown)}
    assert (saved.version, saved.created_by) == (2, world.actors["owner"].user_id)
    assert opened.access.project.id == world.project_id


async def test_a_tile_without_an_id_is_given_one(world: Any) -> None:
    dashboard = await a_dashboard(world, a_text(""), a_text(""))
    assert len(dashboard.tiles) == 2
    assert all(key == tile.id != "" for key, tile in dashboard.tiles.items())


async def test_two_tiles_saved_at_once_both_survive(world: Any) -> None:
    """Two people who saw the same dashboard save different tiles."""
    dashboards, dashboard = world.services.dashboards, await a_dashboard(world, a_text("a"), a_text("b"))
    owner, editor = await an_access(world), await an_access(world, "editor")
    await asyncio.gather(
        dashboards.replace_tile(owner, dashboard.id, a_text("a", "by the owner")),
        dashboards.replace_tile(editor, dashboard.id, a_text("b", "by the editor")),
    )
    stored = (await dashboards.open(world.actors["owner"], dashboard.id)).dashboard
    assert {key: (tile.body, tile.version) for key, tile in stored.tiles.items()} == {
        "a": ("by the owner", 2),
        "b": ("by the editor", 2),
    }
    assert stored.version == dashboard.version + 2


async def test_the_second_to_save_a_tile_is_told(world: Any) -> None:
    """One of two at once wins, the other gets a conflict; a stale version later is one too."""
    dashboards, dashboard = world.services.dashboards, await a_dashboard(world, a_text("a"))
    access = await an_access(world)
    results = await asyncio.gather(
        *(dashboards.replace_tile(access, dashboard.id, a_text("a", f"try {n}")) for n in range(4)),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Conflict", "Conflict", "Dashboard"]
    with pytest.raises(Conflict, match="changed by somebody else"):
        await dashboards.replace_tile(access, dashboard.id, a_text("a", "stale"))


async def test_ten_tiles_added_at_once_are_ten(world: Any) -> None:
    """None is lost and none lies on another."""
    dashboards, dashboard, access = world.services.dashboards, await a_dashboard(world), await an_access(world)
    await asyncio.gather(*(dashboards.add_tile(access, dashboard.id, a_text(f"t{n}")) for n in range(10)))
    stored = (await dashboards.open(world.actors["owner"], dashboard.id)).dashboard
    assert set(stored.tiles) == {f"t{n}" for n in range(10)}
    assert len({(tile.layout.x, tile.layout.y) for tile in stored.tiles.values()}) == 10
    assert stored.version == 11


async def test_moving_does_not_disturb_who_writes(world: Any) -> None:
    """A tile that was moved in between is saved all the same, at its new place."""
    dashboards, dashboard, access = (
        world.services.dashboards,
        await a_dashboard(world, a_text("a")),
        await an_access(world),
    )
    await dashboards.place_tiles(access, dashboard.id, {"a": Box(4, 7, 2, 2)})
    saved = await dashboards.replace_tile(access, dashboard.id, a_text("a", "written"))
    assert saved.tiles["a"] == TextTile(id="a", body="written", layout=Box(4, 7, 2, 2), version=2)
    again = await dashboards.place_tiles(access, dashboard.id, {"a": Box(4, 7, 2, 2)})
    assert again == saved


async def test_a_tile_is_copied_and_removed(world: Any) -> None:
    dashboards, dashboard, access = (
        world.services.dashboards,
        await a_dashboard(world, a_text("a", "A")),
        await an_access(world),
    )
    copied = await dashboards.duplicate_tile(access, dashboard.id, "a")
    [copy] = [tile for key, tile in copied.tiles.items() if key != "a"]
    assert (copy.body, copy.version) == ("A", 1)
    removed = await dashboards.remove_tile(access, dashboard.id, "a")
    assert set(removed.tiles) == {copy.id}
    with pytest.raises(NotFound):
        await dashboards.remove_tile(access, dashboard.id, "a")
    with pytest.raises(NotFound):
        await dashboards.replace_tile(access, dashboard.id, a_text("a", "late"))


async def test_a_stale_title_and_a_stale_whole_are_conflicts(world: Any) -> None:
    """REST updates and renames name the version that they were made from."""
    dashboards, dashboard, access = world.services.dashboards, await a_dashboard(world), await an_access(world)
    renamed = await dashboards.rename(access, dashboard.id, " New ", "", dashboard.version)
    assert (renamed.title, renamed.subtitle, renamed.version) == ("New", "", dashboard.version + 1)
    with pytest.raises(Conflict):
        await dashboards.rename(access, dashboard.id, "Newer", "", dashboard.version)
    with pytest.raises(Conflict):
        await dashboards.replace(access, dashboard)
    whole = await dashboards.replace(access, msgspec.structs.replace(renamed, tiles={"a": a_text("a")}))
    assert set(whole.tiles) == {"a"}


async def refused(question: Any) -> list[str]:
    with pytest.raises(Invalid) as raised:
        await question
    return [problem.place for problem in raised.value.problems]


async def test_a_tile_shows_collections_of_its_project_only(new_world: Any) -> None:
    """Another project's collection, one that never was: refused on every way in, and nothing is stored."""
    world, theirs = await new_world(), await new_world()
    mine, foreign = await world.add_collection(), await theirs.add_collection()
    dashboards, access = world.services.dashboards, await an_access(world)
    good = CardTile(id="card", collection_id=mine.id, column_name="x")
    dashboard = await a_dashboard(world, good)
    for collection_id in (foreign.id, "0" * 24, "", "$ne"):
        bad = msgspec.structs.replace(good, collection_id=collection_id)
        other = msgspec.structs.replace(bad, id="other")
        whole = msgspec.structs.replace(dashboard, tiles={"card": bad})
        assert await refused(dashboards.add_tile(access, dashboard.id, other)) == ["collection_id"]
        assert await refused(dashboards.replace_tile(access, dashboard.id, bad)) == ["collection_id"]
        assert await refused(dashboards.replace(access, whole)) == ["collection_id"]
    assert (await dashboards.open(world.actors["owner"], dashboard.id)).dashboard == dashboard


async def test_a_tile_of_a_deleted_collection_can_still_be_titled_and_removed(world: Any) -> None:
    """Its author can repair the dashboard, but no new tile may show what is gone."""
    collection = await world.add_collection()
    card = CardTile(id="card", collection_id=collection.id, column_name="x")
    dashboards, dashboard, access = world.services.dashboards, await a_dashboard(world, card), await an_access(world)
    await world.documents["collections"].delete_one({"_id": collection.id})
    saved = await dashboards.replace_tile(access, dashboard.id, msgspec.structs.replace(card, title="gone"))
    assert saved.tiles["card"].title == "gone"
    new = msgspec.structs.replace(card, id="new")
    assert await refused(dashboards.add_tile(access, dashboard.id, new)) == ["collection_id"]
    assert (await dashboards.remove_tile(access, dashboard.id, "card")).tiles == {}


async def test_too_long_texts_are_refused_by_name(world: Any) -> None:
    dashboards, dashboard, access = (
        world.services.dashboards,
        await a_dashboard(world, a_text("a")),
        await an_access(world),
    )
    long = a_text("a", "x" * 100_001)
    assert await refused(dashboards.replace_tile(access, dashboard.id, long)) == ["body"]
    assert await refused(dashboards.add_tile(access, dashboard.id, a_text("a.b"))) == ["id"]
    assert await refused(dashboards.create(access, " ")) == ["title"]
    assert await refused(dashboards.place_tiles(access, dashboard.id, {"a": Box(7, 0, 2, 1)})) == ["tiles.a.layout"]


async def test_lists_are_sorted(world: Any) -> None:
    """A project's by title, all visible ones by the last change."""
    dashboards, access = world.services.dashboards, await an_access(world)
    made = [await dashboards.create(access, title) for title in ("b", "A", "c")]
    assert [dashboard.title for dashboard in await dashboards.of_project(access)] == ["A", "b", "c"]
    await dashboards.add_tile(access, made[0].id, a_text("t"))
    seen = [
        d.title for project, d in await dashboards.visible(world.actors["viewer"]) if project.id == world.project_id
    ]
    assert seen == ["b", "c", "A"]


async def test_a_deleted_dashboard_is_gone(world: Any) -> None:
    dashboards, dashboard, access = world.services.dashboards, await a_dashboard(world), await an_access(world)
    await dashboards.delete(access, dashboard.id)
    with pytest.raises(NotFound):
        await dashboards.delete(access, dashboard.id)
    with pytest.raises(NotFound):
        await dashboards.add_tile(access, dashboard.id, a_text("a"))
    assert await dashboards.of_project(access) == []
