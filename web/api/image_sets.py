"""REST: the files of image sets. `depictio run --server` asks what is kept, sends what is not, and has it stored."""

from typing import Any

import msgspec
from litestar import Controller, Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from domain.access import Actor
from domain.image_files import ImageFile, ImageSet
from domain.jobs import Job, JobKind
from domain.projects import Access
from services.image_kinds import ImagesOrder
from services.system import Services
from web.api.accepted import LOCATION, STARTING, Wait, awaited
from web.api.problems import READING, WRITING


class StoredImage(msgspec.Struct, frozen=True):
    """Under which name an image was stored: the one that rows have for it."""

    name: str


class ImageSetsApi(Controller):
    """`/projects/{project_id}/collections/{collection_id}/images`."""

    path = "/projects/{project_id:str}/collections/{collection_id:str}/images"
    tags = ["Ingestion"]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/", summary="Read an image set", responses=READING)
    async def read(
        self, access: NamedDependency[Access], services: NamedDependency[Services], collection_id: FromPath[str]
    ) -> ImageSet:
        """Read which files the rows of an image set name, and which are kept, with their hashes."""
        return await services.ingestion.images.of(access, collection_id)

    @post("/", summary="Store images", status_code=202, responses=STARTING, response_headers=LOCATION)
    async def store(
        self,
        data: JSONBody[list[ImageFile]],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        wait: Wait = 0,
    ) -> Response[Job]:
        """Start a job that brings the stored files to exactly those that the rows name.

        New and changed ones must have been sent. The answer waits for the end of the job for up to `wait` seconds.
        """
        order = ImagesOrder(collection_id=collection_id, files=tuple(data))
        return await awaited(access, services, await services.jobs.start(access, JobKind.IMAGES, order), wait)

    @put("/file", summary="Upload an image", responses=WRITING, request_max_body_size=None)
    async def put(
        self,
        request: Request[Actor, str | None, Any],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        path: FromQuery[str],
    ) -> StoredImage:
        """Store one image that a row names, sent as the body of the request."""
        return StoredImage(await services.ingestion.images.put(access, collection_id, path, request.stream()))
