"""A server's REST interface, as far as the commands need it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from domain import jobs
from domain.collections import DataCollection
from domain.description import ProjectDescription
from domain.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    Unauthenticated,
    Unavailable,
)
from domain.image_files import ImageFile, ImageSet
from domain.ingests import CollectionReport, FoundFile, LedgerFile, Outcome, Plan
from domain.jobs import LIVE, JobState
from services.local_images import local_images
from services.local_ingest import Progress, Scanner, no_progress

CHUNK = 1024 * 1024
PART = 1000
"""So many things of a list come at once, which is the most."""
TIMEOUT = httpx.Timeout(60.0, read=None)
"""Reading a table's files takes the server as long as it takes; a dead connection shows by itself."""
ASK_EVERY = 0.3
ENDS_WITHIN = 1.0
"""Seconds that the answer to a new job may wait for its end, which of small ones comes sooner."""
AWAY_FOR = 60.0
"""So many seconds a server that runs a job may be away."""
ERRORS: dict[int, type[DomainError]] = {401: Unauthenticated, 403: Forbidden, 404: NotFound, 409: Conflict}

T = TypeVar("T")


class Registered(msgspec.Struct, frozen=True):
    """The project of a project file and the collections that it describes."""

    project_id: str
    collections: list[DataCollection]


class Described(msgspec.Struct, frozen=True):
    """The project that a project file is of, with its collections, if there is one yet."""

    project_id: str | None = None
    collections: list[DataCollection] = []


class _Job(msgspec.Struct, frozen=True):
    """What is asked of a job again and again."""

    id: str
    project_id: str
    title: str
    state: JobState
    progress: jobs.Progress
    result: jobs.Result
    failure: jobs.Failure | None


class _Part(msgspec.Struct, Generic[T], frozen=True):
    """Part of a list; `next` is the `after` of the part that follows."""

    items: list[T]
    next: str | None = None


class _Titled(msgspec.Struct, frozen=True):
    """A dashboard, as far as an ingest needs it."""

    title: str


class _Fault(msgspec.Struct, frozen=True):
    """What the server answers instead (RFC 9457)."""

    detail: str
    errors: tuple[Problem, ...] = ()


class Client:
    """Requests to a server, those of an ingest by name; failures are raised as the server's own errors."""

    def __init__(self, server: str, token: str) -> None:
        self._server = server.rstrip("/")
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.AsyncClient(base_url=f"{self._server}/api/v1", headers=headers, timeout=TIMEOUT)

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._http.__aexit__(kind, error, traceback)

    async def get(self, place: str, of: type[T]) -> T:
        """What lies at that address below `/api/v1`."""
        return _decoded(await self._send("GET", place), of)

    async def everything(self, place: str, of: type[T]) -> list[T]:
        """All that the list at that address holds, part by part."""
        found: list[T] = []
        after: str | None = ""
        while after is not None:
            part = await self.get(f"{place}?limit={PART}&after={quote(after, safe='')}", _Part[of])  # type: ignore[valid-type]
            found += part.items
            after = part.next
        return found

    async def text(self, place: str) -> str:
        """The text that lies at that address below `/api/v1`."""
        return (await self._send("GET", place)).text

    async def post(self, place: str, body: object, of: type[T]) -> T:
        """The answer to a body; None is none."""
        content = msgspec.json.encode(body)
        answer = await self._send("POST", place, content=content, headers={"content-type": "application/json"})
        return _decoded(answer, of)

    async def put(self, place: str, body: object, of: type[T]) -> T:
        """The answer to a state that is wanted."""
        content = msgspec.json.encode(body)
        answer = await self._send("PUT", place, content=content, headers={"content-type": "application/json"})
        return _decoded(answer, of)

    async def delete(self, place: str) -> None:
        """End what lies at that address."""
        await self._send("DELETE", place)

    async def register(self, description: ProjectDescription) -> Registered:
        return await self.post("/ingests/", description, Registered)

    async def described(self, description: ProjectDescription) -> Described:
        return await self.post("/ingests/described", description, Described)

    async def known_files(self, project_id: str, collection_id: str) -> dict[str, LedgerFile]:
        found = await self.everything(f"/projects/{project_id}/collections/{collection_id}/files", LedgerFile)
        return {file.path: file for file in found}

    async def plan(
        self, project_id: str, collection_id: str, listing: tuple[FoundFile, ...], reading: str = ""
    ) -> Plan:
        place = f"/projects/{project_id}/collections/{collection_id}/plan"
        return await self.post(f"{place}?reading={reading}" if reading else place, listing, Plan)

    async def send_file(self, project_id: str, sha256: str, path: Path) -> None:
        await self._send("PUT", f"/projects/{project_id}/uploads/{sha256}", content=_chunks(path))

    async def ingest(
        self, project_id: str, collection_id: str, listing: tuple[FoundFile, ...], progress: Progress = no_progress
    ) -> CollectionReport:
        """Have the server ingest the files, and wait; `progress` is told of those it has read.

        Raises:
            Unavailable: when the job fails for a reason that is not in the files, or somebody cancels it.
        """
        place = f"/projects/{project_id}/collections/{collection_id}/ingest?joins=false"
        (report,) = await self._job(place, listing, progress)
        return report

    async def fail(self, project_id: str, collection_id: str, error: Invalid) -> CollectionReport:
        failure = {"message": error.message, "problems": error.problems}
        place = f"/projects/{project_id}/collections/{collection_id}/failures"
        return await self.post(place, failure, CollectionReport)

    async def run_joins(self, project_id: str) -> list[CollectionReport]:
        """Have the server bring the joins up to date, and wait; errors as for `ingest`."""
        return await self._job(f"/projects/{project_id}/joins", None)

    async def store_images(
        self, project_id: str, collection_id: str, listing: tuple[ImageFile, ...], progress: Progress = no_progress
    ) -> CollectionReport:
        """Have the server store the images that were sent, and wait; errors as for `ingest`."""
        place = f"/projects/{project_id}/collections/{collection_id}/images/"
        (report,) = await self._job(place, listing, progress)
        return report

    async def _job(self, start: str, body: object, progress: Progress = no_progress) -> list[CollectionReport]:
        """What came of a job that is started there; a server that is away for a while is asked again."""
        job = await self.post(f"{start}{'&' if '?' in start else '?'}wait={ENDS_WITHIN}", body, _Job)
        place = f"/projects/{job.project_id}/jobs"
        seen = 0
        while job.state in LIVE:
            await asyncio.sleep(ASK_EVERY)
            job = await self._patiently(f"{place}/{job.id}")
            progress("ingested", max(job.progress.files - seen, 0))
            seen = max(job.progress.files, seen)
        if job.result.reports:
            return list(job.result.reports)
        reason = job.failure.message if job.failure else f"It was {job.state}."
        raise Unavailable(f"The server did not do what it was asked for ({job.title}): {reason}")

    async def _patiently(self, place: str) -> "_Job":
        """The job; a server that restarts goes on with it, so that it is waited for."""
        for _ in range(round(AWAY_FOR / ASK_EVERY)):
            try:
                return await self.get(place, _Job)
            except Unavailable:
                await asyncio.sleep(ASK_EVERY)
        return await self.get(place, _Job)

    async def dashboard_titles(self, project_id: str) -> list[str]:
        """The titles of a project's dashboards."""
        return [one.title for one in await self.get(f"/projects/{project_id}/dashboards/", list[_Titled])]

    async def add_dashboard(self, project_id: str, text: str) -> None:
        """Make a dashboard of the text of a dashboard file."""
        await self.post(f"/projects/{project_id}/dashboards/file/", {"text": text}, _Titled)

    async def _send(self, method: str, place: str, **options: Any) -> httpx.Response:
        try:
            answer = await self._http.request(method, place, **options)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = str(error) or type(error).__name__
            raise Unavailable(f"The server {self._server} does not answer: {reason}") from error
        if answer.is_success:
            return answer
        raise self._error(answer)

    def _error(self, answer: httpx.Response) -> DomainError:
        try:
            fault = msgspec.json.decode(answer.content, type=_Fault)
        except msgspec.DecodeError:
            return Unavailable(f"{self._server} answered {answer.status_code} and is not a Depictio server, it seems.")
        if answer.status_code in ERRORS:
            return ERRORS[answer.status_code](fault.detail)
        if answer.is_client_error:
            return Invalid(fault.detail, fault.errors)
        return Unavailable(f"{self._server}: {fault.detail}")


