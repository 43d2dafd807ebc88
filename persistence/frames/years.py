"""Days and times that Python and the axes of figures cannot hold: those before the year 1 and after the year 9999.

Tables may have them, mostly by a slip of the pen. A table shows them in words; whatever else would have to compute with
them says why it cannot.
"""

from collections.abc import Iterable, Iterator

import polars as pl

from domain.errors import Invalid
from domain.wording import tr

DAY = 86_400_000_000
FIRST, LAST = -719_162 * DAY, 2_932_897 * DAY - 1
"""The first and the last microsecond of those years, counted from 1970."""


def check_years(frames: Iterable[pl.DataFrame]) -> None:
    """See that all days and times can be shown.

    Raises:
        Invalid: naming one that lies outside the years 1 to 9999.
    """
    for column in (leaf for frame in frames for one in frame for leaf in _leaves(one)):
        outside = column.filter(~_is_within(column))
        if outside.len():
            day = (written(outside.head(1))[0] or "").partition("T")[0]
            raise Invalid(tr("Only tables can show days outside the years 1 to 9999, such as {day}.", day=day))


def _leaves(column: pl.Series) -> Iterator[pl.Series]:
    """The days and times of a column, those within lists and structs too."""
    match column.dtype:
        case pl.Date() | pl.Datetime():
            yield column
        case pl.List():
            yield from _leaves(column.explode())
        case pl.Struct():
            yield from (leaf for one in column.struct.unnest() for leaf in _leaves(one))


def known(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with those days and times missing that Python cannot hold."""
    return frame.with_columns(column.set(~_is_within(column), None) for column in _timed(frame))


def readable(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with those columns in words that hold such days and times."""
    outside = [column for column in _timed(frame) if not _is_within(column).all()]
    return frame.with_columns(pl.Series(column.name, written(column)) for column in outside)


def _timed(frame: pl.DataFrame) -> list[pl.Series]:
    return [column for column in frame if column.dtype in (pl.Date, pl.Datetime)]


def written(values: pl.Series) -> list[str | None]:
    """Days and times in ISO 8601; beyond the year 9999 with a sign, as +12024-05-01."""
    within = _is_within(values)
    shown = [None if value is None else value.isoformat() for value in values.set(~within, None)]
    if within.all():
        return shown
    words = values.dt.to_string("iso:strict").to_list()
    return [word if other is None else other for other, word in zip(shown, words, strict=True)]


def _is_within(values: pl.Series) -> pl.Series:
    """Whether Python has each value, in the zone of the column too; missing ones count as such."""
    if values.dtype == pl.Date:
        return values.to_physical().cast(pl.Int64).is_between(FIRST // DAY, LAST // DAY).fill_null(value=True)
    moments = values.dt.cast_time_unit("us")
    edge = DAY if isinstance(values.dtype, pl.Datetime) and values.dtype.time_zone is not None else 0
    return moments.to_physical().is_between(FIRST + edge, LAST - edge).fill_null(value=True)
