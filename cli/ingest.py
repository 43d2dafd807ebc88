"""An ingest from the command line: the same steps on this installation's stores, or on a server."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import AsyncExitStack
from functools import partial

import msgspec

from cli.failures import unusable
from cli.operator import operator
from cli.progress import Progress
from domain.collections import DataCollection, Origin
from domain.ingests import CollectionReport
from domain.project_references import joins_of
from domain.settings import Settings
from services.local_ingest import LocalIngest, Scanner
from services.opening import open_services
from services.project_files import ProjectFile
from services.template_dashboards import BroughtDashboard, bring


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an ingest. `read` counts the data files that were opened, for their hash or for their rows."""

    reports: list[CollectionReport]
    read: int
    dashboards: list[BroughtDashboard] = []
    """What became of those that the template brings."""
    first_password: str | None = None
    """Of the administrator, when the data directory is new."""
    admin_email: str = ""


async def ingest_directly(
    file: ProjectFile,
    environment: Mapping[str, str],
    settings: Settings,
    progress: Progress,
    held: Collection[str] = (),
    is_stopped: Callable[[], bool] = lambda: False,
) -> Result:
    """Ingest on the stores of these settings, as the administrator of the installation.

    Runs that are `held` stay as they were ingested last. Once `is_stopped` says so, no other collection is begun.
    """
    async with AsyncExitStack() as stack:
        with unusable():
            services = await stack.enter_async_context(open_services(settings))
        actor = await operator(services, settings)
        access, collections = await services.ingestion.register(actor, file.description)
        scanner = Scanner(file, environment, progress.step, held)
        ingest = LocalIngest(services.ingestion, access, scanner)
        reports = await _each(_wanted(file, collections), ingest.run, progress, is_stopped)
        if not is_stopped():
            reports += await services.ingestion.run_joins(access)
        titles = [one.title for one in await services.dashboards.of_project(access)] if file.dashboards else []
        return Result(
            reports=reports,
            read=scanner.hashed + progress.read,
            dashboards=await bring(file, titles, partial(services.copies.read, access)),
            first_password=services.first_password,
            admin_email=settings.admin_email,
        )


async def ingest_remotely(
    file: ProjectFile,
    environment: Mapping[str, str],
    server: str,
    token: str,
    progress: Progress,
    held: Collection[str] = (),
    is_stopped: Callable[[], bool] = lambda: False,
) -> Result:
    """Ingest through a server's REST interface; files are listed and hashed here, and only needed ones are sent."""
    from cli.client import Client, RemoteIngest  # noqa: PLC0415 -- who ingests directly need not wait for it.

    async with Client(server, token) as client:
        registered = await client.register(file.description)
        scanner = Scanner(file, environment, progress.step, held)
        ingest = RemoteIngest(client, registered.project_id, scanner)
        reports = await _each(_wanted(file, registered.collections), ingest.run, progress, is_stopped)
        if joins_of(file.description) and not is_stopped():
            reports += await client.run_joins(registered.project_id)
        return Result(
            reports=reports,
            read=scanner.hashed + progress.read,
            dashboards=await bring(
                file,
                await client.dashboard_titles(registered.project_id) if file.dashboards else [],
                partial(client.add_dashboard, registered.project_id),
            ),
        )


def _wanted(file: ProjectFile, collections: Iterable[DataCollection]) -> list[DataCollection]:
    return [one for one in collections if not file.only or f"{one.workflow}.{one.tag}" in file.only]


async def _each(
    collections: list[DataCollection],
    run: Callable[[DataCollection], Awaitable[CollectionReport]],
    progress: Progress,
    is_stopped: Callable[[], bool],
) -> list[CollectionReport]:
    reports = []
    for collection in collections:
        if collection.origin is Origin.FILES and not is_stopped():
            progress.start(collection.tag)
            report = await run(collection)
            progress.finish(collection.tag, report.outcome)
            reports.append(report)
    return reports
