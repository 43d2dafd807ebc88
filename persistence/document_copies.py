"""The documents of a whole database, as bytes: taken at one moment, and put into an empty database."""

import hashlib
from collections.abc import Collection, Iterable, Iterator

from domain.errors import Conflict, Invalid, Unavailable
from persistence.mongo import Documents, RawDocument, translated

TRIES = 6
AT_ONCE = 500
MARK = "restore"
UNMARKED = {"_id": {"$ne": MARK}}
LENGTH_BYTES = 4
"""A document begins with its own length (the BSON specification, version 1.1)."""

Snapshot = dict[str, list[bytes]]
"""Each kind's documents."""


async def snapshot(documents: Documents, leaving_out: Collection[str], unsteady: Collection[str]) -> Snapshot:
    """All documents but those of `leaving_out`, as they were at one moment.

    They are read again until two readings in a row are the same: nothing changed between the end of the first and the
    beginning of the second. Documents of `unsteady` may differ.

    Raises:
        Conflict: when they change too often.
    """
    before = ""
    for _ in range(TRIES):
        found = await _read(documents, leaving_out)
        digest = _digest({name: kind for name, kind in found.items() if name not in unsteady})
        if digest == before:
            return found
        before = digest
    raise Conflict("The documents change faster than they can be copied. Stop the server, or try again later.")


async def fill(documents: Documents, name: str, raw: Iterable[bytes]) -> int:
    """Make these the only documents of the kind, beside the mark of the restore; how many there are then."""
    kept = [RawDocument(one) for one in raw]
    with translated(place=documents.place):
        await documents[name].delete_many(UNMARKED)
        for start in range(0, len(kept), AT_ONCE):
            await documents.unread(name).insert_many(kept[start : start + AT_ONCE])
        return int(await documents[name].count_documents(UNMARKED))


async def empty(documents: Documents) -> None:
    """Remove every kind of document."""
    with translated(place=documents.place):
        for name in await documents.database.list_collection_names():
            await documents.database.drop_collection(name)


async def mark_unfinished(documents: Documents, storage: str) -> None:
    """Say in the documents that they are being restored, and to which storage."""
    with translated(place=documents.place):
        await documents["meta"].insert_one({"_id": MARK, "storage": storage})


async def unfinished(documents: Documents) -> str | None:
    """The storage of a restore that has not come to its end; None when there is none."""
    with translated(place=documents.place):
        found = await documents["meta"].find_one({"_id": MARK})
    return None if found is None else str(found["storage"])


async def mark_finished(documents: Documents) -> None:
    """The restore has come to its end."""
    with translated(place=documents.place):
        await documents["meta"].delete_one({"_id": MARK})


async def refuse_unfinished(documents: Documents) -> None:
    """`Unavailable` when a restore was interrupted: the documents are not whole."""
    if await unfinished(documents) is not None:
        raise Unavailable(
            f"The database {documents.name} is that of an interrupted restore. Run `depictio restore` again with the "
            "same settings, or name another database with DEPICTIO_MONGODB_DATABASE."
        )


def divided(data: bytes) -> Iterator[bytes]:
    """The documents that stand one after the other in these bytes; `Invalid` when they are cut off."""
    start = 0
    while start < len(data):
        end = start + int.from_bytes(data[start : start + LENGTH_BYTES], "little")
        if end > len(data) or end <= start + LENGTH_BYTES:
            raise Invalid("The documents of the backup are damaged.")
        yield data[start:end]
        start = end


async def _read(documents: Documents, leaving_out: Collection[str]) -> Snapshot:
    with translated(place=documents.place):
        names = sorted(await documents.database.list_collection_names())
        return {
            name: sorted([bytes(one.raw) async for one in documents.unread(name).find({})])
            for name in names
            if name not in leaving_out and not name.startswith("system.")
        }


def _digest(found: Snapshot) -> str:
    digest = hashlib.sha256()
    for name, kind in found.items():
        digest.update(f"{name} {len(kind)}\n".encode())
        for one in kind:
            digest.update(one)
    return digest.hexdigest()
