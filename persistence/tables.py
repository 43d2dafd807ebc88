"""Delta tables in the object store: their versions, the ledger in each commit, and committing rows.

Everything here blocks: call it from a worker thread. Errors come as ours: `NotFound` for a table or version that is
not there, `Conflict` for a lost race, `Unavailable` for a storage that does not answer.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Literal

import msgspec
import polars as pl
from arro3.core import RecordBatch, RecordBatchReader, Table
from deltalake import ColumnProperties, CommitProperties, DeltaTable, Schema, WriterProperties, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import create_table_with_add_actions

from domain.collections import FILE_COLUMN, TableVersion
from domain.errors import Conflict, NotFound, Unavailable
from domain.wording import tr
from persistence.ahead import made_ahead
from persistence.objects import DeltaLocation, ObjectStore
from persistence.parts import Part, as_stored, combined
from persistence.placing import placed, remove_orphans

METADATA = "depictio"
CONFIGURATION = {"delta.logRetentionDuration": "interval 36500 days"}
"""Old versions stay readable, and the ledger of the newest commit is never cleaned away."""
MAX_IN_PREDICATE = 200
"""Above so many files to be replaced the table is written anew: each would be a term of the predicate."""
VERSIONS_BACK = 4
BATCH_BYTES = 32 * 2**20
"""How many bytes of small files go to the writer together."""

ESCAPES = re.compile(r"\x1b\[[0-9;]*m|↳")
MAX_REASON = 300
CHANGED_MEANWHILE = tr("The table {path} was changed by somebody else meanwhile. Run the ingest again.")

Stored = dict[str, Any]
"""What a commit says beside its rows, kept as JSON."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One version's difference from the one before.

    `frames` are the rows to be added, each exactly of `schema`, taken one at a time. Rows that stay are cast to
    `schema` and lose the columns that it lacks.
    """

    schema: pl.Schema
    frames: Iterable[pl.DataFrame]
    stored: Stored
    rows_added: int
    rows_removed: int = 0
    added: Sequence[str] = ()
    """The files (values of `depictio_file`) that `frames` come from."""
    replaced: Sequence[str] = ()
    """The files whose rows go."""
    replaces_all: bool = False
    """Whether every row goes; then the table needs no `depictio_file`."""
    parts: Callable[[], Sequence[Part]] | None = None
    """Makes the same rows as files, each exactly of `schema`: they are taken up as they are where nothing else is to
    be done."""


class Tables:
    """The Delta tables below the object store's root, each known by its path there."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    @property
    def objects(self) -> ObjectStore:
        """The store that the tables lie in."""
        return self._objects

    def location(self, path: str) -> DeltaLocation:
        """Where deltalake and polars find the table."""
        return self._objects.delta_location(path)

    def version(self, path: str) -> int | None:
        """The newest version, None when there is no table."""
        uri, options = self.location(path)
        with translated(path):
            return DeltaTable(uri, storage_options=options).version() if _is_there(uri, options) else None

    def scan(self, path: str, version: int | None = None) -> pl.LazyFrame:
        """The rows of one version, by default the newest; nothing is read before it is collected."""
        uri, options = self.location(path)
        with translated(path):
            table = DeltaTable(uri, version=version, storage_options=options)
            return pl.scan_delta(table, storage_options=options or None, credential_provider=None)

    def identity(self, path: str, version: int) -> str:
        """What no other table version has in common with this one, whatever is deleted, ingested anew or restored."""
        uri, options = self.location(path)
        with translated(path):
            files = DeltaTable(uri, version=version, storage_options=options).file_uris()
        return _identity(uri, version, files)

    def grown_from(self, path: str, version: int) -> list[tuple[str, int]]:
        """The identity and the rows of the versions before this one, newest first, to which rows were only added.

        Delta lists the newest file first, and rows come in the order of the files: theirs are the last ones. No more
        than a few versions are looked at.
        """
        uri, options = self.location(path)
        found = []
        with translated(path):
            files = DeltaTable(uri, version=version, storage_options=options).file_uris()
            for older in range(version - 1, max(version - 1 - VERSIONS_BACK, -1), -1):
                table = DeltaTable(uri, version=older, storage_options=options)
                before = table.file_uris()
                if not before or files[-len(before) :] != before:
                    break
                found.append((_identity(uri, older, before), int(table.count())))
        return found

    def files(self, path: str, version: int) -> tuple[str, ...]:
        """The objects that hold the rows of one version, by their paths in the store."""
        uri, options = self.location(path)
        with translated(path):
            found = DeltaTable(uri, version=version, storage_options=options).file_uris()
        return tuple(f"{path}/{one.partition(f'/{path}/')[2]}" for one in found)

    def schema(self, path: str, version: int | None = None) -> pl.Schema:
        """Columns and types of one version."""
        with translated(path):
            return self.scan(path, version).collect_schema()

    def rows(self, path: str, version: int) -> int:
        """How many rows a version has, as its log says."""
        uri, options = self.location(path)
        with translated(path):
            return int(DeltaTable(uri, version=version, storage_options=options).count())

    def history(self, path: str) -> list[TableVersion]:
        """Every version, newest first."""
        with translated(path):
            commits = self._open(path).history()
        return [_table_version(commit) for commit in commits]

    def commits(self, path: str, upto: int, most: int) -> list[tuple[int, datetime, Stored]]:
        """Versions up to one, newest first, at most so many, with what our commits say of them."""
        with translated(path):
            table = self._open(path)
            found = table.history(most + max(table.version() - upto, 0))
        return [
            (one["version"], datetime.fromtimestamp(one["timestamp"] / 1000, UTC), json.loads(one.get(METADATA, "{}")))
            for one in found
            if one["version"] <= upto
        ]

    def stored(self, path: str) -> tuple[int, Stored] | None:
        """The newest version and what the newest of our commits says; None when there is no table."""
        uri, options = self.location(path)
        with translated(path):
            if not _is_there(uri, options):
                return None
            table = self._open(path)
            for limit in (1, None):
                for commit in table.history(limit):
                    if METADATA in commit:
                        return table.version(), json.loads(commit[METADATA])
        return table.version(), {}

    def commit(self, path: str, base: int | None, change: "Change") -> int:
        """Make the version after `base` in one commit and return it; `base` is None for a table that is new.

        Until the commit is there, and after a crash, the table is as it was.

        Raises:
            Conflict: when somebody else has committed since `base`.
        """
        uri, options = self.location(path)
        with translated(path):
            if base is None:
                if change.parts is not None:
                    self._create(path, change, change.parts())
                else:
                    _write(uri, options, change, change.frames, mode="error")
                return 0
            table = DeltaTable(uri, storage_options=options)
            if table.version() != base:
                raise Conflict(CHANGED_MEANWHILE.format(path=path))
            before = self.scan(path, base).collect_schema()
            if change.parts is not None and before == change.schema and (change.replaces_all or not change.replaced):
                self._take_up(path, table, change, change.parts())
            else:
                self._rewrite(path, table, change, before)
                remove_orphans(self._objects, path)
            return base + 1

    def _create(self, path: str, change: Change, parts: Sequence[Part]) -> None:
        uri, options = self.location(path)
        try:
            with placed(self._objects, path, 0, parts) as added:
                create_table_with_add_actions(
                    uri,
                    _delta_schema(change.schema),
                    added,
                    mode="error",
                    configuration=CONFIGURATION,
                    storage_options=options,
                    commit_properties=_said(change),
                )
        except DeltaError as error:
            if _is_there(uri, options):
                raise Conflict(CHANGED_MEANWHILE.format(path=path)) from error
            raise

    def _take_up(self, path: str, table: DeltaTable, change: Change, parts: Sequence[Part]) -> None:
        with placed(self._objects, path, table.version() + 1, parts) as added:
            table.create_write_transaction(
                list(added),
                mode="overwrite" if change.replaces_all else "append",
                schema=_delta_schema(change.schema),
                commit_properties=_said(change),
            )

    def _rewrite(self, path: str, table: DeltaTable, change: Change, before: pl.Schema) -> None:
        """By Delta's own writer, which can change the schema and take single rows out of files."""
        _, options = self.location(path)
        grown = all(change.schema.get(column) == dtype for column, dtype in before.items())
        touched = {*change.replaced, *change.added}
        if not grown or change.replaces_all or (change.replaced and len(touched) > MAX_IN_PREDICATE):
            kept = [] if change.replaces_all else self._kept(path, table.version(), change)
            _write(table, options, change, chain(kept, change.frames), mode="overwrite", schema_mode="overwrite")
        elif change.replaced:
            predicate = f"{FILE_COLUMN} IN ({', '.join(map(_quoted, sorted(touched)))})"
            _write(
                *(table, options, change, change.frames),
                mode="overwrite",
                schema_mode="merge",
                predicate=predicate,
            )
        else:
            _write(table, options, change, change.frames, mode="append", schema_mode="merge")

    def _kept(self, path: str, base: int, change: "Change") -> Iterator[pl.DataFrame]:
        """The rows that stay, in the new schema."""
        gone = pl.Series(change.replaced, dtype=pl.String).implode()
        rows = self.scan(path, base).filter(~pl.col(FILE_COLUMN).is_in(gone))
        yield from rows.select(as_stored(rows.collect_schema(), change.schema)).collect_batches()

    def _open(self, path: str) -> DeltaTable:
        uri, options = self.location(path)
        return DeltaTable(uri, storage_options=options)


