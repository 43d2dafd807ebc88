"""Conditions of a whole dashboard: its own one, and the one that a reader sets; on which collections each holds."""

from collections.abc import Iterable, Sequence

import msgspec

from domain.collections import DataCollection
from domain.dashboards import Dashboard
from domain.errors import Invalid, Problem
from domain.expression_kinds import check_condition
from domain.expressions import fields_of, parse
from domain.filters import WHERE, Clause, FilterState, Wish
from domain.live_tile import live_tiles
from domain.tiles import DataTile, TextTile
from domain.wording import tr

OWN = "*own"
"""The source of the clauses of a dashboard's own condition; WHERE is that of a reader's."""


class Reached(msgspec.Struct, frozen=True):
    """One collection and a condition: the columns that it lacks, or what in the condition does not suit the others."""

    collection: DataCollection
    lacks: tuple[str, ...] = ()
    problem: str = ""

    @property
    def holds(self) -> bool:
        """Whether the condition narrows the collection."""
        return not self.lacks

    @property
    def is_lost(self) -> bool:
        """Whether the condition narrowed the collection before its table lost the columns."""
        return bool(self.lacks) and set(self.lacks) <= {one.name for one in self.collection.lost}


def shown_collections(dashboard: Dashboard, collections: Iterable[DataCollection]) -> list[DataCollection]:
    """The collections that some tile or filter of the dashboard shows, in the order of their tags."""
    shown = {tile.collection_id for tile in dashboard.tiles.values() if isinstance(tile, DataTile)}
    texts = [tile for tile in dashboard.tiles.values() if isinstance(tile, TextTile)]
    shown |= {live.collection_id for text in texts for live in live_tiles(text)}
    return sorted((one for one in collections if one.id in shown), key=lambda one: (one.tag, one.id))


def reached(text: str, collections: Iterable[DataCollection]) -> list[Reached]:
    """What the condition is to each of the collections.

    Raises:
        Invalid: naming the place, when it cannot be read.
    """
    tree = parse(text)
    named = sorted(fields_of(tree))
    found = []
    for one in collections:
        kinds = {column.name: column.kind for column in one.columns}
        lacks = tuple(name for name in named if name not in kinds)
        problem = ""
        if not lacks:
            try:
                check_condition(tree, kinds)
            except Invalid as error:
                problem = "; ".join(f"{fault.place}: {fault.message}" for fault in error.problems)
        found.append(Reached(one, lacks, problem))
    return found


def condition_clauses(
    dashboard: Dashboard, wishes: Sequence[Wish], collections: Iterable[DataCollection]
) -> FilterState:
    """The dashboard's own condition and that of a reader's wish, a clause for each collection with all their columns.

    Raises:
        Invalid: when one cannot be read, or no collection has its columns; a condition is never left out.
    """
    texts = [(OWN, dashboard.filter_expr)] if dashboard.filter_expr.strip() else []
    texts += [(WHERE, wished(wishes))] if wishes else []
    if not texts:
        return ()
    shown = shown_collections(dashboard, collections)
    return tuple(clause for source, text in texts for clause in _clauses(source, text, shown))


def wished(wishes: Sequence[Wish]) -> str:
    """The text of a reader's condition.

    Raises:
        Invalid: when it is something else than one condition.
    """
    match wishes:
        case [Wish(op="where", values=(str() as text,))] if text.strip():
            return text
    raise Invalid(tr("The condition of this link cannot be read."), (Problem("where", tr("write one condition")),))


def _clauses(source: str, text: str, shown: Sequence[DataCollection]) -> list[Clause]:
    near = reached(text, shown)
    found = [one for one in near if one.holds]
    if shown and not found:
        columns = ", ".join(sorted(fields_of(parse(text))))
        problem = Problem(
            "where", tr("no data of this dashboard have {columns}; take the condition back or mend it", columns=columns)
        )
        raise Invalid(tr("The condition of the dashboard cannot be applied."), (problem,))
    # What a table has lost makes its tiles fail: the dashboard never showed its other rows, and must not now.
    found += [one for one in near if source == OWN and one.is_lost]
    return [
        Clause(source=source, collection_id=one.collection.id, column="", op="where", values=(text,)) for one in found
    ]
