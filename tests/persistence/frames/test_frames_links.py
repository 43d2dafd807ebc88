"""Links followed in the engine: random link graphs against plain Python, each resolver, and every way to fail."""

import fnmatch
import re
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.description import LinkConfig
from domain.errors import Unavailable
from domain.filters import Clause, FilterState
from domain.links import Link, Links, paths
from domain.tiles import Aggregation, CardTile, DataTile, FilterTile, FilterWidget, TableTile
from persistence.frames.engine import Sources, answer, table_page
from persistence.frames.shapes import Failure, Frame
from persistence.frames.sources import TableSource
from tests.persistence.frames.support import source

IDS = ("a", "b", "c", "d", "e")
Rows = list[dict[str, Any]]


def link(start: str, end: str, columns: str | tuple[str, str] = "k", number: int = 0, **config: Any) -> Link:
    one, other = (columns, columns) if isinstance(columns, str) else columns
    return Link(
        id=f"links[{number}]",
        name=f"{start}.{one} → {end}.{other}",
        source=start,
        source_column=one,
        target=end,
        target_column=other,
        config=LinkConfig(**config),
    )


def clause(collection_id: str, column: str, *values: Any, op: Any = "in", **rest: Any) -> Clause:
    return Clause(**{"source": "s"} | rest, collection_id=collection_id, column=column, op=op, values=values)


def table(collection_id: str) -> TableTile:
    return TableTile(id=f"table {collection_id}", collection_id=collection_id, page_size=1000)


def rows_of(collection_id: str, state: FilterState, sources: Sources, links: Links) -> list[tuple[Any, ...]]:
    """The rows that a table tile of the collection shows."""
    found = answer([table(collection_id)], state, sources, links)[f"table {collection_id}"]
    assert isinstance(found, Frame), found
    assert found.rows_matched == found.data.height
    return found.data.rows()


def failed(collection_id: str, state: FilterState, sources: Sources, links: Links) -> Failure:
    found = answer([table(collection_id)], state, sources, links)[f"table {collection_id}"]
    assert isinstance(found, Failure), found
    return found


# --- Random graphs -----------------------------------------------------------------------------------------------

keys = st.sampled_from(["", "å", "S1", "S2", "样本", "S1 ", None])
numbers = st.sampled_from([0, 1, 2, None])
tables = st.lists(st.fixed_dictionaries({"k": keys, "j": keys, "n": numbers, "x": numbers}), max_size=8)
SCHEMA = {"k": pl.String, "j": pl.String, "n": pl.Int64, "x": pl.Int64}
linked_columns = st.sampled_from([("k", "k"), ("k", "j"), ("j", "k"), ("n", "n"), ("j", "j")])
random_links = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS), linked_columns), max_size=8)
random_clauses = st.lists(
    st.builds(clause, st.sampled_from(IDS), st.just("x"), st.sampled_from([0, 1, 2, None])), max_size=3
)


def allowed(rows: dict[str, Rows], state: FilterState, links: Links, wanted: str) -> Rows:
    """The rows that the definition leaves, by comparing each with each."""
    left = [row for row in rows[wanted] if passes(row, state, wanted)]
    for other in IDS:
        clauses = [one for one in state if one.collection_id == other]
        for path in paths(links, other, wanted) if clauses else ():
            current = [row for row in rows[other] if passes(row, state, other)]
            for hop in path:
                following = left if hop is path[-1] else rows[hop.target]
                current = [
                    row
                    for row in following
                    if any(
                        row[hop.target_column] is not None and one[hop.source_column] == row[hop.target_column]
                        for one in current
                    )
                ]
            left = current
    return left


def passes(row: dict[str, Any], state: FilterState, collection_id: str) -> bool:
    return all(row[one.column] in one.values for one in state if one.collection_id == collection_id)


