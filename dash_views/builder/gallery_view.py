"""The gallery as components: the data, its columns, what is suggested for them, and all kinds of tile by pictures."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import dash_mantine_components as dmc
import msgspec
from dash import dcc, html
from dash.development.base_component import Component

from dash_views import ids
from dash_views.builder import words
from dash_views.builder.offers import Chosen, Offer, Shown
from dash_views.builder.pictures import PICTURES
from dash_views.forms import KINDS, Kind
from dash_views.icons import Icon
from dash_views.parts import aria, data
from dash_views.picture import Picture
from dash_views.presses import tells
from domain.collections import DataCollection
from domain.wording import tr


def gallery(
    collections: Sequence[DataCollection], collection_id: str = "", kinds: Sequence[Kind] = KINDS
) -> list[Component]:
    """What stands below the title: choose data, columns, a suggestion or a kind. Some projects have no data yet."""
    filled = [one for one in collections if one.table_version is not None]
    beside = _data(filled, collection_id) if filled else [html.P(words.NO_ROWS, className="filter-note")]
    return [html.Div([html.Div(beside, className="builder-data"), _kinds(kinds)], className="builder is-gallery")]


def offered_tables(collections: Sequence[DataCollection]) -> list[dict[str, str]]:
    """The tables that have rows, as options."""
    filled = [one for one in collections if one.table_version is not None]
    return [{"value": one.id, "label": words.rows(one.tag, one.rows)} for one in filled]


def _data(filled: Sequence[DataCollection], collection_id: str) -> list[Component]:
    select = dmc.Select(
        id=ids.GALLERY_DATA, label=words.DATA, data=offered_tables(filled), value=collection_id or filled[0].id,
        allowDeselect=False, searchable=True,
    )  # fmt: skip
    return [
        select,
        html.H3(words.COLUMNS, className="aside-group"),
        html.Div(_wait(4), id=ids.COLUMNS, className="builder-columns"),
        html.H3(words.SUGGESTED, className="aside-group"),
        html.Div(_wait(2), id=ids.OFFERS, className="offers"),
    ]


def _wait(number: int) -> list[Component]:
    """Places that shimmer until what belongs there has come."""
    return [html.Div(className="wait-shimmer builder-wait") for _ in range(number)]


def _kinds(kinds: Sequence[Kind]) -> Component:
    search = dcc.Input(
        id="gallery-search", type="search", className="builder-search", placeholder=words.SEARCH, autoComplete="off",
    )  # fmt: skip
    groups: list[Component] = []
    for group, members in groupby(kinds, key=lambda kind: kind.group):
        entries = html.Div([_entry(kind) for kind in members], className="gallery")
        head = html.H3(words.GROUPS[group], className="aside-group")
        groups.append(html.Section([head, entries], className="gallery-group"))
    nothing = html.P(words.NO_KIND, className="filter-note gallery-nothing", hidden=True, role="status")
    label = html.Label([html.Span(words.SEARCH, className="dp-hidden"), search])
    return html.Div([label, *groups, nothing], className="builder-kinds")


def picture(kind: Kind, class_name: str = "picture") -> Component:
    """The small picture of a kind."""
    return Picture(PICTURES[kind.name], className=class_name)


def _entry(kind: Kind) -> Component:
    group = f"{words.GROUPS[kind.group]} {words.GROUP_FOUND_BY.get(kind.group, '')}"
    found_by = f"{kind.label} {kind.what} {words.FOUND_BY.get(kind.name, '')} {group}".lower()
    said = [html.Span(kind.label, className="gallery-name"), html.Span(kind.what, className="gallery-what")]
    return html.Button(
        [picture(kind), *said], id=ids.choice(kind.name), className="gallery-entry", type="button",
        **data("found", found_by), **tells(ids.OPENING),
    )  # fmt: skip


def offers_view(offered: Sequence[Offer], shown: Mapping[str, Shown], chosen: Chosen) -> list[Component]:
    """The suggestions for what is chosen, each with what it shows; pressing one opens its form."""
    if not offered:
        return [html.P(words.NOTHING_FITS if chosen.columns else words.CHOOSE, className="filter-note")]
    return [_offer(one, shown.get(one.kind.name, Shown()), chosen) for one in offered]


def _offer(offer: Offer, shown: Shown, chosen: Chosen) -> Component:
    columns = ", ".join(offer.columns)
    said = [
        html.Span(offer.kind.label, className="gallery-name"),
        html.Span(_breakable(f"{offer.why}: {columns}"), className="gallery-what"),
    ]
    return html.Button(
        [_seen(offer, shown), *said], id=ids.offer(offer.kind.name, msgspec.json.encode(chosen).decode()),
        className="offer", type="button", title=f"{offer.kind.label}: {columns}", **tells(ids.OPENING),
    )  # fmt: skip


def _breakable(text: str) -> list[Component | str]:
    """The text, whose lines may break behind the joints of column names rather than anywhere."""
    first, *others = text.split("_")
    return [first, *(part for other in others for part in ("_", html.Wbr(), other))]


def _seen(offer: Offer, shown: Shown) -> Component:
    if shown.failure:
        failed = [Icon("alert-triangle"), html.Span(shown.failure)]
        return html.Span(failed, className="offer-seen is-failed")
    if shown.number:
        return html.Span(shown.number, className="offer-seen offer-number")
    if shown.picture:
        return html.Img(src=shown.picture, alt="", className="offer-seen")
    return html.Span(picture(offer.kind), className="offer-seen")


def kind_head(kind: Kind, dropped: Sequence[tuple[str, str]] = ()) -> list[Component]:
    """Above a form: what it makes, the way to another kind, and what that kind had no place for."""
    change = html.Button(
        words.OTHER_KIND, id=ids.change(kind.name), className="dp-button", type="button",
        **aria(tr("Other kind than {kind}", kind=kind.label)), **tells(ids.OPENING),
    )  # fmt: skip
    name = html.Span([html.Strong(kind.label), html.Span(kind.what, className="gallery-what")], className="kind-name")
    head = html.Div([picture(kind, "picture kind-picture"), name, change], className="kind-head")
    lost = [html.Li(words.dropped(label, column, kind.label)) for label, column in dropped]
    return [head, *([html.Ul(lost, className="kind-dropped", role="status")] if lost else [])]
