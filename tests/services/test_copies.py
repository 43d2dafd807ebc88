"""Dashboards taken elsewhere: as a file and back, beside the first one, and into another project."""

from typing import Any

import polars as pl
import pytest

from domain.errors import Forbidden, Invalid, NotFound
from domain.saved_views import ViewState
from domain.tiles import CardTile, TextTile
from services.dashboards import DashboardAccess

DATA = pl.DataFrame({"species": ["Adélie", "Gentoo"], "mass": [3.5, 5.0]})


@pytest.fixture
async def opened(world: Any) -> DashboardAccess:
    """A dashboard with a card and a text, as its owner opens it."""
    collection = await world.add_collection(DATA, tag="birds")
    access = await world.services.projects.open(world.actors["owner"], world.project_id)
    tiles = {
        "mean": CardTile(id="mean", column_name="mass", collection_id=collection.id),
        "words": TextTile(id="words", body="Birds: **größer**"),
    }
    dashboard = await world.services.dashboards.create(access, "Birds", "of two kinds", tiles)
    found: DashboardAccess = await world.services.dashboards.open(world.actors["owner"], dashboard.id)
    return found


async def test_a_file_makes_the_same_dashboard(world: Any, opened: DashboardAccess) -> None:
    """Title, subtitle and tiles; the copy is another dashboard."""
    text = await world.services.copies.file(opened)
    assert "data_collection_tag: birds" in text
    made = await world.services.copies.read(opened.access, text)
    assert made.id != opened.dashboard.id
    assert (made.title, made.subtitle, made.tiles) == (
        opened.dashboard.title,
        opened.dashboard.subtitle,
        opened.dashboard.tiles,
    )


@pytest.mark.parametrize(
    "text",
    ["title: [", "title: T\ncomponents:\n- {component_type: card, data_collection_tag: gone, column_name: x}", "[]"],
)
async def test_a_file_with_a_fault_makes_nothing(world: Any, opened: DashboardAccess, text: str) -> None:
    """What is wrong is named."""
    before = await world.services.dashboards.of_project(opened.access)
    with pytest.raises(Invalid) as raised:
        await world.services.copies.read(opened.access, text)
    assert raised.value.problems
    assert await world.services.dashboards.of_project(opened.access) == before


async def test_a_duplicate_stands_beside_the_first(world: Any, opened: DashboardAccess) -> None:
    """Under a title that says so, however long the first is."""
    made = await world.services.copies.duplicate(opened)
    assert (made.title, made.tiles) == ("Birds (copy)", opened.dashboard.tiles)
    long = await world.services.dashboards.create(opened.access, "x" * 200)
    again = await world.services.copies.duplicate(await world.services.dashboards.open(opened.access.actor, long.id))
    assert len(again.title) == 200
    assert again.title.endswith(" (copy)")


async def test_a_copy_stands_on_the_data_of_the_other_project(world: Any, opened: DashboardAccess) -> None:
    """Nothing is written before all its data is found; with `move` the first one goes, and what is said goes along."""
    services, owner = world.services, world.actors["owner"]
    there = await services.projects.create(owner, "Elsewhere")
    target = await services.projects.open(owner, there.id)
    with pytest.raises(Invalid, match="cannot be copied") as raised:
        await services.copies.copy(opened, target, {}, move=True)
    assert [problem.place for problem in raised.value.problems] == ["birds"]
    assert await services.dashboards.of_project(target) == []
    theirs = await world._replace(project_id=there.id).add_collection(DATA.reverse(), tag="birds")
    plan = await services.copies.plan(opened, target)
    assert plan.is_complete
    editor = await services.dashboards.open(world.actors["editor"], opened.dashboard.id)
    thread = await services.discussions.start(editor, "mean", "Too heavy?", [owner.user_id])
    note = await services.notes.write(opened, "first", 0)
    await services.notes.write(editor, "second", note.version)
    mine = await services.saved_views.add(opened, "Mine", ViewState())
    await services.saved_views.set_own_default(opened, mine.id)
    made = await services.copies.copy(opened, target, {}, move=True)
    assert made.project_id == there.id
    assert made.tile("mean").collection_id == theirs.id
    with pytest.raises(NotFound):
        await services.dashboards.open(owner, opened.dashboard.id)
    moved = await services.dashboards.open(owner, made.id)
    [carried] = await services.discussions.threads(moved)
    assert (carried.id, carried.project_id, carried.remarks) == (thread.id, there.id, thread.remarks)
    assert (await services.notes.read(moved)).body == "second"
    assert [one.body for one in await services.notes.revisions(moved)] == ["first"]
    views = await services.saved_views.all(moved)
    assert ([one.name for one in views.views], views.opens_with) == (["Mine"], mine.id)
    told = await services.inbox.page(owner)
    assert [one.dashboard_id for one in told.messages if one.thread_id == thread.id] == [made.id]


async def test_nobody_copies_into_a_project_that_they_may_only_see(world: Any, opened: DashboardAccess) -> None:
    """Editors move nothing away that they may not delete."""
    services = world.services
    viewer = await services.projects.open(world.actors["viewer"], world.project_id)
    with pytest.raises(Forbidden):
        await services.copies.plan(opened, viewer)
    assert world.project_id not in [one.id for one in await services.copies.targets(world.actors["viewer"])]
    assert world.project_id in [one.id for one in await services.copies.targets(world.actors["editor"])]
    editor = await services.dashboards.open(world.actors["editor"], opened.dashboard.id)
    with pytest.raises(Forbidden):
        await services.copies.copy(editor, editor.access, {}, move=True)
