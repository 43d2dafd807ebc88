"""How somebody looks at the rows of a collection's page: sorted by a column, filtered by words below its heading."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import msgspec

from domain.collections import Column, ColumnKind
from domain.errors import Invalid, Problem
from domain.rows import ColumnFilter, Condition, SortKey, Test
from domain.wording import tr

WHERE = "where "
"""Begins the name of a field, and of a part of the address, that filters the column named after it."""
MISSING: dict[str, Test] = {"is missing": "blank", "is not missing": "notBlank"}
TEXT_SIGNS: dict[str, Test] = {"!=": "notEqual", "=": "equals", "!": "notContains"}
SIGNS: dict[str, Test] = {
    ">=": "greaterThanOrEqual",
    "<=": "lessThanOrEqual",
    "!=": "notEqual",
    ">": "greaterThan",
    "<": "lessThan",
    "=": "equals",
}
BETWEEN = ".."
HINTS = {
    ColumnKind.NUMBER: "5, >5, <=5, 1..5",
    ColumnKind.TEXT: tr("part, =word, !part"),
    ColumnKind.BOOLEAN: tr("true or false"),
    ColumnKind.DATE: ">2024-05-01",
    ColumnKind.DATETIME: ">2024-05-01",
    ColumnKind.OTHER: "is missing",
}
"""What a filter of each kind may look like; `is missing` and `is not missing` suit all."""


class Look(msgspec.Struct, frozen=True):
    """`filters` are the words by column, as they were written."""

    sort: str = ""
    descending: bool = False
    filters: Mapping[str, str] = {}

    @property
    def is_plain(self) -> bool:
        """Whether all rows are shown in the table's own order."""
        return not self.sort and not self.filters

    @property
    def unfiltered(self) -> "Look":
        """The same of all rows."""
        return Look(self.sort, descending=self.descending)

    @property
    def keys(self) -> tuple[SortKey, ...]:
        """What the rows are sorted by."""
        return (SortKey(self.sort, descending=self.descending),) if self.sort else ()

    def sorted_by(self, column: str) -> "Look":
        """The next look when the heading is pressed: ascending, descending, and as the table has it."""
        if self.sort != column:
            return Look(column, descending=False, filters=self.filters)
        return Look("" if self.descending else column, descending=not self.descending, filters=self.filters)

    def query(self, **others: int | None) -> str:
        """The part of an address that says it, with others beside it; empty when there is nothing to be said."""
        said: dict[str, object] = {name: value for name, value in others.items() if value is not None}
        said |= {"sort": self.sort, "order": "desc" if self.descending else "asc"} if self.sort else {}
        said |= {f"{WHERE}{column}": text for column, text in self.filters.items()}
        return f"?{urlencode(said)}" if said else ""


def look_of(query: Mapping[str, str]) -> Look:
    """What an address says."""
    filters = {
        name.removeprefix(WHERE): text.strip()
        for name, text in query.items()
        if name.startswith(WHERE) and text.strip()
    }
    return Look(query.get("sort", ""), query.get("order") == "desc", filters)


def filters_of(look: Look, columns: Sequence[Column]) -> tuple[ColumnFilter, ...]:
    """The filters as the query engine knows them.

    Raises:
        Invalid: naming each column that is not there, or whose filter cannot be read.
    """
    known = {column.name: column for column in columns}
    problems = [Problem(name, tr("is no column of this version")) for name in look.filters if name not in known]
    if look.sort and look.sort not in known:
        problems.append(Problem(look.sort, tr("is no column of this version")))
    found = []
    for name, text in look.filters.items():
        if name in known:
            try:
                found.append(ColumnFilter(name, (_condition(known[name].kind, text),)))
            except ValueError as error:
                problems.append(Problem(name, str(error)))
    if problems:
        raise Invalid(tr("These rows cannot be shown."), tuple(problems))
    return tuple(found)


def _condition(kind: ColumnKind, text: str) -> Condition:
    if text.lower() in MISSING:
        return Condition(MISSING[text.lower()])
    match kind:
        case ColumnKind.OTHER:
            raise ValueError(tr("has values that cannot be compared; write is missing, or is not missing"))
        case ColumnKind.BOOLEAN:
            if text.lower() not in {"true", "false"}:
                raise ValueError(tr("is true or false; write one of these"))
            return Condition("true" if text.lower() == "true" else "false")
        case ColumnKind.TEXT:
            sign = next((sign for sign in TEXT_SIGNS if text.startswith(sign)), "")
            return Condition(TEXT_SIGNS.get(sign, "contains"), text.removeprefix(sign).strip())
    if BETWEEN in text:
        low, _, high = text.partition(BETWEEN)
        return Condition("inRange", _value(kind, low), _value(kind, high))
    sign = next((sign for sign in SIGNS if text.startswith(sign)), "")
    return Condition(SIGNS.get(sign, "equals"), _value(kind, text.removeprefix(sign)))


def _value(kind: ColumnKind, text: str) -> float | str:
    text = text.strip()
    if not text:
        raise ValueError(tr("needs a value to compare with"))
    if kind is not ColumnKind.NUMBER:
        return text
    try:
        return float(text)
    except ValueError:
        raise ValueError(tr("holds numbers, and {text!r} is none", text=text)) from None
