"""Parts that no callback reaches are one component, and nothing that a callback may reach is among them."""

from dash import dcc, html

from dash_views.icons import Icon
from dash_views.still import Still, still


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


def test_pieces_of_words_keep_their_places() -> None:
    """Between parts that callbacks reach."""
    link = html.A("there", id="link")
    found = still(html.P(["Look ", link, " now"]))
    assert [found.children[0], found.children[2]] == ["Look ", " now"]
    assert found.children[1] is link
