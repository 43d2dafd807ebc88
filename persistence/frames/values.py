"""Values of clauses, which come from links and controls, typed against the column that they are compared with."""

import math
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from domain.collections import Column, ColumnKind
from domain.errors import Invalid, Problem
from domain.filters import Scalar
from domain.wording import tr

MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PER_MICROSECOND = {"ns": 1000, "us": 1}
MICROSECONDS_PER_MS = 1000
INT64 = range(-(2**63), 2**63)
INT128 = range(-(2**127), 2**127)
LARGEST = int(sys.float_info.max)


def wrong(column: Column, value: object, wanted: str) -> Invalid:
    """The error for a value that does not suit its column."""
    return Invalid(
        tr("The filter does not fit its column."),
        (Problem(column.name, tr("{value!r} is not {wanted}", value=value, wanted=wanted)),),
    )


def number(column: Column, value: Scalar) -> int | float:
    """The value as a number.

    Raises:
        Invalid: for anything else, NaN and whole numbers beyond every float included; infinities are numbers.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong(column, value, tr("a number"))
    if not -LARGEST <= value <= LARGEST if isinstance(value, int) else math.isnan(value):
        raise wrong(column, value, tr("a number that a column can hold"))
    return value


def text(column: Column, value: Scalar) -> str:
    """The value as text.

    Raises:
        Invalid: for anything else, halves of characters included.
    """
    if not isinstance(value, str):
        raise wrong(column, value, tr("a text"))
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise wrong(column, value, tr("a text")) from error
    return value


def boolean(column: Column, value: Scalar) -> bool:
    """The value as a boolean; 0 and 1 are not.

    Raises:
        Invalid: for anything else.
    """
    if not isinstance(value, bool):
        raise wrong(column, value, tr("true or false"))
    return value


def day(column: Column, value: Scalar) -> date:
    """An ISO 8601 date, such as 2024-05-01.

    Raises:
        Invalid: for anything else; a time of day has no place in a column of dates, unless it is midnight.
    """
    try:
        moment = datetime.fromisoformat(text(column, value))
    except ValueError:
        raise wrong(column, value, tr("a date like 2024-05-01")) from None
    if moment.time() != time() or moment.tzinfo is not None:
        raise wrong(column, value, tr("a date like 2024-05-01"))
    return moment.date()


def day_within(column: Column, value: Scalar, *, upper: bool) -> date:
    """The first day that begins at a moment or after it, or the last (`upper`) that has begun.

    A box that is drawn over days ends somewhere within them.

    Raises:
        Invalid: for what is neither a date nor a time without a zone.
    """
    try:
        moment = datetime.fromisoformat(text(column, value))
        if moment.tzinfo is None:
            return moment.date() if upper or moment.time() == time() else moment.date() + timedelta(days=1)
    except (ValueError, OverflowError):
        pass
    return day(column, value)


def moments(column: Column, dtype: pl.Datetime, value: Scalar) -> tuple[int, int]:
    """The first and last microsecond since the epoch that an ISO 8601 date or time means.

    A date alone means its whole day. In a column with a time zone, a time without an offset is that zone's local
    time; in a column without one, a time with an offset is refused, for nobody knows what it should be compared to.

    Raises:
        Invalid: for anything else.
    """
    written = text(column, value)
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise wrong(column, value, tr("a date or time in ISO 8601")) from None
    if moment.tzinfo is not None and dtype.time_zone is None:
        raise wrong(column, value, tr("a time without a zone, as those of the column are"))
    zone = UTC if dtype.time_zone is None else ZoneInfo(dtype.time_zone)
    try:
        first = _microseconds(moment, zone)
        if set(written) & set("T :"):
            return first, first
        return first, _microseconds(moment + timedelta(days=1), zone) - 1
    except OverflowError:
        raise wrong(column, value, tr("a time of the years 1 to 9999")) from None


def is_local(written: str) -> bool:
    """Whether the text is a date or a time without an offset."""
    try:
        return datetime.fromisoformat(written).tzinfo is None
    except ValueError:
        return False


def _microseconds(moment: datetime, zone: Any) -> int:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
    return (aware.astimezone(UTC) - EPOCH) // MICROSECOND


def at_least(dtype: pl.Datetime, microseconds: int) -> pl.Expr:
    """The first value of this type that is not before that microsecond."""
    if dtype.time_unit == "ms":
        return _moment(dtype, -(-microseconds // MICROSECONDS_PER_MS))
    return _moment(dtype, microseconds * PER_MICROSECOND[dtype.time_unit])


def at_most(dtype: pl.Datetime, microseconds: int) -> pl.Expr:
    """The last value of this type that is not after that microsecond, all its nanoseconds included."""
    if dtype.time_unit == "ms":
        return _moment(dtype, microseconds // MICROSECONDS_PER_MS)
    factor = PER_MICROSECOND[dtype.time_unit]
    return _moment(dtype, microseconds * factor + factor - 1)


def _moment(dtype: pl.Datetime, units: int) -> pl.Expr:
    return pl.lit(min(max(units, INT64[0]), INT64[-1]), dtype=pl.Int64).cast(dtype)


def bound(column: Column, dtype: pl.DataType, value: Scalar, *, upper: bool) -> pl.Expr:
    """The first value of the column's type that a range from `value` on has, or (`upper`) the last of one up to it.

    Raises:
        Invalid: naming the column, when the value is not of its kind.
    """
    if isinstance(dtype, pl.Datetime):
        first, last = moments(column, dtype, value)
        return at_most(dtype, last) if upper else at_least(dtype, first)
    if column.kind is ColumnKind.DATE:
        return pl.lit(day_within(column, value, upper=upper))
    return nearest(dtype, number(column, value), upper=upper)


def comparable(dtype: pl.DataType, whole: Sequence[int]) -> pl.DataType:
    """The integer type in which a column of this type and these numbers compare exactly; as narrow as can be."""
    wide = isinstance(dtype, pl.UInt64 | pl.Int128 | pl.UInt128) or not all(value in INT64 for value in whole)
    return pl.Int128() if wide else pl.Int64()


def nearest(dtype: pl.DataType, value: float, *, upper: bool) -> pl.Expr:
    """The last number that a column of this type can hold and that is not above the value, or the first not below it.

    Comparing with it is exact, whereas polars would compare whole numbers with others as floats, which rounds them.
    """
    if dtype.is_integer():
        bounded = min(max(value, INT128[0]), INT128[-1])
        whole = math.floor(bounded) if upper else math.ceil(bounded)
        return pl.lit(whole, dtype=comparable(dtype, [whole]))
    rounded = float(value)
    if rounded > value if upper else rounded < value:
        rounded = math.nextafter(rounded, -math.inf if upper else math.inf)
    return pl.lit(rounded, dtype=pl.Float64)


def equal_to_any(column: Column, dtype: pl.DataType, values: Sequence[Scalar]) -> pl.Expr:
    """Whether the column's value is one of `values`, none of which is None.

    Raises:
        Invalid: naming the column, when a value is not of its kind.
    """
    cell = pl.col(column.name)
    if isinstance(dtype, pl.Datetime):
        spans = [moments(column, dtype, value) for value in values]
        hits = [cell.is_between(at_least(dtype, first), at_most(dtype, last)) for first, last in spans]
        return pl.any_horizontal(hits) if hits else pl.lit(value=False)
    if column.kind is ColumnKind.NUMBER:
        numbers = [number(column, value) for value in values]
        if dtype.is_integer():
            whole = [int(value) for value in numbers if math.isfinite(value) and value == int(value)]
            whole = [value for value in whole if value in INT128]
            shared = comparable(dtype, whole)
            return cell.cast(shared).is_in(pl.Series(whole, dtype=shared).implode())
        exact = [float(value) for value in numbers if float(value) == value]
        return cell.cast(pl.Float64).is_in(pl.Series(exact, dtype=pl.Float64).implode())
    readers: dict[ColumnKind, tuple[Callable[[Column, Scalar], object], type[pl.DataType]]] = {
        ColumnKind.TEXT: (text, pl.String),
        ColumnKind.BOOLEAN: (boolean, pl.Boolean),
        ColumnKind.DATE: (day, pl.Date),
    }
    if column.kind not in readers:
        raise Invalid(
            tr("The filter does not fit its column."), (Problem(column.name, tr("has no comparable values")),)
        )
    read, plain_type = readers[column.kind]
    return cell.is_in(pl.Series([read(column, value) for value in values], dtype=plain_type).implode())
