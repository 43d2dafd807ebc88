"""Parts that no callback reaches are one component; what a callback may reach stands among them as it is."""

import json

import msgspec
import pytest
from dash import dcc, html
from plotly.utils import PlotlyJSONEncoder

from dash_views.board import slot
from dash_views.icons import Icon
from dash_views.presses import tells
from dash_views.still import Still, still, still_all
from domain.tiles import CardTile, FigureTile, Tile, Visu
from tests.dash_views.page import components


def test_a_part_without_ids_is_one_component() -> None:
    """With elements, icons and words in it."""
    card = html.Div([html.H2("Birds"), html.Button(Icon("dots"), title="More"), html.Span()])
    found = still(card)
    assert isinstance(found, Still)
    assert found.parts == [card]
    assert not hasattr(found, "children")


def test_what_a_callback_may_reach_fills_the_holes() -> None:
    """In their order; what stays within one of them is put together again."""
    press = html.Button(Icon("trash"), id="delete")
    text = dcc.Markdown("words")
    deep = html.Div([html.Span("before"), press])
    found = still(html.Section([html.H2("Birds"), html.Div([deep, text]), html.Div("after")]))
    assert isinstance(found, Still)
    (section,) = found.parts
    assert section.children[0].children == "Birds"
    assert section.children[1].children == [deep, {"hole": 1}]
    assert deep.children[1:] == [{"hole": 0}]
    assert found.children == [press, text]
    assert isinstance(press.children, Still)


def test_the_parent_of_a_callback_stays_one() -> None:
    """What it holds is one component beside those that callbacks reach."""
    press = html.Button("Go", id="go")
    found = still(html.Div([html.P("one"), press, html.P("two")], id="shown"))
    assert isinstance(found, html.Div)
    (inside,) = found.children
    assert [getattr(one, "children", one) for one in inside.parts] == ["one", {"hole": 0}, "two"]
    assert inside.children == [press]


@pytest.mark.parametrize("component_id", ["open", {"role": "edit", "tile": "t"}])
def test_a_button_that_tells_a_store_stays(component_id: str | dict[str, str]) -> None:
    """Its id is for the store alone: no callback listens to it."""
    press = html.Button("Go", id=component_id, **tells("opening"))
    assert [one.parts for one in still_all([press])] == [[press]]


def test_what_is_one_already_stays_so() -> None:
    """A tile that comes within a page that is put together."""
    tile = still(html.Div(html.Button("Go", id="go")))
    found = still(html.Div([html.P("one"), tile]))
    assert found.children == [tile]


def known(tile: Tile) -> int:
    """So many components of a tile Dash tells of every change."""
    drawn = json.loads(PlotlyJSONEncoder().encode(slot(tile, (), editable=True)))
    (outer,) = [one for one in components(drawn) if one["type"] == "Still"][:1]
    return 1 + sum(len([*components(one)]) for one in outer["props"].get("children", []))


def test_dash_knows_few_components_of_a_tile() -> None:
    """Of about twenty of a card, and thirty of a figure whose points can be selected."""
    points = FigureTile(id="f", collection_id="c", visu_type=Visu.SCATTER, x="a", y="b")
    assert known(CardTile(id="k", collection_id="c", column_name="a")) == 1
    assert known(msgspec.structs.replace(points, selection_enabled=False)) == 2
    # The button that clears the selection, and what it shows, besides.
    assert known(points) == 5


def test_pieces_of_words_keep_their_places() -> None:
    """Between those that callbacks reach."""
    link = html.A("there", id="link")
    found = still(html.P(["Look ", link, " now"], id="words"))
    assert found.children == ["Look ", link, " now"]
