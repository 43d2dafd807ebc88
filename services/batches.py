"""Files that were sent together: listed, sorted by what they hold, and each kind of them made one table.

The list is kept as a sent file is, by the hash of its content, and forgotten after a day as they are.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence

import msgspec

from domain.access import Capability
from domain.batches import Kind, kind_of, merged
from domain.errors import Invalid, NotFound
from domain.ingests import FoundFile
from domain.projects import Access
from domain.uploaded import WORKFLOW, Reading, checked_file_name
from domain.wording import tr
from services.uploaded import Sent, UploadedTables, checked_together
from services.uploads import Uploads

GONE = tr("These files are not here any more: they were sent more than a day ago. Send them again.")


class Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The list as it is kept."""

    files: tuple[Sent, ...]


class Alike(msgspec.Struct, frozen=True, kw_only=True):
    """Files that can be one table, how they are read, and the names of their columns."""

    files: tuple[Sent, ...]
    reading: Reading
    columns: tuple[str, ...]


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A file that cannot be read, and why."""

    sent: Sent
    reason: str


class Sorted(msgspec.Struct, frozen=True, kw_only=True):
    """What a list holds: the kinds in the order of their first files, and what is no table."""

    kinds: tuple[Alike, ...] = ()
    refused: tuple[Refused, ...] = ()


class Batches:
    """The use cases of files that were sent together; each needs `data:upload`."""

    def __init__(self, uploaded: UploadedTables, uploads: Uploads) -> None:
        self._uploaded = uploaded
        self._uploads = uploads

    async def keep(self, access: Access, files: Sequence[Sent]) -> str:
        """Keep a list of sent files for a day; returns by what it is known.

        Raises:
            Invalid: when a name cannot be used, two are the same, or there are too many.
        """
        access.require(Capability.DATA_UPLOAD)
        for one in checked_together(files):
            checked_file_name(one.name)
        content = msgspec.json.encode(Batch(tuple(files)))
        batch, _ = await self._uploads.keep(access.project.id, _at_once(content))
        return batch

    async def files(self, access: Access, batch: str) -> tuple[Sent, ...]:
        """The files of a list.

        Raises:
            NotFound: when it was not kept, or is forgotten.
        """
        access.require(Capability.DATA_UPLOAD)
        listed = FoundFile(path="list", run=WORKFLOW, size=0, mtime_ns=0, sha256=batch)
        try:
            path = await asyncio.to_thread(self._uploads.path_of, access.project.id, listed)
            return msgspec.json.decode(await asyncio.to_thread(path.read_bytes), type=Batch).files
        except (Invalid, FileNotFoundError, msgspec.DecodeError) as error:
            raise NotFound(GONE) from error

    async def sorted(self, access: Access, files: Sequence[Sent]) -> Sorted:
        """The files by what they hold, each looked at as one that came alone is."""
        access.require(Capability.DATA_UPLOAD)
        kinds: dict[Kind, list[tuple[Sent, Reading, tuple[str, ...]]]] = {}
        refused = []
        for sent in files:
            try:
                reading = await self._uploaded.guess(access, sent)
                columns = tuple(one.name for one in (await self._uploaded.look(access, sent, reading)).columns)
            except Invalid as error:
                reasons = [problem.message for problem in error.problems] or [error.message]
                refused.append(Refused(sent=sent, reason="; ".join(reasons)))
            else:
                kinds.setdefault(kind_of(reading, columns), []).append((sent, reading, columns))
        found = (
            Alike(
                files=tuple(sent for sent, _, _ in alike),
                reading=merged([reading for _, reading, _ in alike]),
                columns=alike[0][2],
            )
            for alike in kinds.values()
        )
        return Sorted(kinds=tuple(found), refused=tuple(refused))

    async def reading(self, access: Access, files: Sequence[Sent]) -> Reading:
        """How all of these seem to want to be read.

        Raises:
            Invalid: when one of them is no table, or was not sent.
        """
        access.require(Capability.DATA_UPLOAD)
        return merged([await self._uploaded.guess(access, sent) for sent in files])

    async def forget(self, access: Access, files: Sequence[Sent]) -> None:
        """Remove files that were sent and are not wanted."""
        access.require(Capability.DATA_UPLOAD)
        for sent in files:
            await self._uploaded.forget(access, sent)


async def _at_once(content: bytes) -> AsyncIterator[bytes]:
    yield content
