"""Marks of several columns: what a wish of them means, how few conditions say the same, and what is refused."""

from collections.abc import Sequence
from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.filters import Clause, Mark, MarkPart, Scalar, Wish, decode_wishes
from domain.marks import CELLED, MAX_MARKS, TREES, mark_columns, meant, merged, parting
from domain.questions import DashboardQuestion
from domain.saved_views import ViewState
from domain.selections import can_select, filter_state
from domain.share_links import ShareLink, said_of
from domain.tiles import FigureTile, Visu
from tests.domain.test_selections import AT, BAR, BOARD

STACKED = FigureTile(id="stacked", collection_id="c", visu_type=Visu.HISTOGRAM, x="bill", color="sex")


def part(column: str, *values: Scalar) -> MarkPart:
    return MarkPart(column, "in", values)


@pytest.mark.parametrize(
    ("visu", "more", "columns"),
    [
        (Visu.BAR, {"x": "island", "color": "species"}, ("island", "species")),
        (Visu.BAR, {"x": "island", "color": "island"}, ("island",)),
        (Visu.BAR, {"y": "island", "x": "mass", "color": "sex", "options": {"orientation": "h"}}, ("island", "sex")),
        (Visu.HISTOGRAM, {"x": "bill", "color": "sex", "options": {"facet_col": "island", "facet_row": "sex"}},
         ("bill", "sex", "island")),
        (Visu.BOX, {"x": "island", "y": "mass", "options": {"facet_row": "sex"}}, ("island", "sex")),
        (Visu.BAR, {"x": "island", "options": {"pattern_shape": "sex"}}, ("island", "sex")),
        (Visu.PIE, {"color": "sex", "options": {"names": "species"}}, ("species",)),
        (Visu.LINE, {"x": "island", "color": "sex"}, ()),
        (Visu.SUNBURST, {"options": {"path": ["island", "sex"]}}, ("island", "sex")),
        (Visu.TREEMAP, {"options": {"names": "island"}}, ("island",)),
        (Visu.HEATMAP, {"x": "island", "y": "sex"}, ("island", "sex")),
        (Visu.DENSITY_HEATMAP, {"x": "bill", "y": "mass", "options": {"facet_col": "sex"}}, ("bill", "mass", "sex")),
        (Visu.HEATMAP, {"x": "island"}, ()),
    ],
)  # fmt: skip
def test_each_column_that_tells_marks_apart_is_named_once(visu: Visu, more: object, columns: tuple[str, ...]) -> None:
    """First the one along the axis, then the colour, the panels and the patterns."""
    tile = msgspec.convert({"id": "f", "collection_id": "c", "visu_type": visu, **more}, FigureTile)  # type: ignore[dict-item]
    assert mark_columns(tile) == columns
    assert can_select(tile) == bool(columns)
    if tile.visu_type not in {*TREES, *CELLED}:
        assert tuple(parting(tile).values()) == columns[1:]


def test_a_path_may_end_at_any_level() -> None:
    """The first levels stand for all below them; of cells and bars all columns must be there."""
    tree = FigureTile(id="t", collection_id="c", visu_type=Visu.SUNBURST, options={"path": ["island", "sex"]})
    found = meant(tree, Wish("marks", (("Biscoe",), ("Dream", "male"))))
    assert found == ((part("island", "Biscoe"),), (part("island", "Dream"), part("sex", "male")))
    for wrong in (Wish("marks", (("Biscoe", "male", "x"),)), Wish("marks", ((),))):
        with pytest.raises(Invalid):
            meant(tree, wrong)
    board = msgspec.structs.replace(BOARD, tiles={"t": tree})
    with pytest.raises(Invalid, match="does not fit"):
        filter_state(board, {"t": (Wish("in", ("Biscoe",)),)}, ())


def test_a_mark_is_a_value_or_a_bin_of_each_column() -> None:
    """Of a coloured bar that of its axis and its colour; the same in a link as people write it."""
    wishes = decode_wishes("mark:Adelie*male,Gentoo*(missing)")
    assert wishes == (Wish("marks", (("Adelie", "male"), ("Gentoo", None))),)
    (found,) = filter_state(BOARD, {"bar": wishes}, ())
    expected = ((part("species", "Adelie"), part("sex", "male")), (part("species", "Gentoo"), part("sex", None)))
    assert found == Clause(
        source="bar", collection_id="c", column="species", op="marks", values=(), selection=True, marks=expected
    )
    assert found.columns == ("species", "sex")
    assert said_of(found) == "species is Adelie and sex is male, or species is Gentoo and sex is (missing)"
    bins = decode_wishes("mark:..180*male,190.5..2000*female")
    assert meant(STACKED, bins[0]) == (
        (MarkPart("bill", "bins", (None, 180)), part("sex", "male")),
        (MarkPart("bill", "bins", (190.5, 2000)), part("sex", "female")),
    )


