"""REST: the images of a data collection."""

from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from domain.projects import Access
from services.system import Services
from web.api.problems import READING
from web.images import found, sent


class ImagesApi(Controller):
    """`/projects/{project_id}/collections/{collection_id}/image`."""

    path = "/projects/{project_id:str}/collections/{collection_id:str}/image"
    tags = ["Data collections"]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/", summary="Read an image", responses=READING, media_type="image/*")
    async def read(
        self,
        request: Request[Any, Any, Any],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        column: FromQuery[str],
        value: FromQuery[str],
        width: FromQuery[int | None] = None,
    ) -> Response[bytes]:
        """Show the image that the rows with this value in this column name; with `width` (160, 320, 640) a small one.

        A small image is WebP, at most so many pixels wide; what is small already, and SVG, is given as stored.
        """
        return sent(request, await found(services, access, collection_id, column, value, width))
