"""Filter expressions: random ones over random tables and clauses, against the same conditions in plain polars."""

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.filters import Clause
from domain.tiles import Aggregation, CardTile, DataTile, FigureTile, FilterTile, FilterWidget, TableTile, Visu
from persistence.frames.engine import answer
from persistence.frames.expressions import expression_tests
from persistence.frames.plans import rows_of
from persistence.frames.shapes import Frame
from persistence.frames.sources import open_table
from tests.persistence.frames.support import COLLECTION, CUBES, clause, failure, frame, source

Pair = tuple[str, pl.Expr]
WORDS = ["a", "b", "ab", "", "Ä"]
DAYS = [date(2024, 1, 1), date(2024, 2, 29), date(2024, 12, 31)]
TIMES = [datetime(2024, 1, 1), datetime(2024, 1, 1, 23, 59, 59, 999_999), datetime(2024, 2, 29, 12)]  # noqa: DTZ001
N, W, S, B, D, T = map(pl.col, "nisbdt")


@st.composite
def tables(draw: st.DrawFn) -> pl.DataFrame:
    """A table with a column of each kind, some values missing."""
    size = draw(st.sampled_from([0, 1, 7, 40, 120]))

    def column(name: str, values: list[Any], dtype: pl.DataType) -> pl.Series:
        pool = [*values, None] if draw(st.booleans()) else values
        return pl.Series(name, draw(st.lists(st.sampled_from(pool), min_size=size, max_size=size)), dtype=dtype)

    return pl.DataFrame(
        [
            pl.Series("row", range(size), dtype=pl.Int64),
            column("n", [-2.5, 0.0, 1.0, 3.0, 3.5, float("nan"), float("inf")], pl.Float64()),
            column("i", [-3, 0, 1, 2, 2**60], pl.Int64()),
            column("s", WORDS, pl.String()),
            column("b", [True, False], pl.Boolean()),
            column("d", DAYS, pl.Date()),
            column("t", TIMES, pl.Datetime("us")),
        ]
    )


def numbers() -> st.SearchStrategy[Pair]:
    """Numbers of a row, or of the whole table."""
    value, whole = N.fill_nan(None), W.cast(pl.Float64)
    leaves: list[Pair] = [
        ("col('n')", value),
        ("col('i')", whole),
        ("2", pl.lit(2.0)),
        ("-0.5", pl.lit(-0.5)),
        ("col('s').str.len_chars()", S.str.len_chars().cast(pl.Float64)),
        ("col('d').dt.month()", D.dt.month().cast(pl.Float64)),
        ("col('t').dt.hour()", T.dt.hour().cast(pl.Float64)),
        ("col('n').fill_null(1)", value.fill_null(1.0)),
        ("col('n').abs().sqrt()", value.abs().sqrt()),
        ("col('n').max()", value.max().over(pl.lit(1))),
        ("col('i').median().over('s')", whole.median().over("s")),
        ("col('s').n_unique().over('b')", S.drop_nulls().n_unique().over("b").cast(pl.Float64)),
        ("col('b').sum().over('s', 'b')", B.cast(pl.Float64).sum().over("s", "b")),
        ("col('n').quantile(0.25)", value.quantile(0.25, "linear").over(pl.lit(1))),
    ]

    def joined(one: Pair, sign: str, other: Pair) -> Pair:
        made = {"+": one[1] + other[1], "-": one[1] - other[1], "*": one[1] * other[1], "/": one[1] / other[1]}
        return f"({one[0]} {sign} {other[0]})", made[sign].fill_nan(None)

    return st.recursive(
        st.sampled_from(leaves), lambda one: st.builds(joined, one, st.sampled_from("+-*/"), one), max_leaves=3
    )


MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def compared(left: Pair, sign: str, right: Pair) -> Pair:
    """A comparison of two numbers; polars 2.1 has one row of a value and a column of nulls when the value is left."""
    text = f"{left[0]} {sign} {right[0]}"
    if "col" not in left[0]:
        left, sign, right = right, MIRRORED[sign], left
    one, other = left[1], right[1]
    made = {
        "<": one < other,
        "<=": one <= other,
        ">": one > other,
        ">=": one >= other,
        "==": one == other,
        "!=": one != other,
    }
    return text, made[sign]


