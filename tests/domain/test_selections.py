"""From the wishes of a link or a widget to clauses: each kind of tile, and everything that does not fit."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dashboards import Dashboard
from domain.errors import Invalid
from domain.filters import Clause, Operator, Scalar, Wish, decode_wishes
from domain.selections import can_select, filter_state, picked_column
from domain.tiles import CardTile, FigureTile, FilterTile, FilterWidget, TableTile, TextTile, Tile, Visu

AT = datetime(2026, 1, 1, tzinfo=UTC)


def filter_tile(tile_id: str, column: str, widget: FilterWidget) -> FilterTile:
    return FilterTile(id=tile_id, collection_id="c", column_name=column, interactive_component_type=widget)


SPECIES = filter_tile("species", "species", FilterWidget.MULTI_SELECT)
MASS = filter_tile("mass", "mass_g", FilterWidget.RANGE_SLIDER)
SEEN = filter_tile("seen", "seen_on", FilterWidget.DATE_RANGE)
NAME = filter_tile("name", "name", FilterWidget.TEXT)
PANELS = FigureTile(
    id="panels", collection_id="c", visu_type=Visu.SCATTER, x="bill", y="flipper",
    options={"facet_col": "species", "facet_row": "sex"},
)  # fmt: skip
REGION = FigureTile(id="region", collection_id="c", visu_type=Visu.SCATTER, x="bill", y="flipper")
POINTS = msgspec.structs.replace(REGION, id="points", selection_column="name")
BAR = FigureTile(id="bar", collection_id="c", visu_type=Visu.BAR, x="species", color="sex")
BINS = FigureTile(id="bins", collection_id="c", visu_type=Visu.HISTOGRAM, x="bill")
TABLE = TableTile(id="table", collection_id="c", selection_column="name")
DEAF = (
    msgspec.structs.replace(REGION, id="deaf-scatter", selection_enabled=False),
    FigureTile(id="line", collection_id="c", visu_type=Visu.LINE, x="species", selection_column="name"),
    FigureTile(id="deaf-bar", collection_id="c", visu_type=Visu.BAR, x="species", selection_enabled=False),
    TableTile(id="deaf-table", collection_id="c"),
    CardTile(id="card", collection_id="c", column_name="mass_g"),
    TextTile(id="text"),
)
TILES: tuple[Tile, ...] = (SPECIES, MASS, SEEN, NAME, REGION, PANELS, POINTS, BAR, BINS, TABLE, *DEAF)
BOARD = Dashboard(
    id="d", project_id="p", title="T", created_by="u", created_at=AT, updated_at=AT, tiles={t.id: t for t in TILES}
)


def clause(
    source: str, column: str, op: Operator, *values: Scalar, y: str | None = None, selection: bool = False
) -> Clause:
    return Clause(
        source=source, collection_id="c", column=column, op=op, values=values, column_y=y, selection=selection
    )


@pytest.mark.parametrize(
    ("tile_id", "wishes", "expected"),
    [
        ("species", [Wish("in", ("Adelie", None))], [clause("species", "species", "in", "Adelie", None)]),
        ("bar", [Wish("in", ("Adelie", None))], [clause("bar", "species", "in", "Adelie", None, selection=True)]),
        ("bins", [Wish("bins", (1, 2, 5, None))], [clause("bins", "bill", "bins", 1, 2, 5, None, selection=True)]),
        ("bar", [], []),
        ("species", [Wish("in", ())], [clause("species", "species", "in")]),
        ("mass", [Wish("between", (None, 4000.0))], [clause("mass", "mass_g", "between", None, 4000.0)]),
        (
            "seen",
            [Wish("between", ("2009-01-01", "2009-12-31"))],
            [clause("seen", "seen_on", "between", "2009-01-01", "2009-12-31")],
        ),
        ("name", [Wish("contains", ("N1A",))], [clause("name", "name", "contains", "N1A")]),
        ("points", [Wish("in", ("a", "b"))], [clause("points", "name", "in", "a", "b", selection=True)]),
        ("table", [Wish("in", ("a",))], [clause("table", "name", "in", "a", selection=True)]),
        (
            "region",
            [Wish("between", (1, 2)), Wish("between", (3, 4))],
            [
                clause("region", "bill", "between", 1, 2, selection=True),
                clause("region", "flipper", "between", 3, 4, selection=True),
            ],
        ),
        (
            "region",
            [Wish("in", ("a",)), Wish("between", (3, 4))],
            [
                clause("region", "bill", "in", "a", selection=True),
                clause("region", "flipper", "between", 3, 4, selection=True),
            ],
        ),
        (
            "region",
            [Wish("within", (0, 0, 1, 0, 1, 1))],
            [clause("region", "bill", "within", 0, 0, 1, 0, 1, 1, y="flipper", selection=True)],
        ),
        ("region", [], []),
        (
            "region",
            [Wish("bins", (1, 2)), Wish("between", (None, None))],
            [
                clause("region", "bill", "bins", 1, 2, selection=True),
                clause("region", "flipper", "between", None, None, selection=True),
            ],
        ),
        (
            "panels",
            [Wish("within", (0, 0, 1, 0, 1, 1)), Wish("in", ("female",)), Wish("in", ("Gentoo",))],
            [
                clause("panels", "bill", "within", 0, 0, 1, 0, 1, 1, y="flipper", selection=True),
                clause("panels", "sex", "in", "female", selection=True),
                clause("panels", "species", "in", "Gentoo", selection=True),
            ],
        ),
        (
            "panels",
            [Wish("within", (0, 0, 1, 0, 1, 1))],
            [
                clause("panels", "bill", "within", 0, 0, 1, 0, 1, 1, y="flipper", selection=True),
            ],
        ),
        ("species", [], []),
        ("table", [], []),
    ],
)
def test_each_wish_becomes_the_clause_of_its_tile(tile_id: str, wishes: list[Wish], expected: list[Clause]) -> None:
    """The tile says which column of which collection is meant, and whether it is a selection."""
    assert filter_state(BOARD, {tile_id: tuple(wishes)}, ()) == tuple(expected)


OPERATORS: dict[str, set[Operator]] = {
    "species": {"in"},
    "mass": {"between"},
    "seen": {"between"},
    "name": {"contains"},
    "points": {"in"},
    "table": {"in"},
    "region": {"within"},
    "bar": {"in", "bins"},
    **{tile.id: set() for tile in DEAF},
}


@pytest.mark.parametrize("tile_id", OPERATORS)
@pytest.mark.parametrize("op", ["in", "between", "contains", "within", "bins"])
def test_a_tile_filters_by_its_own_operators_only(tile_id: str, op: Operator) -> None:
    """What a tile cannot say is an error that names it; a filter is never dropped."""
    wishes = {tile_id: (Wish(op, (1, 2, 3, 4, 5, 6)),)}
    if op in OPERATORS[tile_id]:
        assert [found.op for found in filter_state(BOARD, wishes, ())] == [op]
        return
    with pytest.raises(Invalid) as raised:
        filter_state(BOARD, wishes, ())
    assert [problem.place for problem in raised.value.problems] == [tile_id]


@pytest.mark.parametrize(
    "wishes",
    [
        (Wish("between", (1, 2)),),
        (Wish("in", ("a",)),),
        (Wish("between", (1, 2)), Wish("within", (0, 0, 1, 0, 1, 1))),
        (Wish("within", (0, 0, 1, 0, 1, 1)), Wish("within", (0, 0, 1, 0, 1, 1))),
        (Wish("contains", ("a",)), Wish("between", (1, 2))),
        (Wish("between", (1, 2)),) * 3,
        (Wish("within", (0, 0, 1, 0, 1, 1)), Wish("in", ("a",))),
    ],
)
def test_a_region_is_one_lasso_or_one_box(wishes: tuple[Wish, ...]) -> None:
    """A half of a box would select more than was drawn."""
    with pytest.raises(Invalid, match="does not fit"):
        filter_state(BOARD, {"region": wishes}, ())


def test_a_region_without_a_second_axis_cannot_be_meant() -> None:
    """A scatter that lost its y has no region."""
    flat = msgspec.structs.replace(REGION, y=None)
    board = msgspec.structs.replace(BOARD, tiles={"region": flat})
    with pytest.raises(Invalid, match="does not fit"):
        filter_state(board, {"region": (Wish("within", (0, 0, 1, 0, 1, 1)),)}, ())


@pytest.mark.parametrize("wishes", [(), (Wish("in", ("Adelie",)),)])
def test_a_wish_of_a_deleted_tile_is_refused_and_not_dropped(wishes: tuple[Wish, ...]) -> None:
    """Dropping it would show unfiltered data under a link that promises a filter."""
    with pytest.raises(Invalid, match="a tile that is gone") as raised:
        filter_state(BOARD, {"species": (Wish("in", ("Adelie",)),), "gone": wishes}, ())
    assert [problem.place for problem in raised.value.problems] == ["gone"]


@pytest.mark.parametrize("tile", TILES, ids=lambda tile: tile.id)
def test_scatters_and_tables_that_say_so_can_select(tile: Tile) -> None:
    """Points of a scatter and marks of bars unless switched off; rows of a table that names a column."""
    assert can_select(tile) == (tile.id in {"region", "panels", "points", "bar", "bins", "table"})


@pytest.mark.parametrize(
    ("visu", "more", "column"),
    [
        (Visu.PIE, {"options": {"names": "species", "values": "mass_g"}}, "species"),
        (Visu.FUNNEL_AREA, {"options": {"names": "species"}}, "species"),
        (Visu.FUNNEL, {"x": "mass_g", "y": "species"}, "species"),
        (Visu.FUNNEL, {"x": "species", "y": "mass_g", "options": {"orientation": "v"}}, "species"),
        (Visu.VIOLIN, {"x": "species", "y": "mass_g"}, "species"),
        (Visu.VIOLIN, {"y": "mass_g"}, None),
        (Visu.STRIP, {"x": "mass_g", "y": "species", "options": {"orientation": "h"}}, "species"),
        (Visu.BAR, {"x": "mass_g", "y": "species", "options": {"orientation": "h"}}, "species"),
        (Visu.BOX, {"x": "mass_g"}, None),
    ],
)
def test_marks_stand_for_the_column_that_groups_them(visu: Visu, more: dict[str, Any], column: str | None) -> None:
    """Whichever parameter names it, lying or standing; a figure of one group has nothing to pick."""
    tile = FigureTile(id="f", collection_id="c", visu_type=visu, **more)
    assert picked_column(tile) == column
    assert can_select(tile) == (column is not None)
    board = msgspec.structs.replace(BOARD, tiles={"f": tile})
    wishes = {"f": (Wish("in", ("Adelie",)),)}
    if column is None:
        with pytest.raises(Invalid, match="does not fit"):
            filter_state(board, wishes, ())
    else:
        assert filter_state(board, wishes, ()) == (clause("f", column, "in", "Adelie", selection=True),)


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text()
    | st.floats(allow_nan=False).filter(lambda value: abs(value) != float("inf"))
)


@given(st.lists(st.tuples(st.sampled_from(["in", "between", "contains", "within"]), st.lists(scalars)), max_size=4))
def test_wishes_survive_a_link(given_wishes: list[tuple[Operator, list[Scalar]]]) -> None:
    """What is written into a link is what is read from it, to the type of each value."""
    wishes = tuple(Wish(op, tuple(values)) for op, values in given_wishes)
    found = decode_wishes(msgspec.json.encode(wishes).decode())
    assert found == wishes
    types = [[type(value) for value in wish.values] for wish in wishes]
    assert [[type(value) for value in wish.values] for wish in found] == types


@given(
    st.dictionaries(
        st.sampled_from([*OPERATORS, "gone"]),
        st.lists(
            st.builds(Wish, st.sampled_from(["in", "between", "contains", "within"]), st.lists(scalars).map(tuple)),
            max_size=3,
        ).map(tuple),
    )
)
def test_all_wishes_become_clauses_or_none_does(wishes: dict[str, tuple[Wish, ...]]) -> None:
    """Either every wish is a clause with its values and its source, in one order, or the state is refused."""
    try:
        state = filter_state(BOARD, wishes, ())
    except Invalid as error:
        assert error.problems  # noqa: PT017 -- Either outcome is right; which one depends on the wishes.
        return
    expected = [(key, wish.op, wish.values) for key in sorted(wishes) for wish in wishes[key]]
    assert [(found.source, found.op, found.values) for found in state] == expected
    assert state == filter_state(BOARD, dict(reversed(wishes.items())), ())
