"""The rules of files that were sent together."""

import pytest

from domain.batches import common_tag, kind_of, merged
from domain.uploaded import Reading


@pytest.mark.parametrize(
    ("names", "tag"),
    [
        (["sites.csv"], "sites"),
        (["run_1.csv", "run_2.csv.gz"], "run"),
        (["depths 2024-01.csv", "depths 2024-02.csv"], "depths"),
        (["a.csv", "b.csv"], "a"),
        (["2024_a.csv", "2024_b.csv"], "2024_a"),
    ],
)
def test_a_table_is_called_by_what_names_begin_with(names: list[str], tag: str) -> None:
    assert common_tag(names) == tag


def test_one_kind_is_of_the_same_columns_and_one_way_of_reading() -> None:
    """The order of columns and what stands in them make no other kind; separator and encoding do."""
    kind = kind_of(Reading(), ["a", "b"])
    assert kind == kind_of(Reading(decimal_comma=True, has_dates=True), ["b", "a"])
    others = [(Reading(), ["a"]), (Reading(separator=";"), ["a", "b"]), (Reading(encoding="latin-1"), ["a", "b"])]
    assert all(kind_of(reading, columns) != kind for reading, columns in others)


def test_what_one_file_shows_holds_for_all_of_its_kind() -> None:
    readings = [Reading(null_values=("NA",)), Reading(null_values=("-",), has_dates=True), Reading(decimal_comma=True)]
    assert merged(readings) == Reading(null_values=("-", "NA"), has_dates=True, decimal_comma=True)
