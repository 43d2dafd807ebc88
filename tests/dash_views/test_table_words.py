"""The texts of AG Grid, as the catalogue gives them to translators."""

from pathlib import Path

import dash_ag_grid

from dash_views.table_words import SPOKEN, TEXTS

SCRIPT = Path(dash_ag_grid.__file__).parent / "dash_ag_grid.min.js"


def test_texts_are_those_that_ag_grid_says_in_english() -> None:
    """Of each key that it knows; in English it is left to say them itself."""
    code = SCRIPT.read_text("utf-8")
    pairs = {key: (f'"{key}","{text}"', f'{key}:"{text}"') for key, text in TEXTS.items()}
    assert [key for key, pair in pairs.items() if not any(one in code for one in pair)] == []
    assert SPOKEN == {}