@given(st.tuples(*[tables] * len(IDS)), random_links, random_clauses)
@settings(max_examples=150, deadline=None)
def test_any_links_leave_the_rows_of_their_definition(
    data: tuple[Rows, ...], pairs: list[tuple[str, str, tuple[str, str]]], clauses: list[Clause]
) -> None:
    """One to three hops, cycles, parallel links, duplicates, missing values, unicode, nothing left: all five tables."""
    rows = dict(zip(IDS, data, strict=True))
    links = tuple(link(start, end, columns, i) for i, (start, end, columns) in enumerate(pairs))
    sources = {name: source(pl.DataFrame(held, schema=SCHEMA), name) for name, held in rows.items()}
    found = answer([table(name) for name in IDS], tuple(clauses), sources, links)
    for collection_id in IDS:
        one = found[f"table {collection_id}"]
        assert isinstance(one, Frame), one
        expected = allowed(rows, tuple(clauses), links, collection_id)
        assert one.data.rows() == [tuple(row[name] for name in SCHEMA) for row in expected]
        assert (one.rows_total, one.rows_matched) == (len(rows[collection_id]), len(expected))


# --- Resolvers ---------------------------------------------------------------------------------------------------

words = st.lists(st.text(alphabet="S1_Rr2LE.é*[]", max_size=7), max_size=6)


def resolved(source_values: Any, target_values: Any, **config: Any) -> list[Any]:
    """Which of the target's values a clause that leaves all source rows but a first one finds."""
    start = pl.DataFrame({"k": source_values}).with_columns(x=1)
    sources = {"a": source(start, "a"), "b": source(pl.DataFrame({"f": target_values}), "b")}
    found = rows_of("b", (clause("a", "x", 1),), sources, (link("a", "b", ("k", "f"), **config),))
    return [row[0] for row in found]


def texts(values: list[str]) -> pl.Series:
    return pl.Series([*values, None], dtype=pl.String)


SUFFIXES = re.compile(r"(?:_R[12]|_L\d{3}|_REP\d+|_TECH\d+)*", re.IGNORECASE)


@given(words, words)
@settings(max_examples=60, deadline=None)
def test_without_mappings_suffixes_tell_samples_apart_from_their_parts(given_: list[str], names: list[str]) -> None:
    """S1 finds S1_R1 and S1_L001_R2, and S1_R1 finds S1, but never S1_R2."""
    names = [*names, *(f"{one}_L001_R2" for one in given_), *(f"{one}_rep12" for one in names)]

    def extends(longer: str, shorter: str) -> bool:
        return longer.startswith(shorter) and bool(SUFFIXES.fullmatch(longer[len(shorter) :]))

    found = resolved(texts(given_), texts(names), resolver="sample_mapping")
    assert found == [name for name in names if any(extends(name, one) or extends(one, name) for one in given_)]


def test_a_replicate_does_not_find_another() -> None:
    found = resolved(["WT_REP1"], ["WT", "WT_REP1", "WT_REP2", "WT_REP1_R2", "WTX"], resolver="sample_mapping")
    assert found == ["WT", "WT_REP1", "WT_REP1_R2"]


@given(words, words, st.dictionaries(st.sampled_from(["S1", "R", ""]), words, max_size=3))
@settings(max_examples=60, deadline=None)
def test_given_mappings_find_variants_and_back(
    given_: list[str], names: list[str], mappings: dict[str, list[str]]
) -> None:
    """A name finds itself, its variants, and the name that it is a variant of."""
    names = [*names, *mappings, *(one for variants in mappings.values() for one in variants)]
    given_ = [*given_, *list(mappings)[:1]]
    mapped = mappings or {"none": ["nothing"]}

    def matches(one: str, name: str) -> bool:
        return one == name or name in mapped.get(one, []) or one in mapped.get(name, [])

    found = resolved(texts(given_), texts(names), resolver="sample_mapping", mappings=mapped)
    assert found == [name for name in names if any(matches(one, name) for one in given_)]


