"""How templates write numbers, times, values and marks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.filters import do_filesizeformat
from markupsafe import Markup

from web.formats import (
    MARK_WIDTH,
    ago,
    bands,
    browser,
    cell,
    filesizeformat,
    initials,
    marked,
    template_environment,
    tr_markup,
    trn_markup,
    word,
    written_day,
    written_time,
)  # fmt: skip
from web.pages.paging import cut, matches
from web.render import compile_ahead
from web.security.cookies import Notice, notice_cookie, read_notice

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(seconds=-5), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(days=40), "1 month ago"),
        (timedelta(days=800), "2 years ago"),
    ],
)
def test_times_are_written_in_the_largest_unit(before: timedelta, text: str) -> None:
    """A clock that is a little behind does not give nonsense."""
    assert ago(NOW - before, NOW) == text


def test_numbers_and_nouns() -> None:
    """Thousands apart, one without an s."""
    said = [trn_markup("{n} row", "{n} rows", n) for n in (0, 1, 2, 1200)]
    assert said == ["0 rows", "1 row", "2 rows", "1\N{NARROW NO-BREAK SPACE}200 rows"]


def test_a_sentence_with_html_is_html() -> None:
    """The value that is HTML stays so; the sentence and other values are escaped."""
    link = Markup('<a href="/">here</a>')
    assert tr_markup("<{name}> is {place}", name="A & B", place=link) == f"&lt;A &amp; B&gt; is {link}"
    assert trn_markup("{n} < {place}", "{n} <s {place}", 2, place=link) == f"2 &lt;s {link}"
    assert not isinstance(trn_markup("{n} {name}", "{n} {name}", 2, name="<"), Markup)


@pytest.mark.parametrize("size", [0, 1, 999, 1000, 1023, 1024, 5 * 2**20])
def test_sizes_are_written_as_jinja_does(size: int) -> None:
    """In English; its word is ours to translate."""
    assert filesizeformat(size) == do_filesizeformat(size)
    assert filesizeformat(size, True) == do_filesizeformat(size, True)


def test_words_and_days() -> None:
    """A word that is not known stays as it is."""
    assert [word("owner"), word("gyroid")] == ["owner", "gyroid"]
    assert written_day(date(2026, 5, 3)) == "3 May 2026"
    assert written_time(datetime(2026, 11, 3, 4, 5, tzinfo=UTC)) == "3 Nov 2026, 04:05"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (3, "3"),
        (0.1 + 0.2, "0.3"),
        (float("nan"), "nan"),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, 4, 5, 6), "2026-01-02 03:04:05"),  # noqa: DTZ001 -- tables hold naive times.
        ([1, "a"], '[1,"a"]'),
    ],
)
def test_values_are_written_as_people_read_them(value: object, text: str) -> None:
    """Numbers short, times without microseconds."""
    assert cell(value) == text


def test_browsers_are_named() -> None:
    """By the first mark that decides; an unknown header is shown as it is."""
    edge = "Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Edg/120"
    assert [browser(text) for text in (edge, "Mozilla/5.0 (X11; Linux) Firefox/121.0", "wget/1", "")] == [
        "Edge on Windows",
        "Firefox on Linux",
        "wget/1",
        "Unknown browser",
    ]


def test_initials() -> None:
    """Of names and of addresses."""
    assert [initials(name) for name in ("Ada Lovelace", "ada@x.org", "Ø", "")] == ["AL", "AX", "Ø", "?"]


@given(st.text(max_size=40))
def test_marks_stay_inside_and_do_not_overlap(key: str) -> None:
    """Whatever the id is."""
    end = 0
    for x, width, opacity in bands(key):
        assert x >= end
        end = x + width
        assert 0 < opacity <= 1
    assert 0 < end <= MARK_WIDTH
    assert bands(key) == bands(key)


@given(st.lists(st.integers(), max_size=60), st.integers(-5, 20), st.integers(1, 10))
def test_pages_hold_every_item_once(items: list[int], page: int, size: int) -> None:
    """Together they are the list, and a page that does not exist becomes the nearest."""
    first = cut(items, 1, size)
    assert [item for number_ in range(1, first.pages + 1) for item in cut(items, number_, size).items] == items
    assert 1 <= cut(items, page, size).page <= first.pages


def test_a_search_wants_every_word() -> None:
    """In any of the texts, in any case."""
    assert matches("PALMER peng", "Penguins", "of the Palmer station")
    assert not matches("palmer whale", "Penguins", "of the Palmer station")
    assert matches("  ", "anything")


@given(st.text(max_size=200))
def test_notices_survive_their_cookie(text: str) -> None:
    """Any text, whatever characters cookies allow."""
    assert read_notice(notice_cookie(Notice(text)).value) == Notice(text)


@pytest.mark.parametrize("value", [None, "", "%%%", "bm90IGpzb24=", "eyJ0ZXh0IjogMX0=", "é"])
def test_a_cookie_that_is_no_notice_is_ignored(value: str | None) -> None:
    """Anybody can send anything."""
    assert read_notice(value) is None


def test_a_template_is_compiled_ahead_with_all_that_it_names() -> None:
    """The frame of every page, the parts that it imports, and what the page includes."""
    environment = template_environment(str)
    compile_ahead(environment, "dashboards/board.html")
    assert environment.cache is not None
    ready = {name for _, name in environment.cache}
    assert {"dashboards/board.html", "wide.html", "base.html", "macros/parts.html", "macros/header.html"} <= ready


def test_files_of_ours_in_the_html_of_dash_are_marked() -> None:
    """Others, and those that are marked already, stay as they are."""
    html = '<script src="/static/vendor/grid.js"></script><script src="/view/dcc.js"></script><a href="/static/a?v=1">'
    found = marked(lambda name: f"/static/{name}?v=0", Markup(html))  # noqa: S704 -- it is ours.
    assert found == html.replace("grid.js", "grid.js?v=0")
