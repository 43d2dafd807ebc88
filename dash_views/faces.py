"""The face of a card: what stands below its number, in words and shares, for cards.js to draw.

Pure functions of tile and frame. Every face says in a sentence what it shows, for those who do not see it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from dash_views.texts import number_text, percent
from domain.aggregations import COUNTED, Aggregation, said
from domain.card_tile import LISTS, CardLayout, CardTile
from domain.wording import grouped, tr, trn
from services.queries import Frame

MISSING = "—"
OTHER = tr("Other")
PASS, WARN, FAIL = tr("Pass"), tr("Warn"), tr("Fail")
FILLED, EMPTY = tr("Filled"), tr("Missing")
ONCE, AGAIN = tr("Different"), tr("Repeated")
SUMMED = COUNTED | {Aggregation.SUM}
"""What some rows have is a share of what all rows have."""
SHAPES = {Aggregation.SKEWNESS, Aggregation.KURTOSIS}
SHAPE_DECIMALS = 2
PARTED_FROM = 10_000
FEW_PERCENT = 0.0005
"""A difference that would be written as 0.0 % is none."""


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """One name with its value; `share` is what is drawn of it, `tone` its colour where that means something."""

    name: str
    value: str
    share: float | None = None
    tone: str = ""
    note: str = ""


class Mark(msgspec.Struct, frozen=True, omit_defaults=True):
    """One bar or point at a height from 0 to 1, none where there is no value; `says` is shown when pointed at."""

    height: float | None
    says: str = ""


class Face(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is drawn. `look` is the card's layout, `says` all of it in a sentence, `ends` stand below both ends."""

    look: str
    says: str
    items: tuple[Item, ...] = ()
    marks: tuple[Mark, ...] = ()
    places: Mapping[str, float] = {}
    share: float | None = None
    caption: str = ""
    ends: tuple[str, str] = ("", "")


class Delta(msgspec.Struct, frozen=True):
    """How the number differs from that of all rows: `way` is up, down, same or share."""

    way: str
    text: str
    says: str


def face_of(tile: CardTile, frame: Frame) -> Face | None:
    """What stands below the number; nothing on a card that has only its number."""
    row: dict[str, Any] = frame.data.row(0, named=True)
    if tile.secondary_layout in LISTS:
        return _list(tile, row) if tile.aggregations else None
    draw: Mapping[CardLayout, Callable[[CardTile, dict[str, Any]], Face | None]] = {
        CardLayout.TOP_N: _parts,
        CardLayout.CONCENTRATION: _concentration,
        CardLayout.COMPOSITION: _parts,
        CardLayout.DONUT: _parts,
        CardLayout.BOX_PLOT: _box,
        CardLayout.HISTOGRAM: _histogram,
        CardLayout.TREND: _trend,
        CardLayout.THRESHOLD: _threshold,
        CardLayout.ATTRITION: _attrition,
        CardLayout.COVERAGE: _level,
        CardLayout.GAUGE: _level,
        CardLayout.UNIQUENESS: _uniqueness,
    }
    if tile.secondary_layout is CardLayout.COMPLETENESS:
        filled = int(row["values"])
        return _pair(tile, (FILLED, filled), (EMPTY, frame.rows_matched - filled), tr("{share} filled"))
    return draw[tile.secondary_layout](tile, row)


def _list(tile: CardTile, row: dict[str, Any]) -> Face:
    names = dict.fromkeys(tile.aggregations)
    items = tuple(Item(said(one, tile.q), _of(row[one.value], one, tile)) for one in names)
    return Face(tile.secondary_layout, _told(items), items)


def _of(value: object, aggregation: Aggregation, tile: CardTile) -> str:
    return MISSING if value is None else number_text(value, decimals_of(tile, aggregation))


def decimals_of(tile: CardTile, aggregation: Aggregation) -> int:
    """Shapes of a distribution are small numbers, whatever the column's own need."""
    return max(tile.decimals, SHAPE_DECIMALS) if aggregation in SHAPES else tile.decimals


def _value(value: object, tile: CardTile) -> str:
    return MISSING if value is None else number_text(value, tile.decimals)


def _told(items: Sequence[Item]) -> str:
    return ", ".join(f"{one.name} {one.value}" + (f" ({one.note})" if one.note else "") for one in items)


