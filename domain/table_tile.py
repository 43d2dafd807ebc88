"""Tables: which columns, how their values are written and coloured, how rows are sorted and what is totalled."""

import math
from typing import Any, Literal

import msgspec

from domain.aggregations import Aggregation
from domain.errors import Problem
from domain.filters import Scalar
from domain.rows import SortKey
from domain.tile_base import DataTile
from domain.wording import tr

MAX_DECIMALS = 12
MAX_RULES = 10
MAX_SORTS = 8
MAX_LABEL = 200
MAX_AFFIX = 40
WIDTHS = (40, 1_000)

Colour = Literal["good", "warn", "danger", "accent", "muted"]
Comparison = Literal["<", "<=", ">", ">=", "=", "!=", "contains", "missing"]
DateStyle = Literal["", "iso", "short", "long", "month", "year", "time"]
Scale = Literal["", "accent", "good", "danger", "diverging"]


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A cell whose value compares so has this colour; the first rule that holds decides."""

    when: Comparison
    value: Scalar = None
    color: Colour = "accent"


class ColumnFormat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How one column of a table is written and coloured, and which total stands below it.

    Bars and scales go from `low` to `high`, by default the extremes of the whole table, so that they hold still.
    """

    column: str
    label: str = ""
    decimals: int | None = None
    thousands: bool = False
    percent: bool = False
    prefix: str = ""
    unit: str = ""
    date: DateStyle = ""
    width: int | None = None
    align: Literal["", "left", "center", "right"] = ""
    bar: bool = False
    scale: Scale = ""
    low: float | None = None
    high: float | None = None
    rules: tuple[Rule, ...] = ()
    total: Aggregation | None = None

    @property
    def needs_extremes(self) -> bool:
        """Whether bars or a scale ask for the extremes of the column."""
        return (self.bar or bool(self.scale)) and (self.low is None or self.high is None)


class TableTile(DataTile, frozen=True, kw_only=True, tag="table"):
    """Rows; no `columns` means all that are not technical. Ticked rows select by `selection_column`."""

    columns: tuple[str, ...] = ()
    selection_column: str | None = None
    page_size: int = 100
    sort: tuple[SortKey, ...] = ()
    sortable: bool = True
    filterable: bool = True
    formats: tuple[ColumnFormat, ...] = ()

    def format_of(self, column: str) -> ColumnFormat | None:
        """How the column is written, if that is said."""
        return next((one for one in self.formats if one.column == column), None)


def table_problems(tile: TableTile) -> list[Problem]:
    """What is wrong with the formats and the sort."""
    found = (
        []
        if len(tile.sort) <= MAX_SORTS
        else [Problem("sort", tr("has {count} keys; at most {most}", count=len(tile.sort), most=MAX_SORTS))]
    )
    if tile.columns:
        unseen = [key.column for key in tile.sort if key.column not in tile.columns]
        found += [Problem("sort", tr("{name!r} is not among the columns", name=name)) for name in unseen]
    seen: set[str] = set()
    for number, one in enumerate(tile.formats):
        place = f"formats[{number}]"
        if one.column in seen:
            found.append(Problem(f"{place}.column", tr("{column!r} has a format already", column=one.column)))
        seen.add(one.column)
        found += [Problem(f"{place}.{name}", message) for name, message in _format_faults(one)]
    return found


def _format_faults(one: ColumnFormat) -> list[tuple[str, str]]:
    found = []
    if one.decimals is not None and not 0 <= one.decimals <= MAX_DECIMALS:
        found.append(("decimals", tr("is {decimals}; must be 0 to {most}", decimals=one.decimals, most=MAX_DECIMALS)))
    if one.width is not None and not WIDTHS[0] <= one.width <= WIDTHS[1]:
        found.append(
            ("width", tr("is {width}; must be {least} to {most}", width=one.width, least=WIDTHS[0], most=WIDTHS[1]))
        )
    if len(one.rules) > MAX_RULES:
        found.append(("rules", tr("has {count} rules; at most {most}", count=len(one.rules), most=MAX_RULES)))
    for name, most in (("label", MAX_LABEL), ("prefix", MAX_AFFIX), ("unit", MAX_AFFIX)):
        if len(getattr(one, name)) > most:
            found.append((name, tr("is too long; at most {most} characters", most=most)))
    if any(end is not None and not math.isfinite(end) for end in (one.low, one.high)):
        found.append(("low", tr("the ends of a scale must be finite")))
    elif one.low is not None and one.high is not None and one.low >= one.high:
        found.append(("low", tr("is {low:g}; must be below high, {high:g}", low=one.low, high=one.high)))
    if one.total is Aggregation.PERCENTILE:
        found.append(("total", tr("a percentile is not written below a column; use median, q1 or q3")))
    compared = [rule for rule in one.rules if rule.when != "missing"]
    found += [("rules", tr("{when} needs a value", when=rule.when)) for rule in compared if rule.value is None]
    return found


def as_component(values: dict[str, Any]) -> dict[str, Any]:
    """The keys of a table in a file of Depictio 1.5 as this version has them."""
    kept = dict(values)
    is_enabled, column = kept.pop("row_selection_enabled", None), kept.pop("row_selection_column", None)
    if column is not None and is_enabled is not False:
        kept.setdefault("selection_column", column)
    return {key: value for key, value in kept.items() if value is not None}
