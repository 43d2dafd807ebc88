"""A table's content equals what plain polars makes of the same files, for any files."""

import tempfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.description import CollectionDescription, TableProperties
from domain.ingests import FoundFile, plan, reading_of
from domain.project_file import project_description
from persistence.foreseen import LARGE_FILE
from persistence.objects import open_objects
from persistence.scan import sha256_of
from persistence.stacking import read_ledger, stack
from persistence.table_files import read_table
from persistence.tables import Tables
from tests.ingest.lab import project, table

NUMBERS = ("whole", "fraction", "narrow")
COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "whole": st.none() | st.integers(-(2**40), 2**40),
    "fraction": st.none() | st.integers(-1000, 1000) | st.floats(-1e6, 1e6, allow_nan=False),
    "text": st.none() | st.sampled_from(["a b", 'say "hi"', "x,y", "Zürich", "two\nlines"]),
    "flag": st.none() | st.booleans(),
    "narrow": st.none() | st.integers(-100, 100),
}


@st.composite
def frames(draw: st.DrawFn) -> pl.DataFrame:
    """A few rows with some of the columns; the numbers are whole in some files and fractions in others."""
    names = draw(st.lists(st.sampled_from(list(COLUMNS)), min_size=1, unique=True))
    height = draw(st.integers(1, 5))
    values = {name: draw(st.lists(COLUMNS[name], min_size=height, max_size=height)) for name in names}
    # A last column that is never empty: a row without any value would be a blank line, which is no row.
    return pl.DataFrame({**values, "always": list(range(height))}, strict=False)


def plain(files: dict[str, Path]) -> pl.DataFrame:
    """What polars alone reads: every file with types inferred from all its rows, stacked diagonally."""
    read = []
    for name in sorted(files):
        frame = pl.read_csv(files[name], infer_schema_length=None)
        empty = [column for column in frame.columns if frame[column].null_count() == frame.height]
        frame = frame.with_columns(pl.col(empty).cast(pl.Null)) if empty else frame
        run = name.partition("/")[0]
        read.append(frame.with_columns(depictio_run_id=pl.lit(run), depictio_file=pl.lit(name)))
    return pl.concat(read, how="diagonal_relaxed")


def as_plain(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return sorted(frame.sort("depictio_file", "always").to_dicts(), key=lambda row: str(row["depictio_file"]))


def found(name: str, path: Path) -> FoundFile:
    stat = path.stat()
    run = name.partition("/")[0]
    return FoundFile(path=name, run=run, size=stat.st_size, mtime_ns=stat.st_mtime_ns, sha256=sha256_of(path))


def described() -> CollectionDescription:
    return project_description(project(table())).workflows[0].data_collections[0]


class Files:
    """Files and the table that is made of them, step by step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, Path] = {}
        self.tables = Tables(open_objects(str(folder / "objects")))

    def set(self, number: int, frame: pl.DataFrame | None) -> None:
        name = f"run_{number}/f.csv"
        path = self.folder / f"{number}.csv"
        if frame is None:
            self.files.pop(name, None)
        else:
            frame.write_csv(path)
            self.files[name] = path

    def ingest(self, table_path: str) -> pl.DataFrame:
        collection = described()
        listing = [found(name, path) for name, path in self.files.items()]
        reading = reading_of(collection.config)
        _, ledger = read_ledger(self.tables, table_path)
        todo = plan(ledger, listing, reading)
        if not todo.changes_nothing:
            spool = self.folder
            asked = (self.tables, table_path, collection, todo, listing, reading, self.files.__getitem__, spool)
            version, ledger = stack(*asked)
            # As on a cluster, where a worker may die between its commit and its answer.
            assert stack(*asked) == (version, ledger)
        frame = self.tables.scan(table_path).collect()
        assert ledger is not None
        assert ledger.rows == frame.height
        return frame


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    first=st.lists(frames(), min_size=1, max_size=4),
    then=st.lists(st.tuples(st.integers(0, 5), st.none() | frames()), max_size=4),
)
def test_a_table_is_what_plain_polars_reads(
    first: list[pl.DataFrame], then: list[tuple[int, pl.DataFrame | None]]
) -> None:
    """After the first ingest, and after files came, changed and went, the table is that of the files as they are now.

    The types are those of a first ingest too, whatever the history.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = Files(Path(folder))
        for number, frame in enumerate(first):
            files.set(number, frame)
        assert as_plain(files.ingest("grown")) == as_plain(plain(files.files))
        for number, frame in then:
            files.set(number, frame)
        if not files.files:
            return
        grown, fresh, expected = files.ingest("grown"), files.ingest("fresh"), plain(files.files)
        assert as_plain(grown) == as_plain(fresh)
        assert dict(grown.schema) == dict(fresh.schema)
        assert as_plain(grown.select(expected.columns)) == as_plain(expected)
        types = {name: pl.String() if dtype == pl.Null else dtype for name, dtype in expected.schema.items()}
        assert dict(grown.select(expected.columns).schema) == types


@pytest.mark.parametrize(
    ("first", "later", "dtype", "value"),
    [
        ("1", "2", pl.Int64, 2),
        ("1", "2.5", pl.Float64, 2.5),
        ("1", "many", pl.String, "many"),
        ("", "7", pl.Int64, 7),
        ("1.5", "x", pl.String, "x"),
        ("true", "2", pl.String, "2"),
    ],
)
def test_a_type_that_shows_late_is_found(
    first: str, later: str, dtype: type[pl.DataType], value: object, tmp_path: Path
) -> None:
    """Large files are read by what their first rows hold; what does not fit further down decides all the same."""
    path = tmp_path / "large.csv"
    filler = "x" * 100
    path.write_text("a,b\n" + f"{first},{filler}\n" * 20_000 + f"{later},{filler}\n")
    frame = read_table(path, TableProperties(format="csv"), "large.csv")
    assert path.stat().st_size > LARGE_FILE
    assert frame["a"].dtype == dtype
    assert frame["a"][-1] == value
    assert frame.height == 20_001
