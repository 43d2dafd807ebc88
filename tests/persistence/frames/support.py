"""What the tests of the query engine share: sources over frames in memory, and one tile's answer."""

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

import polars as pl

from domain.collections import Column
from domain.filters import Clause, Scalar
from domain.tiles import DataTile
from persistence.frames.engine import answer
from persistence.frames.hot import HotTables
from persistence.frames.kinds import column_of
from persistence.frames.shapes import Failure, Frame
from persistence.frames.sources import TableSource

COLLECTION = "c1"
HOT: list[HotTables] = []
"""The column cache that sources use, if there is one."""
CUBES: list[HotTables] = []
"""The same when every table has cubes."""
VERSIONS = count()


def source(data: pl.DataFrame, name: str = "penguins") -> TableSource:
    """A table that holds `data`."""
    return cached(name, tuple(column_of(*item) for item in data.schema.items()), data.lazy)


def cached(name: str, columns: tuple[Column, ...], scan: Callable[[], pl.LazyFrame]) -> TableSource:
    """A table that is read through the column cache, if there is one."""
    version = f"{name} {next(VERSIONS)}"
    return TableSource(name, columns, scan, partial(HOT[0].open, version, lambda: version, scan) if HOT else None)


def clause(column: str, op: Any, *values: Scalar, **rest: Any) -> Clause:
    """A clause of another tile, unless `source` says otherwise."""
    return Clause(**{"source": "other", "collection_id": COLLECTION} | rest, column=column, op=op, values=values)


def ask(tile: DataTile, data: pl.DataFrame, *clauses: Clause) -> Frame | Failure:
    """The answer to one tile."""
    return answer([tile], clauses, {COLLECTION: source(data)})[tile.id]


def frame(tile: DataTile, data: pl.DataFrame, *clauses: Clause) -> Frame:
    """The frame of one tile that must not fail."""
    found = ask(tile, data, *clauses)
    assert isinstance(found, Frame), found
    return found


def failure(tile: DataTile, data: pl.DataFrame, *clauses: Clause) -> str:
    """The message of one tile that must fail."""
    found = ask(tile, data, *clauses)
    assert isinstance(found, Failure), found
    return found.message
