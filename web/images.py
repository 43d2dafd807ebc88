"""An image as an answer: with the type of its content, sent once, and shut in when it is opened by itself."""

from typing import Any

from litestar import Request, Response

from domain.projects import Access
from services.images import Image
from services.system import Services

POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""An image that somebody opens by itself runs nothing and loads nothing."""


async def found(
    services: Services, access: Access, collection_id: str, column: str, value: str, width: int | None
) -> Image:
    """The image that rows name: as it is stored, or at most `width` pixels wide."""
    if width is None:
        return await services.images.of_row(access, collection_id, column, value)
    return await services.images.small_of_row(access, collection_id, column, value, width)


def sent(request: Request[Any, Any, Any], image: Image) -> Response[bytes]:
    """The image, or nothing but its mark when the browser has it already."""
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
