"""Whether the parts that every request needs answer."""

import asyncio
from collections.abc import Awaitable

import msgspec

from domain.errors import DomainError
from domain.wording import tr
from persistence.embedded import EmbeddedServer
from persistence.mongo import Documents
from persistence.objects import ObjectStore

PATIENCE = 5.0


class Part(msgspec.Struct, frozen=True):
    """One part and what is wrong with it; nothing is when `problem` is empty."""

    name: str
    problem: str = ""


class Health:
    """Asks for no permission. The problems name servers and directories: show them to the operator only."""

    def __init__(self, documents: Documents, objects: ObjectStore, embedded: EmbeddedServer | None) -> None:
        self._documents = documents
        self._objects = objects
        self._embedded = embedded

    async def ready(self) -> tuple[Part, ...]:
        """Every part, asked now: documents by a read, storage by writing and removing an object."""
        documents, storage = await asyncio.gather(
            _problem(self._ask_documents()),
            _problem(self._objects.ping()),
        )
        return Part("documents", documents), Part("storage", storage)

    async def _ask_documents(self) -> None:
        if self._embedded is not None:
            self._embedded.check()
        await self._documents.ping()


async def _problem(question: Awaitable[None]) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            await question
    except DomainError as error:
        return error.message
    except TimeoutError:
        return tr("does not answer within {seconds:.0f} seconds", seconds=PATIENCE)
    return ""
