"""The condition of a whole dashboard in the filter panel: what is said of it while it is typed, and keeping it."""

from typing import Any

import msgspec
from dash import html
from dash.development.base_component import Component

from dash_views import ids
from dash_views.condition_box import ConditionBox
from dash_views.parts import sentence, tool
from domain.collections import DataCollection
from domain.conditions import Reached, reached, shown_collections
from domain.dashboards import Dashboard
from domain.errors import DomainError, Invalid, Problem
from domain.expressions import parse as parsed
from domain.expressions import spelled
from domain.filters import WHERE, Clause
from domain.shape import closest
from domain.tiles import Aggregation, CardTile
from domain.wording import grouped, tr
from services.dashboards import DashboardAccess
from services.queries import Answer, Failure
from services.system import Services

LABEL = tr("Only rows where")
HELP = tr("Narrows all data of the dashboard that have the columns which it names.")
OWN_LABEL = tr("This dashboard shows only rows where")
OWN_HELP = tr("Part of the dashboard: it holds for everybody who looks at it, beside all filters.")
RESET = tr("Reset the condition")
AROUND = 24
"""So many characters before and after a fault are shown with it."""
NOWHERE = tr("No data of this dashboard have these columns.")


class ConditionAsk(msgspec.Struct, frozen=True):
    """A condition as it is typed, `own` when it is the dashboard's; `view` and `sequence` as in `answering.Ask`."""

    sequence: int
    text: str
    view: str = ""
    own: bool = False


def condition_cards(dashboard: Dashboard, *, editable: bool) -> list[Component]:
    """The condition that a reader sets, below the dashboard's own one, which its authors set."""
    reset = tool(ids.part("reset", WHERE), "filter-off", RESET, idle=True)
    box = ConditionBox(ids.part("filter", WHERE), label=LABEL, help=HELP)
    reader = html.Div([box, html.Div(reset, className="tile-tools")], className="filter condition-card")
    if editable:
        own = ConditionBox(ids.OWN_CONDITION, label=OWN_LABEL, help=OWN_HELP, value=dashboard.filter_expr, own=True)
        return [html.Div(own, className="filter condition-card"), reader]
    if not dashboard.filter_expr:
        return [reader]
    words = tr("This dashboard shows only rows where {condition}")
    said = html.P(sentence(words, condition=html.Code(dashboard.filter_expr)), className="filter-note condition-own")
    return [said, reader]


def outlined_conditions(dashboard: Dashboard, *, editable: bool) -> dict[str, Any]:
    """What the outline of the panel says in place of these cards: their names, and the label of a fixed condition."""
    names = [OWN_LABEL, LABEL] if editable else [LABEL]
    return {"names": names, "own": OWN_LABEL if dashboard.filter_expr and not editable else ""}


def browser_condition(dashboard: Dashboard) -> dict[str, Any]:
    """What the browser must know of the condition, as of a filter; `own` tells one version of it from another."""
    return {"type": "condition", "label": LABEL, "widget": "Condition", "own": dashboard.filter_expr}


async def said_of(use: Services, opened: DashboardAccess, ask: ConditionAsk) -> dict[str, Any]:
    """What is wrong with a condition, or how it is understood and which rows of each collection it leaves."""
    collections = await use.collections.all(opened.access)
    try:
        found = reached(ask.text, shown_collections(opened.dashboard, collections))
        tree = parsed(ask.text)
    except Invalid as error:
        return _said(wrong=[placed(one) for one in error.problems],
                     place=around(ask.text, error))  # fmt: skip
    if all(one.lacks or one.problem for one in found):
        said = [f"{one.collection.tag}: {one.problem}" for one in found if one.problem] or [NOWHERE]
        return _said(wrong=said, reach=[unreached(one, ask) for one in found if one.lacks])
    cards = {one.collection.id: _counting(one) for one in found if one.holds and one.collection.columns}
    state = tuple(Clause(source=WHERE, collection_id=one, column="", op="where", values=(ask.text,)) for one in cards)
    answers = await use.queries.answer(opened.access, list(cards.values()), state, collections)
    reach = [
        unreached(one, ask) if one.lacks else _counted(one, answers.get(f"condition {one.collection.id}"))
        for one in found
    ]
    faults = [f"{entry['name']}: {entry['words']}" for entry in reach if entry.pop("fault", False)]
    return _said(read=spelled(tree), reach=reach, wrong=faults)


def refused(error: DomainError) -> dict[str, Any]:
    """What is said when the rows could not be counted."""
    return _said(wrong=[error.message])


def _said(**entries: Any) -> dict[str, Any]:
    return {"failure": None, "read": "", "wrong": [], "place": None, "reach": [], **entries}


def around(text: str, error: Invalid) -> list[str]:
    """The text around the place of a fault: before it, there, and after it."""
    at = min(max(_character(error.problems[0]) - 1, 0), len(text))
    return [text[max(at - AROUND, 0) : at], text[at : at + 1] or "\N{OPEN BOX}", text[at + 1 : at + 1 + AROUND]]


def placed(problem: Problem) -> str:
    """What is wrong with a condition, and where in its text."""
    if at := _character(problem):
        return tr("Character {n}: {why}", n=at, why=problem.message)
    return f"{problem.place.capitalize()}: {problem.message}"


def _character(problem: Problem) -> int:
    """Which character of the text, counted from one; 0 when it is none of them."""
    number = problem.place.removeprefix("character ")
    return int(number) if number.isdigit() else 0


def _counting(one: Reached) -> CardTile:
    collection = one.collection
    name = collection.columns[0].name
    key = f"condition {collection.id}"
    return CardTile(id=key, collection_id=collection.id, column_name=name, aggregation=Aggregation.COUNT)


def unreached(one: Reached, ask: ConditionAsk) -> dict[str, Any]:
    """What the condition is to a table without its columns; the dashboard's own one binds a table that lost them."""
    lacks = ", ".join(_maybe_meant(name, one.collection) for name in one.lacks)
    if one.is_lost and ask.own:
        words = tr("has lost {columns}: its tiles fail until the condition is changed", columns=lacks)
    elif one.is_lost:
        words = tr("has lost {columns}: not narrowed by it", columns=lacks)
    else:
        words = tr("has no {columns}: not narrowed by it", columns=lacks)
    return {"name": one.collection.tag, "words": words, "holds": False}


def _maybe_meant(name: str, collection: DataCollection) -> str:
    near = closest(name, [column.name for column in collection.columns])
    return tr("{name} (did you mean {near}?)", name=name, near=near) if near else name


def _counted(one: Reached, answer: Answer | None) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": one.collection.tag, "holds": True}
    if one.problem or isinstance(answer, Failure):
        return entry | {"words": one.problem or getattr(answer, "message", ""), "fault": True}
    if answer is None:
        return entry | {"words": tr("has no rows yet")}
    matched, total = grouped(answer.rows_matched), grouped(answer.rows_total)
    return entry | {"words": tr("{matched} of {total} rows", matched=matched, total=total)}
