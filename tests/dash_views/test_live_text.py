"""Texts with live values: what the table has stands in them, as words and never as markup."""

import polars as pl
import pytest

from dash_views.board import browser_tile
from dash_views.live_text import escaped, filled, pending
from domain.filters import Clause
from domain.live_tile import asked_for, live_tiles
from domain.text_tile import TextTile
from persistence.frames.engine import answer
from tests.persistence.frames.support import COLLECTION, clause, source

DATA = pl.DataFrame(
    {
        "x": [1.0, 2.0, 4.5, None],
        "b": [True, False, True, True],
        "g": ["a*", "a*", "<b>", None],
        "n": [5, 5, 7, 7],
    }
)
NBSP = "\N{NO-BREAK SPACE}"


def text(body: str, *clauses: Clause, collection_id: str = COLLECTION) -> str:
    """The text as it is drawn."""
    tile = TextTile(id="t", body=body, collection_id=collection_id)
    return filled(tile, answer(live_tiles(tile), clauses, {COLLECTION: source(DATA)}))


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("**{{count()}}** rows", "**4** rows"),
        ("{{mean(x)}}", "2&#46;50"),
        ("{{sum(n)}}", "24"),
        ("{{mean(x): 1 g/L}}", f"2&#46;5{NBSP}g&#47;L"),
        ("{{mean(b): 0%}}", "75\N{NARROW NO-BREAK SPACE}&#37;"),
        ("{{mode(g)}}", "a&#42;"),
        ("{{percentile(n, 1)}}", "7"),
        ("in {{count() by n}}.", f"in 5{NBSP}2, 7{NBSP}2."),
        ("so {{mean(x) by g: 1}}!", f"so &#60;b&#62;{NBSP}4&#46;5, a&#42;{NBSP}1&#46;5, missing{NBSP}—!"),
        ("{{count() by n}}", "\n\n| n | count |\n|:--|--:|\n| 5 | 2 |\n| 7 | 2 |\n\n"),
    ],
)
def test_values_stand_where_they_are_written(body: str, shown: str) -> None:
    assert text(body) == shown


def test_values_follow_the_filters() -> None:
    """Down to none."""
    assert text("{{count()}} {{max(x)}}", clause("g", "in", "a*")) == "2 2"
    assert text("{{count()}} {{max(x)}} {{max(x) by g}}", clause("g", "in", "nothing")) == "0 — —"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{{avrage(x)}}", "did you mean average"),
        ("{{mean(gone)}}", "gone"),
        ("{{mean(g)}}", "holds text"),
        ("{{count() by gone}}", "gone"),
    ],
)
def test_what_cannot_be_shown_says_why_in_its_place(body: str, words: str) -> None:
    """The rest of the text stays as it is."""
    shown = text(f"before {body} after {{{{count()}}}}")
    assert shown.startswith(f"before **⚠ ` {body} ` ")
    assert shown.endswith(" after 4")
    assert words in shown


def test_a_text_without_data_says_that_it_needs_some() -> None:
    """And asks for nothing; nor does one that is only words."""
    tile = TextTile(id="t", body="{{count()}}")
    assert "choose the data of this text" in pending(tile).replace("&#44;", ",")
    assert asked_for(tile) is None
    assert asked_for(TextTile(id="t", body="words", collection_id=COLLECTION)) is None
    assert pending(TextTile(id="t", body="{{count()}} rows", collection_id=COLLECTION)) == "… rows"


def test_many_groups_are_counted() -> None:
    """Those with most rows are written."""
    many = pl.DataFrame({"g": [f"v{n:02}" for n in range(30) for _ in range(n + 1)]})
    tile = TextTile(id="t", body="so {{count() by g}}", collection_id=COLLECTION)
    shown = filled(tile, answer(live_tiles(tile), (), {COLLECTION: source(many)}))
    assert shown.startswith(f"so v29{NBSP}30, v28{NBSP}29, ")
    assert shown.endswith(", and 10 more")


def test_no_punctuation_of_data_is_markup() -> None:
    assert escaped("[x](javascript:y)\n| `z`") == ("&#91;x&#93;&#40;javascript&#58;y&#41; &#124; &#96;z&#96;")


@pytest.mark.parametrize(("body", "collection"), [("{{count()}} rows", COLLECTION), ("No value.", None)])
def test_the_browser_knows_of_which_table_live_values_are(body: str, collection: str | None) -> None:
    """New data that only they show are news too."""
    said = browser_tile(TextTile(id="t", body=body, collection_id=COLLECTION), None)  # type: ignore[arg-type]
    assert said.get("collection") == collection
