"""Another column for a lost one: what uses it, what is suggested, and every place in which its name is changed."""

from datetime import UTC, datetime

import pytest
from msgspec import structs

from domain.collections import Column, ColumnKind, DataCollection, LostColumn
from domain.copies import used_columns
from domain.dashboards import Dashboard
from domain.errors import Invalid, NotFound
from domain.image_tile import ImageTile
from domain.map_tile import MapKind, MapTile
from domain.remap import expression_renamed, lost_of, remapped, renamed, rewritten, text_renamed
from domain.rows import SortKey
from domain.table_tile import ColumnFormat
from domain.tiles import CardTile, FigureTile, FilterTile, FilterWidget, TableTile, TextTile, Tile, Visu

AT = datetime(2026, 11, 12, tzinfo=UTC)
NEW = {"mass": "body mass", "site": "place"}


def board(*tiles: Tile) -> Dashboard:
    return Dashboard(
        id="d", project_id="p", title="T", created_by="", created_at=AT, updated_at=AT,
        tiles={tile.id: tile for tile in tiles},
    )  # fmt: skip


COLLECTION = DataCollection(
    id="c",
    project_id="p",
    tag="penguins",
    workflow="flow",
    table_version=4,
    columns=(
        Column("body mass", "Float64", ColumnKind.NUMBER),
        Column("place", "String", ColumnKind.TEXT),
        Column("mass_note", "String", ColumnKind.TEXT),
    ),
    lost=(LostColumn("mass", "double", 4, AT), LostColumn("site", "string", 3, AT)),
)
TILES: tuple[Tile, ...] = (
    FigureTile(
        id="figure", collection_id="c", visu_type=Visu.SCATTER, x="site", y="mass", color="site", size="mass",
        hover=("mass", "site"), selection_column="site",
        options={"facet_col": "site", "category_orders": {"site": ["A"]}, "labels": {"mass": "Mass"}, "opacity": 0.5},
    ),
    FigureTile(id="tree", collection_id="c", visu_type=Visu.SUNBURST, options={"path": ["site", "mass"]}),
    CardTile(
        id="card", collection_id="c", column_name="mass", breakdown_col="site", trend_col="mass",
        attrition_cols=("mass", "site"), filter_expr="col('mass') > 3 & col(\"site\") == 'mass'",
    ),
    FilterTile(
        id="filter", collection_id="c", column_name="mass", interactive_component_type=FilterWidget.RANGE_SLIDER
    ),
    TableTile(
        id="table", collection_id="c", columns=("site", "mass"), selection_column="site",
        formats=(ColumnFormat(column="mass", decimals=1),), sort=(SortKey("site"),),
    ),
    MapTile(
        id="map", collection_id="c", map_type=MapKind.SCATTER, lat_column="mass", lon_column="mass",
        color_column="site", size_column="mass", hover_columns=("site",), selection_column="site",
    ),
    ImageTile(id="images", collection_id="c", image_column="site", caption_columns=("mass",), sort=(SortKey("mass"),)),
    TextTile(id="text", collection_id="c", body="Mean {{mean(mass) by site : 1 g}} of \\{{mean(mass)}}"),
)  # fmt: skip


@pytest.mark.parametrize("tile", TILES, ids=lambda tile: tile.id)
def test_no_place_keeps_an_old_name(tile: Tile) -> None:
    """Whatever the tile reads is the new column; its id and what it looks like stay."""
    new = renamed(tile, NEW)
    assert not {"mass", "site"} & set(used_columns(new))
    assert set(used_columns(new)) == {NEW[name] for name in used_columns(tile)}
    assert (new.id, new.layout, type(new)) == (tile.id, tile.layout, type(tile))
    assert renamed(tile, {"other": "x"}) == tile


