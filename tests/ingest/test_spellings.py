"""What only looks like a number stays text, wherever it stands in a large file: as plain polars reads it."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.description import TableProperties
from persistence.foreseen import INFERRED_FROM, LARGE_FILE
from persistence.table_files import read_table
from persistence.text_tables import CHUNK

FIRST = ("7", "1.5", "true")
FILLER = "x" * 120
PIECES = ("0", "5", "12", "+", "-", ".", "e", "E", " ", "_", "\t", '""', '"5"', "true", "True")
WORDS = ("nan", "NaN", "NAN", "inf", "Inf", "infinity", "INFINITY", "information", "none")
VALUES = st.lists(st.sampled_from(PIECES), max_size=4).map("".join) | st.tuples(
    st.sampled_from(["", "-", "+", '"']), st.sampled_from(WORDS)
).map(lambda parts: "".join(parts) + ('"' if parts[0] == '"' else ""))


def assert_as_plain_polars_reads(path: Path) -> None:
    """Every value and every type."""
    try:
        expected = pl.read_csv(path, infer_schema_length=None)
    except pl.exceptions.PolarsError:
        return
    frame = read_table(path, TableProperties(format="csv"), path.name)
    assert path.stat().st_size > LARGE_FILE
    empty = [name for name in expected.columns if expected[name].null_count() == expected.height]
    assert frame.equals(expected.with_columns(pl.col(empty).cast(pl.Null)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.sampled_from(FIRST), later=VALUES)
def test_a_late_spelling_is_read_as_plain_polars_reads_it(first: str, later: str, tmp_path: Path) -> None:
    """The types of the first rows never decide what a later value is."""
    path = tmp_path / "large.csv"
    path.write_text("a,b\n" + f"{first},{FILLER}\n" * (INFERRED_FROM + 500) + f"{later},x\n{first},x\n")
    assert_as_plain_polars_reads(path)


@pytest.mark.parametrize(
    "later", ["nan", "-nan", "Inf", "INFINITY", '"nan"', "+5", " 5", "\t5", '""', '" 5"', "5.E12", "NaN", "inf", "-inf"]
)
@pytest.mark.parametrize("first", FIRST)
def test_what_parses_as_a_number_may_be_text(first: str, later: str, tmp_path: Path) -> None:
    """Each of the spellings in which the parser and the inference of polars differ, and those in which they do not."""
    path = tmp_path / "large.csv"
    path.write_text("b,a\n" + f"{FILLER},{first}\n" * (INFERRED_FROM + 500) + f"x,{later}\nx,{first}\n")
    assert_as_plain_polars_reads(path)


def test_a_spelling_across_two_chunks_is_found(tmp_path: Path) -> None:
    """Files are searched piece by piece; what lies on a border counts too."""
    assert LARGE_FILE % CHUNK == 0
    path = tmp_path / "large.csv"
    line = f"1.5,{FILLER}\n"
    for shift in range(-4, 5):
        rows = (LARGE_FILE - len("a,b\n") + shift) // len(line)
        fill = LARGE_FILE - len("a,b\n") - rows * len(line) + shift
        late = f"1.5,{'y' * max(fill - len('1.5,') - 1, 1)}\nnan,x\n"
        path.write_text("a,b\n" + line * rows + late + line * INFERRED_FROM)
        assert_as_plain_polars_reads(path)


def test_a_column_that_is_empty_at_first_costs_no_type(tmp_path: Path) -> None:
    """It is without a type when it stays empty, and has that of its late values when there are any."""
    path = tmp_path / "large.csv"
    rows = f"1,,{FILLER}\n" * (INFERRED_FROM + 500)
    for late, dtype in (("1,,x\n", pl.Null), ("1,2.5,x\n", pl.Float64)):
        path.write_text("a,b,c\n" + rows + late)
        assert read_table(path, TableProperties(format="csv"), "large.csv")["b"].dtype == dtype