def test_links_of_before_mean_all_colours() -> None:
    """A value of the axis alone is still taken."""
    (found,) = filter_state(BOARD, {"bar": (Wish("in", ("Adelie",)),)}, ())
    assert (found.op, found.column, found.values) == ("in", "species", ("Adelie",))


@pytest.mark.parametrize(
    "values",
    [(), ("Adelie",), (("Adelie",),), (("Adelie", "male", "x"),), (("Adelie", "male"), "Adelie"), ((),),
     tuple((str(number), "male") for number in range(MAX_MARKS + 1))],
)  # fmt: skip
def test_marks_that_do_not_fit_are_refused(values: tuple[Scalar | Mark, ...]) -> None:
    """None is dropped: too few or too many columns, no marks at all, and more than anybody picks."""
    with pytest.raises(Invalid) as raised:
        filter_state(BOARD, {"bar": (Wish("marks", values),)}, ())
    assert [problem.place for problem in raised.value.problems] == ["bar"]


@pytest.mark.parametrize("op", ["in", "between", "contains"])
@pytest.mark.parametrize("tile_id", ["species", "mass", "name", "bar", "points", "region"])
def test_no_other_operator_has_marks(tile_id: str, op: str) -> None:
    """A list among plain values is a fault, whichever tile is to have it."""
    wish = msgspec.convert([op, [["Adelie", "male"]]], Wish)
    with pytest.raises(Invalid, match="does not fit"):
        filter_state(BOARD, {tile_id: (wish, wish) if tile_id == "region" else (wish,)}, ())


rows = st.tuples(*[st.sampled_from(["a", "b", None, 1, True])] * 3)


@given(st.lists(rows, min_size=1, max_size=12))
def test_merged_marks_leave_the_same_rows(chosen: Sequence[tuple[Scalar, ...]]) -> None:
    """Every combination is in one of them just when it was picked; 1 and true stay two."""
    marks = [tuple(part(name, value) for name, value in zip("xyz", row, strict=True)) for row in chosen]
    found = merged(marks)
    assert len(found) <= len(set(map(repr, chosen)))
    left = [tuple(row) for mark in found for row in product(*(one.values for one in mark))]
    assert sorted(set(map(repr, left))) == sorted(set(map(repr, chosen)))


def test_bars_that_fill_a_rectangle_are_one_condition_a_column() -> None:
    """As a box over whole groups selects them; those beside it stay apart."""
    box = Wish("marks", tuple(product(("Adelie", "Gentoo"), ("male", "female"))))
    assert meant(BAR, box) == ((part("species", "Adelie", "Gentoo"), part("sex", "male", "female")),)
    assert len(meant(BAR, Wish("marks", (*box.values, ("Chinstrap", "male"))))) == 2


def test_saved_views_and_rest_have_marks_as_links_do() -> None:
    """Lists of lists, a bin as a list of two; what else is a list within a wish is refused."""
    said = {"bar": [["marks", [["Adelie", None], [[None, 180.5], True]]]]}
    wish = Wish("marks", (("Adelie", None), ((None, 180.5), True)))
    assert msgspec.convert({"filters": said}, ViewState).filters == {"bar": (wish,)}
    assert msgspec.convert({"wishes": said}, DashboardQuestion).wishes == {"bar": (("marks", wish.values),)}
    for odd in ([["marks", [[["a", "b", "c"]]]]], [["marks", [[{}]]]]):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"wishes": {"bar": odd}}, DashboardQuestion)


def test_a_share_link_keeps_fixed_marks() -> None:
    """Stored and read again they are the same clause."""
    fixed = filter_state(BOARD, {"bar": decode_wishes("mark:Adelie*male")}, ())
    link = ShareLink(
        id="l", token_hash="h", project_id="p", dashboard_id="d", name="n", created_by="u", created_by_name="U",
        created_at=AT, fixed=fixed,
    )  # fmt: skip
    assert msgspec.convert(msgspec.to_builtins(link), ShareLink) == link
