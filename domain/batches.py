"""Files that were sent together: which are of one kind, how all of a kind are read, and what their table is called."""

from collections.abc import Iterable, Sequence
from itertools import takewhile

import msgspec

from domain.uploaded import Reading, suggested_tag

PARTS = "0123456789-_ "
SHORTEST = 2
"""A shorter beginning of several names says nothing."""

Kind = tuple[object, ...]


def kind_of(reading: Reading, columns: Iterable[str]) -> Kind:
    """The same for files that can be one table: one reading fits them, and they have the same columns."""
    options = (reading.separator, reading.has_header, reading.skip_rows, reading.encoding, reading.sheet)
    return (reading.format, *options, frozenset(columns))


def merged(readings: Sequence[Reading]) -> Reading:
    """How files of one kind are read: a word for gaps, a comma or a date that one of them shows holds for all."""
    words = {word for reading in readings for word in reading.null_values}
    return msgspec.structs.replace(
        readings[0],
        null_values=tuple(sorted(words)),
        decimal_comma=any(reading.decimal_comma for reading in readings),
        has_dates=any(reading.has_dates for reading in readings),
    )


def common_tag(names: Sequence[str]) -> str:
    """What a table of files with these names may be called: what their names begin with, else the first name."""
    tags = [suggested_tag(name) for name in names]
    if len(tags) == 1:
        return tags[0]
    begin = "".join(letters[0] for letters in takewhile(_is_one, zip(*tags, strict=False))).rstrip(PARTS)
    return begin if len(begin) >= SHORTEST else tags[0]


def _is_one(letters: tuple[str, ...]) -> bool:
    return len(set(letters)) == 1
