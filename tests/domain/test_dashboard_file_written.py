"""Dashboards written as files: what is read from them is what was written."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from domain.dashboard_file import dashboard_file, written
from domain.dashboards import Dashboard
from domain.figure_file import used
from domain.figure_roles import missing_role
from domain.tiles import Box, CardTile, FigureTile, TableTile, TextTile, Tile, Visu

EXAMPLES = Path(__file__).parents[2] / "examples"


def a_board(title: str, subtitle: str, tiles: dict[str, Tile]) -> Dashboard:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Dashboard(
        id="d",
        project_id="p",
        title=title,
        subtitle=subtitle,
        tiles=tiles,
        created_by="ada",
        created_at=at,
        updated_at=at,
    )


def again(title: str, subtitle: str, tiles: dict[str, Tile]) -> tuple[str, str, dict[str, Tile]]:
    """Written, through YAML, and read."""
    text = yaml.safe_dump(written(a_board(title, subtitle, tiles), {"c1": "flow.rows"}), allow_unicode=True)
    found = dashboard_file(yaml.safe_load(text), {"flow.rows": "c1"})
    return found.title, found.subtitle, found.tiles


@pytest.mark.parametrize(("name", "tag"), [("iris", "iris_table"), ("penguins", "penguins_complete")])
def test_the_examples_come_back_as_they_were(name: str, tag: str) -> None:
    """Every kind that they have, with every key."""
    given_file = yaml.safe_load((EXAMPLES / name / "dashboard.yaml").read_text("utf-8"))
    found = dashboard_file(given_file, {tag: "c1"})
    assert again(found.title, found.subtitle, found.tiles) == (found.title, found.subtitle, found.tiles)


def test_a_file_says_what_differs_from_the_defaults_and_nothing_of_ids() -> None:
    """A figure's bindings stand in `dict_kwargs`; the collection by its tag, or by its id when it is gone."""
    figure = FigureTile(id="f", collection_id="c1", visu_type=Visu.SCATTER, x="a", y="b", hover=("c",), version=7)
    gone = CardTile(id="g", collection_id="c9", column_name="a", layout=Box(1, 2, 3, 4))
    assert written(a_board("T", "", {"f": figure, "g": gone}), {"c1": "rows"}) == {
        "title": "T",
        "components": [
            {
                "tag": "f",
                "component_type": "figure",
                "data_collection_tag": "rows",
                "visu_type": "scatter",
                "dict_kwargs": {"x": "a", "y": "b", "hover": ["c"]},
                "layout": {"x": 0, "y": 0, "w": 4, "h": 4},
            },
            {
                "tag": "g",
                "component_type": "card",
                "data_collection_tag": "c9",
                "column_name": "a",
                "layout": {"x": 1, "y": 2, "w": 3, "h": 4},
            },
        ],
    }


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20)
TILES = st.one_of(
    st.builds(TextTile, title=TEXTS, body=TEXTS, section=TEXTS),
    st.builds(TableTile, collection_id=st.just("c1"), columns=st.lists(TEXTS).map(tuple), page_size=st.integers(1, 9)),
    st.builds(
        FigureTile,
        collection_id=st.just("c1"),
        visu_type=st.sampled_from(Visu),
        x=TEXTS,
        y=st.none() | TEXTS,
        hover=st.lists(TEXTS).map(tuple),
        nbins=st.none() | st.integers(1, 99),
        log_x=st.booleans(),
        options=st.just({}) | st.builds(dict, labels=st.dictionaries(TEXTS, TEXTS, max_size=2)),
    ).filter(lambda tile: missing_role(tile) is None),
)


@given(TEXTS, TEXTS, st.lists(TILES, max_size=5))
def test_any_dashboard_comes_back(title: str, subtitle: str, tiles: list[Tile]) -> None:
    """Whatever its texts are; each tile under its id, figures without fields that their kind leaves without effect."""
    named: dict[str, Tile] = {f"t{n}": msgspec.structs.replace(tile, id=f"t{n}") for n, tile in enumerate(tiles)}
    kept = {name: used(tile) if isinstance(tile, FigureTile) else tile for name, tile in named.items()}
    assert again(title, subtitle, named) == (title, subtitle, kept)
