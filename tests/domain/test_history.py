"""Edits over random sequences of changes: versions come back, undo takes back one's own and nothing else."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dashboards import Dashboard, add_tile, place_tiles, remove_tile, replace_tile, retitle
from domain.errors import Conflict, NotFound
from domain.history import (
    Change,
    Edit,
    How,
    Stacks,
    Step,
    as_it_was,
    compare,
    differences,
    edit_id,
    names_of,
    restored,
    stacks,
    taken_back,
    told,
)
from domain.tiles import Box, CardTile, TextTile, Tile

AT = datetime(2026, 1, 1, tzinfo=UTC)
EMPTY = Dashboard(id="d", project_id="p", title="D", created_by="ada", created_at=AT, updated_at=AT)


def saved(before: Dashboard, after: Dashboard) -> tuple[Dashboard, Edit]:
    """What the service stores of a change."""
    changes, number = differences(before, after), before.version + 1
    edit = Edit(
        id=edit_id("d", number), dashboard_id="d", number=number, at=AT, by="u", by_name="U",
        names=names_of(changes, before, after), changes=changes,
    )  # fmt: skip
    return msgspec.structs.replace(after, version=number), edit


def undone(dashboard: Dashboard, edit: Edit) -> Dashboard:
    return saved(dashboard, taken_back(dashboard, edit))[0]


def shown(dashboard: Dashboard) -> Any:
    """What people see of a dashboard: all but the counts of its saves."""
    tiles = {key: msgspec.structs.replace(tile, version=1) for key, tile in dashboard.tiles.items()}
    return msgspec.structs.replace(dashboard, tiles=tiles, version=1)


TEXT = TextTile(id="a", title="A", body="one")
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)
acts = st.tuples(
    st.sampled_from(["add", "remove", "write", "retype", "move", "retitle"]), st.sampled_from("abc"), texts,
    st.integers(0, 6),
)  # fmt: skip


def acted(dashboard: Dashboard, act: tuple[str, str, str, int]) -> Dashboard:
    """The dashboard after one random act; one that is impossible changes nothing."""
    kind, key, words, number = act
    tile = dashboard.tiles.get(key)
    match kind:
        case "add" if tile is None:
            return add_tile(dashboard, TextTile(id=key, body=words))
        case "remove" if tile:
            return remove_tile(dashboard, key)
        case "write" if isinstance(tile, TextTile):
            return replace_tile(dashboard, msgspec.structs.replace(tile, body=words))
        case "retype" if tile:
            card = CardTile(id=key, collection_id="c", column_name=words, decimals=number, version=tile.version)
            return replace_tile(dashboard, card)
        case "move" if tile:
            return place_tiles(dashboard, {key: Box(number % 5, number, 3, 1 + number)})
        case "retitle":
            return retitle(dashboard, f"T{number}", "")
    return dashboard


@given(st.lists(acts, max_size=12), st.data())
def test_every_version_comes_back_as_it_was(script: list[tuple[str, str, str, int]], data: st.DataObject) -> None:
    """Whatever was done, the log puts each version together again, and restoring it shows the same."""
    versions, log = [EMPTY], []
    for act in script:
        changed, edit = saved(versions[-1], acted(versions[-1], act))
        versions.append(changed)
        log.append(edit)
    kept = [msgspec.json.decode(msgspec.json.encode(edit), type=Edit) for edit in log]
    number = data.draw(st.integers(1, len(versions)))
    old = as_it_was(versions[-1], kept[number - 1 :], number)
    assert shown(old) == shown(versions[number - 1])
    assert old.version == number
    assert shown(restored(versions[-1], old)) == shown(old)


@given(st.lists(acts, max_size=8), acts)
def test_undo_and_redo_are_inverse(script: list[tuple[str, str, str, int]], last: tuple[str, str, str, int]) -> None:
    """Undoing gives what was there, redoing what was undone; no tile version is ever used twice."""
    dashboard = EMPTY
    for act in script:
        dashboard, _ = saved(dashboard, acted(dashboard, act))
    changed, edit = saved(dashboard, acted(dashboard, last))
    back, undoing = saved(changed, taken_back(changed, edit))
    assert shown(back) == shown(dashboard)
    again = undone(back, undoing)
    assert shown(again) == shown(changed)
    for key, tile in again.tiles.items():
        if key in changed.tiles and edit.changes and any(one.path[:2] == ("tiles", key) for one in edit.changes):
            assert tile.version >= changed.tiles[key].version


@given(acts, acts)
def test_undo_leaves_what_another_changed(mine: tuple[str, str, str, int], theirs: tuple[str, str, str, int]) -> None:
    """My change of one tile goes, theirs of another stays, whatever the two are."""
    start, _ = saved(EMPTY, add_tile(add_tile(EMPTY, TEXT), TextTile(id="z", title="Z")))
    mine_only = (mine[0], "a", *mine[2:])
    by_me, edit = saved(start, acted(start, mine_only))
    card = CardTile(id="z", collection_id="c", column_name=theirs[2], version=by_me.tiles["z"].version)
    by_both, _ = saved(by_me, replace_tile(by_me, card))
    back = undone(by_both, edit)
    assert back.tiles["z"] == by_both.tiles["z"]
    assert shown(back).tiles["a"] == shown(start).tiles["a"]


def test_two_properties_of_one_tile_are_taken_back_apart() -> None:
    """Somebody else wrote the text of the tile whose title I changed; a move is neither."""
    start, _ = saved(EMPTY, add_tile(EMPTY, TEXT))
    titled, edit = saved(start, replace_tile(start, msgspec.structs.replace(TEXT, title="Mine")))
    written, _ = saved(titled, replace_tile(titled, msgspec.structs.replace(titled.tiles["a"], body="theirs")))
    moved, _ = saved(written, place_tiles(written, {"a": Box(2, 2, 2, 2)}))
    back = undone(moved, edit)
    assert back.tiles["a"] == TextTile(id="a", title="A", body="theirs", layout=Box(2, 2, 2, 2), version=4)


def test_what_was_changed_again_is_not_taken_back() -> None:
    """The refusal names the tile; a new tile that somebody else has written in is not removed, one moved is."""
    start, added = saved(EMPTY, add_tile(EMPTY, TEXT))
    titled, edit = saved(start, replace_tile(start, msgspec.structs.replace(TEXT, title="Mine")))
    theirs, _ = saved(titled, replace_tile(titled, msgspec.structs.replace(titled.tiles["a"], title="Theirs")))
    for one in (edit, added):
        with pytest.raises(Conflict, match="was changed again since"):
            taken_back(theirs, one)
    moved, _ = saved(start, place_tiles(start, {"a": Box(3, 3, 1, 1)}))
    assert undone(moved, added).tiles == {}
    removed, _ = saved(titled, remove_tile(titled, "a"))
    with pytest.raises(Conflict, match="'Mine' was changed again"):
        taken_back(removed, edit)


def test_a_removed_tile_returns_with_a_version_of_its_own() -> None:
    """A form that was opened before the removal is stale."""
    start, _ = saved(EMPTY, add_tile(EMPTY, TEXT))
    removed, edit = saved(start, remove_tile(start, "a"))
    back = undone(removed, edit)
    assert back.tiles["a"] == msgspec.structs.replace(start.tiles["a"], version=2)
    with pytest.raises(Conflict):
        replace_tile(back, start.tiles["a"])


def test_a_tile_kept_before_it_had_a_property_is_taken_back() -> None:
    """An edit of an older Depictio lacks the keys that came later."""
    start, _ = saved(EMPTY, add_tile(EMPTY, TEXT))
    old = Change(("tiles", "a"), None, '{"component_type":"text","id":"a","title":"A","body":"one"}')
    edit = Edit(id="d.2", dashboard_id="d", number=2, at=AT, by="u", by_name="U", changes=(old,))
    assert undone(start, edit).tiles == {}


def test_versions_that_are_not_kept_are_not_there() -> None:
    """A gap in the log, or a number that never was, is said and not guessed."""
    first, one = saved(EMPTY, retitle(EMPTY, "1", ""))
    second, two = saved(first, retitle(first, "2", ""))
    assert as_it_was(second, [], 3) == second
    assert as_it_was(second, [two, one], 1) == EMPTY
    for edits, number in (([two], 1), ([one], 2), ([one, two], 0), ([one, two], 4)):
        with pytest.raises(NotFound, match=f"Version {number} of the dashboard '2' is not kept"):
            as_it_was(second, edits, number)


def test_the_stacks_of_a_session() -> None:
    """A new edit forgets what could be redone; one that was passed over can be undone later."""
    did = [Step(2, How.EDIT), Step(3, How.RESTORE)]
    assert stacks(did) == Stacks((2, 3), ())
    undo = [*did, Step(5, How.UNDO, 3)]
    assert stacks(undo) == Stacks((2,), (5,))
    assert stacks([*undo, Step(6, How.REDO, 5)]) == Stacks((2, 6), ())
    assert stacks([*undo, Step(6, How.EDIT)]) == Stacks((2, 6), ())
    assert stacks([*did, Step(5, How.UNDO, 2)]) == Stacks((3,), (5,))
    assert stacks([Step(9, How.UNDO, 1)]) == Stacks((), (9,))


def test_two_versions_are_compared() -> None:
    """What was added, removed, changed by property, and moved; and what of the dashboard itself."""
    tiles: list[Tile] = [TEXT, TextTile(id="b"), TextTile(id="c", body="x")]
    old = EMPTY
    for tile in tiles:
        old = add_tile(old, tile)
    new = add_tile(remove_tile(old, "b"), CardTile(id="n", collection_id="c", column_name="x"))
    new = replace_tile(new, msgspec.structs.replace(TEXT, title="New", body="two"))
    new = retitle(place_tiles(new, {"c": Box(1, 9, 2, 2)}), "Other", "")
    found = compare(old, new)
    assert found.added == (new.tiles["n"],)
    assert found.removed == (old.tiles["b"],)
    assert [(one.tile.id, one.properties) for one in found.changed] == [
        ("a", {"title": ("A", "New"), "body": ("one", "two")})
    ]
    assert [(one.tile.id, one.after) for one in found.moved] == [("c", Box(1, 9, 2, 2))]
    assert found.fields == {"title": ("D", "Other")}
    assert not found.is_empty
    assert compare(new, new).is_empty


def test_a_tile_that_went_to_another_tab_was_moved() -> None:
    """It says nothing else than before, wherever it lies; without a title it is called as its heading is."""
    untitled = TextTile(id="b", body="words")
    start, _ = saved(EMPTY, add_tile(EMPTY, untitled))
    elsewhere = msgspec.structs.replace(start.tiles["b"], tab="more", section="end")
    _, edit = saved(start, msgspec.structs.replace(start, tiles={"b": elsewhere}))
    assert told(edit) == "moved Text"
