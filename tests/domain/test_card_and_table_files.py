"""Cards, tables and texts in dashboard files, those of Depictio 1.5 among them; and what their keys may say."""

from typing import Any

import msgspec
import pytest
import yaml

from domain.aggregations import Aggregation
from domain.card_tile import CardLayout, CardTile
from domain.dashboard_file import component_tile, dashboard_file, written
from domain.rows import SortKey
from domain.table_tile import ColumnFormat, Rule, TableTile
from domain.text_tile import TextTile
from domain.tile_rules import tile_problems
from domain.tiles import Tile
from tests.domain.test_dashboard_file_written import a_board

CARD = {"tag": "c", "component_type": "card", "data_collection_tag": "rows", "column_name": "x"}
TABLE = {"tag": "t", "component_type": "table", "data_collection_tag": "rows"}
OF = {"collection_id": "c1"}


def read(component: dict[str, Any]) -> Tile:
    return component_tile(component, {"rows": "c1"})


@pytest.mark.parametrize(
    ("component", "tile"),
    [
        (
            {**CARD, "aggregation": "average", "column_type": "float64", "aggregations": ["median", "std_dev"]},
            CardTile(
                id="c", column_name="x", aggregations=(Aggregation.MEDIAN, Aggregation.STD_DEV), **OF
            ),
        ),
        (
            {**CARD, "aggregations": ["box_plot_stats"]},
            CardTile(id="c", column_name="x", secondary_layout=CardLayout.BOX_PLOT, **OF),
        ),
        (
            {**CARD, "aggregations": None, "secondary_layout": "donut", "breakdown_col": "g", "top_n_count": 4},
            CardTile(
                id="c", column_name="x", secondary_layout=CardLayout.DONUT, breakdown_col="g", top_n_count=4, **OF
            ),
        ),
        (
            {**TABLE, "row_selection_enabled": True, "row_selection_column": "s", "sortable": False},
            TableTile(id="t", selection_column="s", sortable=False, **OF),
        ),
        ({**TABLE, "row_selection_enabled": False, "row_selection_column": "s"}, TableTile(id="t", **OF)),
        (
            {"tag": "w", "component_type": "text", "body": "Hi", "order": 2, "alignment": "center"},
            TextTile(id="w", body="Hi", order=2, alignment="center"),
        ),
        (
            {"tag": "w", "component_type": "text", "body": "{{count()}}", "data_collection_tag": "rows"},
            TextTile(id="w", body="{{count()}}", collection_id="c1"),
        ),
    ],
    ids=["names", "box", "donut", "rows", "no rows", "text", "live"],
)  # fmt: skip
def test_the_keys_of_depictio_1_5_are_read(component: dict[str, Any], tile: Tile) -> None:
    assert read(component) == tile


EVERYTHING: list[Tile] = [
    CardTile(
        id="c", column_name="x", aggregation=Aggregation.PERCENTILE, q=0.9, compare=True, decimals=1, unit="g",
        secondary_layout=CardLayout.THRESHOLD, aggregations=(Aggregation.Q1,), breakdown_col="g", top_n_count=5,
        coverage_max=44.0, threshold_value=3.0, threshold_direction="max", threshold_warn=4.0,
        attrition_cols=("y", "z"), trend_col="day", filter_expr="col('x') > 1", **OF,
    ),
    TableTile(
        id="t", columns=("x", "g"), sort=(SortKey("x", descending=True),), sortable=False, filterable=False,
        formats=(
            ColumnFormat(
                column="x", label="Mass", decimals=1, thousands=True, percent=True, prefix="~", unit="g", width=120,
                align="center", bar=True, scale="diverging", low=0.0, high=9.5, total=Aggregation.MEAN,
                rules=(Rule(">=", 3.5, "danger"), Rule("missing", color="muted")),
            ),
            ColumnFormat(column="day", date="month"),
        ),
        filter_expr="col('x') > 1",
        **OF,
    ),
    TextTile(id="w", body="{{mean(x) by g}}", order=3, alignment="right", vertical_alignment="bottom", **OF),
]  # fmt: skip


@pytest.mark.parametrize("tile", EVERYTHING, ids=lambda tile: tile.id)
def test_every_key_comes_back_from_a_file_as_it_was(tile: Tile) -> None:
    """Every field differs from its default, so that none can be forgotten."""
    defaults = {field.name: field.default for field in msgspec.structs.fields(tile)}
    same = {name for name, value in msgspec.structs.asdict(tile).items() if value == defaults[name]}
    assert same <= {"title", "description", "section", "tab", "layout", "version", "page_size", "selection_column"}
    text = yaml.safe_dump(written(a_board("T", "", {tile.id: tile}), {"c1": "rows"}), allow_unicode=True)
    assert list(dashboard_file(yaml.safe_load(text), {"rows": "c1"}).tiles.values()) == [tile]
    assert tile_problems(tile) == []


@pytest.mark.parametrize(
    ("tile", "places"),
    [
        (CardTile(id="c", column_name="x", q=1.5, **OF), ["q"]),
        (CardTile(id="c", column_name="x", top_n_count=6, **OF), ["top_n_count"]),
        (CardTile(id="c", column_name="x", coverage_max=0.0, **OF), ["coverage_max"]),
        (CardTile(id="c", column_name="x", secondary_layout=CardLayout.GAUGE, **OF), ["coverage_max"]),
        (CardTile(id="c", column_name="x", secondary_layout=CardLayout.TREND, **OF), ["trend_col"]),
        (CardTile(id="c", column_name="x", secondary_layout=CardLayout.ATTRITION, **OF), ["attrition_cols"]),
        (CardTile(id="c", column_name="x", aggregations=(Aggregation.MIN,) * 9, **OF), ["aggregations"]),
        (TextTile(id="w", order=7), ["order"]),
        (TableTile(id="t", formats=(ColumnFormat(column="a"), ColumnFormat(column="a")), **OF), ["formats[1].column"]),
        (
            TableTile(id="t", formats=(ColumnFormat(column="a", decimals=13, width=3, low=2.0, high=1.0),), **OF),
            ["formats[0].decimals", "formats[0].width", "formats[0].low"],
        ),
        (TableTile(id="t", formats=(ColumnFormat(column="a", rules=(Rule("<"),)),), **OF), ["formats[0].rules"]),
        (
            TableTile(id="t", formats=(ColumnFormat(column="a", total=Aggregation.PERCENTILE),), **OF),
            ["formats[0].total"],
        ),
        (TableTile(id="t", sort=(SortKey("a"),) * 9, **OF), ["sort"]),
    ],
)
def test_what_a_tile_may_not_say(tile: Tile, places: list[str]) -> None:
    """Each fault with its place."""
    assert [problem.place for problem in tile_problems(tile)] == places
