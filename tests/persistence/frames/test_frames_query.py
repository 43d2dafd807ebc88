"""The engine as a library: tables as they are given, failures as errors."""

from pathlib import Path

import polars as pl
import pytest

from domain.description import LinkConfig
from domain.errors import Invalid, Unavailable
from domain.filters import Clause
from domain.links import Link
from domain.rows import SortKey
from domain.tiles import Aggregation, CardTile, TableTile, TextTile
from persistence.frames.query import GivenTable, frame_of, query, query_page
from persistence.frames.shapes import Failure, Frame

DATA = pl.DataFrame({"sample": ["a", "a", "b", None], "mass": [3.5, 5.0, 1.5, 4.0]})
SITES = pl.DataFrame({"sample": ["a", "b"], "habitat": ["reef", "kelp"]})
SUM = CardTile(id="sum", collection_id="data", column_name="mass", aggregation=Aggregation.SUM)
ROWS = TableTile(id="rows", collection_id="data")


def stored(folder: Path) -> Path:
    """The same rows as a Delta table, of which an older version has none."""
    DATA.clear().write_delta(folder)
    DATA.write_delta(folder, mode="append")
    return folder


@pytest.mark.parametrize("kind", ["frame", "lazy", "path", "text", "version"])
def test_each_kind_of_table_gives_the_same(kind: str, tmp_path: Path) -> None:
    table: GivenTable
    match kind:
        case "frame":
            table = DATA
        case "lazy":
            table = DATA.lazy()
        case "path":
            table = stored(tmp_path / "table")
        case "text":
            table = str(stored(tmp_path / "table"))
        case _:
            table = pl.scan_delta(stored(tmp_path / "table"), version=1)
    heavy = Clause(source="", collection_id="data", column="mass", op="between", values=(3, None))
    frame = frame_of(query([SUM], {"data": table}, (heavy,))["sum"])
    assert frame.data.row(0, named=True) == {"value": 12.5, "values": 3}
    assert (frame.rows_matched, frame.rows_total) == (3, 4)


def test_links_carry_clauses_from_one_table_to_another() -> None:
    link = Link(
        id="1",
        name="sites → data",
        source="sites",
        source_column="sample",
        target="data",
        target_column="sample",
        config=LinkConfig(),
    )
    reef = Clause(source="", collection_id="sites", column="habitat", op="in", values=("reef",))
    found = query([SUM, TextTile(id="words")], {"data": DATA, "sites": SITES}, (reef,), (link,))
    assert found.keys() == {"sum"}
    assert frame_of(found["sum"]).data["value"].item() == 8.5


def test_a_page_is_sorted_and_cut() -> None:
    found = query_page(ROWS, {"data": DATA}, offset=1, limit=2, sort=[SortKey("mass", descending=True)])
    assert frame_of(found).data.rows() == [(None, 4.0), ("a", 3.5)]
    assert frame_of(found).of == 4


def test_a_failure_is_an_error_and_harms_no_other_tile() -> None:
    """The message is the failure's own."""
    lost = CardTile(id="lost", collection_id="data", column_name="weight")
    found = query([lost, SUM], {"data": DATA})
    assert isinstance(found["sum"], Frame)
    with pytest.raises(Invalid, match="The table 'data' has no column 'weight'"):
        frame_of(found["lost"])
    with pytest.raises(Unavailable, match="later"):
        frame_of(Failure("Try again later.", retry=True))


def test_a_table_that_is_not_there_is_the_callers_error(tmp_path: Path) -> None:
    """It is raised at once rather than answered for each tile."""
    with pytest.raises(FileNotFoundError):
        query([SUM], {"data": tmp_path / "nowhere"})