class RemoteIngest:
    """An ingest by a server of files on this machine; a collection that fails does not stop the others."""

    def __init__(self, client: Client, project_id: str, scanner: Scanner) -> None:
        self._client = client
        self._project_id = project_id
        self._scanner = scanner

    async def run(self, collection: DataCollection) -> CollectionReport:
        """Ingest one collection and report what came of it."""
        try:
            known = await self._client.known_files(self._project_id, collection.id)
            candidates = await asyncio.to_thread(self._scanner.find, collection.workflow, collection.tag)
            scanned = await asyncio.to_thread(self._scanner.identify, candidates, known)
            plan = await self._client.plan(self._project_id, collection.id, scanned.listing)
            hashes = {file.path: file.sha256 for file in scanned.listing}
            for path in plan.needed:
                await self._client.send_file(self._project_id, hashes[path], scanned.at[path])
                self._scanner.progress("sent", 1)
        except Invalid as error:
            return await self._client.fail(self._project_id, collection.id, error)
        report = await self._client.ingest(self._project_id, collection.id, scanned.listing, self._scanner.progress)
        if collection.kind != "image" or report.outcome is Outcome.FAILED:
            return report
        return await self._with_images(collection, report)

    async def _with_images(self, collection: DataCollection, report: CollectionReport) -> CollectionReport:
        """Send the images that the server has not, or has of another content, and let it store them."""
        place = f"/projects/{self._project_id}/collections/{collection.id}/images/"
        try:
            folder = self._scanner.images_folder(collection.workflow, collection.tag)
            images = await self._client.get(place, ImageSet)
            found = await asyncio.to_thread(local_images, images, folder)
            for one in images.needed(found.listing):
                await self._client.send_file(self._project_id, one.sha256, found.at[one.name])
                self._scanner.progress("sent", 1)
            stored = await self._client.store_images(self._project_id, collection.id, found.listing)
        except Invalid as error:
            return await self._client.fail(self._project_id, collection.id, error)
        if stored.outcome is Outcome.FAILED:
            return stored
        outcome = Outcome.UPDATED if stored.outcome is Outcome.UPDATED else report.outcome
        return msgspec.structs.replace(report, outcome=outcome, message=stored.message)


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk


def _decoded(answer: httpx.Response, of: type[T]) -> T:
    try:
        return msgspec.json.decode(answer.content, type=of)
    except msgspec.DecodeError as error:
        raise Unavailable(f"The server's answer is not understood ({error}). Is it of the same version?") from error
