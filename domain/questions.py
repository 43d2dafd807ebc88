"""Questions: what is asked of one tile where numbers are wanted instead of pictures, and what comes back."""

import difflib
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from domain.collections import DataCollection
from domain.errors import Invalid, Problem
from domain.filters import Clause, FilterState, Mark, Operator, Scalar
from domain.links import Links, paths
from domain.rows import SortKey
from domain.tiles import DataTile
from domain.wording import tr

MAX_FILTERS = 50
MAX_SORTS = 50
"""Bounds of one question, far above what people ask; the number of values is bounded by the size of a request."""


class Restriction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A clause that names its column: one of the tile's own table, or `tag.column` of a table linked with it.

    - `in`: the value is one of `values`; null among them matches missing values.
    - `between`: `values` is the lowest and the highest, both included; null leaves that side open.
    - `contains`: the value, as text, contains the one of `values`; upper and lower case are the same.
    """

    column: str
    op: Literal["in", "between", "contains"]
    values: tuple[Scalar, ...]


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked of a tile: the rows to keep and, of a table, the page: `limit` is its page size by default."""

    filters: tuple[Restriction, ...] = ()
    offset: int = 0
    limit: int | None = None
    sort: tuple[SortKey, ...] = ()

    @property
    def is_paged(self) -> bool:
        """Whether a page is asked for, which only tables have."""
        return bool(self.offset or self.limit is not None or self.sort)


class DashboardQuestion(Question, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Asked of a tile of a dashboard; `wishes` are those of a link to it: pairs of operator and values, by tile id."""

    wishes: dict[str, tuple[tuple[Operator, tuple[Scalar | Mark, ...]], ...]] = {}


class ProjectQuestion(Question, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Asked of a tile that no dashboard has: `component` describes it as in a dashboard file."""

    component: dict[str, Any]


class AnswerColumn(msgspec.Struct, frozen=True):
    """One column of an answer: `dtype` is the polars name of its type, such as `Float64`."""

    name: str
    dtype: str


class TileAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A tile's frame (see `persistence.frames.shapes`) with its rows as mappings, column order kept.

    `rows_total` counts the rows of the table, `rows_matched` those that the filters leave, `shown` what the frame
    holds (points, groups, options, rows) and `of` how much that would be without a bound.
    """

    tile: str
    rows_total: int
    rows_matched: int
    shown: int
    of: int
    columns: tuple[AnswerColumn, ...]
    rows: list[dict[str, Any]]


def check_question(question: Question) -> None:
    """Let pass what can be asked.

    Raises:
        Invalid: naming what there is too much of.
    """
    counts = (("filters", len(question.filters), MAX_FILTERS), ("sort", len(question.sort), MAX_SORTS))
    problems = [
        Problem(place, tr("has more than {most} entries", most=most)) for place, count, most in counts if count > most
    ]
    if problems:
        raise Invalid(tr("The question is too long."), tuple(problems))


def clauses_of(
    filters: Sequence[Restriction], tile: DataTile, collections: Sequence[DataCollection], links: Links
) -> FilterState:
    """The clauses that these filters mean for this tile; `collections` are all of its project.

    A tile whose table is not there has none: its answer is a failure, whatever the filters say.

    Raises:
        Invalid: naming each filter whose column is unknown, ambiguous, or of a table from which no link leads to the
            tile's; a filter without effect would pass for one that leaves every row.
    """
    own = next((one for one in collections if one.id == tile.collection_id), None)
    if own is None or own.table_version is None:
        return ()
    clauses: list[Clause] = []
    problems: list[Problem] = []
    for number, one in enumerate(filters):
        found = _column(one.column, own, collections, links)
        if isinstance(found, str):
            problems.append(Problem(f"filters[{number}]", found))
        else:
            collection, column = found
            clauses.append(Clause(source="", collection_id=collection.id, column=column, op=one.op, values=one.values))
    if problems:
        raise Invalid(tr("A filter cannot be applied to this tile."), tuple(problems))
    return tuple(clauses)


def _column(
    written: str, own: DataCollection, collections: Sequence[DataCollection], links: Links
) -> tuple[DataCollection, str] | str:
    """The collection and the column that are meant, or what is wrong. The tile's own columns go first."""
    if own.column(written):
        return own, written
    found = [
        (one, written.removeprefix(prefix))
        for one in collections
        for prefix in (f"{one.tag}.", f"{one.workflow}.{one.tag}.")
        if written.startswith(prefix) and one.column(written.removeprefix(prefix))
    ]
    if not found:
        near = difflib.get_close_matches(written, [column.name for column in own.columns], n=1)
        hint = tr("; did you mean {near}?", near=near[0]) if near else ""
        return tr("the table {own!r} has no column {written!r}{hint}", own=own.tag, written=written, hint=hint)
    if len(found) > 1:
        names = sorted(f"{one.workflow}.{one.tag}.{column}" for one, column in found)
        return tr("{written!r} is ambiguous; write one of {known}", written=written, known=", ".join(names))
    other = found[0][0]
    if other.id != own.id and not paths(links, other.id, own.id):
        return tr(
            "no link leads from {other} to {own}, so that {written!r} would change nothing",
            other=other.tag,
            own=own.tag,
            written=written,
        )
    return found[0]
