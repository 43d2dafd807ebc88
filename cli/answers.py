"""A tile's data as JSON, or as CSV with the counts beside it."""

import sys
from pathlib import Path
from typing import Literal

import msgspec
import polars as pl

from domain.errors import Invalid
from domain.questions import TileAnswer


def write_answer(answer: TileAnswer, form: Literal["json", "csv"], output: Path | None) -> None:
    """Write the answer to the file or to standard output; of CSV the counts go to standard error.

    Raises:
        Invalid: when the file cannot be written.
    """
    text = csv_of(answer) if form == "csv" else json_of(answer)
    if output is None:
        sys.stdout.write(text)
    else:
        try:
            output.write_text(text, "utf-8")
        except OSError as error:
            raise Invalid(f"{output} cannot be written: {error.strerror or error}.") from error
    if form == "csv":
        matched, shown = f"{answer.rows_matched} of {answer.rows_total} rows", f"{answer.shown} of {answer.of}"
        sys.stderr.write(f"{answer.tile}: {matched} matched, {shown} shown\n")


def json_of(answer: TileAnswer) -> str:
    """The answer with its counts, indented."""
    return msgspec.json.format(msgspec.json.encode(answer), indent=2).decode() + "\n"


def csv_of(answer: TileAnswer) -> str:
    """A heading and the rows; values are written as in JSON, text without quotes, and missing values are empty."""
    rows = msgspec.to_builtins(answer.rows)
    cells = {column.name: [_cell(row[column.name]) for row in rows] for column in answer.columns}
    return pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String)).write_csv()


def _cell(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()
