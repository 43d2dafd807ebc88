"""Which region a value names: by code or English name, in any case, with or without accents and punctuation."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

import msgspec

from domain.countries import COUNTRIES
from domain.map_tile import Boundaries
from domain.us_states import US_STATES
from domain.wording import tr, trn

_GAP = re.compile(r"[^a-z0-9]+")
EXAMPLES = 5
"""So many of the values that name no region are said."""
NOUNS = {
    Boundaries.COUNTRIES: tr("country"),
    Boundaries.US_STATES: tr("state of the United States"),
    Boundaries.GEOMETRY: tr("region"),
}


class Regions(msgspec.Struct, frozen=True):
    """The regions of one set of boundaries: their ids by every spelling, and their names by id."""

    spellings: Mapping[str, str]
    names: Mapping[str, str]

    def region(self, value: str) -> str | None:
        """The id of the region that the value names; None when there is none."""
        return self.spellings.get(plain(value))


@cache
def regions_of(boundaries: Boundaries) -> Regions:
    """The regions; the id of a country is its code of three letters, that of a state its postal code."""
    match boundaries:
        case Boundaries.COUNTRIES:
            return _read(COUNTRIES, codes=3)
        case Boundaries.US_STATES:
            return _read(US_STATES, codes=2)
        case Boundaries.GEOMETRY:
            return Regions({}, {})


def plain(text: str) -> str:
    """The letters and digits of a name, all that spellings differ in taken away."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return _GAP.sub(" ", bare).strip().removeprefix("the ")


def unknown_said(unknown: Iterable[str], known: int, boundaries: Boundaries) -> str:
    """What is said of values that name no region: how many of how many, and the first of them; nothing of none."""
    values = sorted(unknown)
    if not values:
        return ""
    examples = ", ".join(values[:EXAMPLES]) + (", …" if len(values) > EXAMPLES else "")
    of = len(values) + known
    if boundaries is Boundaries.US_STATES:
        return trn(
            "{n} of {of} values is no state of the United States: {examples}",
            "{n} of {of} values are no states of the United States: {examples}",
            len(values),
            of=of,
            examples=examples,
        )
    return trn(
        "{n} of {of} values is no country: {examples}",
        "{n} of {of} values are no countries: {examples}",
        len(values),
        of=of,
        examples=examples,
    )


def _read(lines: str, *, codes: int) -> Regions:
    spellings: dict[str, str] = {}
    names: dict[str, str] = {}
    for line in lines.strip().splitlines():
        *given, said = line.split(" ", codes)
        region, called = given[0], said.split("|")
        names[region] = called[0]
        spellings |= {plain(one): region for one in (*given, *called) if one != "-"}
    return Regions(spellings, names)
