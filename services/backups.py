"""Copying a whole site into an archive: documents of one moment, and the tables and files that they name."""

import asyncio
import hashlib
import importlib.metadata
from collections.abc import Callable
from pathlib import Path

import msgspec

from domain.access import Actor, Capability, Origin
from domain.audit import Entry
from domain.backups import (
    FORMAT,
    LEFT_OUT,
    MANIFEST,
    MANIFEST_HASH,
    OBJECTS,
    TOKENS_KEY,
    UNSTEADY,
    Manifest,
    PackedFile,
    PackedTable,
    documents_file,
    is_log,
    is_packed,
)
from domain.collections import DataCollection
from domain.errors import Conflict, Invalid, NotFound
from domain.settings import Settings
from persistence.archives import Writer, packing
from persistence.document_copies import Snapshot, snapshot
from persistence.documents import from_document
from persistence.migrations import recorded
from persistence.mongo import RawDocument, now, read
from persistence.objects import ObjectStore
from persistence.tables import Tables
from services.stores import Stores, audit_of, open_stores

TRIES = 3
OPERATOR = Actor(email="operator", is_admin=True, origin=Origin("command line", ""))
Tell = Callable[[str, int], object]
"""Told how many files there are (`found`), and then of each that was copied (`copied`, 1)."""


async def back_up(settings: Settings, target: Path, tell: Tell = lambda _step, _files: None) -> Manifest:
    """Copy the site of these settings into `target`, a folder or a tar file, while its server may run.

    Raises:
        Invalid: when there is no site, or the target exists or cannot be written.
        Conflict: when the site changes so much meanwhile that no copy is of one moment; nothing is left of it then.
        Unavailable: when a store does not answer.
    """
    if not await asyncio.to_thread(target.parent.is_dir):
        raise Invalid(f"The backup {target} cannot be written: {target.parent} is not a folder.")
    async with open_stores(settings) as stores:
        for attempt in range(TRIES):
            try:
                manifest = await _copied(stores, settings, target, tell)
            except (Conflict, NotFound) as error:
                if attempt == TRIES - 1:
                    raise Conflict(
                        f"The site changed while it was copied, each of {TRIES} times, or is damaged: {error.message} "
                        "Make the backup when nothing is ingested or deleted, or stop the server; `depictio doctor` "
                        "says what is missing."
                    ) from None
            else:
                break
        entry = Entry(actor=OPERATOR, capability=Capability.ADMIN_BACKUP, act="back up the site", name=target.name)
        await audit_of(stores.documents, settings).write(entry)
        return manifest


async def _copied(stores: Stores, settings: Settings, target: Path, tell: Tell) -> Manifest:
    found = await snapshot(stores.documents, LEFT_OUT, UNSTEADY)
    migrations = tuple(await recorded(stores.documents))
    collections = _collections(found)
    begun = now()

    def copied() -> Manifest:
        with packing(target) as writer:
            files = [_add(writer, documents_file(kind), b"".join(raw)) for kind, raw in found.items()]
            key = settings.data_dir / "secrets" / "tokens.key"
            if not settings.secret_key and key.exists():
                files.append(_add(writer, TOKENS_KEY, key.read_bytes()))
            files += _objects(stores.objects, writer, tell)
            _check_tables(Tables(stores.objects), collections, {file.path for file in files})
            manifest = Manifest(
                format=FORMAT,
                depictio=importlib.metadata.version("depictio"),
                made_at=begun,
                migrations=migrations,
                documents={kind: len(raw) for kind, raw in found.items()},
                tables=tuple(_table(one) for one in collections if one.table_version is not None),
                files=tuple(files),
            )
            said = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
            _add(writer, MANIFEST, said)
            _add(writer, MANIFEST_HASH, hashlib.sha256(said).hexdigest().encode())
        return manifest

    return await asyncio.to_thread(copied)


def _collections(found: Snapshot) -> list[DataCollection]:
    return [from_document(read(RawDocument(raw)), DataCollection) for raw in found.get("collections", [])]


def _table(collection: DataCollection) -> PackedTable:
    return PackedTable(collection.id, collection.table_path, collection.table_version or 0)


def _objects(objects: ObjectStore, writer: Writer, tell: Tell) -> list[PackedFile]:
    """Copy every object: a table's commits first, so that all that they name is there to be copied afterwards."""
    commits = [path for path in _paths(objects) if is_log(path)]
    files = [_add_object(objects, writer, path) for path in commits]
    others = [path for path in _paths(objects) if not is_log(path)]
    tell("found", len(others) + len(commits))
    tell("copied", len(commits))
    for path in others:
        files.append(_add_object(objects, writer, path))
        tell("copied", 1)
    return files


def _paths(objects: ObjectStore) -> list[str]:
    return [one.path for one in objects.all_now() if is_packed(one.path)]


def _add_object(objects: ObjectStore, writer: Writer, path: str) -> PackedFile:
    size, chunks = objects.streamed_now(path)
    return writer.add(f"{OBJECTS}/{path}", size, chunks)


def _add(writer: Writer, path: str, data: bytes) -> PackedFile:
    return writer.add(path, len(data), [data])


def _check_tables(tables: Tables, collections: list[DataCollection], packed: set[str]) -> None:
    """Every file of every table version that the documents name was copied; else `Conflict` or `NotFound`."""
    for one in collections:
        if one.table_version is None:
            continue
        files = tables.files(one.table_path, one.table_version)
        missing = [path for path in files if f"{OBJECTS}/{path}" not in packed]
        if missing:
            raise Conflict(f"{one.workflow}.{one.tag} lacks {missing[0]}.")
