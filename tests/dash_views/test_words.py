"""What the scripts of dashboards and pages say stands together, each text marked for translators."""

import re
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract

from dash_views import grid
from web.strings import KEYWORDS

GRID = Path(grid.__path__[0])
COMPONENTS = GRID.parent
BOARD = COMPONENTS.parent / "web" / "static" / "dash"
PAGES = BOARD.parent / "js"
SCRIPTS = sorted(
    path
    for folder in (BOARD, PAGES, *COMPONENTS.iterdir())
    for path in folder.glob("*.js")
    if folder != GRID and path != PAGES / "words.js"
)
STRING = re.compile(r"""(?P<quote>['"`])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)(?P<names>:)?""")
SENTENCE = re.compile(r"[A-Z][a-z]*[ .,:…]")
VALUE = re.compile(r"\$?\{[^{}]*\}")
COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)
TABLE = re.compile(r"const WORDS = \{(?:[^\n]*\};|.*?\n  \};)", re.DOTALL)
CALL = re.compile(r"\btrn?\(")
DEVELOPERS = {'TileGrid needs gridstack-all.js: run "npm install" and "python -m web.vendor".'}
"""What only who develops it reads."""
CODE = {"use strict", "number", "{condition}", "col('mass') > 4000"}
"""What a table of words holds besides words."""


def strings(code: str) -> list[str]:
    """Those in quotes, except for the names of properties."""
    return [match["text"] for match in STRING.finditer(COMMENT.sub("", code)) if not match["names"]]


def sentences(code: str) -> set[str]:
    return {text for text in strings(code) if SENTENCE.match(text)}


def unmarked(code: str) -> Counter[str]:
    """The strings with letters that are no argument of `tr` and `trn`, as `make strings` reads the script.

    A text into which the script itself puts values is none that a catalogue could have.
    """
    found = extract("javascript", BytesIO(code.encode()), KEYWORDS, options={"encoding": "utf-8"})
    marked = [text for _, texts, _, _ in found for text in ([texts] if isinstance(texts, str) else texts)]
    spoken = [text for text in strings(code) if re.search("[A-Za-z]", VALUE.sub("", text)) or text in marked]
    return Counter(spoken) - Counter(text for text in marked if "${" not in text)


def test_sentences_are_found() -> None:
    """In each kind of quotes, none of code and comments."""
    code = "say('No rows.'); // Not 'This one.'\nname('Escape'); tell(`Saved ${when}`); /* Nor \"That.\" */ fail('A b')"
    assert sentences(code) == {"No rows.", "Saved ${when}", "A b"}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("tr('No rows.')", []),
        ("(n) => trn('{n} row', '{n} rows', n)", []),
        ("(name, rows) => `${name}: ${rows}`", []),
        ("[tr('one'), tr(`two`)]", []),
        ("'none'", ["none"]),
        ("(n) => `${n} of them`", ["${n} of them"]),
        ("{ far: tr('far'), near: 'near' }", ["near"]),
        ("(name) => tr(`${name} has left`)", ["${name} has left"]),
        ("(n) => tr('{rows} are left', { rows: trn('{n} row', '{n} rows', n) })", ["{n} row", "{n} rows"]),
        ("tr('none'), plain: 'none'", ["none"]),
        ("{ 'Zoom in': tr('Zoom in'), 'Pan': 'Pan' }", ["Pan"]),
        ("(isOn) => tr(isOn ? 'on' : 'off')", ["on"]),
    ],
)
def test_a_text_that_translators_would_not_see_is_found(value: str, found: list[str]) -> None:
    assert list(unmarked(f"const WORDS = {{ text: {value} }};")) == found


@pytest.mark.parametrize("path", sorted(GRID.glob("*.js")), ids=lambda path: path.name)
def test_the_grid_has_one_file_of_words(path: Path) -> None:
    """No other script of it holds a sentence."""
    code = path.read_text("utf-8")
    found = sentences(code) - DEVELOPERS
    assert len(found) > 20 if path.name == "words.js" else (found, CALL.findall(code)) == (set(), [])


def test_every_word_of_the_grid_is_marked() -> None:
    assert set(unmarked((GRID / "words.js").read_text("utf-8"))) <= CODE


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_each_other_script_has_its_words_at_its_head(path: Path) -> None:
    """In one table called WORDS, each of them marked; none elsewhere."""
    code = path.read_text("utf-8")
    rest = TABLE.sub("", code)
    assert (sentences(rest) - DEVELOPERS, CALL.findall(rest)) == (set(), [])
    assert set(unmarked("".join(TABLE.findall(code)))) <= CODE