def _identity(uri: str, version: int, files: Sequence[str]) -> str:
    return "\n".join([uri, str(version), *sorted(files)])


def _write(
    table: DeltaTable | str,
    options: dict[str, str],
    change: Change,
    frames: Iterable[pl.DataFrame],
    *,
    mode: Literal["error", "append", "overwrite"],
    schema_mode: Literal["merge", "overwrite"] | None = None,
    predicate: str | None = None,
) -> None:
    write: Callable[..., None] = write_deltalake  # Its overloads cannot be told a mode that is a variable.
    write(
        table,
        _stream(change.schema, frames),
        mode=mode,
        schema_mode=schema_mode,
        predicate=predicate,
        configuration=CONFIGURATION if mode == "error" else None,
        storage_options=options,
        writer_properties=_properties(change.schema),
        commit_properties=_said(change),
    )


def _said(change: Change) -> CommitProperties:
    counts = {"rows_added": change.rows_added, "rows_removed": change.rows_removed}
    said = said_of({**change.stored, **counts})
    return CommitProperties(custom_metadata={METADATA: said}, max_commit_retries=0)


def said_of(stored: Stored) -> str:
    """What a commit says beside its rows, as it stands in the log."""
    return json.dumps(stored, ensure_ascii=False, separators=(",", ":"))


