"""What columns are called: along axes, above tables and on cards, with their units."""

from typing import Any

import polars as pl
import pytest

from dash_views.answers import note_of
from dash_views.figures.spaces import in_lines
from dash_views.naming import called, heading_of, titled, titles_of
from dash_views.tables import column_defs
from domain.aggregations import Aggregation
from domain.collections import Column, ColumnKind, DataCollection
from domain.description import CollectionConfig, CollectionDescription, Scan, ScanParameters, TableProperties
from domain.table_tile import ColumnFormat
from domain.tiles import CardTile, TableTile
from services.published import published_columns

NUMBER = ColumnKind.NUMBER
FLIPPER = Column("flipper_length_mm", "Float64", NUMBER, "Flipper length", "mm")
BIRDS = DataCollection(id="c", project_id="p", workflow="w", tag="birds", columns=(FLIPPER,))


@pytest.mark.parametrize(
    ("description", "unit", "expected"),
    [
        ("Flipper length", "mm", "Flipper length (mm)"),
        ("Flipper length.", "mm", "Flipper length (mm)"),
        ("Flipper length (mm)", "mm", "Flipper length (mm)"),
        ("", "mm", "x (mm)"),
        ("Flipper length", "", "Flipper length"),
        ("A sentence that is by far too long to stand along the axis of a figure", "mm", "x (mm)"),
        ("", "", ""),
    ],
)
def test_a_column_is_called_by_its_description_and_unit(description: str, unit: str, expected: str) -> None:
    """A unit that the description names already stands there once."""
    column = Column("x", "Float64", NUMBER, description, unit)
    assert titled(column) == expected
    assert heading_of(column) == (expected or "x")
    assert titles_of([BIRDS]) == {"c": {"flipper_length_mm": "Flipper length (mm)"}}


@pytest.mark.parametrize(
    ("aggregation", "own", "unit"),
    [
        (Aggregation.MEAN, "", "mm"),
        (Aggregation.MEAN, "millimetres", "millimetres"),
        (Aggregation.COUNT, "", ""),
        (Aggregation.NUNIQUE, "", ""),
        (Aggregation.VARIANCE, "", ""),
    ],
)
def test_a_card_has_the_unit_of_its_column_where_its_number_has(aggregation: Aggregation, own: str, unit: str) -> None:
    """Its own unit goes before; a count has none, a variance another."""
    tile = CardTile(id="k", collection_id="c", column_name=FLIPPER.name, aggregation=aggregation, unit=own)
    card, name = called(tile, [BIRDS])
    assert (card.unit, name) == (unit, "Flipper length")
    assert note_of(card, name)[0].endswith(" of Flipper length · ")
    assert called(CardTile(id="k", collection_id="gone", column_name="x"), [BIRDS])[1] == "x"


def test_tables_have_units_in_their_headings() -> None:
    """A label of the table's author goes before; the name of the column is said beside."""
    (found,) = column_defs(TableTile(id="t", collection_id="c"), [FLIPPER])
    assert (found["headerName"], found["headerTooltip"]) == (
        "Flipper length (mm)",
        "flipper_length_mm · Flipper length",
    )


@pytest.mark.parametrize(
    ("kind", "more", "least"),
    [
        (ColumnKind.NUMBER, {}, 110),
        (ColumnKind.NUMBER, {"total": Aggregation.SUM}, 196),
        (ColumnKind.DATETIME, {}, 176),
        (ColumnKind.DATE, {}, 110),
        (ColumnKind.DATE, {"date": "long"}, 166),
        (ColumnKind.DATETIME, {"date": "year"}, 110),
    ],
)
def test_times_long_days_and_totals_have_room(kind: ColumnKind, more: dict[str, Any], least: int) -> None:
    """Where the table is narrower it scrolls sideways."""
    tile = TableTile(id="t", collection_id="c", formats=(ColumnFormat(column="a", **more),))
    (found,) = column_defs(tile, [Column("a", "String", kind)])
    assert found["minWidth"] == least


@pytest.mark.parametrize(
    ("kind", "align", "stands"),
    [
        (ColumnKind.NUMBER, "", ("rightAligned", "ag-right-aligned-header")),
        (ColumnKind.NUMBER, "left", (None, None)),
        (ColumnKind.TEXT, "", (None, None)),
        (ColumnKind.DATE, "right", ("rightAligned", "ag-right-aligned-header")),
        (ColumnKind.TEXT, "center", (None, "is-centered")),
    ],
)
def test_headings_stand_as_their_cells(kind: ColumnKind, align: Any, stands: tuple[str | None, str | None]) -> None:
    """Numbers to the right, all else to the left, but where the table says otherwise."""
    tile = TableTile(id="t", collection_id="c", formats=(ColumnFormat(column="a", align=align),))
    (found,) = column_defs(tile, [Column("a", "String", kind)])
    assert (found["type"], found["headerClass"]) == stands


def test_project_files_say_units_and_joins_take_them_over() -> None:
    """From the first of their sides that has the column."""
    units = {"x": "mm", "y": "g"}
    said = TableProperties(format="csv", columns_description={"x": "Flipper length"}, columns_unit=units)
    source = CollectionDescription(
        data_collection_tag="birds",
        config=CollectionConfig(
            type="table",
            scan=Scan(mode="single", scan_parameters=ScanParameters(filename="a.csv")),
            dc_specific_properties=said,
        ),
    )
    schema = pl.Schema({"x": pl.Float64(), "y": pl.Float64(), "z": pl.Float64()})
    own = published_columns(schema, source)
    assert [(one.description, one.unit) for one in own] == [("Flipper length", "mm"), ("", "g"), ("", "")]
    left = DataCollection(id="l", project_id="p", workflow="w", tag="l", columns=own)
    others = (Column("z", "Float64", NUMBER, "Z", "s"), Column("x", "Float64", NUMBER, "X"))
    right = DataCollection(id="r", project_id="p", workflow="w", tag="r", columns=others)
    joined = published_columns(schema, (left, right))
    assert [(one.description, one.unit) for one in joined] == [("Flipper length", "mm"), ("", "g"), ("Z", "s")]
    assert [one.unit for one in published_columns(schema, (right, left))] == ["", "g", "s"]


@pytest.mark.parametrize(
    ("name", "most", "lines"),
    [
        ("flipper_length_mm", 14, "flipper_length_<br>mm"),
        ("bill_length_mm", 20, "bill_length_mm"),
        ("one two three", 7, "one two<br>three"),
        ("unbreakable", 4, "unbreakable"),
        ("", 4, ""),
    ],
)
def test_long_titles_of_a_matrix_are_broken_into_lines(name: str, most: int, lines: str) -> None:
    """At blanks and underscores, which stay at the end of their line."""
    assert in_lines(name, most) == lines
