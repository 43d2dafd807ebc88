"""Random tables and filter states: columns of every type with few distinct values, some missing or extreme."""

import math
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import strategies as st

from domain.filters import Clause, Scalar
from tests.persistence.frames.plainly import Cells, Kind, cells_of, kind_of
from tests.persistence.frames.support import clause

INSTANTS = (
    datetime(1969, 12, 31, 23, tzinfo=UTC),
    datetime(2024, 3, 31, 1, tzinfo=UTC),  # Clocks go forward in Paris.
    datetime(2024, 10, 27, 0, tzinfo=UTC),  # An hour comes twice in Paris.
    datetime(2024, 11, 3, 5, tzinfo=UTC),  # The same in New York.
    datetime(2024, 5, 1, tzinfo=UTC),
)
WORDS = (
    "",
    " ",
    "a",
    "A",
    "ab.c",
    "Straße",
    "STRASSE",
    "Ωμέγα",
    "ωΜΈΓΑ",
    "样本",
    "👩‍🔬",
    "é",
    "e\u0301",
    "a\nb",
    "S1_R1",
    "[x]*",
)
PIECES = ("", "a", "B", "ß", "ω", "样", ".", "*", "1", "-", ":", "20", "T", "é", "\n", "tru", "inf", "0")


def ticks(per_second: int) -> st.SearchStrategy[int]:
    """Moments in this many parts of a second since the epoch, many of them near the limits of days and of hours."""
    seconds = [int(instant.timestamp()) for instant in INSTANTS]
    hours = st.sampled_from([-25, -24, -23, -2, -1, 0, 0, 0, 1, 2, 22, 23, 24]).map(lambda hour: hour * 3600)
    near = st.sampled_from([-1, 0, 0, 1, 2])
    return st.builds(
        lambda start, hour, tick: (start + hour) * per_second + tick, st.sampled_from(seconds), hours, near
    )


TYPES: dict[str, tuple[pl.DataType, st.SearchStrategy[Any]]] = {
    "n": (
        pl.Float64(),
        st.integers(-9, 9).map(float)
        | st.floats(-1e300, 1e300)
        | st.sampled_from([math.nan, math.inf, -math.inf])
        | st.sampled_from([-0.0, 0.1, 2.0**53]),
    ),
    "f": (pl.Float32(), st.integers(-9, 9).map(float) | st.floats(-(2.0**99), 2.0**99, width=32) | st.just(math.nan)),
    "i": (pl.Int64(), st.integers(-9, 9)),
    "j": (pl.Int8(), st.integers(-128, 127)),
    "w": (pl.Int64(), st.sampled_from([2**53, 2**53 + 1, 2**53 + 2, -(2**53) - 1, 2**63 - 1, -(2**63), 7])),
    "u": (pl.UInt64(), st.sampled_from([0, 1, 2**53 + 1, 2**63, 2**64 - 1, 2**64 - 2])),
    "m": (pl.Decimal(10, 2), st.integers(-999, 999).map(lambda cents: Decimal(cents) / 100)),
    "b": (pl.Boolean(), st.booleans()),
    "s": (pl.String(), st.sampled_from(WORDS) | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=4)),
    "k": (pl.Categorical(), st.sampled_from(WORDS)),
    "e": (pl.Enum(WORDS[::-1]), st.sampled_from(WORDS)),
    "d": (
        pl.Date(),
        st.dates(date(2024, 4, 28), date(2024, 5, 3)) | st.sampled_from([date(1, 1, 1), date(9999, 12, 30)]),
    ),
    "o": (pl.Datetime("ms"), ticks(10**3)),
    "t": (pl.Datetime("us"), ticks(10**6)),
    "p": (pl.Datetime("ns"), ticks(10**9)),
    "z": (pl.Datetime("us", "Europe/Paris"), ticks(10**6)),
    "y": (pl.Datetime("ms", "America/New_York"), ticks(10**3)),
    "q": (pl.Datetime("ns", "UTC"), ticks(10**9)),
}
"""The columns of random tables: their types and what may stand in them."""

NUMBERS = ("n", "f", "i", "j", "w", "u", "m")
TEXTS = ("s", "k", "e")
TIMES = ("o", "t", "p", "z", "y", "q")
ORDERED = (*NUMBERS, "d", *TIMES)
SIZES = st.sampled_from([0, 1, 2]) | st.integers(0, 40) | st.integers(0, 300)


