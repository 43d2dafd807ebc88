"""What the saves of a dashboard changed: taking one back, and putting old versions together again.

An edit says what it changed by paths into the dashboard, so that it also covers what dashboards will have one day, and
so that two people who change different things never undo each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from domain.dashboards import Dashboard
from domain.errors import Conflict, NotFound
from domain.headings import heading
from domain.pins import Pin
from domain.tiles import Box, Tile
from domain.wording import tr, trn

IDENTITY = frozenset({"id", "project_id", "created_by", "created_at", "updated_at", "version"})
"""What no edit changes, or every one does."""
TILES, PINS = "tiles", "pins"
COUNTED = (TILES, "version")
"""Of each tile: it follows from the other properties."""

NAMED = 3
"""More tiles than these are counted rather than named."""
ADDED, REMOVED = tr("added {names}"), tr("removed {names}")
CHANGED, MOVED = tr("changed {names}"), tr("moved {names}")

Path = tuple[str, ...]
Plain = dict[str, Any]


class How(StrEnum):
    """How an edit came about."""

    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"
    RESTORE = "restore"
    REMAP = "remap"


class Change(msgspec.Struct, frozen=True):
    """One place of a dashboard before and after, as JSON; None where it was not there.

    `path` is a field, an entry of a field that holds several (`tiles`, `bills`), or one property of such an entry.
    """

    path: Path
    before: str | None
    after: str | None


class Stamp(msgspec.Struct, frozen=True):
    """From which opened editor an edit came, and by which request: one that is sent twice is applied once."""

    session: str = ""
    key: str = ""


UNSTAMPED = Stamp()


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """One save. `number` is the version of the dashboard that it made.

    `of` is the version that it restored, or the edit that it took back; `names` are the titles, at that time, of the
    tiles that it touched, and the tags of the collections that it pinned.
    """

    id: str
    dashboard_id: str
    number: int
    at: datetime
    by: str
    by_name: str
    stamp: Stamp = UNSTAMPED
    how: How = How.EDIT
    of: int | None = None
    names: dict[str, str] = {}
    changes: tuple[Change, ...] = ()


class Step(msgspec.Struct, frozen=True):
    """An edit as far as undo needs to know it."""

    number: int
    how: How
    of: int | None = None


class Stacks(msgspec.Struct, frozen=True):
    """The edits of one session that can be taken back and those that can be done again, each the last one last."""

    undo: tuple[int, ...] = ()
    redo: tuple[int, ...] = ()


def edit_id(dashboard_id: str, number: int) -> str:
    """The id of the edit that made that version; of one version there is one edit, whoever was faster."""
    return f"{dashboard_id}.{number}"


def differences(before: Dashboard, after: Dashboard) -> tuple[Change, ...]:
    """What `after` has otherwise than `before`, by path."""
    old, new = _entries(before), _entries(after)
    found: list[Change] = []
    for path in sorted({*old, *new}):
        was, now = old.get(path), new.get(path)
        if isinstance(was, dict) and isinstance(now, dict):
            found += [
                Change((*path, name), _json(was, name), _json(now, name))
                for name in sorted({*was, *now})
                if (path[0], name) != COUNTED and (name in was, was.get(name)) != (name in now, now.get(name))
            ]
        elif (path in old, was) != (path in new, now):
            found.append(Change(path, _json(old, path), _json(new, path)))
    return tuple(found)


def names_of(changes: Iterable[Change], *dashboards: Dashboard) -> dict[str, str]:
    """The titles of the tiles that these changes touch, as the last of the dashboards that has them says."""
    touched = {change.path[1] for change in changes if change.path[0] == TILES}
    named = {key: heading(tile) for dashboard in dashboards for key, tile in dashboard.tiles.items()}
    return {key: named.get(key) or key for key in sorted(touched)}


def touches(edit: Edit, tile_id: str) -> bool:
    """Whether the edit changed what a tile says; where it lies is no part of that."""
    return any(change.path[:2] == (TILES, tile_id) and change.path[2:] != ("layout",) for change in edit.changes)


def only_by(edits: Sequence[Edit], tile_id: str, count: int, by: str, session: str) -> bool:
    """Whether the last `count` edits that touched a tile are of that person in that editor; the newest comes first."""
    last = [edit for edit in edits if touches(edit, tile_id)][:count]
    return len(last) == count and all((edit.by, edit.stamp.session) == (by, session) for edit in last)


def told_plainly(edit: Edit) -> str:
    """The same as `told`, for the sentence that says itself that it was undone or done again."""
    is_step = edit.how in {How.UNDO, How.REDO}
    return told(msgspec.structs.replace(edit, how=How.EDIT) if is_step else edit)


def told(edit: Edit) -> str:
    """What the edit did, in words that follow the name of who did it."""
    if edit.how is How.RESTORE:
        return tr("restored version {number}", number=edit.of)
    did = " · ".join(_told(edit)) or tr("changed nothing that shows")
    match edit.how:
        case How.UNDO:
            return tr("undid: {did}", did=did)
        case How.REDO:
            return tr("redid: {did}", did=did)
        case How.REMAP:
            return tr("chose other columns: {did}", did=did)
        case _:
            return did


def _told(edit: Edit) -> list[str]:
    acts: dict[str, dict[str, None]] = {ADDED: {}, REMOVED: {}, CHANGED: {}, MOVED: {}}
    pinned: list[str] = []
    for change in edit.changes:
        place, *rest = change.path
        if place == PINS:
            pinned += _told_of_pin(change, edit.names)
            continue
        if place != TILES:
            acts[CHANGED][tr("the {field}", field=place.replace("_", " "))] = None
            continue
        name = edit.names.get(rest[0], rest[0])
        match rest[1:], change.before, change.after:
            case [], None, _:
                acts[ADDED][name] = None
            case [], _, None:
                acts[REMOVED][name] = None
            case ["layout" | "tab" | "section"], _, _:
                acts[MOVED][name] = None
            case _:
                acts[CHANGED][name] = None
    done = [act.format(names=_listed(list(names))) for act, names in acts.items() if names]
    return [*done, *dict.fromkeys(pinned)]


def _told_of_pin(change: Change, names: Mapping[str, str]) -> list[str]:
    """Nothing of the day of a pin: it follows from the version."""
    _, collection_id, *rest = change.path
    name = names.get(collection_id, tr("data"))
    match rest, change.after:
        case [], None:
            return [tr("unpinned {name}", name=name)]
        case [], str(after):
            return [tr("pinned {name} to {version}", name=name, version=msgspec.json.decode(after, type=Pin).said)]
        case ["version"], after:
            return [tr("pinned {name} to version {after}", name=name, after=after)]
    return []


def _listed(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= NAMED else trn("{n} tile", "{n} tiles", len(names))


def taken_back(dashboard: Dashboard, edit: Edit) -> Dashboard:
    """The dashboard without what that edit changed; whatever else was changed since stays.

    Raises:
        Conflict: when something that the edit changed was changed again since.
    """
    current = _entries(dashboard)
    for change in edit.changes:
        if not _is_still(current, change):
            name = edit.names.get(change.path[1], change.path[0]) if len(change.path) > 1 else change.path[0]
            raise Conflict(tr("This cannot be taken back: {name!r} was changed again since.", name=name))
    return counted(dashboard, _changed(dashboard, [(one.path, one.before) for one in edit.changes]))


def as_it_was(dashboard: Dashboard, edits: Sequence[Edit], number: int) -> Dashboard:
    """The dashboard in its version `number`; `edits` are all that came after it, in any order.

    Raises:
        NotFound: when one of them is missing: the version is no longer kept.
    """
    later = {edit.number: edit for edit in edits}
    wanted = range(dashboard.version, number, -1)
    if not 1 <= number <= dashboard.version or any(one not in later for one in wanted):
        raise NotFound(
            tr("Version {number} of the dashboard {title!r} is not kept.", number=number, title=dashboard.title)
        )
    sides = [(change.path, change.before) for one in wanted for change in later[one].changes]
    return msgspec.structs.replace(_changed(dashboard, sides), version=number)


def restored(dashboard: Dashboard, old: Dashboard) -> Dashboard:
    """The dashboard with everything that `old` shows."""
    fields = {name: getattr(old, name) for name in dashboard.__struct_fields__ if name not in IDENTITY}
    return counted(dashboard, msgspec.structs.replace(dashboard, **fields))


def counted(stored: Dashboard, wanted: Dashboard) -> Dashboard:
    """`wanted` with tile versions that go on from those that are stored, so that no stale form overwrites it."""
    tiles = {key: _counted(stored.tiles.get(key), tile) for key, tile in wanted.tiles.items()}
    return msgspec.structs.replace(wanted, tiles=tiles)


def stacks(steps: Iterable[Step]) -> Stacks:
    """What can be undone and redone after these edits of one session."""
    undo: list[int] = []
    redo: list[int] = []
    for step in sorted(steps, key=lambda one: one.number):
        if step.how is How.UNDO:
            undo = [number for number in undo if number != step.of]
            redo.append(step.number)
        else:
            redo = [number for number in redo if number != step.of] if step.how is How.REDO else []
            undo.append(step.number)
    return Stacks(tuple(undo), tuple(redo))


def standing(edit: Edit, later: Iterable[Edit]) -> Edit | None:
    """The edit by which this one holds: itself, or the one that did it again; None when it was taken back."""
    steps = {one.of: one for one in later if one.how in {How.UNDO, How.REDO}}
    while (undone := steps.get(edit.number)) is not None:
        again = steps.get(undone.number)
        if again is None:
            return None
        edit = again
    return edit


class TileDifference(msgspec.Struct, frozen=True):
    """A tile that says something else: each property with its two values."""

    tile: Tile
    properties: dict[str, tuple[Any, Any]]


class Move(msgspec.Struct, frozen=True):
    """A tile that lies elsewhere."""

    tile: Tile
    before: Box
    after: Box


class Comparison(msgspec.Struct, frozen=True):
    """How two versions of a dashboard differ. `fields` are those of the dashboard itself."""

    added: tuple[Tile, ...]
    removed: tuple[Tile, ...]
    changed: tuple[TileDifference, ...]
    moved: tuple[Move, ...]
    fields: dict[str, tuple[Any, Any]]

    @property
    def is_empty(self) -> bool:
        """Whether both show the same."""
        return not (self.added or self.removed or self.changed or self.moved or self.fields)


def compare(old: Dashboard, new: Dashboard) -> Comparison:
    """What became of `old`, in the order in which `new` is read."""
    both = [key for key in new.tiles if key in old.tiles]
    changed = [TileDifference(new.tiles[key], tile_differences(old.tiles[key], new.tiles[key])) for key in both]
    moved = [Move(new.tiles[key], old.tiles[key].layout, new.tiles[key].layout) for key in both]
    was, now = _plain(old), _plain(new)
    return Comparison(
        added=tuple(tile for key, tile in new.tiles.items() if key not in old.tiles),
        removed=tuple(tile for key, tile in old.tiles.items() if key not in new.tiles),
        changed=tuple(one for one in changed if one.properties),
        moved=tuple(one for one in moved if one.before != one.after),
        fields={
            name: (was.get(name), now.get(name)) for name in now if name != TILES and was.get(name) != now.get(name)
        },
    )


def tile_differences(old: Tile, new: Tile) -> dict[str, tuple[Any, Any]]:
    """The properties in which two tiles differ, with both values; where they lie is none of them."""
    was, now = msgspec.to_builtins(old), msgspec.to_builtins(new)
    names = [name for name in {**now, **was} if name not in {"layout", COUNTED[1], "id"}]
    return {name: (was.get(name), now.get(name)) for name in names if was.get(name) != now.get(name)}


def _plain(dashboard: Dashboard) -> Plain:
    built: Plain = msgspec.to_builtins(dashboard)
    return {name: value for name, value in built.items() if name not in IDENTITY}


def _entries(dashboard: Dashboard) -> dict[Path, Any]:
    """Each field, and each entry of the fields that hold several, by path."""
    found: dict[Path, Any] = {}
    for name, value in _plain(dashboard).items():
        if isinstance(value, dict):
            found |= {(name, key): entry for key, entry in value.items()}
        else:
            found[(name,)] = value
    return found


def _json(values: Mapping[Any, Any], key: object) -> str | None:
    return msgspec.json.encode(values[key]).decode() if key in values else None


def _is_still(current: Mapping[Path, Any], change: Change) -> bool:
    """Whether the place is as the change has left it; a new tile may have been moved."""
    if len(change.path) <= 2:  # noqa: PLR2004 -- a field or an entry; longer ones are properties
        is_there, value = change.path in current, current.get(change.path)
    else:
        entry = current.get(change.path[:2])
        is_there, value = isinstance(entry, dict) and change.path[2] in entry, (entry or {}).get(change.path[2])
    if change.after is None or not is_there:
        return (change.after is None) == (not is_there)
    after = msgspec.json.decode(change.after)
    # Through JSON, which has lists where structs have tuples.
    now = msgspec.json.decode(msgspec.json.encode(value))
    return bool(_comparable(change.path, now) == _comparable(change.path, after))


def _comparable(path: Path, value: Any) -> Any:
    if path[0] != TILES or len(path) != 2:  # noqa: PLR2004 -- a whole tile
        # As JSON, which has lists where structs have tuples.
        return msgspec.json.encode(value, order="sorted")
    # Through the struct: a tile that was kept before it had some property has its default.
    tile = msgspec.convert(value, Tile)
    return msgspec.structs.replace(tile, layout=Box(), version=1)


def _changed(dashboard: Dashboard, sides: Iterable[tuple[Path, str | None]]) -> Dashboard:
    """The dashboard with these values at these paths."""
    plain = _plain(dashboard)
    for path, value in sides:
        place: Any = plain
        for name in path[:-1]:
            place = place.setdefault(name, {})
        if value is None:
            place.pop(path[-1], None)
        else:
            place[path[-1]] = msgspec.json.decode(value)
    kept = {name: getattr(dashboard, name) for name in IDENTITY}
    # Times as they are: JSON would only write and read them again.
    return msgspec.convert({**plain, **kept}, Dashboard, builtin_types=(datetime,))


def _counted(stored: Tile | None, tile: Tile) -> Tile:
    if stored is None:
        return msgspec.structs.replace(tile, version=tile.version + 1)
    in_place = msgspec.structs.replace(tile, layout=stored.layout, version=stored.version)
    return msgspec.structs.replace(tile, version=stored.version + (in_place != stored))
