"""Saved views: kept, shared, renamed, defaults, and what becomes of them when the dashboard changes."""

from typing import Any, NamedTuple

import polars as pl
import pytest

from domain.access import Actor
from domain.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from domain.filters import Wish
from domain.saved_views import MAX_VIEWS, Gone, ViewState
from domain.tiles import FilterTile, FilterWidget, TextTile
from services.dashboards import DashboardAccess
from services.saved_views import Change, SavedViews, Views

GENTOO = ViewState(filters={"species": (Wish("in", ("Gentoo", None)),)}, tile="text")


class Board(NamedTuple):
    """A dashboard with a filter and a text, as each member opens it."""

    world: Any
    owner: DashboardAccess
    editor: DashboardAccess
    viewer: DashboardAccess

    @property
    def views(self) -> SavedViews:
        found: SavedViews = self.world.services.saved_views
        return found


@pytest.fixture
async def board(world: Any) -> Board:
    dashboards = world.services.dashboards
    access = await world.services.projects.open(world.actors["owner"], world.project_id)
    collection = await world.add_collection(pl.DataFrame({"species": ["Gentoo", "Adelie"]}))
    species = FilterTile(
        id="species",
        title="Species",
        collection_id=collection.id,
        column_name="species",
        interactive_component_type=FilterWidget.MULTI_SELECT,
    )
    made = await dashboards.create(access, "D", tiles={"text": TextTile(id="text", title="About"), "species": species})
    opened = [await dashboards.open(world.actors[name], made.id) for name in ("owner", "editor", "viewer")]
    return Board(world, *opened)


def names(found: Views) -> list[str]:
    return [view.name for view in found.views]


async def test_a_private_view_is_seen_by_nobody_else(board: Board) -> None:
    """Not even by an administrator; by its name and its id it is as if it were not there."""
    kept = await board.views.add(board.viewer, "  Only   Gentoo ", GENTOO)
    assert (kept.name, kept.state, kept.shared, kept.may_change, kept.gone) == ("Only Gentoo", GENTOO, False, True, ())
    assert await board.views.get(board.viewer, "only gentoo") == kept
    admin = await board.world.services.dashboards.open(board.world.actors["admin"], board.owner.dashboard.id)
    for other in (board.owner, admin):
        assert names(await board.views.all(other)) == []
        for said in (kept.id, kept.name):
            with pytest.raises(NotFound, match="no view"):
                await board.views.get(other, said)
            with pytest.raises(NotFound, match="no view"):
                await board.views.remove(other, said)


async def test_a_shared_view_is_seen_by_all_and_changed_by_editors(board: Board) -> None:
    """A viewer opens it and may not change it; another editor may, over the version that they have read."""
    shared = await board.views.add(board.owner, "Gentoo", GENTOO, shared=True)
    seen = await board.views.get(board.viewer, "Gentoo")
    assert (seen.state, seen.owner_name, seen.may_change) == (GENTOO, "Owner", False)
    with pytest.raises(Forbidden, match="view:save"):
        await board.views.change(board.viewer, shared.id, Change(version=1, name="Mine"))
    changed = await board.views.change(board.editor, shared.id, Change(version=1, state=ViewState()))
    assert (changed.state, changed.version, changed.owner_name) == (ViewState(), 2, "Owner")
    with pytest.raises(Conflict, match="changed meanwhile"):
        await board.views.change(board.owner, shared.id, Change(version=1, name="Late"))
    assert await board.views.change(board.owner, shared.id, Change(version=2, name="Gentoo")) == changed


async def test_names_are_taken_among_the_shared_and_among_ones_own(board: Board) -> None:
    """Case does not tell two apart; of a shared and an own view of one name a link means the shared one."""
    mine = await board.views.add(board.editor, "Gentoo", GENTOO)
    with pytest.raises(Conflict, match="of that name"):
        await board.views.add(board.editor, "gentoo", GENTOO)
    shared = await board.views.add(board.owner, "GENTOO", GENTOO, shared=True)
    with pytest.raises(Conflict, match="of that name"):
        await board.views.change(board.editor, mine.id, Change(version=1, shared=True))
    other = await board.views.add(board.editor, "Other", GENTOO)
    with pytest.raises(Conflict, match="of that name"):
        await board.views.change(board.editor, other.id, Change(version=1, name="Gentoo"))
    assert (await board.views.get(board.editor, "gentoo")).id == shared.id
    assert (await board.views.get(board.editor, mine.id)).id == mine.id
    assert names(await board.views.all(board.editor)) == ["GENTOO", "Gentoo", "Other"]


async def test_sharing_is_taken_back_by_who_made_the_view(board: Board) -> None:
    """Others would make it vanish from everybody's menu and from their own."""
    shared = await board.views.add(board.owner, "Gentoo", GENTOO, shared=True)
    with pytest.raises(Forbidden, match="Only Owner"):
        await board.views.change(board.editor, shared.id, Change(version=1, shared=False))
    await board.views.change(board.owner, shared.id, Change(version=1, shared=False))
    assert names(await board.views.all(board.editor)) == []