@given(words, words)
@settings(max_examples=40, deadline=None)
def test_a_pattern_is_filled_in(given_: list[str], names: list[str]) -> None:
    """Literally, at each place."""
    names = [*names, *(f"{one}/{one}.bam" for one in given_)]
    found = resolved(texts(given_), texts(names), resolver="pattern", pattern="{sample}/{sample}.bam")
    assert found == [name for name in names if any(name == f"{one}/{one}.bam" for one in given_)]


@given(words, words)
@settings(max_examples=60, deadline=None)
def test_expressions_match_whole_values_with_the_key_in_its_place(given_: list[str], names: list[str]) -> None:
    """Whatever characters the keys have: they are never read as part of an expression."""
    names = [*names, *(f"x{one}_R7" for one in given_), *(f"x{one}_R71" for one in given_)]
    found = resolved(texts(given_), texts(names), resolver="regex", pattern=".?{sample}_R[0-9]")
    assert found == [n for n in names if any(re.fullmatch(f".?{re.escape(one)}_R[0-9]", n) for one in given_)]
    captured = resolved(texts(given_), texts(names), resolver="regex", pattern="(x)(?P<sample>.*)_R[0-9]+")
    wanted = [re.fullmatch("x(.*)_R[0-9]+", name) for name in names]
    assert captured == [found[0] for found in wanted if found and found[1] in given_]
    globbed = resolved(texts(given_), texts(names), resolver="wildcard", pattern="?{sample}_R*")
    assert globbed == [n for n in names if any(fnmatch.fnmatchcase(n, f"?{glob_escaped(one)}_R*") for one in given_)]


def glob_escaped(text: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", text)


def test_more_keys_than_one_expression_takes() -> None:
    given_ = [f"S{i}" for i in range(1300)]
    names = [f"S{i}.bam" for i in range(0, 2600, 2)]
    found = resolved(given_, names, resolver="wildcard", pattern="{sample}.*")
    assert found == [f"S{i}.bam" for i in range(0, 1300, 2)]


@pytest.mark.parametrize(
    "config",
    [
        {"resolver": "direct"},
        {"resolver": "sample_mapping"},
        {"resolver": "sample_mapping", "mappings": {"ÅS1": ["other"]}},
        {"resolver": "pattern", "pattern": "{sample}"},
        {"resolver": "regex", "pattern": "{sample}"},
        {"resolver": "regex", "pattern": "(.+)"},
        {"resolver": "wildcard", "pattern": "{sample}"},
    ],
)
def test_case_counts_unless_the_link_says_otherwise(config: dict[str, Any]) -> None:
    names = ["ås1", "ÅS1", "Ås1 "]
    assert resolved(["Ås1"], names, **config) == []
    assert resolved(["Ås1"], names, case_sensitive=False, **config) == ["ås1", "ÅS1"]


def test_whole_numbers_are_names_too() -> None:
    """Sample 7 finds 7.bam, and runs that are numbers on both sides are found as such; 007 is another name."""
    assert resolved([7], ["7.bam", "07.bam"], resolver="pattern", pattern="{sample}.bam") == ["7.bam"]
    assert resolved(["7", "008", "x"], [7, 8, 9], resolver="sample_mapping", mappings={"x": ["9"]}) == [7, 9]


BIG = 2**53


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (pl.Series([1, BIG + 1]), pl.Series([1.0, float(BIG), 2.0]), [1.0]),
        (pl.Series([1.0, 2.5, float("nan"), float("inf"), None]), pl.Series([1, 2, 3, None]), [1]),
        (pl.Series([300, -1, 1]), pl.Series([1, 44, 255], dtype=pl.UInt8), [1]),
        (pl.Series([0.1, -0.0]), pl.Series([0.1, 0.0], dtype=pl.Float32), [0.0]),
        (pl.Series([True, None]), pl.Series([True, False, None]), [True]),
        (pl.Series(["a"], dtype=pl.Categorical), pl.Series(["a", "b"]), ["a"]),
    ],
)
def test_numbers_are_compared_exactly(one: pl.Series, other: pl.Series, found: list[Any]) -> None:
    """Nothing is rounded to fit, and a missing value finds none."""
    assert resolved(one, other) == found