def _parts(tile: CardTile, row: dict[str, Any]) -> Face:
    """Bars are as long as they are in relation to the longest, parts of a whole to all values."""
    total, distinct = int(row["parts_total"]), int(row["parts_distinct"])
    is_ranking = tile.secondary_layout is CardLayout.TOP_N
    whole = max((part["count"] for part in row["parts"]), default=0) if is_ranking else total
    items = [
        Item(part["name"], grouped(part["count"]), part["count"] / whole, note=percent(part["count"] / total))
        for part in row["parts"]
    ]
    rest = total - sum(part["count"] for part in row["parts"])
    if rest and not is_ranking:
        others = distinct - len(items)
        items.append(Item(f"{OTHER} ({grouped(others)})", grouped(rest), rest / whole, "rest", percent(rest / total)))
    column = tile.breakdown_col or tile.column_name
    if items:
        says = tr("{count} values of {column}: {list}", count=grouped(distinct), column=column, list=_told(items))
    else:
        says = tr("No values of {column}", column=column)
    evenness = row["parts_evenness"]
    if tile.secondary_layout is CardLayout.DONUT:
        caption = grouped(distinct)
    elif is_ranking:
        caption = tr("of {count} values", count=grouped(distinct)) if distinct > len(items) else ""
    else:
        caption = "" if evenness is None else tr("Evenness {number:.2f}", number=evenness)
    return Face(tile.secondary_layout, says, tuple(items), caption=caption)


def _concentration(tile: CardTile, row: dict[str, Any]) -> Face:
    total, count = int(row["parts_total"]), sum(part["count"] for part in row["parts"])
    distinct, top = int(row["parts_distinct"]), len(row["parts"])
    share = count / total if total else None
    names = ", ".join(part["name"] for part in row["parts"])
    if share is None:
        caption = tr("No values")
    else:
        caption = tr("Top {n} of {of} cover {share}", n=top, of=grouped(distinct), share=percent(share))
    return Face(tile.secondary_layout, f"{caption}: {names}" if names else caption, share=share, caption=caption)


def _box(tile: CardTile, row: dict[str, Any]) -> Face | None:
    low, high = row["box_min"], row["box_max"]
    if low is None or high is None:
        return None
    width = high - low
    names = ("min", "lower", "q1", "median", "q3", "upper", "max")
    places = {name: (row[f"box_{name}"] - low) / width if width else 0.5 for name in names}
    said_of = {"min": tr("min"), "q1": tr("lower quartile"), "median": tr("median"), "q3": tr("upper quartile"),
               "max": tr("max")}  # fmt: skip
    outliers = int(row["box_outliers"])
    told = ", ".join(f"{words} {_value(row[f'box_{name}'], tile)}" for name, words in said_of.items())
    caption = trn("{count} outlier", "{count} outliers", outliers, count=grouped(outliers)) if outliers else ""
    says = f"{told}; {caption}" if caption else told
    return Face(
        tile.secondary_layout, says, places=places, caption=caption, ends=(_value(low, tile), _value(high, tile))
    )


def _histogram(tile: CardTile, row: dict[str, Any]) -> Face | None:
    bins = row["bins"]
    if not bins:
        return None
    most = max(one["count"] for one in bins)
    marks = tuple(
        Mark(one["count"] / most if most else 0.0, f"{_span(one, tile)}: {grouped(one['count'])}") for one in bins
    )
    fullest = max(bins, key=lambda one: one["count"])
    first, last = ends = (_edge(bins[0]["left"], tile), _edge(bins[-1]["right"], tile))
    if most:
        says = tr(
            "{bins} bins from {first} to {last}; most values ({most}) from {span}",
            bins=grouped(len(bins)),
            first=first,
            last=last,
            most=grouped(most),
            span=_span(fullest, tile),
        )
    else:
        says = tr("{bins} bins from {first} to {last}; no values", bins=grouped(len(bins)), first=first, last=last)
    return Face(tile.secondary_layout, says, marks=marks, ends=ends)


def _trend(tile: CardTile, row: dict[str, Any]) -> Face | None:
    """Heights lie between the lowest and the highest bucket; the line says how it moves, not how much there is."""
    buckets = row["trend"]
    values = [one["y"] for one in buckets if one["y"] is not None]
    if not values or not isinstance(values[0], int | float):
        return None
    low, width = min(values), max(values) - min(values)
    marks = tuple(
        Mark(
            None if one["y"] is None else (one["y"] - low) / width if width else 0.5,
            f"{_between(_along(one['left']), _along(one['right']))}: {_value(one['y'], tile)}",
        )
        for one in buckets
    )
    says = tr(
        "Along {column} from {first} to {last}, lowest {low}, highest {high}",
        column=tile.trend_col,
        first=_value(values[0], tile),
        last=_value(values[-1], tile),
        low=_value(low, tile),
        high=_value(max(values), tile),
    )
    first = next(one for one in buckets if one["y"] is not None)
    last = next(one for one in reversed(buckets) if one["y"] is not None)
    return Face(tile.secondary_layout, says, marks=marks, ends=(_along(first["left"]), _along(last["right"])))


