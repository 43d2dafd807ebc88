"""Conditions that name columns which no table has any more, and which a remapping leaves as they were written.

They stand in saved views and share links: whoever keeps one has typed it, and others may have passed it on.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from domain.collections import DataCollection
from domain.conditions import shown_collections, wished
from domain.dashboards import Dashboard
from domain.errors import Invalid
from domain.expressions import fields_of, parse
from domain.filters import WHERE, Clause, Wish
from domain.saved_views import SavedView
from domain.share_links import ShareLink, said_of, wishes_of


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """A condition as it was written, who keeps it, and the columns that it names and that are lost.

    `name` is that of the view or of the link; it is empty where the reader may not see the links.
    """

    kind: Literal["view", "link"]
    name: str
    condition: str
    columns: tuple[str, ...]


def left_of(
    dashboard: Dashboard,
    collections: Iterable[DataCollection],
    views: Iterable[SavedView],
    links: Iterable[ShareLink],
) -> list[Left]:
    """Every condition of these views and links that names a column which the dashboard's data have lost."""
    shown = shown_collections(dashboard, collections)
    found = [
        Left(kind="view", name=view.name, condition=text, columns=columns)
        for view in views
        for text in _typed(view.state.filters.get(WHERE, ()))
        if (columns := _missing(text, shown))
    ]
    for link in links:
        said = {text: _missing(text, shown) for text in (*_carried(link), *_fixed(link))}
        said |= {said_of(clause): _lost_by(clause, shown) for clause in link.fixed if clause.source != WHERE}
        found += [
            Left(kind="link", name=link.name, condition=text, columns=columns)
            for text, columns in said.items()
            if columns
        ]
    return found


def _typed(wishes: Sequence[Wish]) -> list[str]:
    try:
        return [wished(wishes)] if wishes else []
    except Invalid:
        return []


def _carried(link: ShareLink) -> list[str]:
    """The condition with which the link opens."""
    try:
        return _typed(wishes_of(link.search).get(WHERE, ()))
    except Invalid:
        return []


def _fixed(link: ShareLink) -> list[str]:
    """The conditions that no visitor can lift."""
    return [str(clause.values[0]) for clause in link.fixed if clause.source == WHERE]


def _missing(text: str, shown: Sequence[DataCollection]) -> tuple[str, ...]:
    """The columns of the condition that some shown table has lost, or that none has."""
    try:
        named = sorted(fields_of(parse(text)))
    except Invalid:
        return ()
    lost = {one.name for collection in shown for one in collection.lost}
    return tuple(name for name in named if name in lost or not any(one.column(name) for one in shown))


def _lost_by(clause: Clause, shown: Sequence[DataCollection]) -> tuple[str, ...]:
    """The columns of a fixed filter that its table has no more."""
    tables = [one for one in shown if one.id == clause.collection_id]
    return tuple(name for name in clause.columns if any(one.column(name) is None for one in tables))
