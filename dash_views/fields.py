"""The fields that forms are made of."""

from typing import Literal

import msgspec

from domain.collections import ColumnKind
from domain.wording import tr

NUMERIC = frozenset({ColumnKind.NUMBER})
ORDERED = frozenset({ColumnKind.NUMBER, ColumnKind.DATE, ColumnKind.DATETIME})
DATES = frozenset({ColumnKind.DATE, ColumnKind.DATETIME})
TEXTS = frozenset({ColumnKind.TEXT})
BOOLEANS = frozenset({ColumnKind.BOOLEAN})
ANY = frozenset(ColumnKind)
CATEGORICAL = frozenset({ColumnKind.TEXT, ColumnKind.BOOLEAN})

NONE_OF = {
    NUMERIC: tr("This data has no column of numbers"),
    ORDERED: tr("This data has no column of numbers or dates"),
    DATES: tr("This data has no column of dates"),
    TEXTS: tr("This data has no column of text"),
    BOOLEANS: tr("This data has no column of true and false"),
    CATEGORICAL: tr("This data has no column of text, or of true and false"),
    ANY: tr("This data has no columns"),
}
"""What a field says that has nothing to offer, by the kinds of column that it takes."""

Control = Literal["column", "columns", "choice", "choices", "number", "text", "markdown", "switch", "sorts", "formats"]
"""`choices` are several of some words; `sorts` and `formats` are those of a table, see `table_fields`."""


class Field(msgspec.Struct, frozen=True):
    """One field: `kinds` bounds the columns that it offers, `choices` the values, `least` a number.

    `only_for` names another field and its values with which this one means something; it is hidden with others.
    """

    name: str
    label: str
    control: Control
    kinds: frozenset[ColumnKind] = ANY
    choices: tuple[str, ...] = ()
    required: bool = False
    help: str = ""
    least: float | None = 0
    only_for: tuple[str, tuple[str, ...]] | None = None
    group: str = ""
    """The fold in which the form shows it; empty: always in sight."""


def column(
    name: str,
    label: str,
    kinds: frozenset[ColumnKind] = ANY,
    *,
    required: bool = False,
    only_for: tuple[str, tuple[str, ...]] | None = None,
) -> Field:
    """The field of a column."""
    return Field(name, label, "column", kinds, required=required, only_for=only_for)


COLOR = column("color", tr("Colour"))
SELECTION = Field(
    "selection_column",
    tr("Select by"),
    "column",
    help=tr("Picked points narrow the other tiles to their values in this column; empty selects the region itself."),
)
LOG_X = Field("log_x", tr("Logarithmic x"), "switch")
LOG_Y = Field("log_y", tr("Logarithmic y"), "switch")