SIMPLE: list[Pair] = [
    ("col('b')", B),
    ("col('n') > 1", N.fill_nan(None) > 1),
    ("3 >= col('n')", N.fill_nan(None) <= 3),
    ("col('i') == 1152921504606846976", W == 2**60),
    ("col('i') != 1.5", W.cast(pl.Float64) != 1.5),
    ("col('i').is_between(0, 2)", W.is_between(0, 2)),
    ("col('i').is_in([0, None])", W.eq(0).fill_null(value=False) | W.is_null()),
    ("(col('n') + 1).is_in([2, 4])", (N.fill_nan(None) + 1).is_in([2.0, 4.0])),
    ("col('n').is_null()", N.fill_nan(None).is_null()),
    ("col('s') == 'a'", S == "a"),
    ("col('s') >= 'ab'", S >= "ab"),
    ("col('s').is_in(['', 'Ä'])", S.is_in(["", "Ä"])),
    ("col('s').str.contains('^a|Ä')", S.str.contains("^a|Ä")),
    ("col('s').str.to_uppercase().str.starts_with('A')", S.str.to_uppercase().str.starts_with("A")),
    ("col('s').str.slice(0, 1) == 'a'", S.str.slice(0, 1) == "a"),
    ("col('d') > '2024-01-01'", date(2024, 1, 1) < D),
    ("col('d').is_in(['2024-02-29'])", date(2024, 2, 29) == D),
    ("col('t') <= '2024-01-01'", T.dt.date() <= date(2024, 1, 1)),
    ("col('t') == '2024-01-01'", T.dt.date() == date(2024, 1, 1)),
    ("col('t') != '2024-02-29T12:00'", datetime(2024, 2, 29, 12) != T),  # noqa: DTZ001
    ("col('t').dt.date() >= col('d')", T.dt.date() >= D),
    ("col('d') == col('d').max().over('b')", D.max().over("b") == D),
]  # fmt: skip


def conditions() -> st.SearchStrategy[Pair]:
    """A condition in the language, and the same in polars."""
    signs = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
    leaf = st.sampled_from(SIMPLE) | st.builds(compared, numbers(), signs, numbers()).filter(
        lambda one: "col" in one[0]
    )

    def joined(one: Pair, sign: str, other: Pair) -> Pair:
        return f"({one[0]} {sign} {other[0]})", one[1] & other[1] if sign == "&" else one[1] | other[1]

    def denied(one: Pair) -> Pair:
        return f"~({one[0]})", ~one[1]

    return st.recursive(
        leaf, lambda one: st.builds(joined, one, st.sampled_from("&&|"), one) | st.builds(denied, one), max_leaves=4
    )


CLAUSES: list[tuple[Clause, pl.Expr]] = [
    (clause("s", "in", "a", "ab"), S.is_in(["a", "ab"])),
    (clause("i", "between", 0, None), W >= 0),
    (clause("n", "between", None, 3), N.fill_nan(None) <= 3),
    (clause("b", "in", True), B),
]


def tiles(text: str) -> list[DataTile]:
    """Tiles of every kind with this expression."""
    shared = {"collection_id": COLLECTION, "filter_expr": text}
    return [
        TableTile(id="rows", columns=("row",), page_size=1000, **shared),
        CardTile(id="count", column_name="row", aggregation=Aggregation.COUNT, **shared),
        CardTile(id="sum", column_name="i", aggregation=Aggregation.MIN, **shared),
        FigureTile(id="bars", visu_type=Visu.BAR, x="s", aggregation=Aggregation.COUNT, **shared),
        FigureTile(id="points", visu_type=Visu.SCATTER, x="row", y="row", **shared),
        FilterTile(id="words", column_name="s", interactive_component_type=FilterWidget.MULTI_SELECT, **shared),
    ]


