"""The images of a gallery on a dashboard's page."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from domain.access import Actor
from domain.errors import NotFound
from domain.tiles import ImageTile
from domain.wording import tr
from services.system import Services
from web.images import found, sent
from web.render import PageRequest


@get("/dashboards/{dashboard_id:str}/tiles/{tile_id:str}/image", media_type="image/*", include_in_schema=False)
async def tile_image(
    request: PageRequest,
    services: NamedDependency[Services],
    actor: NamedDependency[Actor],
    dashboard_id: FromPath[str],
    tile_id: FromPath[str],
    value: FromQuery[str],
    width: FromQuery[int | None] = None,
) -> Response[bytes]:
    """The image that a row of the gallery names; as stored, or at most so many pixels wide."""
    return await shown_image(request, services, actor, dashboard_id, tile_id, value, width)


async def shown_image(
    request: PageRequest,
    services: Services,
    actor: Actor,
    dashboard_id: str,
    tile_id: str,
    value: str,
    width: int | None,
) -> Response[bytes]:
    """The image of the tile, as this actor may have it.

    Raises:
        NotFound: when there is no such dashboard for the actor, no such gallery on it, or no such image.
    """
    opened = await services.dashboards.open(actor, dashboard_id)
    tile = opened.dashboard.tile(tile_id)
    if not isinstance(tile, ImageTile):
        raise NotFound(tr("The tile {tile!r} shows no images.", tile=tile_id))
    return sent(request, await found(services, opened.access, tile.collection_id, tile.image_column, value, width))