@st.composite
def tables(
    draw: st.DrawFn, names: tuple[str, ...] = tuple(TYPES), sizes: st.SearchStrategy[int] = SIZES
) -> pl.DataFrame:
    """A table with these columns and its rows' positions as `row`."""
    size = draw(sizes)
    pools = {name: draw(st.lists(st.none() | TYPES[name][1], min_size=1, max_size=7)) for name in names}
    return filled(pools, size, draw(st.integers(0, 2**32)))


def filled(pools: dict[str, list[Any]], size: int, seed: int) -> pl.DataFrame:
    """So many rows of values that are chosen from the pools."""
    # S311: nobody's secret depends on it.
    chooser = random.Random(seed)  # noqa: S311
    columns = [column(name, chooser.choices(pool, k=size)) for name, pool in pools.items()]
    return pl.DataFrame([pl.Series("row", range(size), dtype=pl.Int64), *columns])


def column(name: str, values: list[Any]) -> pl.Series:
    """The values in the type that columns of this name have."""
    dtype = TYPES[name][0]
    if isinstance(dtype, pl.Datetime):
        return pl.Series(name, values, dtype=pl.Int64).cast(dtype)
    return pl.Series(name, values, dtype=dtype)


# --- Clauses -----------------------------------------------------------------------------------------------------


def written(cell: Any, kind: Kind) -> st.SearchStrategy[Scalar]:
    """How a control may write a value, or one near it."""
    if kind == "time":
        return moments(cell)
    if kind == "date":
        return st.just(cell.isoformat())
    if kind == "number" and math.isfinite(cell):
        whole = [int(cell), int(cell) + 1, float(cell), cell + 0.5]
        return st.sampled_from([cell, cell, *whole])
    return st.just(cell)


def moments(nanoseconds: int) -> st.SearchStrategy[Scalar]:
    """That day, or that microsecond; the latter as local time would be written, without an offset."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=nanoseconds // 1000)
    naive = moment.replace(tzinfo=None)
    return st.sampled_from([naive.date().isoformat(), naive.isoformat(), naive.isoformat(" ")])


def values_of(cells: Cells, name: str) -> st.SearchStrategy[Scalar]:
    """A value that the column has, or might have."""
    kind, present = kind_of(TYPES[name][0]), sorted({cell for cell in cells if cell is not None}, key=repr)
    other = TYPES[name][1]
    if kind == "time":
        per_tick = {"ms": 10**6, "us": 10**3, "ns": 1}[TYPES[name][0].time_unit]  # type: ignore[attr-defined]
        other = other.map(lambda tick: tick * per_tick)
    elif kind == "number":
        other = other.filter(lambda number: number == number).map(lambda n: float(n) if isinstance(n, Decimal) else n)  # noqa: PLR0124
    chosen = st.sampled_from(present) | other if present else other
    return chosen.flatmap(lambda cell: written(cell, kind))


@st.composite
def clauses(draw: st.DrawFn, data: pl.DataFrame, names: tuple[str, ...], **rest: Any) -> Clause:
    """A clause that suits one of the columns."""
    name = draw(st.sampled_from(names))
    values = values_of(cells_of(data[name]), name)
    ops = ["in", "in", "contains"] + (["between", "between", "within"] if name in ORDERED else [])
    match draw(st.sampled_from(ops)):
        case "in":
            return clause(name, "in", *draw(st.lists(st.none() | values, max_size=4)), **rest)
        case "between":
            return clause(name, "between", draw(st.none() | values), draw(st.none() | values), **rest)
        case "contains":
            return clause(name, "contains", draw(st.sampled_from(PIECES)), **rest)
    other = draw(st.sampled_from([one for one in names if one in ORDERED]))
    corner = st.tuples(finite_corner(data, name), finite_corner(data, other))
    corners = draw(st.lists(corner, min_size=3, max_size=5))
    return clause(name, "within", *(value for pair in corners for value in pair), column_y=other, **rest)


def finite_corner(data: pl.DataFrame, name: str) -> st.SearchStrategy[Scalar]:
    """A corner's coordinate: polygons have no infinite ones."""
    values = values_of(cells_of(data[name]), name)
    return values.filter(lambda value: isinstance(value, str) or math.isfinite(value))  # type: ignore[arg-type]


def states(data: pl.DataFrame, names: tuple[str, ...], size: int = 3) -> st.SearchStrategy[tuple[Clause, ...]]:
    """Several clauses at once, or none."""
    return st.lists(clauses(data, names), max_size=size).map(tuple)
