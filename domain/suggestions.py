"""What could be shown of a table's columns: pure rules from their kinds, their names and how many values they have."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

import msgspec

from domain.collections import Column, ColumnKind
from domain.wording import tr

FEW = 30
"""Values up to which a column of text is taken for categories rather than for names."""
COUNTED = 12
"""Values up to which a column of numbers is a year or a grade rather than something measured."""
MANY_NUMBERS = 4
AT_MOST = 60
"""So many columns are looked at."""
LATITUDE = re.compile(r"(^|_)(lat|latitude)($|_)|latitude", re.IGNORECASE)
LONGITUDE = re.compile(r"(^|_)(lon|lng|long|longitude)($|_)|longitude", re.IGNORECASE)
REGION = re.compile(r"country|nation|(^|_)(iso[23]?|state)($|_)", re.IGNORECASE)
NOTHING: Mapping[str, str] = MappingProxyType({})
TIMES = frozenset({ColumnKind.DATE, ColumnKind.DATETIME})


class Suggestion(msgspec.Struct, frozen=True):
    """A kind of tile, by its name in the gallery, for these columns in the order of its roles; `why` names them.

    `extra` are properties beside the columns; an empty one stays empty.
    """

    kind: str
    columns: tuple[str, ...]
    why: str
    extra: Mapping[str, str] = NOTHING


class Sorted(msgspec.Struct, frozen=True):
    """Columns by what they are good for; a column may be in several."""

    measures: tuple[str, ...]
    """Numbers that are no places: those with more values than a year or a grade has come first."""
    times: tuple[str, ...]
    groups: tuple[str, ...]
    """Text with few values, and what is true or false."""
    names: tuple[str, ...]
    """Text with many values."""
    truths: tuple[str, ...]
    place: tuple[str, ...]
    """Latitude and longitude, or nothing."""
    regions: tuple[str, ...]


def sort_columns(columns: Sequence[Column], distinct: Mapping[str, int]) -> Sorted:
    """Columns by what they are good for; `distinct` gives the number of different values, as far as known."""
    usual = [column for column in columns if not column.is_technical][:AT_MOST]

    def named(kinds: frozenset[ColumnKind]) -> list[str]:
        return [column.name for column in usual if column.kind in kinds]

    numbers, texts = named(frozenset({ColumnKind.NUMBER})), named(frozenset({ColumnKind.TEXT}))
    latitude, longitude = (next(filter(one.search, numbers), None) for one in (LATITUDE, LONGITUDE))
    place = (latitude, longitude) if latitude and longitude else ()
    truths = named(frozenset({ColumnKind.BOOLEAN}))
    few = [name for name in texts if 1 < distinct.get(name, FEW) <= FEW]
    measures = [name for name in numbers if name not in place]
    return Sorted(
        measures=tuple(sorted(measures, key=lambda name: distinct.get(name, FEW) <= COUNTED)),
        times=tuple(named(TIMES)),
        groups=(*few, *truths),
        names=tuple(name for name in texts if name not in few),
        truths=tuple(truths),
        place=place,
        regions=tuple(filter(REGION.search, texts)),
    )


def suggestions(
    columns: Sequence[Column], distinct: Mapping[str, int], chosen: Sequence[str] = ()
) -> tuple[Suggestion, ...]:
    """What could be shown, the most telling first.

    Without `chosen`, one of each kind for the whole table; otherwise those that show as many of the chosen columns as
    can be shown together, and no other column.
    """
    wanted = [column for column in columns if column.name in chosen] if chosen else columns
    there = sort_columns(wanted, distinct)
    rules = (*RULES, *FILTERS) if len(wanted) == 1 else RULES
    unique: dict[str, Suggestion] = {}
    for rule in rules:
        for one in rule(there):
            unique.setdefault(one.kind, one)
    found = tuple(unique.values())
    if not chosen:
        return found
    most = max((len(one.columns) for one in found if one.kind != "table"), default=0)
    return tuple(one for one in found if len(one.columns) >= most)


Rule = Callable[[Sorted], Iterator[Suggestion]]


def _maps(there: Sorted) -> Iterator[Suggestion]:
    if there.place:
        yield Suggestion("scatter_map", (*there.place, *there.groups[:1]), tr("latitude and longitude"))
        yield Suggestion("density_map", (*there.place, *there.measures[:1]), tr("latitude and longitude"))
    if there.regions:
        why = tr("names of countries or states")
        yield Suggestion("choropleth_map", (*there.regions[:1], *there.measures[:1]), why)


def _along_time(there: Sorted) -> Iterator[Suggestion]:
    if there.times and there.measures:
        columns = (there.times[0], there.measures[0], *there.groups[:1])
        yield Suggestion("line", columns, tr("a date and a number"))
        yield Suggestion("area", columns, tr("a date and a number"))
    elif there.times:
        yield Suggestion("histogram", there.times[:1], tr("a date"))


def _pairs(there: Sorted) -> Iterator[Suggestion]:
    if len(there.measures) > 1:
        yield Suggestion("scatter", (*there.measures[:2], *there.groups[:1]), tr("two numbers"))
        yield Suggestion("density_heatmap", there.measures[:2], tr("two numbers"))


def _by_group(there: Sorted) -> Iterator[Suggestion]:
    if there.groups and there.measures:
        columns, why = (there.groups[0], there.measures[0], *there.groups[1:2]), tr("categories and a number")
        yield Suggestion("box", columns, why)
        yield Suggestion("violin", columns, why)
        yield Suggestion("bar", columns, why, {"aggregation": "mean"})


def _single(there: Sorted) -> Iterator[Suggestion]:
    if there.measures:
        yield Suggestion("histogram", (there.measures[0], *there.groups[:1]), tr("a number"))
    if there.groups:
        yield Suggestion("bar", there.groups[:2], tr("few different values"), {"aggregation": "count", "y": ""})
        yield Suggestion("pie", there.groups[:1], tr("few different values"))
    if there.measures:
        yield Suggestion("card", there.measures[:1], tr("a number"), {"aggregation": "mean"})
    elif there.names:
        yield Suggestion("card", there.names[:1], tr("names to count"), {"aggregation": "nunique"})


def _many(there: Sorted) -> Iterator[Suggestion]:
    if len(there.measures) >= MANY_NUMBERS:
        for kind in ("heatmap", "scatter_matrix", "parallel_coordinates"):
            yield Suggestion(kind, there.measures, tr("many numbers"))


def _rows(there: Sorted) -> Iterator[Suggestion]:
    every = dict.fromkeys((*there.names, *there.groups, *there.times, *there.place, *there.measures))
    if every:
        yield Suggestion("table", tuple(every), tr("all rows"))


def _filters(there: Sorted) -> Iterator[Suggestion]:
    if there.truths:
        yield Suggestion("Switch", there.truths[:1], tr("true or false"))
    elif there.groups:
        yield Suggestion("MultiSelect", there.groups[:1], tr("few different values"))
    if there.measures or there.place:
        yield Suggestion("RangeSlider", (*there.measures, *there.place)[:1], tr("a number"))
    if there.times:
        yield Suggestion("DateRangePicker", there.times[:1], tr("a date"))
    if there.names:
        yield Suggestion("TextInput", there.names[:1], tr("many different texts"))


RULES: tuple[Rule, ...] = (_maps, _along_time, _pairs, _by_group, _single, _many, _rows)
FILTERS: tuple[Rule, ...] = (_filters,)
