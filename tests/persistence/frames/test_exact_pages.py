"""Exactness: pages of sorted tables under clauses and header filters, against plain Python row by row."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from domain.filters import FilterState
from domain.rows import ColumnFilter, Condition, SortKey
from domain.tiles import TableTile
from persistence.frames.engine import table_page
from persistence.frames.shapes import Frame
from tests.persistence.frames.plainly import cells_of, kept, kind_of, limits, plain_frame
from tests.persistence.frames.random_tables import PIECES, TYPES, WORDS, states, tables, values_of
from tests.persistence.frames.support import COLLECTION, source

TILE = TableTile(id="t", collection_id=COLLECTION)
EITHER_WAY = ("equals", "notEqual", "blank", "notBlank")
BY_KIND: dict[str, tuple[str, ...]] = {
    "text": (*EITHER_WAY, "contains", "notContains", "startsWith", "endsWith"),
    "boolean": (*EITHER_WAY, "true", "false"),
}
ORDERED = (*EITHER_WAY, "lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual", "inRange")


class Page(msgspec.Struct, frozen=True):
    """What is asked of a table."""

    offset: int
    limit: int
    sort: tuple[SortKey, ...]
    filters: tuple[ColumnFilter, ...]


@st.composite
def headers(draw: st.DrawFn, data: pl.DataFrame, names: Sequence[str]) -> ColumnFilter:
    """A filter of one column's header, of one to three conditions."""
    name = draw(st.sampled_from(names))
    kind = kind_of(TYPES[name][0])
    values = st.sampled_from([*PIECES, *WORDS]) if kind == "text" else values_of(cells_of(data[name]), name)
    tests = st.sampled_from(BY_KIND.get(kind, ORDERED))
    conditions = st.lists(st.builds(Condition, tests, values, st.none() | values), min_size=1, max_size=3)
    return ColumnFilter(name, tuple(draw(conditions)), any_of=draw(st.booleans()))


@st.composite
def sorts(draw: st.DrawFn, names: Sequence[str]) -> tuple[SortKey, ...]:
    """Up to three columns, either way."""
    columns = draw(st.permutations(names))[: draw(st.sampled_from([1, 2, 0, 3]))]
    return tuple(SortKey(column, draw(st.booleans())) for column in columns)


@st.composite
def asked(draw: st.DrawFn) -> tuple[pl.DataFrame, FilterState, list[Page]]:
    """A table, a filter state and some pages."""
    names = tuple(draw(st.lists(st.sampled_from(sorted(TYPES)), min_size=1, max_size=5, unique=True)))
    data = draw(tables(names))
    page = st.builds(
        Page,
        st.sampled_from([0, 0, 3, 250, 2**40]),
        st.sampled_from([1000, 5, 1]),
        sorts(names),
        st.lists(headers(data, names), max_size=2).map(tuple),
    )
    return data, draw(states(data, names, size=1)), draw(st.lists(page, min_size=1, max_size=3))


@given(asked())
@settings(max_examples=80, deadline=None)
def test_pages_hold_the_rows_that_pass_in_order(asked: tuple[pl.DataFrame, FilterState, list[Page]]) -> None:
    """Any sort of any types, ties in the table's order, missing last; asked for twice, so that an index may stand."""
    data, state, pages = asked
    sources = {COLLECTION: source(data)}
    left = kept(data, state)
    for page in [*pages, *pages]:
        found = table_page(TILE, state, sources, **msgspec.structs.asdict(page))
        assert isinstance(found, Frame), (page, found)
        rows = [row for row in left if all(passes(data, row, header) for header in page.filters)]
        for key in reversed(page.sort):
            rows = in_order(rows, cells_of(data[key.column]), descending=key.descending)
        expected = rows[page.offset : page.offset + page.limit]
        assert found.data["row"].to_list() == expected
        assert_frame_equal(found.data, plain_frame(data[expected]))
        counts = (found.rows_total, found.rows_matched, found.of, found.shown)
        assert counts == (data.height, len(left), len(rows), len(expected))


def in_order(rows: list[int], cells: list[Any], *, descending: bool) -> list[int]:
    """The rows by one column; where its values are equal, as they stood."""
    present = [row for row in rows if cells[row] is not None]
    missing = [row for row in rows if cells[row] is None]
    return sorted(present, key=lambda row: cells[row], reverse=descending) + missing


def passes(data: pl.DataFrame, row: int, header: ColumnFilter) -> bool:
    """Whether a row passes a header's filter."""
    column = data[header.column]
    (cell,) = cells_of(column[row : row + 1])
    holds = matches if kind_of(column.dtype) == "text" else compares
    verdicts = [holds(cell, column.dtype, condition) for condition in header.conditions]
    return any(verdicts) if header.any_of else all(verdicts)


def matches(cell: str | None, _: pl.DataType, condition: Condition) -> bool:
    """A condition on text, whatever its case."""
    if condition.test in {"blank", "notBlank"}:
        return (cell is None or not cell.strip()) is (condition.test == "blank")
    part = re.escape(str(condition.value))
    pattern = {
        "contains": part,
        "notContains": part,
        "startsWith": rf"\A{part}",
        "endsWith": rf"{part}\Z",
        "equals": rf"\A{part}\Z",
        "notEqual": rf"\A{part}\Z",
    }[condition.test]
    found = cell is not None and re.search(pattern, cell, re.IGNORECASE) is not None
    return found is not condition.test.startswith("not")


def compares(cell: Any, dtype: pl.DataType, condition: Condition) -> bool:
    """A condition on anything else; missing values are unequal to all, and neither less nor greater."""
    if cell is None:
        return condition.test in {"blank", "notEqual"}
    low, high = (None, None) if "lank" in condition.test else limits(dtype, condition.value)
    end = limits(dtype, condition.to)[1] if condition.test == "inRange" and condition.to is not None else None
    tests: dict[str, Callable[[], Any]] = {
        "blank": lambda: False,
        "notBlank": lambda: True,
        "true": lambda: cell is True,
        "false": lambda: cell is False,
        "equals": lambda: low <= cell <= high,
        "notEqual": lambda: not low <= cell <= high,
        "lessThan": lambda: cell < low,
        "lessThanOrEqual": lambda: cell <= high,
        "greaterThan": lambda: cell > high,
        "greaterThanOrEqual": lambda: cell >= low,
        "inRange": lambda: cell >= low and (end is None or cell <= end),
    }
    return bool(tests[condition.test]())