def test_times_are_compared_as_moments() -> None:
    """Whatever unit and zone they are written in."""
    start = pl.Series(["2024-05-01T10:00:00"]).str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="ms")
    assert len(resolved(start, start.cast(pl.Datetime("ns")))) == 1
    there = start.dt.replace_time_zone("UTC")
    assert len(resolved(there, there.dt.convert_time_zone("Europe/Oslo"))) == 1


def test_a_region_is_followed_like_any_clause() -> None:
    """What a lasso leaves of one table narrows the others."""
    around = clause("a", "x", 0, 0, 0, 3, 1.5, 3, 1.5, 0, op="within", column_y="n")
    assert rows_of("b", (around,), abc(), (link("a", "b"),)) == [("S1", 1)]


def test_sets_of_times_are_told_apart_by_nanoseconds() -> None:
    """What one set of keys leaves is not remembered for another that differs by less than Python's times show."""
    start = pl.DataFrame({"k": pl.Series([1, 2], dtype=pl.Datetime("ns")), "x": [1, 2]})
    sources = {"a": source(start, "a"), "b": source(start, "b")}
    for x in (1, 2):
        assert [row[1] for row in rows_of("b", (clause("a", "x", x),), sources, (link("a", "b"),))] == [x]


# --- What cannot be followed -------------------------------------------------------------------------------------

A = pl.DataFrame({"k": ["S1", "S2"], "n": [1, 2], "x": [1, 2]})
B = pl.DataFrame({"k": ["S1", "S2", "S2"], "y": [1, 2, 3]})
C = pl.DataFrame({"y": [1, 2], "z": [1.5, None]})


def abc() -> dict[str, TableSource]:
    """The three tables, as whatever mode the tests run in reads them."""
    return {"a": source(A, "sites"), "b": source(B, "counts"), "c": source(C, "genes")}


def only(collection_id: str, why: str, state: FilterState, sources: Sources, links: Links) -> Failure:
    """The failure of that collection's tile, when no other tile is harmed."""
    found = answer([table(name) for name in "abc"], state, sources, links)
    failures = {key: one for key, one in found.items() if isinstance(one, Failure)}
    assert failures.keys() == {f"table {collection_id}"}
    failure = failures[f"table {collection_id}"]
    assert why in failure.message
    return failure


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (link("a", "b", ("gone", "k")), "The table 'sites' has no column 'gone'"),
        (link("a", "b", ("k", "gone")), "The table 'counts' has no column 'gone'"),
        (link("a", "b", ("n", "k")), "Its columns hold Int64 in 'sites' and String in 'counts'; read both as one type"),
        (link("a", "b", ("k", "k"), resolver="regex", pattern=r"(?<!x){sample}"), "cannot be used here"),
    ],
)
def test_a_link_that_cannot_be_followed_fails_its_tiles_alone(one: Link, why: str) -> None:
    """The message names the link; without a clause on its source nothing is wrong."""
    failure = only("b", why, (clause("a", "x", 1),), abc(), (one,))
    assert failure.message.startswith(f"The link {one.name} cannot be followed. ")
    assert not failure.retry
    assert len(rows_of("b", (), abc(), (one,))) == 3


def test_text_is_needed_by_resolvers_of_names() -> None:
    one = link("b", "c", ("y", "z"), resolver="sample_mapping")
    only("c", "The column 'z' of 'genes' holds Float64", (clause("b", "y", 1),), abc(), (one,))


def test_a_clause_that_does_not_hold_fails_what_it_reaches() -> None:
    """Its own collection's tiles and those behind two links; a fourth is untouched."""
    links = (link("a", "b"), link("b", "c", "y", 1))
    found = answer([table(name) for name in "abc"], (clause("a", "x", "text"),), abc(), links)
    assert all(isinstance(one, Failure) for one in found.values())
    last = found["table c"]
    assert isinstance(last, Failure)
    assert last.message.startswith("The link a.k → b.k cannot be followed. The filter does not fit its column.")


