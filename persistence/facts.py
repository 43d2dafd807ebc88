"""What is counted of rows in passing: how many they are, what is missing, and between which values they lie."""

import math
from collections.abc import Mapping
from typing import Any

import msgspec
import polars as pl

from domain.collections import FILE_COLUMN, RUN_COLUMN

TECHNICAL = (RUN_COLUMN, FILE_COLUMN)
ROWS, MISSING, LOWEST, HIGHEST = "rows", "missing ", "lowest ", "highest "

Value = int | float | str


class Facts(msgspec.Struct, frozen=True):
    """Counts of some rows. `lowest` and `highest` are there for numbers and for the columns that the ingest adds.

    A column with NaN has that as its lowest and its highest value; one without values has none.
    """

    rows: int
    missing: dict[str, int]
    lowest: dict[str, Value]
    highest: dict[str, Value]

    def is_special(self, column: str) -> bool:
        """Whether the column has a value that is no finite number."""
        return any(
            isinstance(value, float) and not math.isfinite(value)
            for value in (self.lowest.get(column), self.highest.get(column))
        )


def counted(schema: Mapping[str, pl.DataType]) -> list[pl.Expr]:
    """What to select from rows of that schema so that `facts_of` can tell."""
    asked = [pl.len().alias(ROWS), *(pl.col(name).null_count().alias(MISSING + name) for name in schema)]
    for name, dtype in schema.items():
        column = pl.col(name)
        if dtype.is_float():
            asked += [column.nan_min().alias(LOWEST + name), column.nan_max().alias(HIGHEST + name)]
        elif dtype.is_integer() or name in TECHNICAL:
            asked += [column.min().alias(LOWEST + name), column.max().alias(HIGHEST + name)]
    return asked


def facts_of(selected: pl.DataFrame) -> Facts:
    """The facts from what `counted` selected."""
    row: dict[str, Any] = selected.row(0, named=True)

    def some(prefix: str) -> dict[str, Any]:
        return {
            name.removeprefix(prefix): value
            for name, value in row.items()
            if name.startswith(prefix) and value is not None
        }

    return Facts(row[ROWS], some(MISSING), some(LOWEST), some(HIGHEST))
