"""REST: ingestion from another machine. The command line lists and hashes there, and sends only what is needed.

1. register the project file; 2. for each collection: read what is known, post the listing for a plan, send the files
that the plan needs, post the listing to be ingested; 3. run the joins. The last two are jobs.
"""

from typing import Any

import msgspec
from litestar import Controller, Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from domain.access import Actor
from domain.collections import DataCollection
from domain.errors import Invalid, Problem
from domain.ingests import CollectionReport, FoundFile, IngestRecord, LedgerFile, Plan
from domain.jobs import Job, JobKind
from domain.listing import Wanted
from domain.project_file import project_description
from domain.projects import Access
from services.job_kinds import IngestOrder
from services.system import Services
from web.api.accepted import LOCATION, STARTING, Wait, awaited
from web.api.lists import Part, part_of
from web.api.problems import WRITING
from web.security.identity import signed_in

Body = Request[Actor, str | None, Any]


class Registered(msgspec.Struct, frozen=True):
    """A project file's project and the collections that it describes, joins included."""

    project_id: str
    collections: list[DataCollection]


class Described(msgspec.Struct, frozen=True):
    """The project that a project file is of, with its collections; none yet when `project_id` is missing."""

    project_id: str | None = None
    collections: list[DataCollection] = []


class ScanFailure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why the files of a collection could not be listed."""

    message: str
    problems: tuple[Problem, ...] = ()


class RegistrationApi(Controller):
    """`/ingests`."""

    path = "/ingests"
    tags = ["Ingestion"]  # noqa: RUF012 -- Litestar reads class attributes.

    @post("/", summary="Register a project file", responses=WRITING, guards=[signed_in])
    async def register(
        self, data: JSONBody[dict[str, Any]], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Registered:
        """Create or update a project from its project file (as JSON), with its data collections."""
        access, collections = await services.ingestion.register(actor, project_description(data))
        return Registered(access.project.id, collections)

    @post("/described", summary="Find a project file's project", status_code=200, responses=WRITING, guards=[signed_in])
    async def described(
        self, data: JSONBody[dict[str, Any]], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Described:
        """Find the project that registering the project file would bring up to date, and change nothing."""
        found = await services.ingestion.find_described(actor, project_description(data))
        return Described() if found is None else Described(found[0].project.id, found[1])


class IngestsApi(Controller):
    """`/projects/{project_id}/…`: what the steps of an ingest are made of."""

    path = "/projects/{project_id:str}"
    tags = ["Ingestion"]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/ingests", summary="List ingests", responses=WRITING)
    async def log(
        self, access: NamedDependency[Access], services: NamedDependency[Services], asked: NamedDependency[Wanted]
    ) -> Part[IngestRecord]:
        """List the ingests that changed something or failed, newest first; for its members only."""
        return part_of(await services.ingestion.log(access), asked)

    @get("/collections/{collection_id:str}/files", summary="List ingested files", responses=WRITING)
    async def files(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        asked: NamedDependency[Wanted],
    ) -> Part[LedgerFile]:
        """List the files whose rows are in the table, with their hashes."""
        return part_of(list((await services.ingestion.known_files(access, collection_id)).values()), asked)

    @post("/collections/{collection_id:str}/plan", summary="Plan an ingest", status_code=200, responses=WRITING)
    async def plan(
        self,
        data: JSONBody[list[FoundFile]],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        reading: FromQuery[str] = "",
    ) -> Plan:
        """Say which of the listed files are new, changed and unchanged, and which have vanished.

        `reading` stands for another way of reading them than the registered project file's.
        """
        return await services.ingestion.plan(access, collection_id, data, reading)

    @put("/uploads/{sha256:str}", summary="Send a file", status_code=204, responses=WRITING, request_max_body_size=None)
    async def receive(
        self,
        request: Body,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        sha256: FromPath[str],
    ) -> None:
        """Send the content of a file, known by its SHA-256, as the body of the request."""
        await services.ingestion.receive(access, sha256, request.stream())

    @post(
        "/collections/{collection_id:str}/ingest",
        summary="Ingest",
        status_code=202,
        responses=STARTING,
        response_headers=LOCATION,
    )
    async def ingest(
        self,
        data: JSONBody[list[FoundFile]],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        joins: FromQuery[bool] = True,  # noqa: FBT002 -- a query parameter.
        wait: Wait = 0,
    ) -> Response[Job]:
        """Start a job that brings the table to exactly the listed files; new and changed ones must have been sent.

        The joins made of it follow, unless `joins` is false because other collections come first. The answer waits for
        the end of the job for up to `wait` seconds; `Location` is where to ask how far it is.
        """
        order = IngestOrder(collection_id=collection_id, files=tuple(data), joins=joins)
        return await awaited(access, services, await services.jobs.start(access, JobKind.INGEST, order), wait)

    @post("/collections/{collection_id:str}/failures", summary="Report a failed scan", responses=WRITING)
    async def fail(
        self,
        data: JSONBody[ScanFailure],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
    ) -> CollectionReport:
        """Log that the files of a collection could not be listed."""
        return await services.ingestion.fail(access, collection_id, Invalid(data.message, data.problems))

    @post("/joins", summary="Run joins", status_code=202, responses=STARTING, response_headers=LOCATION)
    async def join(
        self, access: NamedDependency[Access], services: NamedDependency[Services], wait: Wait = 0
    ) -> Response[Job]:
        """Start a job that brings every join of the project up to date; `wait` is as for an ingest."""
        return await awaited(access, services, await services.jobs.joins(access), wait)
