"""The rules of uploaded tables."""

import pytest

from domain.collections import DataCollection, Origin
from domain.errors import Conflict, Invalid
from domain.ingests import FoundFile, LedgerFile
from domain.uploaded import (
    Mode,
    Reading,
    check_mode,
    check_names,
    checked_file_name,
    listing_with,
    reading_of_properties,
    suggested_tag,
)

KNOWN = [LedgerFile(path=f"uploads/{name}", run="uploads", size=1, mtime_ns=2, sha256=name, rows=3, schema=0)
         for name in ("a", "b")]  # fmt: skip
NEW = FoundFile(path="uploads/b", run="uploads", size=9, mtime_ns=9, sha256="new")


@pytest.mark.parametrize("name", ["../x.csv", "a/b.csv", "a\\b.csv", "..", ".", "", "x" * 201, "a\nb"])
def test_a_path_is_no_name_of_a_file(name: str) -> None:
    with pytest.raises(Invalid):
        checked_file_name(name)


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("counts.csv.gz", "counts"),
        ("v1.2 final.TSV", "v1_2 final"),
        (".csv", "table"),
        ("x.parquet", "x"),
        ("x.jsonl.zst", "x"),
        ("x.XLSX", "x"),
    ],
)
def test_a_name_is_suggested(name: str, tag: str) -> None:
    """It has no dot, which would part a workflow from a tag."""
    assert suggested_tag(name) == tag
    check_names(tag, "")


def test_faults_of_names_are_all_named() -> None:
    with pytest.raises(Invalid) as refused:
        check_names("a.b", "x" * 5_000)
    assert [problem.place for problem in refused.value.problems] == ["tag", "description"]


@pytest.mark.parametrize(
    "reading",
    [
        Reading(),
        Reading(
            separator=";", decimal_comma=True, has_header=False, has_dates=True, skip_rows=2, null_values=("NA", "-")
        ),
        Reading(format="tsv", separator="\t", types={"a": "String"}),
        Reading(format="parquet"),
        Reading(format="jsonl", encoding="utf-16"),
        Reading(format="xlsx", sheet="Counts", has_header=False),
        Reading(format="feather", types={"a": "String"}),
    ],
)
def test_a_reading_survives_being_kept(reading: Reading) -> None:
    assert reading_of_properties(reading.properties()) == reading


@pytest.mark.parametrize(
    ("reading", "place"),
    [(Reading(separator="::"), "reading.separator"), (Reading(types={"a": "Complex"}), "types.a")],
)
def test_an_option_that_cannot_be_is_named(reading: Reading, place: str) -> None:
    with pytest.raises(Invalid) as refused:
        reading.properties()
    assert [problem.place for problem in refused.value.problems] == [place]


def test_a_file_comes_beside_the_others_or_in_their_place() -> None:
    """One of the same name takes that one's place."""
    kept = FoundFile(path="uploads/a", run="uploads", size=1, mtime_ns=2, sha256="a")
    assert listing_with(KNOWN, [NEW], Mode.APPEND) == [kept, NEW]
    assert listing_with(KNOWN, [NEW], Mode.REPLACE) == [NEW]
    assert listing_with([], [NEW], Mode.NEW) == [NEW]


def test_only_uploads_are_appended_to() -> None:
    upload = DataCollection(id="u", project_id="p", tag="t", workflow="uploads", origin=Origin.UPLOAD)
    files = DataCollection(id="f", project_id="p", tag="t", workflow="flow")
    check_mode(Mode.NEW, "t", None)
    check_mode(Mode.APPEND, "t", upload)
    check_mode(Mode.REPLACE, "t", upload)
    for mode, found, error in (
        (Mode.NEW, upload, Conflict), (Mode.NEW, files, Conflict), (Mode.APPEND, files, Conflict),
        (Mode.REPLACE, files, Conflict), (Mode.APPEND, None, Invalid), (Mode.REPLACE, None, Invalid),
    ):  # fmt: skip
        with pytest.raises(error):
            check_mode(mode, "t", found)
