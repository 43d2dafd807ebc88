"""JSON lines: one object a line, each key a column; what a line lacks is missing there."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from domain.wording import tr
from persistence.file_faults import Fault


def read_lines(path: Path, options: Mapping[str, Any], overrides: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The rows, their types found in all of them unless the options say otherwise. Blocks.

    Raises:
        Fault: naming the first line that is no JSON object, or the value that is not of its type.
    """
    length = options.get("infer_schema_length")
    try:
        return pl.read_ndjson(path, infer_schema_length=length, schema_overrides=dict(overrides))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise Fault(
            _diagnosis(path) or tr("cannot be read as JSON lines: {reason}", reason=_first_line(error))
        ) from None


def _diagnosis(path: Path) -> str | None:
    """Where the fault is: polars tells no line."""
    number = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except UnicodeDecodeError:
                return tr(
                    "is not UTF-8 (line {number}); say which encoding it has with polars_kwargs: {{encoding: …}}",
                    number=number,
                )
            except (ValueError, RecursionError) as error:
                return tr(
                    "has no JSON object in line {number}: {reason}; each line is one object",
                    number=number,
                    reason=_first_line(error),
                )
            if not isinstance(value, dict):
                return tr(
                    'has no JSON object in line {number}; each line is one object, such as {{"x": 1}}', number=number
                )
    return None


def _first_line(error: object) -> str:
    return str(error).strip().partition("\n")[0]
