"""Single values beside distributions: points of boxes and violins, and rugs."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from domain.figure_roles import has_points
from domain.tiles import FigureTile, Visu
from persistence.frames.marks import CELLS, MOST_MARKS
from persistence.frames.query import query
from persistence.frames.shapes import Failure, Frame

SIZE = 4_000
RANDOM = np.random.default_rng(5)
DATA = pl.DataFrame(
    {
        "g": ["small" if number < 40 else "large" for number in range(SIZE)],
        "n": [*RANDOM.normal(100, 1, 40), *RANDOM.normal(size=SIZE - 41), float("nan")],
        "w": 10 ** RANDOM.uniform(0, 6, SIZE),
        "d": [date(2024, 1, 1) + timedelta(days=number % 50) for number in range(SIZE)],
        "id": [f"row {number}" for number in range(SIZE)],
    }
)


def frame(visu: Visu, **roles: Any) -> Frame:
    fields = {name: roles.pop(name) for name in list(roles) if name in FigureTile.__struct_fields__}
    tile = FigureTile(id="t", collection_id="c", visu_type=visu, options=roles, **fields)
    found = query([tile], {"c": DATA})["t"]
    assert isinstance(found, Frame), found
    assert has_points(tile) == ("points" in found.extra)
    return found


@pytest.mark.parametrize("visu", [Visu.BOX, Visu.VIOLIN])
def test_points_beside_boxes_are_bounded_and_keep_the_ends_of_each_group(visu: Visu) -> None:
    """Of the small group as well, whose rows a sample alone would nearly lose; numbers that are missing have none."""
    found = frame(visu, x="g", y="n", points="all", hover=("id",), hover_name="g", max_points=400)
    points = found.extra["points"]
    assert points.columns == ["x", "y", "hover_name", "hover_0"]
    assert points.height == 400
    assert int(found.data["count"].sum()) == SIZE - 1
    own = dict(DATA.select("id", "n").iter_rows())
    assert [own[name] for name in points["hover_0"]] == points["y"].to_list()
    finite = DATA.filter(pl.col("n").is_finite())
    for group in ("small", "large"):
        every = finite.filter(pl.col("g") == group)["n"].sort().to_list()
        kept = set(points.filter(pl.col("x") == group)["y"])
        assert {*every[:10], *every[-10:]} <= kept
    again = frame(visu, x="g", y="n", points="all", hover=("id",), hover_name="g", max_points=400)
    assert again.extra["points"].equals(points)


def test_points_are_all_rows_where_the_bound_allows_it() -> None:
    """In the order of the table, in one box too."""
    found = frame(Visu.BOX, x="n", points="all", max_points=SIZE).extra["points"]
    assert found.columns == ["y"]
    assert found["y"].to_list() == DATA["n"].to_list()[:-1]
    parted = frame(Visu.BOX, x="g", y="n", color="d", facet_col="g", points="all").extra["points"]
    assert parted.columns == ["x", "color", "facet_col", "y"]
    assert parted.height == SIZE - 1


@pytest.mark.parametrize(("column", "log"), [("n", False), ("w", True), ("d", False)])
def test_a_rug_has_a_mark_wherever_rows_lie(column: str, log: bool) -> None:
    """No place of the axis is left out, each mark is a value of the column, both ends are there."""
    found = frame(Visu.SCATTER, x=column, y="w", log_x=log, marginal_x="rug").extra["marginal_x"]
    values = DATA[column].drop_nans() if column == "n" else DATA[column]
    assert set(found["y"]) <= set(values)
    assert (found["y"].min(), found["y"].max()) == (values.min(), values.max())
    assert int(found["rows"].sum()) == len(values)
    assert found.height <= CELLS + 1

    def along(these: pl.Series) -> np.ndarray[Any, Any]:
        numbers = these.to_physical().cast(pl.Float64).to_numpy()
        return np.log10(numbers) if log else numbers

    marks, every = np.sort(along(found["y"])), along(values)
    below = marks[np.searchsorted(marks, every, side="right") - 1]
    assert float((every - below).max()) <= (every.max() - every.min()) / CELLS * 1.000001


def test_a_rug_is_parted_by_colour_and_panel_and_bounded() -> None:
    """Of very many colours the marks become coarser, not fewer than the places that have rows."""
    found = frame(Visu.HISTOGRAM, x="n", color="g", facet_row="d", marginal="rug").extra["marginal_x"]
    assert found.columns == ["x", "color", "facet_row", "y", "rows"]
    assert int(found["rows"].sum()) == SIZE - 1
    many = frame(Visu.SCATTER, x="w", y="n", color="id", facet_row="d", marginal_y="rug").extra["marginal_y"]
    assert many.height <= MOST_MARKS
    assert many["color"].n_unique() == 200


def test_a_rug_of_words_is_refused_with_the_column() -> None:
    tile = FigureTile(
        id="t", collection_id="c", visu_type=Visu.SCATTER, x="id", y="n", options={"marginal_x": "rug"}
    )  # fmt: skip
    found = query([tile], {"c": DATA})["t"]
    assert isinstance(found, Failure)
    assert "'id'" in found.message
