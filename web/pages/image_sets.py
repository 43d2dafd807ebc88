"""The files of an image set on its collection's page: how many are there, which are missing, and sending them."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Controller, Request, get, post, put
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody

from domain.access import Actor, Capability
from domain.collections import ColumnKind, Origin
from domain.errors import Invalid
from domain.images import IMAGE_MAX_BYTES
from domain.projects import Access
from domain.wording import tr
from services.system import Services
from web.errors import fault_of
from web.render import Done, Page

CHUNK = 2**20
SHOWN = 50


class ImageForm(msgspec.Struct, frozen=True):
    """The form of a browser without scripts."""

    file: UploadFile


class ColumnForm(msgspec.Struct, frozen=True):
    column: str = ""


class Stored(msgspec.Struct, frozen=True):
    """Under which name an image was stored."""

    name: str


class ImageSetPage(Controller):
    """`/projects/{project_id}/collections/{collection_id}/images`."""

    path = "/projects/{project_id:str}/collections/{collection_id:str}/images"

    @get("/")
    async def images(
        self, access: NamedDependency[Access], services: NamedDependency[Services], collection_id: FromPath[str]
    ) -> Page:
        return await _page(access, services, collection_id)

    @put("/content", request_max_body_size=None)
    async def send(
        self,
        request: Request[Actor, str | None, Any],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        name: FromQuery[str] = "",
    ) -> Stored:
        """Take an image as the body of the request."""
        return Stored(await services.ingestion.images.put(access, collection_id, name, request.stream()))

    @post("/", request_max_body_size=IMAGE_MAX_BYTES + CHUNK)
    async def send_form(
        self,
        data: MultipartBody[ImageForm],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
    ) -> Page:
        """Take an image from a browser without scripts."""
        try:
            name = await services.ingestion.images.put(access, collection_id, data.file.filename, _chunks(data.file))
        except Invalid as error:
            return await _page(access, services, collection_id, error)
        return Done(f"{_place(access, collection_id)}/images", tr("{name} is stored.", name=name))

    @post("/column", status_code=200)
    async def set_column(
        self,
        data: URLEncodedBody[ColumnForm],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
    ) -> Page:
        """Say which column names images."""
        changed = await services.ingestion.images.set_column(access, collection_id, data.column)
        if changed.kind == "image":
            said = tr("{column} names images. Send them now.", column=data.column)
            return Done(f"{_place(access, collection_id)}/images", said)
        return Done(_place(access, collection_id), tr("{table} is a plain table.", table=changed.tag))


async def _page(access: Access, services: Services, collection_id: str, error: Invalid | None = None) -> Page:
    """How the image set is, or for an upload that is none which of its columns may name images."""
    access.require(Capability.DATA_VIEW)
    collection = await services.collections.get(access, collection_id)
    message = (
        "" if error is None else " ".join([error.message, *(f"{one.place} {one.message}." for one in error.problems)])
    )
    images = None
    if collection.kind == "image":
        try:
            images = await services.ingestion.images.of(access, collection_id)
        except Invalid as fault:
            message = " ".join([fault.message, *(f"{one.place} {one.message}." for one in fault.problems)])
    context = {
        "access": access,
        "collection": collection,
        "images": images,
        "message": message,
        "shown": SHOWN,
        "most": IMAGE_MAX_BYTES,
        "is_upload": collection.origin is Origin.UPLOAD,
        "columns": [one.name for one in collection.columns if one.kind is ColumnKind.TEXT and not one.is_technical],
    }
    status = 200 if error is None else fault_of(error).status
    return Page("projects/images.html", context, block="images", status_code=status)


def _place(access: Access, collection_id: str) -> str:
    return f"/projects/{access.project.id}/collections/{collection_id}"


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(CHUNK):
        yield chunk
