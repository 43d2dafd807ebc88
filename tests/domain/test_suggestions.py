"""What is suggested for columns: by their kinds, their names, and how many different values they have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.collections import Column, ColumnKind
from domain.suggestions import Suggestion, sort_columns, suggestions

NUMBER, TEXT, DATE, TRUTH = ColumnKind.NUMBER, ColumnKind.TEXT, ColumnKind.DATE, ColumnKind.BOOLEAN
COLUMNS = (
    Column("depictio_run_id", "String", TEXT),
    Column("year", "Int64", NUMBER),
    Column("bill", "Float64", NUMBER),
    Column("mass", "Float64", NUMBER),
    Column("flipper", "Float64", NUMBER),
    Column("species", "String", TEXT),
    Column("name", "String", TEXT),
    Column("seen", "Date", DATE),
    Column("alive", "Boolean", TRUTH),
    Column("lat", "Float64", NUMBER),
    Column("lon", "Float64", NUMBER),
    Column("country", "String", TEXT),
)
DISTINCT = {"year": 3, "bill": 160, "mass": 90, "flipper": 55, "species": 3, "name": 342, "seen": 50, "country": 40}


def kinds(*chosen: str) -> list[str]:
    return [one.kind for one in suggestions(COLUMNS, DISTINCT, chosen)]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (("bill", "mass"), ["scatter", "density_heatmap", "table"]),
        (("species", "bill"), ["box", "violin", "bar", "histogram", "table"]),
        (("seen", "bill"), ["line", "area", "table"]),
        (("lat", "lon"), ["scatter_map", "density_map", "table"]),
        (("country", "mass"), ["choropleth_map", "table"]),
        (("bill",), ["histogram", "card", "table", "RangeSlider"]),
        (("species",), ["bar", "pie", "table", "MultiSelect"]),
        (("alive",), ["bar", "pie", "table", "Switch"]),
        (("name",), ["card", "table", "TextInput"]),
        (("seen",), ["histogram", "table", "DateRangePicker"]),
        (("bill", "mass", "flipper", "year"), ["heatmap", "scatter_matrix", "parallel_coordinates", "table"]),
        (("seen", "bill", "species"), ["line", "area", "table"]),
        (("depictio_run_id",), []),
    ],
)
def test_chosen_columns_are_suggested_what_shows_them_together(chosen: tuple[str, ...], expected: list[str]) -> None:
    """The most telling first, and nothing that would leave one of them out."""
    assert kinds(*chosen) == expected


def test_a_suggestion_names_its_columns_in_the_order_of_its_roles_and_says_why() -> None:
    """Whatever the order in which they were chosen."""
    first, *_ = suggestions(COLUMNS, DISTINCT, ("bill", "species"))
    assert first == Suggestion("box", ("species", "bill"), "categories and a number")
    counted = suggestions(COLUMNS, DISTINCT, ("species",))[0]
    assert (counted.kind, counted.columns, counted.extra) == ("bar", ("species",), {"aggregation": "count", "y": ""})


def test_a_whole_table_is_suggested_one_of_each_kind() -> None:
    """With its places first; a year is no measure as long as there is a better one."""
    found = {one.kind: one.columns for one in suggestions(COLUMNS, DISTINCT)}
    assert list(found)[:3] == ["scatter_map", "density_map", "choropleth_map"]
    assert found["scatter"] == ("bill", "mass", "species")
    assert found["line"] == ("seen", "bill", "species")
    assert found["scatter_map"] == ("lat", "lon", "species")
    assert found["heatmap"] == ("bill", "mass", "flipper", "year")
    assert "RangeSlider" not in found


def test_columns_are_sorted_by_what_they_are_good_for() -> None:
    """A text with one value groups nothing; a latitude without a longitude is a number."""
    some = (*COLUMNS[:7], COLUMNS[9])
    found = sort_columns(some, {**DISTINCT, "species": 1})
    assert found.measures == ("bill", "mass", "flipper", "lat", "year")
    assert (found.groups, found.names, found.place) == ((), ("species", "name"), ())


@given(st.lists(st.sampled_from(COLUMNS), unique=True), st.data())
def test_nothing_is_suggested_with_a_column_that_was_not_chosen(columns: list[Column], data: st.DataObject) -> None:
    """Nor with one that is not there, nor one kind twice."""
    names = [column.name for column in columns]
    chosen = data.draw(st.lists(st.sampled_from(names), unique=True) if names else st.just([]))
    found = suggestions(columns, DISTINCT, chosen)
    assert len({one.kind for one in found}) == len(found)
    for one in found:
        assert set(one.columns) <= set(chosen or names) - {"depictio_run_id"}
        assert len(set(one.columns)) == len(one.columns)