def test_a_collection_without_a_table_fails_what_is_behind_it() -> None:
    """As the source, and on the way."""
    links = (link("a", "b"), link("b", "c", "y", 1))
    none = Failure("The data collection 'x' has no rows yet.")
    for missing, failing in (("a", {"a", "b", "c"}), ("b", {"b", "c"}), ("c", {"c"})):
        sources = {**abc(), missing: none}
        found = answer([table(name) for name in "abc"], (clause("a", "x", 1),), sources, links)
        assert {name for name in "abc" if isinstance(found[f"table {name}"], Failure)} == failing


def test_a_table_that_cannot_be_read_may_be_tried_again() -> None:
    """On opening, and later when its rows are."""

    def refuse() -> pl.LazyFrame:
        raise Unavailable("The storage does not answer.")

    def broken(_: pl.DataFrame) -> pl.DataFrame:
        raise OSError("gone")

    columns = source(A).columns
    late = A.lazy().map_batches(broken, schema=A.schema)
    for one in (TableSource("sites", columns, refuse), TableSource("sites", columns, lambda: late)):
        failure = failed("b", (clause("a", "x", 1),), {**abc(), "a": one}, (link("a", "b"),))
        assert failure.message.startswith("The link a.k → b.k cannot be followed.")
        assert failure.retry


def test_nothing_is_not_failure() -> None:
    """A clause that leaves no source row leaves no target row, and says so as zero rows."""
    assert rows_of("b", (clause("a", "x", 99),), abc(), (link("a", "b"),)) == []
    assert rows_of("b", (clause("a", "x"),), abc(), (link("a", "b", resolver="wildcard", pattern="{sample}"),)) == []


# --- Who is narrowed ---------------------------------------------------------------------------------------------


def test_pages_and_filters_are_narrowed_too() -> None:
    """The other ways to ask for rows pass the same door."""
    state, links = (clause("a", "x", 2),), (link("a", "b"),)
    page = table_page(table("b"), state, abc(), links, offset=1, limit=5)
    assert isinstance(page, Frame)
    assert (page.data.rows(), page.of) == ([("S2", 3)], 2)
    control = FilterTile(
        id="f", collection_id="b", column_name="y", interactive_component_type=FilterWidget.RANGE_SLIDER
    )
    options = answer([control], state, abc(), links)["f"]
    assert isinstance(options, Frame)
    assert options.data.row(0) == (2.0, 3.0, 1.0, 3.0)


def test_a_selection_narrows_the_others_and_never_itself() -> None:
    """Not even around a cycle."""
    links = (link("a", "b"), link("b", "a", number=1))
    own = clause("a", "x", 1, source="table a", selection=True)
    found = answer([table("a"), table("b")], (own,), abc(), links)
    counts = {key: one.rows_matched for key, one in found.items() if isinstance(one, Frame)}
    assert counts == {"table a": 2, "table b": 1}


def test_links_are_followed_once_for_all_tiles() -> None:
    """The source is read once, whatever number of tiles there is."""
    reads: list[int] = []

    def counted(rows: pl.DataFrame) -> pl.DataFrame:
        reads.append(len(rows))
        return rows

    start = TableSource("sites", source(A).columns, lambda: A.lazy().map_batches(counted, schema=A.schema))
    cards: list[DataTile] = [
        CardTile(id=f"card {i}", collection_id="b", column_name="y", aggregation=Aggregation.SUM) for i in range(30)
    ]
    found = answer(cards, (clause("a", "x", 2),), {**abc(), "a": start}, (link("a", "b"),))
    assert {one.data["value"].item() for one in found.values() if isinstance(one, Frame)} == {5.0}
    assert len(found) == 30
    assert len(reads) == 1