@settings(max_examples=120, deadline=None)
@given(tables(), conditions(), st.lists(st.sampled_from(CLAUSES), max_size=2, unique_by=lambda one: one[0].column))
def test_expressions_keep_the_rows_that_polars_keeps(
    data: pl.DataFrame, condition: Pair, chosen: list[tuple[Clause, pl.Expr]]
) -> None:
    """Every kind of tile has exactly those rows; aggregates are of the whole table, whatever clauses leave."""
    text, expr = condition
    # As a column, so that clauses cannot change what aggregates are made of.
    flagged = data.with_columns(kept=expr.fill_null(value=False))
    kept = flagged.filter(pl.all_horizontal([pl.col("kept"), *(test for _, test in chosen)]))
    found = answer(tiles(text), tuple(one for one, _ in chosen), {COLLECTION: source(data)})
    frames = {key: one for key, one in found.items() if isinstance(one, Frame)}
    assert frames.keys() == found.keys(), found
    assert all(one.rows_matched == kept.height for one in frames.values())
    assert all(one.rows_total == data.height for one in frames.values())
    assert frames["rows"].data["row"].to_list() == kept["row"].to_list()
    assert frames["count"].data["value"][0] == kept.height
    assert frames["sum"].data["value"][0] == kept["i"].min()
    assert sorted(frames["points"].data["x"].to_list()) == kept["row"].to_list()
    counts = dict(kept.group_by("s").len().iter_rows())
    assert dict(frames["words"].data.select("value", "count").iter_rows()) == counts
    assert dict(frames["bars"].data.select("x", "rows").iter_rows()) == counts


@pytest.mark.parametrize("size", [1, 7])
@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("(2 < col('n') / col('n')).is_null()", True),
        ("(2 + 1 < col('n') / col('n')).is_null()", True),
        ("(2 + 1 == col('n') / col('n')) | col('b')", True),
        ("~(2 + 1 <= col('n') / col('n'))", False),
        ("(2 + 1).is_between(col('n') / col('n'), 4).is_null()", True),
        ("(2 + 1).is_between(1, col('n') / col('n')) == True", False),
        ("(col('n') / col('n')).is_in([1]).is_null()", True),
    ],
)
def test_parts_without_a_single_value_are_still_of_every_row(size: int, text: str, kept: bool) -> None:
    """A part that is missing in all rows is one value to polars, and not fewer rows to anybody else."""
    data = pl.DataFrame({"row": range(size), "n": [0.0] * size, "i": [1] * size, "s": ["a"] * size, "b": [True] * size})
    found = answer(tiles(text), (), {COLLECTION: source(data)})
    assert {getattr(one, "rows_matched", one) for one in found.values()} == {size if kept else 0}


def test_conditions_on_columns_of_few_values_and_ranges_are_answered_from_cubes() -> None:
    """Such a tile looks at no row of the table: no mask of all of them is made."""
    data = pl.DataFrame({"s": ["a", "b", "c", None] * 50, "n": [float(n) for n in range(200)]})
    table = source(data)
    tile = FigureTile(
        id="f", collection_id=COLLECTION, visu_type=Visu.BAR, x="s", aggregation=Aggregation.COUNT,
        filter_expr="col('s').str.starts_with('a') | col('s') == 'b' & col('n') >= 10 & col('n') < 150.5",
    )  # fmt: skip
    found = answer([tile], (), {COLLECTION: table})["f"]
    assert isinstance(found, Frame)
    expected = data.filter((pl.col("s") == "a") | ((pl.col("s") == "b") & pl.col("n").is_between(10, 150)))
    assert dict(found.data.select("x", "rows").iter_rows()) == dict(expected.group_by("s").len().iter_rows())
    narrowed = FigureTile(
        id="g", collection_id=COLLECTION, visu_type=Visu.BAR, x="s", aggregation=Aggregation.COUNT,
        filter_expr="(col('s').str.starts_with('a') | col('s') == 'b') & col('n') >= 10 & col('n') < 150.5",
    )  # fmt: skip
    assert isinstance(answer([narrowed], (), {COLLECTION: table})["g"], Frame)
    if CUBES:
        opened = open_table(table)
        selection = rows_of(opened, expression_tests(opened, narrowed.filter_expr)).selection
        assert selection is not None
        assert selection.choices is not None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("col('n') > ", "The filter expression cannot be used. character 12: something is missing at the end."),
        ("col('m') > 1", "The filter expression cannot be used. character 1: the table has no column 'm'"),
        ("col('s').str.contains('(')", "character 14: '(' is no regular expression"),
    ],
)
def test_a_tile_whose_expression_does_not_hold_says_so(text: str, wanted: str) -> None:
    """A failure, never unfiltered rows, and the other tiles are not touched."""
    data = pl.DataFrame({"n": [1.0], "s": ["a"]})
    tile = TableTile(id="t", collection_id=COLLECTION, filter_expr=text)
    assert wanted in failure(tile, data)
    assert frame(TableTile(id="t", collection_id=COLLECTION), data).shown == 1
