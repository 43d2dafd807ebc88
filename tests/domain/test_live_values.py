"""Live values of texts: what is read, and what is said of that which cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.aggregations import Aggregation
from domain.live_values import Fault, Live, live_of, parts_of


@pytest.mark.parametrize(
    ("written", "live"),
    [
        ("{{count()}}", Live("{{count()}}", Aggregation.COUNT)),
        ("{{ max( date ) }}", Live("{{ max( date ) }}", Aggregation.MAX, "date")),
        ("{{average(x)}}", Live("{{average(x)}}", Aggregation.MEAN, "x")),
        (
            "{{mean(flipper_length_mm) by species}}",
            Live("{{mean(flipper_length_mm) by species}}", Aggregation.MEAN, "flipper_length_mm", by="species"),
        ),
        ("{{percentile(x, 0.9): 1}}", Live("{{percentile(x, 0.9): 1}}", Aggregation.PERCENTILE, "x", 0.9, decimals=1)),
        ("{{mean(b):0%}}", Live("{{mean(b):0%}}", Aggregation.MEAN, "b", decimals=0, percent=True)),
        ("{{sum(a.b): g/L}}", Live("{{sum(a.b): g/L}}", Aggregation.SUM, "a.b", unit="g/L")),
        ("{{sum(x): 0.00 g}}", Live("{{sum(x): 0.00 g}}", Aggregation.SUM, "x", decimals=2, unit="g")),
        ("{{sum(x): 2 µg}}", Live("{{sum(x): 2 µg}}", Aggregation.SUM, "x", decimals=2, unit="µg")),
        (
            '{{min("a }} \\"b\\"") by "by"}}',
            Live('{{min("a }} \\"b\\"") by "by"}}', Aggregation.MIN, 'a }} "b"', by="by"),
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_can_be_said(written: str, live: Live) -> None:
    assert parts_of(f"a {written} b") == ("a ", live, " b")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("{{avrage(x)}}", "did you mean average?"),
        ("{{nothing(x)}}", "known are count, nunique"),
        ("{{}}", "begins with no aggregation"),
        ("{{3}}", "begins with no aggregation"),
        ("{{mean}}", "( is missing after mean"),
        ("{{mean()}}", "mean needs a column"),
        ("{{mean(body mass)}}", ") is missing after 'body'"),
        ("{{mean(x}}", ") is missing after 'x'"),
        ("{{mean(x, 2)}}", "nothing after it"),
        ("{{percentile(x)}}", "needs a share"),
        ("{{percentile(x, 90)}}", "is 90; it must be 0 to 1"),
        ("{{percentile(x, y)}}", "a number from 0 to 1"),
        ("{{mean(x) by}}", "a column is missing after by"),
        ("{{mean(x) of y}}", "ends unexpectedly at 'of y'"),
        ("{{mean(x) by y z}}", "ends unexpectedly at 'z'"),
        ("{{mean(x):}}", "nothing follows the colon"),
        ("{{mean(x): 40}}", "40 decimals are too many"),
        ("{{mean(x): 1.5 g}}", "1.5 is no number of decimals; write 2 or 0.00"),
        ("{{mean(x): " + "u" * 50 + "}}", "the unit is too long"),
        ("{{mean(;)}}", "';' cannot stand there"),
        ("{{mean(x)", "is never closed"),
    ],
)
def test_what_cannot_be_read_says_what_is_wrong(written: str, words: str) -> None:
    """In its place; the text around it stays."""
    before, fault = parts_of(f"a {written}")
    assert before == "a "
    assert isinstance(fault, Fault)
    assert words in fault.message
    assert fault.written == written


def test_escaped_braces_are_braces() -> None:
    assert "".join(str(part) for part in parts_of(r"write \{{count()}} there")) == "write {{count()}} there"


def test_a_text_has_a_bound() -> None:
    """The value beyond it says so."""
    parts = parts_of("{{count()}}" * 51)
    assert len(live_of("{{count()}}" * 51)) == 50
    assert isinstance(parts[-1], Fault)


@given(st.text(st.sampled_from('{}\\"(),:%by meancountx09._'), max_size=60))
def test_any_text_is_read_and_none_is_lost(text: str) -> None:
    """What stands between the values, and the values as they are written, are the text again."""
    parts = parts_of(text)
    again = "".join(part if isinstance(part, str) else part.written for part in parts)
    assert again == text.replace("\\{{", "{{")
