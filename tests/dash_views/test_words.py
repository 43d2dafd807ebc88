"""What the scripts of dashboards and pages say stands together, ready to be translated."""

import re
from pathlib import Path

import pytest

from dash_views import grid

GRID = Path(grid.__path__[0])
BOARD = GRID.parents[1] / "web" / "static" / "dash"
PAGES = BOARD.parent / "js"
TEXT = re.compile(r"""(?P<quote>['"`])(?P<text>[A-Z][a-z]+[ .,:…](?:(?!(?P=quote)).)*)(?P=quote)""")
COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)
WORDS = re.compile(r"const WORDS = \{(?:[^\n]*\};|.*?\n  \};)", re.DOTALL)
DEVELOPERS = {'TileGrid needs gridstack-all.js: run "npm install" and "python -m web.vendor".'}
"""What only who develops it reads."""


def sentences(code: str) -> set[str]:
    return {match["text"] for match in TEXT.finditer(COMMENT.sub("", code))}


def test_sentences_are_found() -> None:
    """In each kind of quotes, none of code and comments."""
    code = "say('No rows.'); // Not 'This one.'\nname('Escape'); tell(`Saved ${when}`); /* Nor \"That one.\" */"
    assert sentences(code) == {"No rows.", "Saved ${when}"}


@pytest.mark.parametrize("path", sorted(GRID.glob("*.js")), ids=lambda path: path.name)
def test_the_grid_has_one_file_of_words(path: Path) -> None:
    """No other script of it holds a sentence."""
    found = sentences(path.read_text("utf-8")) - DEVELOPERS
    assert len(found) > 20 if path.name == "words.js" else found == set()


@pytest.mark.parametrize("path", sorted([*BOARD.glob("*.js"), *PAGES.glob("*.js")]), ids=lambda path: path.name)
def test_each_script_of_a_board_or_page_has_its_words_at_its_head(path: Path) -> None:
    """In one table called WORDS, none elsewhere."""
    assert sentences(WORDS.sub("", path.read_text("utf-8"))) == set()
