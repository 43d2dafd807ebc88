"""The field of the form for a tile's condition (`filter_expr`), and what is said of it while it is typed."""

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import Input, Output, State, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dash_views import ids
from dash_views.backend import PageDash
from dash_views.board import actor, dashboard_id, services
from dash_views.icons import Icon
from dash_views.parts import aria, sentence
from dash_views.whole_condition import around, placed
from domain.collections import DataCollection
from domain.errors import Invalid
from domain.expression_kinds import check_condition
from domain.expressions import Node, parse, spelled
from domain.projects import Access
from domain.tiles import Aggregation, CardTile
from domain.wording import grouped, tr
from services.queries import Failure

LABEL = tr("Only rows where")
HELP = tr("Empty: all rows. See the words of the language in the documentation of dashboards.")
EXAMPLE = "col('mass') > 4000 & col('species').is_in(['Gentoo'])"
NO_COLLECTION = tr("Choose the data first.")
LIVE: dict[str, Any] = {"aria-live": "polite"}


def condition_field(values: Mapping[str, Any]) -> Component:
    """The text."""
    made: Component = dmc.Textarea(
        id=ids.field("filter_expr"),
        label=LABEL,
        description=HELP,
        placeholder=EXAMPLE,
        value=values.get("filter_expr") or "",
        autosize=True,
        minRows=1,
        maxRows=8,
        debounce=300,
        className="condition-text",
        attributes={"input": {**aria(LABEL), "spellCheck": "false", "aria-describedby": ids.CONDITION}},
    )
    return made


def condition_check() -> Component:
    """The place of what is said of it."""
    return html.Div(id=ids.CONDITION, className="condition-check", **LIVE)


def register(app: PageDash) -> None:
    """Add the callback that checks."""

    @app.callback(
        Output(ids.CONDITION, "children"),
        Input(ids.field("filter_expr"), "value"),
        Input(ids.RENEW_FORM, "data"),
        State(ids.field("collection_id"), "value"),
        prevent_initial_call=False,
    )
    async def check(text: object, _: object, collection_id: object) -> list[Component]:
        if not isinstance(text, str) or not isinstance(collection_id, str):
            raise PreventUpdate
        opened = await services().dashboards.open(actor(), dashboard_id())
        found = await services().collections.all(opened.access)
        collection = next((one for one in found if one.id == collection_id), None)
        if not text.strip():
            return []
        if collection is None:
            return said_wrong(NO_COLLECTION)
        try:
            tree = checked(text, collection)
        except Invalid as error:
            return wrong(text, error)
        return [*understood(tree), *await _kept(opened.access, text, collection)]


def checked(text: str, collection: DataCollection) -> Node:
    """The condition as it is understood.

    Raises:
        Invalid: naming the place, when it cannot be read or does not fit the collection.
    """
    tree = parse(text)
    check_condition(tree, {column.name: column.kind for column in collection.columns})
    return tree


def understood(tree: Node) -> list[Component]:
    """How the condition was read, with all its parentheses."""
    said = sentence(tr("Understood as {condition}"), condition=html.Code(spelled(tree)))
    return [html.P(said, className="condition-read")]


def wrong(text: str, error: Invalid) -> list[Component]:
    """What is wrong, with the place marked in the text."""
    (problem,) = error.problems
    before, there, after = around(text, error)
    marked = html.Code([before, html.Mark(there), after], className="condition-place")
    return [marked, *said_wrong(placed(problem))]


def said_wrong(message: str) -> list[Component]:
    """A sentence on what is wrong."""
    return [html.P([Icon("alert-triangle"), message], className="condition-wrong", role="alert")]


async def _kept(access: Access, text: str, collection: DataCollection) -> list[Component]:
    """How many rows fulfil the condition, or why that cannot be said."""
    if collection.table_version is None or not collection.columns:
        return []
    name = collection.columns[0].name
    card = CardTile(
        id="condition", collection_id=collection.id, column_name=name, aggregation=Aggregation.COUNT, filter_expr=text
    )
    answer = (await services().queries.answer(access, [card], ()))[card.id]
    if isinstance(answer, Failure):
        return said_wrong(answer.message)
    counts = tr("{matched} of {total} rows.", matched=grouped(answer.rows_matched), total=grouped(answer.rows_total))
    return [html.P(counts, className="condition-rows")]
