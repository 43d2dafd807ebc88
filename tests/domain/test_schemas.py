"""Types that columns of several files have in common."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.schemas import FLOATS, INTEGERS, NULL, WIDE, common, unified

TYPES = st.sampled_from([NULL, *INTEGERS, *FLOATS, "String", "Boolean", "Date", "Datetime", "List(Int64)"])
SCHEMAS = st.lists(st.dictionaries(st.sampled_from("abcd"), TYPES), min_size=1, max_size=5)


@given(TYPES, TYPES, TYPES)
def test_order_of_files_does_not_decide(a: str, b: str, c: str) -> None:
    """The common type does not depend on which file comes first."""
    assert common(a, b) == common(b, a)
    assert common(a, a) == a

    def both(x: str | None, y: str | None) -> str | None:
        return None if x is None or y is None else common(x, y)

    assert both(both(a, b), c) == both(a, both(b, c))


@given(SCHEMAS)
def test_union_of_columns_is_the_same_in_any_order(schemas: list[dict[str, str]]) -> None:
    """Either every order gives the same columns with the same types, or every order is refused."""
    forth = [(f"{index}.csv", schema) for index, schema in enumerate(schemas)]
    answers = []
    for files in (forth, forth[::-1]):
        try:
            answers.append(unified(files))
        except Invalid as error:
            answers.append({"": str(len(error.problems))})
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("Int64", "Float64", "Float64"),
        ("Int8", "Int32", "Int32"),
        ("Int8", "Float32", "Float64"),
        (NULL, "Date", "Date"),
        (WIDE, "Float64", None),
        (WIDE, "Int8", WIDE),
        ("Int64", "String", None),
        ("Date", "Datetime", None),
        ("Boolean", "Int64", None),
    ],
)
def test_common_type(left: str, right: str, expected: str | None) -> None:
    """Whole numbers widen to fractions where nothing is lost; nothing else changes its kind."""
    assert common(left, right) == expected


def test_a_clash_names_both_files_and_types() -> None:
    """The person who has to correct a file learns which one."""
    with pytest.raises(Invalid) as caught:
        unified([("a.csv", {"x": "Int64"}), ("b.csv", {"x": "String", "X": "Int64"})])
    clash, case = caught.value.problems
    assert clash.place == "b.csv"
    assert "'x' is String here and Int64 in a.csv" in clash.message
    assert "differs only in case" in case.message
