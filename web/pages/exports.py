"""The download of a tile's data from a dashboard's page."""

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Stream

from dash_views.answering import TableModel, unreadable
from dash_views.tables import sort_keys
from domain.access import Actor
from domain.exports import ExportContent, ExportFormat, Wanted
from domain.filters import Wish
from domain.rows import column_filters
from domain.selections import filter_state
from services.system import Services
from web.downloads import sent


class ExportForm(msgspec.Struct, frozen=True):
    """A form, for a browser writes its answer to a file piece by piece; `asked` is an `Asked` as JSON."""

    asked: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the menu of a tile asks: the filters of the page, and how its reader has sorted and filtered a table."""

    content: ExportContent
    format: ExportFormat
    wishes: dict[str, tuple[Wish, ...]] = {}
    table: TableModel = TableModel()


@post("/dashboards/{dashboard_id:str}/tiles/{tile_id:str}/export", status_code=200, include_in_schema=False)
async def export_tile(
    data: URLEncodedBody[ExportForm],
    services: NamedDependency[Services],
    actor: NamedDependency[Actor],
    dashboard_id: FromPath[str],
    tile_id: FromPath[str],
) -> Stream:
    """The file of a tile under the filters of the page."""
    return await exported(services, actor, dashboard_id, tile_id, data)


async def exported(services: Services, actor: Actor, dashboard_id: str, tile_id: str, data: ExportForm) -> Stream:
    """What the form asks of the tile, as this actor may have it."""
    try:
        asked = msgspec.json.decode(data.asked, type=Asked)
    except msgspec.DecodeError as error:
        raise unreadable(error) from None
    opened = await services.dashboards.open(actor, dashboard_id)
    wanted = Wanted(
        content=asked.content,
        format=asked.format,
        state=filter_state(opened.dashboard, asked.wishes, await services.collections.all(opened.access)),
        sort=sort_keys(asked.table.sort_model),
        filters=column_filters(asked.table.filter_model),
    )
    return sent(await services.exports.of_tile(opened, tile_id, wanted))
