"""The density of sampled scatters: exact under every kind of filter, and a grid that holds still.

Random tables of every type are those of `test_exact_tiles`, whose scatters are compared with `plain_density` too.
"""

import math
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from domain.filters import Clause
from domain.tiles import FigureTile, Visu
from persistence.frames.density import sizes_for
from tests.persistence.frames.plain_tiles import check
from tests.persistence.frames.support import COLLECTION, CUBES, clause, frame

ROWS = 9_000
START = datetime(2024, 3, 1)  # noqa: DTZ001
DATA = pl.DataFrame(
    {
        "row": range(ROWS),
        "x": [
            [None, math.nan, math.inf, -math.inf][n // 97 % 4] if n % 97 == 0 else n * 31 % 997 / 8 for n in range(ROWS)
        ],
        "y": [n * 7_919 % 4_999 / 3 for n in range(ROWS)],
        "whole": [n * 13 % 301 - 150 for n in range(ROWS)],
        "same": [4.5] * ROWS,
        "day": [(START + timedelta(days=n % 200)).date() for n in range(ROWS)],
        "at": pl.Series([START + timedelta(minutes=97 * n) for n in range(ROWS)]).dt.replace_time_zone(
            "Europe/Paris", ambiguous="earliest", non_existent="null"
        ),
        "word": [f"w{n % 5}" if n % 11 else None for n in range(ROWS)],
    }
)
FILTERS: dict[str, tuple[Clause, ...]] = {
    "none": (),
    "words": (clause("word", "in", "w1", None),),
    "a range": (clause("y", "between", 100.5, 900.0),),
    "a range of what is drawn": (clause("x", "between", 20.0, None),),
    "words in a range": (clause("word", "in", "w2", "w3", "w4"), clause("whole", "between", -100, 80)),
    "a text": (clause("word", "contains", "1"),),
    "a lasso": (clause("y", "within", 0, 0, 0, 200, 900, 200, 900, 0, column_y="whole"),),
    "two ranges": (clause("y", "between", 100.5, None), clause("x", "between", None, 90.0)),
}


def scatter(x: str, y: str, **more: Any) -> FigureTile:
    roles = {"max_points": 40, "selection_column": "row"} | more
    return FigureTile(id="t", collection_id=COLLECTION, visu_type=Visu.SCATTER, x=x, y=y, **roles)


@pytest.mark.parametrize(
    "axes", [("x", "y"), ("whole", "x"), ("same", "same"), ("day", "at"), ("y", "y")], ids=" by ".join
)
@pytest.mark.parametrize("filters", FILTERS.values(), ids=list(FILTERS))
def test_every_point_that_matches_is_counted(axes: tuple[str, str], filters: tuple[Clause, ...]) -> None:
    """And none that cannot be drawn: without a value, not a number, infinite."""
    tile = scatter(*axes)
    check(tile, filters, DATA, frame(tile, DATA, *filters))


@pytest.mark.parametrize("filters", [FILTERS["words"], FILTERS["a range"]], ids=["words", "a range"])
def test_the_grid_holds_still_under_filters(filters: tuple[Clause, ...]) -> None:
    """It lies over the whole table, whatever matches."""
    tile = scatter("x", "y")
    before, after = frame(tile, DATA).density, frame(tile, DATA, *filters).density
    assert before is not None
    assert after is not None
    assert (before.x.edges()[0], before.x.edges()[-1]) == (after.x.edges()[0], after.x.edges()[-1])
    assert CUBES or (before.x, before.y) == (after.x, after.y)


def test_whole_numbers_lie_in_the_middle_of_their_bins() -> None:
    """Each bin holds equally many of them, so that none is darker for holding one more."""
    density = frame(scatter("whole", "row"), DATA).density
    assert density is not None
    assert (density.x.start, density.x.step % 1) == (-150.5, 0)


@pytest.mark.parametrize(
    "tile",
    [
        scatter("x", "y", max_points=ROWS),
        scatter("x", "word"),
        scatter("x", "y", log_x=True),
        scatter("x", "y", log_y=True),
    ],
    ids=["all points", "words", "log x", "log y"],
)
def test_where_there_is_none(tile: FigureTile) -> None:
    """When all points are there, where an axis has no numbers, and where equal bins would not look equal."""
    assert frame(tile, DATA).density is None


def test_values_too_large_for_bins_have_none() -> None:
    data = pl.DataFrame({"x": [1.7e308, -1.7e308, 0.0], "y": [1.0, 2.0, 3.0]})
    assert frame(scatter("x", "y", max_points=1, selection_column=None), data).density is None


def test_a_single_place() -> None:
    """Many points, one cell."""
    data = pl.DataFrame({"x": [3.0] * 50, "y": [4] * 50})
    density = frame(scatter("x", "y", selection_column=None), data).density
    assert density is not None
    assert (density.x.count, density.y.count, density.counts.to_list()) == (1, 1, [50])


def test_fine_grids_are_for_large_tables() -> None:
    """Too few rows to a cell would show chance; coarser ones stand in where no cube of the finest fits."""
    assert list(sizes_for(100)) == [(24, 16)]
    assert list(sizes_for(20_000)) == [(48, 32), (24, 16)]
    assert list(sizes_for(12_000_000)) == [(96, 64), (48, 32), (24, 16)]
