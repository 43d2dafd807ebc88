"""Questions to single tiles, from REST and the command line: numbers as rows of plain values, or an error."""

import math

import polars as pl

from domain.collections import ids_by_name
from domain.dashboard_file import component_tile
from domain.errors import Invalid, Problem
from domain.filters import FilterState, Wish
from domain.links import links_of
from domain.projects import Access
from domain.questions import (
    AnswerColumn,
    DashboardQuestion,
    ProjectQuestion,
    Question,
    TileAnswer,
    check_question,
    clauses_of,
)
from domain.selections import filter_state
from domain.tiles import DataTile, TableTile, Tile
from domain.wording import tr
from persistence.frames.query import frame_of
from persistence.frames.shapes import Frame
from persistence.frames.years import readable
from services.collections import Collections
from services.dashboards import DashboardAccess
from services.queries import Queries


class Questions:
    """The use cases of asking one tile; each asks for `data:view`. A tile that fails is an error, not an answer."""

    def __init__(self, queries: Queries, collections: Collections) -> None:
        self._queries = queries
        self._collections = collections

    async def of_dashboard(self, opened: DashboardAccess, tile_id: str, question: DashboardQuestion) -> TileAnswer:
        """What a tile of the dashboard shows under the filters of the question and of its link.

        Raises:
            Forbidden: without `data:view`.
            NotFound: when the dashboard has no such tile.
            Invalid: when a filter does not fit, or the tile cannot be computed.
            Unavailable: when its data cannot be read, or not in time.
        """
        state = await self.state(opened, tile_id, question)
        return await self._answer(opened.access, opened.dashboard.tile(tile_id), state, question)

    async def state(self, opened: DashboardAccess, tile_id: str, question: DashboardQuestion) -> FilterState:
        """The clauses that the filters of the question and of its link mean for a tile of the dashboard.

        Raises:
            Forbidden: without `data:view`.
            NotFound: when the dashboard has no such tile.
            Invalid: when a filter does not fit.
        """
        tile = opened.dashboard.tile(tile_id)
        wishes = {source: tuple(Wish(*one) for one in own) for source, own in question.wishes.items()}
        collections = await self._collections.all(opened.access)
        state = filter_state(opened.dashboard, wishes, collections)
        return state + await self._narrowing(opened.access, tile, question)

    async def of_project(self, access: Access, question: ProjectQuestion) -> TileAnswer:
        """What the tile of a component would show on a dashboard of the project.

        Raises:
            Forbidden: without `data:view`.
            Invalid: when the component or a filter does not fit, or the tile cannot be computed.
            Unavailable: when its data cannot be read, or not in time.
        """
        tile = component_tile(question.component, ids_by_name(await self._collections.all(access)))
        return await self._answer(access, tile, await self._narrowing(access, tile, question), question)

    async def _narrowing(self, access: Access, tile: Tile, question: Question) -> FilterState:
        collections = await self._collections.all(access)
        if not isinstance(tile, DataTile):
            raise Invalid(tr("A text tile shows no data."), (Problem(tile.id, tr("ask another tile")),))
        check_question(question)
        return clauses_of(question.filters, tile, collections, links_of(access.project.source, collections))

    async def _answer(self, access: Access, tile: Tile, state: FilterState, question: Question) -> TileAnswer:
        if not isinstance(tile, DataTile):
            raise Invalid(tr("A text tile shows no data."), (Problem(tile.id, tr("ask another tile")),))
        if isinstance(tile, TableTile):
            limit = tile.page_size if question.limit is None else question.limit
            offset, sort = question.offset, question.sort
            page = await self._queries.table_page(access, tile, state, offset=offset, limit=limit, sort=sort)
            return _written(tile, frame_of(page))
        if question.is_paged:
            raise Invalid(tr("Only tables have pages."), (Problem(tile.id, tr("ask without offset, limit and sort")),))
        return _written(tile, frame_of((await self._queries.answer(access, [tile], state))[tile.id]))


def _written(tile: DataTile, frame: Frame) -> TileAnswer:
    columns = tuple(AnswerColumn(name, str(dtype)) for name, dtype in frame.data.schema.items())
    counts = {"rows_total": frame.rows_total, "rows_matched": frame.rows_matched}
    return TileAnswer(tile=tile.id, shown=frame.shown, of=frame.of, columns=columns, rows=_rows(frame.data), **counts)


def _rows(data: pl.DataFrame) -> list[dict[str, object]]:
    """Plain values. JSON has no infinity, so it is written `inf` or `-inf`."""
    rows = readable(data).to_dicts()
    for name in (column.name for column in data if column.dtype.is_float() and column.is_infinite().any()):
        for row in rows:
            if row[name] is not None and math.isinf(row[name]):
                row[name] = str(row[name])
    return rows
