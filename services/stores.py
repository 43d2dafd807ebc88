"""The stores of an installation without its services: for the operator, who looks at them, copies and mends them.

Whoever can read the settings and the data directory is the operator; so nothing here asks for a permission.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import msgspec

from domain.errors import Conflict, Invalid
from domain.settings import Settings
from persistence.audit import AuditRepository
from persistence.document_copies import refuse_unfinished
from persistence.embedded import EmbeddedServer, running_url
from persistence.mongo import Documents, connect, now
from persistence.objects import ObjectStore, open_objects
from persistence.site import SiteRepository
from services.audit import Audit
from services.called import Called
from services.site import Site


class Stores(msgspec.Struct, frozen=True, kw_only=True):
    """Documents and objects; `is_shared` when a running server looks after the documents."""

    documents: Documents
    objects: ObjectStore
    is_shared: bool = False


def storage_url(settings: Settings) -> str:
    """Where the objects of these settings are."""
    return settings.storage_url or str(settings.data_dir / "storage")


@asynccontextmanager
async def open_stores(settings: Settings) -> AsyncIterator[Stores]:
    """Open the stores as they are: nothing is migrated. A server that runs on the data directory goes on.

    Raises:
        Invalid: when there is no site in the data directory.
        Conflict: when another process holds the data directory, and no server of it can be reached.
        Unavailable: when a store does not answer.
    """
    async with AsyncExitStack() as stack:
        url, is_shared = await _url(settings, stack)
        documents = await connect(url, settings.mongodb_database)
        stack.callback(documents.close)
        await refuse_unfinished(documents)
        objects = open_objects(storage_url(settings), settings.storage_options)
        yield Stores(documents=documents, objects=objects, is_shared=is_shared)


def audit_of(documents: Documents, settings: Settings) -> Audit:
    """The audit of the site in these documents."""
    return Site(SiteRepository(documents), AuditRepository(documents), settings, now, Called(documents)).audit


async def _url(settings: Settings, stack: AsyncExitStack) -> tuple[str, bool]:
    if not settings.is_embedded:
        return settings.mongodb_url, False
    if not (settings.data_dir / "documents").is_dir():
        raise Invalid(f"There is no site in {settings.data_dir}. DEPICTIO_DATA_DIR says where it is.")
    try:
        embedded = await EmbeddedServer.start(settings.data_dir, settings.mongodb_database)
    except Conflict:
        running = running_url(settings.data_dir)
        if running is None:
            raise
        return running, True
    stack.push_async_callback(embedded.stop)
    return embedded.url, False
