"""The expression language: what is read, how, and what is said of what is not."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.collections import ColumnKind
from domain.errors import Invalid
from domain.expression_kinds import check_condition
from domain.expressions import conjuncts, fields_of, is_rowwise, parse, spelled

KINDS = {
    "x": ColumnKind.NUMBER,
    "s": ColumnKind.TEXT,
    "b": ColumnKind.BOOLEAN,
    "d": ColumnKind.DATE,
    "t": ColumnKind.DATETIME,
    "l": ColumnKind.OTHER,
}


def understood(text: str) -> str:
    """The expression as it was read, once it has passed the check."""
    tree = parse(text)
    check_condition(tree, KINDS)
    return spelled(tree)


def said(text: str) -> str:
    """What is said of an expression that cannot be used."""
    with pytest.raises(Invalid) as caught:
        understood(text)
    (problem,) = caught.value.problems
    return str(problem)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("col('x') > 3 & col('s').is_in(['a', None])", "(col('x') > 3) & col('s').is_in(['a', None])"),
        ("pl.col('x') > 3 and not col('b')", "(col('x') > 3) & (~col('b'))"),
        ("1 < col('x') <= 5 | col('b')", "((1 < col('x')) & (col('x') <= 5)) | col('b')"),
        ("-col('x') ** 2 < -3", "(-(col('x') ** 2)) < (-3)"),
        ("col('x') > col('x').mean().over('s', col('b'))", "col('x') > col('x').mean().over('s', 'b')"),
        ("col('s').str.contains('a & b|c')", "col('s').str.contains('a & b|c')"),
        ("\n col('d') >= '2024-01-01'\n&\tcol('b')", "(col('d') >= '2024-01-01') & col('b')"),
        ("col('t').dt.date() == '2024-01-01'", "col('t').dt.date() == '2024-01-01'"),
        ("col('x').is_between(1, col('x').max())", "col('x').is_between(1, col('x').max())"),
    ],
)
def test_expressions_are_read_as_people_read_them(text: str, wanted: str) -> None:
    """Comparisons bind more tightly than & and |, and what was understood can be written out."""
    assert understood(text) == wanted
    assert understood(wanted) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "character 1: write a condition such as col('x') > 3"),
        ("x > 3", "character 1: x is not known; a column is written col('x'), a text 'x'"),
        ("col('x') = 3", "character 10: compare with == instead of ="),
        ("col('x') >", "character 11: something is missing at the end"),
        ("col('y') > 3", "character 1: the table has no column 'y'"),
        ("col('xx') > 3", "character 1: the table has no column 'xx'; did you mean 'x'?"),
        ("col('b') & col('x') > 'a'", "character 23: a number is compared with text"),
        ("col('é') > 1 & foo", "character 16: foo is not known; a column is written col('foo'), a text 'foo'"),
        ("col('x') + 1", "character 1: this is a number, not a condition; compare it, as in … > 3 or … == 'a'"),
        ("col('s').str.contain('a')", "character 14: .str.contain() is not known; did you mean .str.contains()?"),
        ("col('x') == None", "character 13: nothing equals None; use .is_null() or .is_not_null()"),
        ("col('x').is_in(3)", "character 16: .is_in() takes a list, such as ['a', 'b']"),
        ("col('x').is_in([1, 'a'])", "character 16: a number is compared with 'a'"),
        (
            "col('d') > 'tomorrow'",
            "character 12: 'tomorrow' is no day or time; write it as '2024-03-31' or '2024-03-31T12:00'",
        ),
        ("col('d').dt.hour() > 3", "character 1: .dt.hour() needs a time, but this is a day"),
        ("col('l').is_null()", "character 1: the values of the column 'l' cannot be compared"),
        ("3 > 2", "character 1: this names no column; write a condition such as col('x') > 3"),
        ("col('b') | (2 + 1 < 5)", "character 13: this names no column; write a condition such as col('x') > 3"),
        ("col('b') & True", "character 12: this names no column; write a condition such as col('x') > 3"),
        ("True", "character 1: this names no column; write a condition such as col('x') > 3"),
        ("'a'.is_in(['a'])", "character 5: this names no column; write a condition such as col('x') > 3"),
        ("col('x') > (2 + 1).max()", "character 13: this names no column; write a condition such as col('x') > 3"),
        ("col('x').mean(3) > 1", "character 10: .mean() takes 0 arguments, not 1"),
    ],
)
def test_errors_name_the_place_and_what_may_be_meant(text: str, wanted: str) -> None:
    """Whoever types sees where the fault is, and what to write instead."""
    assert said(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "col('x').__class__ == 1",
        "(lambda: 1)() == col('x')",
        "[x for x in [1]] == col('x')",
        "col('x').map_elements(print)",
        "pl.read_csv('/etc/passwd')",
        "col(name='x') > 1",
        "f'{1}' == col('s')",
        "(y := 3) == col('x')",
        "col('x') if col('b') else col('x')",
        "col(*['x']) > 1",
        "col('x')[0] > 1",
        "b'a' == col('s')",
        "1j == col('x')",
        "... == col('x')",
        "await col('x')",
    ],
)
def test_nothing_else_of_python_is_let_through(text: str) -> None:
    """Only what is on the list is read; everything else is refused with a place."""
    assert re.match(r"character \d+: ", said(text))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "col('x')",
        "col('x')" + "+1" * 900 + " > 1",
        "-" * 1500 + "col('x') > 1",
        "\0",
        "col('x') > 1" * 500,
    ],
)
def test_what_is_too_large_is_refused(text: str) -> None:
    """Neither length nor depth can exhaust the server."""
    assert said(text)


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("col('x')&|~><=!.+-*/[]{},\"#\\ \n0123abémean"), max_size=60)
    | st.text(max_size=30)
)
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    """No text breaks the reader."""
    try:
        tree = parse(text)
    except Invalid as error:
        (problem,) = error.problems
        found = re.fullmatch(r"character (\d+)", problem.place)
        assert found
        assert 1 <= int(found[1]) <= len(text) + 1
    else:
        assert spelled(parse(spelled(tree))) == spelled(tree)


def leaves() -> st.SearchStrategy[str]:
    """Numbers as texts of the language."""
    return st.sampled_from(["col('x')", "3", "-2", "1.5", "col('x').mean()", "col('s').str.len_chars()"])


def conditions() -> st.SearchStrategy[str]:
    """Conditions as texts of the language."""
    numbers = st.recursive(
        leaves(), lambda one: st.builds("({} {} {})".format, one, st.sampled_from("+-*/"), one), max_leaves=4
    )
    compared = st.builds("(col('x') {} {})".format, st.sampled_from(["<", ">=", "==", "!="]), numbers)
    others = st.sampled_from(["col('b')", "col('s').is_in(['a', None])", "col('d') > '2024-01-01'"])
    return st.recursive(
        compared | others,
        lambda one: st.builds("({} {} {})".format, one, st.sampled_from("&|"), one) | st.builds("~({})".format, one),
        max_leaves=5,
    )


@settings(max_examples=150, deadline=None)
@given(conditions())
def test_what_is_written_out_means_the_same(text: str) -> None:
    """Writing an expression out and reading it again changes nothing but places."""
    once = understood(text)
    assert understood(once) == once
    assert fields_of(parse(once)) == fields_of(parse(text))


def test_parts_that_must_all_hold_are_told_apart() -> None:
    """So each of them can be answered from a cube by itself; one that looks at other rows says so."""
    parts: list[Any] = conjuncts(
        parse("col('x') > 1 & (col('b') & col('x') < col('x').mean()) & (col('b') | col('b'))")
    )
    assert [spelled(part) for part in parts] == [
        "col('x') > 1",
        "col('b')",
        "col('x') < col('x').mean()",
        "col('b') | col('b')",
    ]
    assert [is_rowwise(part) for part in parts] == [True, True, False, True]
