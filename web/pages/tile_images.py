"""The images of a gallery on a dashboard's page."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from domain.access import Actor
from domain.errors import NotFound
from domain.tiles import ImageTile
from services.system import Services
from web.images import sent
from web.render import PageRequest


@get("/dashboards/{dashboard_id:str}/tiles/{tile_id:str}/image", media_type="image/*", include_in_schema=False)
async def tile_image(
    request: PageRequest,
    services: NamedDependency[Services],
    actor: NamedDependency[Actor],
    dashboard_id: FromPath[str],
    tile_id: FromPath[str],
    value: FromQuery[str],
) -> Response[bytes]:
    """The image that a row of the gallery names."""
    return await shown_image(request, services, actor, dashboard_id, tile_id, value)


async def shown_image(
    request: PageRequest, services: Services, actor: Actor, dashboard_id: str, tile_id: str, value: str
) -> Response[bytes]:
    """The image of the tile, as this actor may have it.

    Raises:
        NotFound: when there is no such dashboard for the actor, no such gallery on it, or no such image.
    """
    opened = await services.dashboards.open(actor, dashboard_id)
    tile = opened.dashboard.tile(tile_id)
    if not isinstance(tile, ImageTile):
        raise NotFound(f"The tile {tile_id!r} shows no images.")
    return sent(request, await services.images.of_row(opened.access, tile.collection_id, tile.image_column, value))
