"""Parts that no callback reaches are one component, and nothing that a callback may reach is among them."""

import json

import msgspec
from dash import dcc, html
from plotly.utils import PlotlyJSONEncoder

from dash_views.icons import Icon
from dash_views.still import Still, still
from dash_views.tiles import tile_card
from domain.tiles import CardTile, FigureTile, Tile, Visu
from tests.dash_views.page import components


def test_a_part_without_ids_is_one_component() -> None:
    """With elements, icons and words in it."""
    card = html.Div([html.H2("Birds"), html.Button(Icon("dots"), title="More"), html.Span()])
    found = still(card)
    assert isinstance(found, Still)
    assert found.parts == [card]


def test_what_a_callback_may_reach_stays_as_it_is() -> None:
    """Its neighbours are put together, in their order; so are those within what holds it."""
    press = html.Button(Icon("trash"), id="delete")
    deep = html.Div([html.Span("before"), html.Span("too"), press])
    text = dcc.Markdown("words")
    found = still(html.Section([html.H2("Birds"), html.P("Two"), deep, text, html.Div("after")]))
    assert isinstance(found, html.Section)
    head, inner, markdown, after = found.children
    assert [part.children for part in head.parts] == ["Birds", "Two"]
    assert [part.children for part in inner.children[0].parts] == ["before", "too"]
    assert inner.children[1] is press
    assert markdown is text
    assert [part.children for part in after.parts] == ["after"]


def known(tile: Tile) -> int:
    """So many components of a tile Dash tells of every change."""
    drawn = json.loads(PlotlyJSONEncoder().encode(tile_card(tile, [], editable=False)))
    still_ones = [
        part for one in components(drawn) if one["type"] == "Still" for part in components(one["props"]["parts"])
    ]
    return len([*components(drawn)]) - len(still_ones)


def test_dash_knows_few_components_of_a_tile() -> None:
    """It had 19 of a card, and 22 of a figure whose points can be selected."""
    points = FigureTile(id="f", collection_id="c", visu_type=Visu.SCATTER, x="a", y="b")
    assert known(CardTile(id="k", collection_id="c", column_name="a")) == 1
    assert known(points) == 11
    assert known(msgspec.structs.replace(points, selection_enabled=False)) == 5


def test_pieces_of_words_keep_their_places() -> None:
    """Between parts that callbacks reach."""
    link = html.A("there", id="link")
    found = still(html.P(["Look ", link, " now"]))
    assert [found.children[0], found.children[2]] == ["Look ", " now"]
    assert found.children[1] is link
