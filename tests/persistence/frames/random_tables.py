"""Random tables and filter states: columns of every type with few distinct values, some missing or extreme."""

import math
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from hypothesis import strategies as st

from domain.filters import Clause, MarkPart, Scalar
from domain.marks import merged
from tests.persistence.frames.plainly import EPOCH, Cells, cells_of
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
SIZES = st.sampled_from([9, 40, 0, 1, 2, 40, 150, 300])


@st.composite
def tables(
    draw: st.DrawFn, names: tuple[str, ...] = tuple(TYPES), sizes: st.SearchStrategy[int] = SIZES
) -> pl.DataFrame:
    """A table with these columns and its rows' positions as `row`."""
    size = draw(sizes)
    pools = {name: draw(pools_of(TYPES[name][1])) for name in names}
    return filled(pools, size, draw(st.integers(0, 2**32)))


@st.composite
def pools_of(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> list[Any]:
    """A few values, often with a missing one among them; now and then nothing else."""
    least = draw(st.sampled_from([4, 2, 1, 0, 4]))
    pool = draw(st.lists(values, min_size=least, max_size=least + 3))
    return [*pool, None] if not pool or draw(st.booleans()) else pool


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


def written(cell: Any, dtype: pl.DataType) -> st.SearchStrategy[Scalar]:
    """How a control may write a value, or one near it."""
    if isinstance(dtype, pl.Datetime):
        return moments(cell, dtype.time_zone)
    if isinstance(dtype, pl.Date):
        return st.just(cell.isoformat())
    if dtype.is_numeric() and math.isfinite(cell):
        return st.sampled_from([cell, cell, int(cell), int(cell) + 1, float(cell), cell + 0.5])
    return st.just(cell)


def moments(nanoseconds: int, zone: str | None) -> st.SearchStrategy[Scalar]:
    """That day or that microsecond, as a clock on the wall shows it; with an offset only where there is a zone."""
    moment = EPOCH + timedelta(microseconds=nanoseconds // 1000)
    local = moment.astimezone(ZoneInfo(zone or "UTC")).replace(tzinfo=None)
    found = [local.date().isoformat(), local.isoformat(), local.isoformat(" ")]
    return st.sampled_from([*found, moment.isoformat()] if zone else found)


@st.composite
def cells_like(draw: st.DrawFn, cells: Cells, name: str) -> Any:
    """A value that the column has, or now and then another one."""
    present = sorted({cell for cell in cells if cell is not None}, key=repr)
    if present and draw(st.integers(0, 4)) < 4:
        return draw(st.sampled_from(present))
    (cell,) = cells_of(column(name, [draw(TYPES[name][1])]))
    return draw(cells_like(cells, name)) if cell is None else cell


def values_of(cells: Cells, name: str) -> st.SearchStrategy[Scalar]:
    """The same as a clause has it."""
    return cells_like(cells, name).flatmap(lambda cell: written(cell, TYPES[name][0]))


@st.composite
def spans(draw: st.DrawFn, cells: Cells, name: str) -> tuple[Scalar, Scalar]:
    """Two values, most of the time the lower one first."""
    low, high = sorted(draw(st.tuples(*[cells_like(cells, name)] * 2)), reverse=draw(st.integers(0, 5)) == 5)
    dtype = TYPES[name][0]
    return draw(st.tuples(written(low, dtype), written(high, dtype)))


@st.composite
def clauses(draw: st.DrawFn, data: pl.DataFrame, names: tuple[str, ...], **rest: Any) -> Clause:
    """A clause that suits one of the columns."""
    name = draw(st.sampled_from(names))
    cells = cells_of(data[name])
    ops = ["in", "in", "contains", "marks"] + (["between", "between", "within"] if name in ORDERED else [])
    match draw(st.sampled_from(ops)):
        case "in":
            least = draw(st.sampled_from([2, 1, 0, 3]))
            wanted = draw(st.lists(values_of(cells, name), min_size=least, max_size=least + 1))
            return clause(name, "in", *wanted, *draw(st.sampled_from([(), (None,)])), **rest)
        case "between":
            sides = zip(
                draw(spans(cells, name)), draw(st.tuples(*[st.sampled_from([True, True, False])] * 2)), strict=True
            )
            return clause(name, "between", *(value if closed else None for value, closed in sides), **rest)
        case "marks":
            columns = (name, *draw(st.lists(st.sampled_from(names), max_size=2)))
            found = draw(st.lists(marks(data, columns), min_size=1, max_size=5))
            return clause(name, "marks", marks=merged(found) if draw(st.booleans()) else tuple(found), **rest)
        case "contains":
            return clause(name, "contains", draw(pieces(cells, name) | st.sampled_from(PIECES)), **rest)
    other = draw(st.sampled_from([one for one in names if one in ORDERED]))
    return clause(name, "within", *draw(polygons(data, name, other)), column_y=other, **rest)


@st.composite
def marks(draw: st.DrawFn, data: pl.DataFrame, columns: tuple[str, ...]) -> tuple[MarkPart, ...]:
    """A value or a bin of each of the columns, now and then of the first ones only."""
    found = []
    for name in columns[: draw(st.integers(1, len(columns)))] if draw(st.integers(0, 3)) == 0 else columns:
        cells = cells_of(data[name])
        if name in NUMBERS and draw(st.booleans()):
            sides = draw(st.tuples(*[st.none() | values_of(cells, name).filter(_is_finite)] * 2))
            found.append(MarkPart(name, "bins", sides))
        else:
            found.append(MarkPart(name, "in", (draw(st.none() | values_of(cells, name)),)))
    return tuple(found)


def _is_finite(value: Scalar) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


@st.composite
def pieces(draw: st.DrawFn, cells: Cells, name: str) -> str:
    """A part of a text that the column has, in either case."""
    text = str(draw(cells_like(cells, name)))
    start = draw(st.integers(0, len(text)))
    part = text[start : start + draw(st.integers(1, 3))]
    return draw(st.sampled_from([part, "".join(one.swapcase() if one.isascii() else one for one in part)]))


@st.composite
def polygons(draw: st.DrawFn, data: pl.DataFrame, name: str, other: str) -> list[Scalar]:
    """A rectangle, or any three to five corners, which may cross."""
    across, up = cells_of(data[name]), cells_of(data[other])
    if draw(st.booleans()):
        (left, right), (low, high) = draw(spans(across, name)), draw(spans(up, other))
        corners = [(left, low), (left, high), (right, high), (right, low)]
    else:
        corner = st.tuples(values_of(across, name), values_of(up, other))
        corners = draw(st.lists(corner, min_size=3, max_size=5))
    return [0 if isinstance(value, float) and math.isinf(value) else value for pair in corners for value in pair]


def states(data: pl.DataFrame, names: tuple[str, ...], size: int = 3) -> st.SearchStrategy[tuple[Clause, ...]]:
    """Several clauses at once, or none."""
    counts = st.sampled_from([1, size, 0, 1, 2])
    return counts.flatmap(lambda count: st.lists(clauses(data, names), min_size=min(count, 1), max_size=count)).map(
        tuple
    )
