"""The pictures of dashboards in their lists."""

from typing import Any, Literal

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from dash_views.thumbnails import Thumbnailer
from domain.access import Actor
from services.system import Services

SVG = "image/svg+xml"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""A picture that somebody opens by itself runs nothing and loads nothing."""


def thumbnail_route(services: Services) -> HTTPRouteHandler:
    """The route of the pictures; they are made by one maker."""
    maker = Thumbnailer(services)

    @get("/dashboards/{dashboard_id:str}/thumbnail", include_in_schema=False)
    async def thumbnail(
        request: Request[Any, Any, Any],
        actor: NamedDependency[Actor],
        dashboard_id: FromPath[str],
        scheme: FromQuery[Literal["light", "dark"]] = "light",
    ) -> Response[bytes]:
        """The picture, or nothing while it is being made: the list shows the outline then."""
        opened = await services.dashboards.open(actor, dashboard_id)
        name, picture = await maker.picture(opened, scheme)
        if picture is None:
            return Response(b"", status_code=204, headers={"cache-control": "no-store"})
        tag = f'"{name}-{scheme}"'
        headers = {"etag": tag, "cache-control": "private, no-cache", "content-security-policy": POLICY}
        if request.headers.get("if-none-match") == tag:
            return Response(b"", status_code=304, headers=headers)
        return Response(picture, media_type=SVG, headers=headers)

    return thumbnail
