"""REST: the rows behind a tile, or what it shows, as a file."""

from litestar import Controller, post
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from domain.exports import ExportContent, ExportFormat, Wanted
from domain.questions import DashboardQuestion
from services.dashboards import DashboardAccess
from services.system import Services
from web.api.problems import failures
from web.downloads import sent
from web.security.identity import signed_in

FILE = ResponseSpec(
    bytes, generate_examples=False, description="The file: text/csv or application/vnd.apache.parquet", media_type="*/*"
)


class ExportQuestion(DashboardQuestion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be exported of a tile: a question to it, of which `offset` and `limit` say nothing."""

    content: ExportContent = "rows"
    format: ExportFormat = "csv"


class TileExportsApi(Controller):
    """`/dashboards/{dashboard_id}/tiles/{tile_id}/export`."""

    path = "/dashboards/{dashboard_id:str}/tiles/{tile_id:str}/export"
    tags = ["Questions"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [signed_in]  # noqa: RUF012

    @post("/", summary="Export a tile", status_code=200, responses={200: FILE, **failures(401, 403, 404, 422)},
          response_headers=[ResponseHeader(name="content-disposition", documentation_only=True)])  # fmt: skip
    async def export(
        self,
        data: JSONBody[ExportQuestion],
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        tile_id: FromPath[str],
    ) -> Stream:
        """Send all rows that these filters leave of a tile's table, or what the tile shows, as CSV or Parquet."""
        state = await services.questions.state(opened, tile_id, data)
        wanted = Wanted(content=data.content, format=data.format, state=state, sort=data.sort)
        return sent(await services.exports.of_tile(opened, tile_id, wanted))
