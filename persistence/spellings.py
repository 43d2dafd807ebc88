"""Numbers spelt so that polars' reader takes them for numbers although its inference of types calls them text.

Types that were found in the first rows are those of all rows only when none of these spellings comes later.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persistence.text_tables import CHUNK, opened

OVERLAP = 16
"""Bytes that two chunks share: more than the longest spelling with what stands around it."""
PADDED = b"+ \t"
"""A number that begins with one of these is text for the inference."""
NEWLINE, RETURN, DASH, DOT = b"\n\r-."
LOWER = np.uint8(0x20)
"""The bit by which small letters differ from capitals."""

Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]


def spelt_as_text(path: Path, options: Mapping[str, Any], *, gaps: bool, special: bool) -> bool:
    """Whether a field of the file may be spelt like that; true also for text that merely looks so. Blocks.

    `gaps` says whether a column that is no text has missing values, `special` whether one of fractions has values that
    are no finite number: without them the spellings of these need not be looked for.
    """
    quote = options.get("quote_char", '"')
    fields = _Fields(options.get("separator", ",").encode()[0], quote.encode()[0] if quote else None)
    return any(
        fields.padded(chunk)
        or fields.bare_exponent(chunk)
        or (gaps and fields.empty_quotes(chunk))
        or (special and fields.special(chunk))
        for chunk in _chunks(path)
    )


class _Fields:
    """Looks for spellings among fields that are separated and quoted by these bytes."""

    def __init__(self, separator: int, quote: int | None) -> None:
        self._separator = separator
        self._quote = quote
        self._before = [separator, NEWLINE, *([] if quote is None else [quote])]

    def padded(self, chunk: bytes) -> bool:
        """Fields such as `+5` and ` 5`."""
        sought = [one for one in PADDED if one != self._separator and chunk.find(one) >= 0]
        if not sought:
            return False
        array = np.frombuffer(chunk, np.uint8)
        begins = _one_of(array[:-1], self._before)
        return bool((begins & _one_of(array[1:], sought)).any())

    def bare_exponent(self, chunk: bytes) -> bool:
        """Fields such as `5.E12`."""
        array = np.frombuffer(chunk, np.uint8)
        return bool(((array[:-1] == DOT) & ((array[1:] | LOWER) == ord("e"))).any())

    def empty_quotes(self, chunk: bytes) -> bool:
        """Fields that are `""`: empty text, but a missing number."""
        if self._quote is None or chunk.find(self._quote) < 0:
            return False
        array = np.frombuffer(chunk, np.uint8)
        begins = _one_of(array[:-2], [self._separator, NEWLINE])
        return bool((begins & (array[1:-1] == self._quote) & (array[2:] == self._quote)).any())

    def special(self, chunk: bytes) -> bool:
        """Fields such as `nan`, `Inf` and `infinity`; `NaN` and `inf` are numbers for the inference too."""
        array = np.frombuffer(chunk + bytes([NEWLINE]) * 4, np.uint8)
        small = array | LOWER
        first = _one_of(small[1:-3], b"ni") & _one_of(array[:-4], [*self._before, DASH])
        places = np.flatnonzero(first) + 1
        word = np.stack([array[places + step] for step in range(3)])
        ends = _one_of(array[places + 3], [*self._before, RETURN])
        nan = _is(word | LOWER, b"nan") & ends & ~_is(word, b"NaN")
        inf = _is(word | LOWER, b"inf") & ((ends & ~_is(word, b"inf")) | (small[places + 3] == ord("i")))
        return bool((nan | inf).any())


def _chunks(path: Path) -> Iterator[bytes]:
    """The file's bytes, decompressed; each chunk begins with the end of the one before."""
    with opened(path) as file:
        end = b""
        while read := file.read(CHUNK):
            chunk = end + read
            yield chunk
            end = chunk[-OVERLAP:]


def _one_of(array: Bytes, values: list[int] | bytes) -> Flags:
    found = np.zeros(len(array), dtype=np.bool_)
    for value in values:
        found |= array == value
    return found


def _is(word: Bytes, text: bytes) -> Flags:
    found: Flags = (word == np.frombuffer(text, np.uint8)[:, None]).all(axis=0)
    return found
