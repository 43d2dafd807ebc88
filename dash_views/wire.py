"""An answer on its way to the browser: a header in JSON, then the bytes of all arrays; wire.js reads it.

The body is the length of the header in four bytes, little endian, the header, blanks up to a multiple of eight, and the
arrays, each at a multiple of eight. In the header an array is `{"$": dtype, "at": place, "n": length}`, words are
`{"$": "words", …}`, rows `{"$": "rows", …}`, a grid `{"$": "grid", …}`.

Of a figure only the arrays travel each time. What stays when rows come and go (layout, styles, hover texts) is its
*mould*, with `{"#": number}` where an array goes; it is sent when the browser has another one, known by its mark.
"""

import hashlib
import zlib
from typing import Any

import msgspec

from dash_views.figures.arrays import Array, Column, Grid, Rows, Words

ALIGNED = 8
COMPRESSED_FROM = 2048
LEVEL = 1
"""Numbers hardly become smaller at any level; names and rows do at the cheapest one."""

Arrays = list[Column | Grid | Rows]


def parted(figure: dict[str, Any]) -> tuple[dict[str, Any], Arrays]:
    """The mould of a figure and its arrays in their order."""
    arrays: Arrays = []

    def mould(node: Any) -> Any:
        match node:
            case dict():
                return {key: mould(value) for key, value in node.items()}
            case list() | Array() | Grid() | Words() | Rows():
                arrays.append(node)
                return {"#": len(arrays) - 1}
        return node

    traces = [mould(trace) for trace in figure["data"]]
    return {"data": traces, "layout": mould(figure["layout"])}, arrays


def figure_parts(figure: dict[str, Any], known: str | None) -> dict[str, Any]:
    """A figure for a browser that has the mould of this mark."""
    mould, arrays = parted(figure)
    mark = hashlib.blake2b(msgspec.json.encode(mould), digest_size=6).hexdigest()
    sent = {} if mark == known else {"mould": mould}
    return {"mark": mark, "arrays": arrays, **sent}


def body(header: Any) -> bytes:
    """The answer's bytes; arrays may stand anywhere in the header."""
    buffers: list[bytes] = []
    length = 0

    def placed(node: Any) -> Any:
        nonlocal length
        match node:
            case Array():
                entry = {"$": node.dtype, "at": length, "n": node.length}
                buffers.append(node.data + b"\0" * (-len(node.data) % ALIGNED))
                length += len(buffers[-1])
                return entry
            case Words():
                return {"$": "words", "codes": placed(node.codes), "words": node.words}
            case Grid():
                return {"$": "grid", "cells": placed(node.cells), "width": node.width}
            case Rows():
                return {"$": "rows", "columns": [placed(column) for column in node.columns]}
            case dict():
                return {key: placed(value) for key, value in node.items()}
            case list() if any(not isinstance(one, str | int | float | None) for one in node):
                return [placed(one) for one in node]
        return node

    text = msgspec.json.encode(placed(header))
    start = len(text).to_bytes(4, "little") + text
    return b"".join([start, b" " * (-len(start) % ALIGNED), *buffers])


def compressed(content: bytes) -> bytes:
    """With gzip, as cheaply as that goes."""
    squeeze = zlib.compressobj(LEVEL, wbits=31)
    return squeeze.compress(content) + squeeze.flush()
