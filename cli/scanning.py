"""A scan from the command line: against this installation's stores, or against a server's."""

from collections.abc import Mapping
from contextlib import AsyncExitStack

from cli.client import Client
from cli.failures import unusable
from cli.operator import operator
from cli.progress import Progress
from cli.server_options import Server
from domain.collections import DataCollection
from domain.ingests import FoundFile, LedgerFile, Plan
from domain.scans import CollectionScan
from domain.settings import Settings
from services.local_scan import KnownHere, LocalScan
from services.opening import open_services
from services.project_files import ProjectFile


class KnownThere:
    """What a server holds of a project."""

    def __init__(self, client: Client, project_id: str) -> None:
        self._client = client
        self._project_id = project_id

    async def files(self, collection: DataCollection) -> dict[str, LedgerFile]:
        return await self._client.known_files(self._project_id, collection.id)

    async def plan(self, collection: DataCollection, listing: tuple[FoundFile, ...], reading: str) -> Plan:
        return await self._client.plan(self._project_id, collection.id, listing, reading)


async def scan_directly(
    file: ProjectFile, environment: Mapping[str, str], settings: Settings, progress: Progress, *, is_read: bool
) -> list[CollectionScan]:
    """Scan against the stores of these settings, as the administrator of the installation."""
    async with AsyncExitStack() as stack:
        with unusable():
            services = await stack.enter_async_context(open_services(settings))
        actor = await operator(services, settings)
        found = await services.ingestion.find_described(actor, file.description)
        known = None if found is None else KnownHere(services.ingestion, found[0])
        collections = [] if found is None else found[1]
        return await LocalScan(known, collections, file, environment, progress.step).run(is_read=is_read)


async def scan_remotely(
    file: ProjectFile, environment: Mapping[str, str], server: Server, progress: Progress, *, is_read: bool
) -> list[CollectionScan]:
    """Scan against a server; no file is sent."""
    async with Client(*server) as client:
        found = await client.described(file.description)
        known = None if found.project_id is None else KnownThere(client, found.project_id)
        return await LocalScan(known, found.collections, file, environment, progress.step).run(is_read=is_read)