def _delta_schema(schema: pl.Schema) -> Schema:
    return Schema.from_arrow(Table.from_arrow(pl.DataFrame(schema=schema)).schema)


def _properties(schema: pl.Schema) -> WriterProperties:
    """Compression that costs little, and no dictionaries of numbers, which are hardly ever repeated enough for them."""
    plainly = ColumnProperties(dictionary_enabled=False)
    numbers = {name: plainly for name, dtype in schema.items() if dtype.is_numeric() or dtype.is_temporal()}
    return WriterProperties(compression="ZSTD", compression_level=1, column_properties=numbers)


def _stream(schema: pl.Schema, frames: Iterable[pl.DataFrame]) -> RecordBatchReader:
    """The frames as one Arrow stream, each made when the writer asks for it: memory holds a few at a time.

    The writer deals batches out to several threads and keeps no order among them, so small files go together in one
    batch: their rows lie in the order of the files.
    """

    def batches() -> Iterator[RecordBatch]:
        for frame in made_ahead(combined(frames, BATCH_BYTES)):
            yield from Table.from_arrow(frame).to_batches()

    return RecordBatchReader.from_batches(Table.from_arrow(pl.DataFrame(schema=schema)).schema, batches())


def _is_there(uri: str, options: dict[str, str]) -> bool:
    return DeltaTable.is_deltatable(uri, storage_options=options)


def _table_version(commit: dict[str, Any]) -> TableVersion:
    said = json.loads(commit.get(METADATA, "{}"))
    return TableVersion(
        version=commit["version"],
        at=datetime.fromtimestamp(commit["timestamp"] / 1000, UTC),
        operation=commit["operation"],
        rows_added=said.get("rows_added"),
        rows_removed=said.get("rows_removed"),
    )


def _quoted(text: str) -> str:
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


@contextmanager
def translated(path: str) -> Iterator[None]:
    """Errors of Delta's library as ours; the table stands below the store's root at `path`."""
    try:
        yield
    except TableNotFoundError as error:
        raise NotFound(tr("There is no table {path}, or not that version of it.", path=path)) from error
    except (CommitFailedError, FileExistsError) as error:
        raise Conflict(CHANGED_MEANWHILE.format(path=path)) from error
    except (DeltaError, OSError) as error:
        reason = " ".join(ESCAPES.sub("", str(error)).split())[:MAX_REASON]
        raise Unavailable(
            tr("The table {path} cannot be read or written: {reason}", path=path, reason=reason)
        ) from error