def _along(value: object) -> str:
    """Where a bucket of a trend ends: days, and numbers without the decimals of the card; years are not parted."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    number = float(str(value))
    if not number.is_integer():
        return f"{number:.4g}"
    return f"{number:.0f}" if abs(number) < PARTED_FROM else number_text(number, 0)


def _between(left: str, right: str) -> str:
    return left if left == right else tr("{first} to {last}", first=left, last=right)


def _edge(value: object, tile: CardTile) -> str:
    """The end of a bin; of times the day is enough."""
    match value:
        case datetime():
            return value.date().isoformat()
        case float():
            return number_text(value, tile.decimals).removesuffix("." + "0" * tile.decimals if tile.decimals else "")
    return _value(value, tile)


def _span(one: Mapping[str, Any], tile: CardTile) -> str:
    return _between(_edge(one["left"], tile), _edge(one["right"], tile))


def _threshold(tile: CardTile, row: dict[str, Any]) -> Face:
    counts = ((PASS, "good", row["passed"]), (WARN, "warn", row["warned"]), (FAIL, "danger", row["failed"]))
    total = sum(count for *_, count in counts)
    items = tuple(
        Item(name, grouped(count), count / total, tone, percent(count / total))
        for name, tone, count in counts
        if total and (count or tone != "warn")
    )
    sign = "≥" if tile.threshold_direction == "min" else "≤"
    limit = "" if tile.threshold_value is None else f"{sign} {tile.threshold_value:g}"
    if total:
        caption = tr("{share} pass ({limit})", share=percent(row["passed"] / total), limit=limit)
    else:
        caption = tr("No values ({limit})", limit=limit)
    return Face(tile.secondary_layout, f"{caption}: {_told(items)}", items, caption=caption)


def _attrition(tile: CardTile, row: dict[str, Any]) -> Face:
    """Each stage as a share of the first one, and how much of the stage before is left."""
    stages = row["stages"]
    first = stages[0]["value"]
    items = []
    for place, stage in enumerate(stages):
        value, before = stage["value"], stages[place - 1]["value"] if place else None
        share = max(min(value / first, 1.0), 0.0) if value is not None and first else None
        kept = percent(value / before) if value is not None and before else ""
        items.append(Item(stage["name"], _value(value, tile), share, note=kept))
    return Face(tile.secondary_layout, _told(items), tuple(items))


def _level(tile: CardTile, row: dict[str, Any]) -> Face | None:
    value, whole = row["value"], tile.coverage_max
    if value is None or whole is None:
        return None
    share = float(value) / whole
    everything = number_text(whole, 0 if whole.is_integer() else tile.decimals)
    everything += f" {tile.unit}" if tile.unit else ""
    caption = tr("{share} of {whole}", share=percent(share), whole=everything)
    return Face(tile.secondary_layout, caption, share=max(min(share, 1.0), 0.0), caption=caption)


def _uniqueness(tile: CardTile, row: dict[str, Any]) -> Face:
    once = int(row["distinct"])
    return _pair(tile, (ONCE, once), (AGAIN, int(row["values"]) - once), tr("{share} different"))


def _pair(tile: CardTile, one: tuple[str, int], other: tuple[str, int], says: str) -> Face:
    """Two counts that make a whole; `says` what the share of the first one is."""
    total = one[1] + other[1]
    items = tuple(
        Item(name, grouped(number), number / total, tone, percent(number / total))
        for (name, number), tone in ((one, "accent"), (other, "rest"))
        if total
    )
    caption = says.format(share=percent(one[1] / total)) if total else tr("No rows")
    return Face(tile.secondary_layout, f"{caption}: {_told(items)}" if items else caption, items, caption=caption)


def delta_of(tile: CardTile, frame: Frame) -> Delta | None:
    """How the number differs from that of all rows; nothing as long as nothing is filtered."""
    if not tile.compare or frame.rows_matched == frame.rows_total:
        return None
    value, everything = frame.data["value"][0], frame.data["all"][0]
    if value is None or everything is None:
        return None
    whole = f"{number_text(everything, tile.decimals)}{f' {tile.unit}' if tile.unit else ''}"
    if isinstance(value, bool | str | date):
        return Delta("same", tr("All rows: {whole}", whole=whole), tr("All rows have {whole}", whole=whole))
    if tile.aggregation in SUMMED and everything > 0 and 0 <= value <= everything:
        share = percent(value / everything)
        text = tr("{share} of {whole}", share=share, whole=whole)
        return Delta("share", text, tr("{share} of {whole}, which all rows have", share=share, whole=whole))
    return _difference(value, everything, whole, tile)


def _difference(value: float, everything: float, whole: str, tile: CardTile) -> Delta:
    gap = value - everything
    is_same = gap == 0 or (bool(everything) and abs(gap / everything) < FEW_PERCENT)
    if is_same:
        return Delta("same", tr("As all rows: {whole}", whole=whole), tr("The same as all rows, {whole}", whole=whole))
    size = percent(abs(gap / everything)) if everything else number_text(abs(gap), tile.decimals)
    text = tr("{size} vs {whole}", size=size, whole=whole)
    if gap > 0:
        return Delta("up", text, tr("{size} more than all rows, which have {whole}", size=size, whole=whole))
    return Delta("down", text, tr("{size} less than all rows, which have {whole}", size=size, whole=whole))