async def test_ones_own_default_is_stronger_than_everybodys(board: Board) -> None:
    """A person may also choose to begin with no view; taking the choice back brings everybody's."""
    ours = await board.views.add(board.owner, "Ours", GENTOO, shared=True)
    mine = await board.views.add(board.viewer, "Mine", ViewState())
    assert (await board.views.set_default(board.editor, ours.id)).opens_with == ours.id
    assert (await board.views.all(board.viewer)).opens_with == ours.id
    chosen = await board.views.set_own_default(board.viewer, mine.id)
    assert (chosen.opens_with, chosen.opens_plain) == (mine.id, False)
    assert [(view.is_default, view.is_own_default) for view in chosen.views] == [(True, False), (False, True)]
    opening = await board.views.opening(board.viewer, None)
    assert (opening.name, opening.is_default, opening.has_default, opening.problem) == ("Mine", True, True, "")
    plain = await board.views.set_own_default(board.viewer, "")
    assert (plain.opens_with, plain.opens_plain) == (None, True)
    assert (await board.views.opening(board.viewer, None)).view is None
    assert (await board.views.set_own_default(board.viewer, None)).opens_with == ours.id
    with pytest.raises(Forbidden, match="dashboard:edit"):
        await board.views.set_default(board.viewer, ours.id)


async def test_everybodys_default_stays_shared_and_goes_with_its_view(board: Board) -> None:
    private = await board.views.add(board.owner, "Mine", GENTOO)
    with pytest.raises(Invalid, match="must be shared"):
        await board.views.set_default(board.owner, private.id)
    shared = await board.views.change(board.owner, private.id, Change(version=1, shared=True))
    await board.views.set_default(board.owner, shared.id)
    await board.views.set_own_default(board.viewer, shared.id)
    with pytest.raises(Invalid, match="for everybody"):
        await board.views.change(board.owner, shared.id, Change(version=2, shared=False))
    await board.views.remove(board.editor, shared.id)
    for who in (board.owner, board.viewer):
        opening = await board.views.opening(who, None)
        assert (opening.view, opening.has_default) == (None, False)


async def test_what_a_view_names_that_is_gone_is_said(board: Board) -> None:
    """By the name that it had; and nothing that is gone can be saved."""
    view = await board.views.add(board.owner, "Gentoo", GENTOO, shared=True)
    for tile_id in ("species", "text"):
        await board.world.services.dashboards.remove_tile(board.owner.access, board.owner.dashboard.id, tile_id)
    now = await board.world.services.dashboards.open(board.viewer.access.actor, board.owner.dashboard.id)
    found = await board.views.opening(now, "Gentoo")
    assert found.view is not None
    assert found.view.gone == (Gone("filter", "species", "Species"), Gone("tile", "text", "About"))
    assert found.view.state == GENTOO
    with pytest.raises(Invalid, match="no longer has"):
        await board.views.add(now, "Another", view.state)
    missing = await board.views.opening(now, "Nobody's")
    assert (missing.name, missing.view, missing.is_default) == ("Nobody's", None, False)
    assert 'no view "Nobody\'s"' in missing.problem


async def test_there_is_an_end_to_the_number_of_views(board: Board) -> None:
    for number in range(MAX_VIEWS):
        await board.views.add(board.viewer, f"View {number}", ViewState())
    with pytest.raises(Invalid, match="at most"):
        await board.views.add(board.viewer, "One more", ViewState())
    await board.views.add(board.owner, "Of somebody else", ViewState())


async def test_a_view_of_another_dashboard_is_not_there(board: Board) -> None:
    """Neither by its id nor by its name."""
    view = await board.views.add(board.owner, "Gentoo", GENTOO, shared=True)
    made = await board.world.services.dashboards.create(board.owner.access, "Other")
    other = await board.world.services.dashboards.open(board.owner.access.actor, made.id)
    for said in (view.id, view.name):
        with pytest.raises(NotFound):
            await board.views.change(other, said, Change(version=1, name="Mine"))
        with pytest.raises(NotFound):
            await board.views.set_default(other, said)


async def test_an_old_version_of_the_dashboard_keeps_no_views(board: Board) -> None:
    """It can be looked at, with the views that there are, and nothing else."""
    old = await board.world.services.dashboards.open(board.owner.access.actor, f"{board.owner.dashboard.id}@1")
    with pytest.raises(Forbidden):
        await board.views.add(old, "Gentoo", ViewState())
    found = await board.views.all(old)
    assert (found.may_keep, found.may_share, found.may_set_default) == (False, False, False)


async def test_somebody_without_an_account_keeps_no_view(board: Board) -> None:
    system = await board.world.services.dashboards.open(Actor(is_admin=True), board.owner.dashboard.id)
    with pytest.raises(Unauthenticated):
        await board.views.add(system, "Gentoo", ViewState())


async def test_a_deleted_dashboard_takes_its_views_with_it(board: Board) -> None:
    view = await board.views.add(board.owner, "Gentoo", GENTOO, shared=True)
    await board.views.set_default(board.owner, view.id)
    await board.views.set_own_default(board.viewer, view.id)
    await board.world.services.dashboards.delete(board.owner.access, board.owner.dashboard.id)
    for name in ("saved_views", "default_views"):
        assert await board.world.documents[name].count_documents({"project_id": board.world.project_id}) == 0