def test_options_that_are_keyed_by_columns_follow() -> None:
    figure = renamed(TILES[0], NEW)
    assert isinstance(figure, FigureTile)
    assert figure.options == {
        "facet_col": "place",
        "category_orders": {"place": ["A"]},
        "labels": {"body mass": "Mass"},
        "opacity": 0.5,
    }


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("col('mass') > 3", "col('body mass') > 3"),
        ("col( \"mass\" )  >  3 & col('x') == 'mass'", "col( 'body mass' )  >  3 & col('x') == 'mass'"),
        ("pl.col('x') > pl.col('x').mean().over('site')", "pl.col('x') > pl.col('x').mean().over('place')"),
        ("col('site').is_in(['col(', 'mass'])", "col('place').is_in(['col(', 'mass'])"),
        ("col('x') == 'col(\"mass\")'", "col('x') == 'col(\"mass\")'"),
        ("col('mass') > 1 & col('x') == 'col(\"mass\")'", "(col('body mass') > 1) & (col('x') == 'col(\"mass\")')"),
        ("col('mass' >", "col('mass' >"),
    ],
)
def test_expressions_stay_as_they_are_written(text: str, after: str) -> None:
    """But for the name; where the same letters are a value too, the expression is written out anew."""
    assert expression_renamed(text, NEW) == after


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("{{mean(mass)}}", '{{mean("body mass")}}'),
        ('{{ max("mass") by "site" : 1 % }} mass', '{{ max("body mass") by place : 1 % }} mass'),
        ("\\{{mean(mass)}} {{mean(mass)}}", '\\{{mean(mass)}} {{mean("body mass")}}'),
        ("{{percentile(mass, 0.9)}} {{count() by site}}", '{{percentile("body mass", 0.9)}} {{count() by place}}'),
        ("{{mean(masses)}} {{nonsense(mass)}}", "{{mean(masses)}} {{nonsense(mass)}}"),
    ],
)
def test_live_texts_stay_letter_for_letter(body: str, after: str) -> None:
    assert text_renamed(body, NEW) == after


def test_lost_columns_are_named_with_the_likeliest_of_the_same_kind() -> None:
    """Since when they are lost, what uses them, and what is like them; nothing like them is no suggestion."""
    mass, site = lost_of(board(*TILES), [COLLECTION])
    assert (mass.name, mass.version, mass.since, mass.suggested) == ("mass", 4, "12 Nov 2026", "body mass")
    assert [column.name for column in mass.offers] == ["body mass", "mass_note", "place"]
    assert (site.name, site.version, site.suggested) == ("site", 3, "")
    assert set(site.tiles) == {tile.id for tile in TILES} - {"filter"}
    gone = structs.replace(COLLECTION, gone=(4,))
    assert lost_of(board(*TILES), [gone]) == []


def test_one_act_changes_all_tiles_and_counts_them() -> None:
    """Tiles of other collections stay; what changes is told by property."""
    other = CardTile(id="other", collection_id="o", column_name="mass")
    before = board(*TILES, other)
    after = remapped(before, COLLECTION, NEW)
    assert lost_of(after, [COLLECTION]) == []
    assert after.tiles["other"] == other
    assert {tile.version for key, tile in after.tiles.items() if key != "other"} == {2}
    told = rewritten(before, after)
    assert {one.tile_id for one in told} == {tile.id for tile in TILES}
    assert ("card", "column_name", "mass", "body mass") in {
        (one.tile_id, one.property, one.before, one.after) for one in told if isinstance(one.before, str)
    }


def test_the_condition_of_the_whole_dashboard_follows() -> None:
    """Unless another collection has the old column: then it is about that one still."""
    before = structs.replace(board(TILES[3]), filter_expr="col('mass') > 3 & col('site') == 'A'")
    mass, site = lost_of(before, [COLLECTION])
    assert (mass.in_condition, site.in_condition, site.tiles) == (True, True, ())
    after = remapped(before, COLLECTION, NEW)
    assert after.filter_expr == "col('body mass') > 3 & col('place') == 'A'"
    assert rewritten(before, after)[-1].after == after.filter_expr
    other = DataCollection(
        id="o", project_id="p", tag="o", workflow="flow", columns=(Column("site", "String", ColumnKind.TEXT),)
    )
    assert [one.name for one in lost_of(before, [COLLECTION, other]) if one.in_condition] == ["mass"]
    kept = remapped(before, COLLECTION, NEW, [other])
    assert kept.filter_expr == "col('body mass') > 3 & col('site') == 'A'"


def test_what_cannot_be_remapped_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        remapped(board(*TILES), COLLECTION, {"mass": "weight"})
    assert [one.place for one in refused.value.problems] == ["weight"]
    with pytest.raises(NotFound):
        remapped(board(*TILES), COLLECTION, {"never": "place"})
