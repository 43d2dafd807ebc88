"""REST: the images of a data collection."""

from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from domain.projects import Access
from services.system import Services
from web.api.problems import READING

POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""An image that somebody opens by itself runs nothing and loads nothing."""


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
    ) -> Response[bytes]:
        """Show the image that the rows with this value in this column name."""
        image = await services.images.of_row(access, collection_id, column, value)
        tag = f'"{image.digest}"'
        headers = {
            "etag": tag,
            "cache-control": "private, no-cache",
            "content-security-policy": POLICY,
            "x-content-type-options": "nosniff",
        }
        if request.headers.get("if-none-match") == tag:
            return Response(b"", status_code=304, headers=headers)
        return Response(image.content, media_type=image.media_type, headers=headers)
