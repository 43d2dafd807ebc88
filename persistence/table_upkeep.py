"""Going back to a version of a Delta table, putting its small files together, and finding files that nobody needs.

Everything here blocks. Whoever calls holds the lease on ingests of the table: nothing else writes to it meanwhile.
"""

import json
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import polars as pl
from deltalake import CommitProperties, DeltaTable, WriterProperties

from domain.collections import DataCollection, LostColumn
from domain.errors import Conflict, NotFound
from domain.upkeep import Optimizing, unreadable
from persistence.objects import ObjectStore
from persistence.parts import PART_BYTES, ROW_GROUP
from persistence.tables import CHANGED_MEANWHILE, METADATA, Stored, Tables, said_of, translated


class Unneeded(msgspec.Struct, frozen=True):
    """Files below the table that no kept version needs, their bytes, and the versions that need them."""

    files: tuple[str, ...]
    bytes: int
    versions: tuple[int, ...]


def stored_at(tables: Tables, path: str, version: int) -> Stored:
    """What the newest of our commits up to that version says; empty when there is none.

    Read from the log itself: delta-rs numbers the history of an older version wrongly.
    """
    for number in range(version, -1, -1):
        for action in _commit(tables.objects, path, number):
            if METADATA in action.get("commitInfo", {}):
                found: Stored = json.loads(action["commitInfo"][METADATA])
                return found
    return {}


def restore(tables: Tables, path: str, base: int, version: int, stored: Stored) -> int:
    """Make a version after `base` that is what `version` was, and return its number.

    Raises:
        Conflict: when somebody else has committed since `base`, or files of the version are gone.
    """
    uri, options = tables.location(path)
    with translated(path):
        table = DeltaTable(uri, storage_options=options)
        if table.version() != base:
            raise Conflict(CHANGED_MEANWHILE.format(path=path))
        table.restore(version, commit_properties=_said(stored))
    return base + 1


def small_files(tables: Tables, path: str, version: int, target: int = PART_BYTES) -> Optimizing:
    """Which neighbouring files would be put together so that each is of at most `target` bytes."""
    uri, options = tables.location(path)
    with translated(path):
        actions = DeltaTable(uri, version=version, storage_options=options).get_add_actions()
    sizes: list[int] = pl.DataFrame(actions)["size_bytes"].to_list()
    bins: list[list[int]] = [[]]
    for size in sizes:
        if size >= target:
            bins.append([])
            continue
        if sum(bins[-1]) + size > target:
            bins.append([])
        bins[-1].append(size)
    joined = [one for one in bins if len(one) > 1]
    return Optimizing(files=sum(map(len, joined)), bytes=sum(map(sum, joined)), into=len(joined))


def optimize(tables: Tables, path: str, base: int, target: int = PART_BYTES) -> Optimizing:
    """Put small neighbouring files together in one commit. Rows keep their order, and the log what files hold.

    Raises:
        Conflict: when somebody else has committed since `base`.
    """
    uri, options = tables.location(path)
    stored = stored_at(tables, path, base)
    with translated(path):
        table = DeltaTable(uri, storage_options=options)
        if table.version() != base:
            raise Conflict(CHANGED_MEANWHILE.format(path=path))
        properties = WriterProperties(compression="ZSTD", compression_level=1, max_row_group_size=ROW_GROUP)
        did = table.optimize.compact(
            target_size=target,
            writer_properties=properties,
            commit_properties=_said({**stored, "rows_added": 0, "rows_removed": 0}),
        )
        if table.version() == base:
            return Optimizing()
        removed = json.loads(did["filesRemoved"]) if isinstance(did["filesRemoved"], str) else did["filesRemoved"]
        return Optimizing(
            files=did["numFilesRemoved"],
            bytes=removed["totalSize"],
            into=did["numFilesAdded"],
            table_version=table.version(),
        )


def unneeded(tables: Tables, path: str, retention: timedelta, kept: Collection[int]) -> Unneeded:
    """The files that no version of the last `retention`, none of `kept` and not the newest one needs."""
    uri, options = tables.location(path)
    with translated(path):
        table = DeltaTable(uri, storage_options=options)
        found = table.vacuum(
            retention_hours=retention // timedelta(hours=1),
            dry_run=True,
            enforce_retention_duration=False,
            full=True,
            keep_versions=sorted({*kept, table.version()}),
        )
        files = tuple(sorted(set(found)))
        live = dict(_live(tables.objects, path, table.version()))
    sizes = {one.path.rpartition("/")[2]: one.size for one in tables.objects.stored_now(path)}
    there = tuple(name for name in files if name in sizes)
    return Unneeded(there, sum(sizes[name] for name in there), unreadable(live, files))


def remove(tables: Tables, path: str, files: Collection[str]) -> None:
    """Remove these files of the table; after a crash the rest is found again."""
    tables.objects.delete_now(*(f"{path}/{name}" for name in files))


def lost_columns(tables: Tables, path: str, version: int) -> tuple[LostColumn, ...]:
    """The columns that versions before had and this one has not, the last lost first."""
    with translated(path):
        present = set(tables.schema(path, version))
    lost: dict[str, LostColumn] = {}
    before: dict[str, str] = {}
    for number in range(version + 1):
        said = _commit(tables.objects, path, number)
        schema = next((_types(one["metaData"]["schemaString"]) for one in said if "metaData" in one), None)
        if schema is None:
            continue
        stamp = next((one["commitInfo"].get("timestamp", 0) for one in said if "commitInfo" in one), 0)
        at = datetime.fromtimestamp(stamp / 1000, UTC)
        lost |= {name: LostColumn(name, before[name], number, at) for name in before if name not in schema}
        before = schema
    gone = [one for name, one in lost.items() if name not in present]
    return tuple(sorted(gone, key=lambda one: (-one.version, one.name)))


def with_lost(tables: Tables, published: DataCollection, before: DataCollection) -> DataCollection:
    """The collection with the columns that it has lost, looked up anew when its columns are other ones than before."""
    version = published.table_version
    if version is None or {one.name for one in published.columns} == {one.name for one in before.columns}:
        return published
    return msgspec.structs.replace(published, lost=lost_columns(tables, published.table_path, version))


def _types(schema: str) -> dict[str, str]:
    """The columns of a schema with the names of their types, as Delta has them."""
    return {field["name"]: str(field["type"]) for field in json.loads(schema)["fields"]}


def _live(objects: ObjectStore, path: str, newest: int) -> Iterator[tuple[int, frozenset[str]]]:
    """The files that each version is made of."""
    live: set[str] = set()
    for version in range(newest + 1):
        for action in _commit(objects, path, version):
            if "remove" in action:
                live.discard(action["remove"]["path"])
            elif "add" in action:
                live.add(action["add"]["path"])
        yield version, frozenset(live)


def _commit(objects: ObjectStore, path: str, version: int) -> list[Stored]:
    """The actions of a commit; none of one whose log is not there."""
    try:
        log = objects.get_now(f"{path}/_delta_log/{version:020}.json")
    except NotFound:
        return []
    return [json.loads(line) for line in log.splitlines() if line]


def _said(stored: Stored) -> CommitProperties:
    return CommitProperties(custom_metadata={METADATA: said_of(stored)}, max_commit_retries=0)
