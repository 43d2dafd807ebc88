"""Bringing a site back from a backup: checked before anything is touched, and all of it or nothing.

Without a MongoDB the new site is made beside the old one, and takes its place at the end. Stores elsewhere must be
empty and are left empty when it fails; a restore that was killed is done over by the next one.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from domain.access import Capability
from domain.audit import Entry
from domain.backups import (
    DOCUMENTS,
    MANIFEST,
    MANIFEST_HASH,
    OBJECTS,
    TOKENS_KEY,
    Manifest,
    PackedFile,
    checked_manifest,
    differences,
    documents_file,
)
from domain.errors import Invalid, NotFound, Problem, Unavailable
from domain.settings import Settings
from persistence import replacing
from persistence.archives import Archive, content, opened
from persistence.data_directory import DataDirectory
from persistence.document_copies import divided, empty, fill, mark_finished, mark_unfinished, unfinished
from persistence.embedded import EmbeddedServer
from persistence.files import writable, write_durably
from persistence.migrations import known, migrate
from persistence.mongo import Documents, connect, now
from persistence.objects import ObjectStore, open_objects
from services.backups import OPERATOR, Tell
from services.stores import audit_of, storage_url

DAMAGED = "The backup is damaged, and nothing was restored."


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What was restored; `kept` is where the site that was there before lies, None when there was none."""

    manifest: Manifest
    kept: Path | None = None
    is_other_key: bool = False
    """Whether access tokens and unlocked links of before do not hold: they were signed with another key.

    The key of a backup goes into a data directory; where `DEPICTIO_SECRET_KEY` is set, that is used instead. Whether
    that is the one of before cannot be told when the site of the backup had such a setting too.
    """


def verify(archive: Archive, tell: Tell = lambda _step, _files: None) -> Manifest:
    """Read all of a backup and compare it with its manifest.

    Raises:
        Invalid: naming what is missing, too many, cut off or changed.
    """
    said = _needed(archive, MANIFEST)
    if hashlib.sha256(said).hexdigest().encode() != _needed(archive, MANIFEST_HASH).strip():
        raise Invalid(DAMAGED, (Problem(MANIFEST, "was changed"),))
    manifest = checked_manifest(said)
    sizes = {path: size for path, size in archive.sizes().items() if path not in {MANIFEST, MANIFEST_HASH}}
    problems = differences(manifest, sizes)
    if problems:
        raise Invalid(DAMAGED, problems)
    tell("found", len(manifest.files))
    for file in manifest.files:
        digest = hashlib.sha256()
        for chunk in archive.chunks(file.path):
            digest.update(chunk)
        if digest.hexdigest() != file.sha256:
            raise Invalid(DAMAGED, (Problem(file.path, "was changed: its content has another hash"),))
        tell("hashed", 1)
    for kind, count in manifest.documents.items():
        if len(list(divided(content(archive, documents_file(kind))))) != count:
            raise Invalid(DAMAGED, (Problem(documents_file(kind), f"does not hold {count} documents"),))
    return manifest


def check_only(source: Path, tell: Tell = lambda _step, _files: None) -> Manifest:
    """Read all of a backup; `Invalid` when it is damaged."""
    with opened(source) as archive:
        return verify(archive, tell)


async def restore_site(
    settings: Settings, source: Path, *, replace: bool = False, tell: Tell = lambda _step, _files: None
) -> Restored:
    """Make the site of a backup that of these settings. Another kind of storage than before may be set.

    Raises:
        Invalid: when the backup is damaged or of a newer version, or there is a site already and `replace` is not set.
        Conflict: when a server runs on the data directory.
        Unavailable: when a store does not answer, or a directory cannot be used.
    """
    with opened(source) as archive:
        manifest = await asyncio.to_thread(verify, archive, tell)
        unknown = sorted(set(manifest.migrations) - {step.name for step in known()})
        if unknown:
            problem = Problem(unknown[-1], f"is a migration of a later version; Depictio {manifest.depictio} made it")
            raise Invalid("The backup was made by a newer Depictio. Install that version.", (problem,))
        if settings.is_embedded:
            return await _into_directory(settings, archive, manifest, tell, replace=replace)
        return await _into_database(settings, archive, manifest, tell, replace=replace)


async def _into_directory(
    settings: Settings, archive: Archive, manifest: Manifest, tell: Tell, *, replace: bool
) -> Restored:
    data_dir = settings.data_dir
    elsewhere = settings.storage_url
    directory = await DataDirectory.hold(data_dir)
    try:
        has_site = await asyncio.to_thread(_has_site, data_dir)
        if has_site and not replace:
            raise Invalid(
                f"There is a site in {data_dir}. Restore into another DEPICTIO_DATA_DIR, or give --replace: the site "
                "that is there is then kept in a folder beside the new one."
            )
        if elsewhere:
            await _empty_storage(settings, replacing.begun(data_dir))
        with writable(data_dir):
            folder = await asyncio.to_thread(replacing.begin, data_dir, elsewhere)
        objects = open_objects(elsewhere or str(folder / "storage"), settings.storage_options)

        async def undo() -> None:
            if elsewhere:
                await _clear(objects)
            await asyncio.to_thread(replacing.give_up, data_dir)

        async with _undone(undo):
            await asyncio.to_thread(_put_objects, archive, manifest, objects, tell)
            if manifest.has_key and not settings.secret_key:
                await asyncio.to_thread(_put_key, archive, folder)
            embedded = await EmbeddedServer.start(folder, settings.mongodb_database)
            try:
                documents = await connect(embedded.url, settings.mongodb_database)
                try:
                    await _put_documents(documents, archive, manifest, settings)
                finally:
                    documents.close()
            finally:
                await embedded.stop()
        old = f"before-restore-{_stamp(now())}"
        with writable(data_dir):
            await asyncio.to_thread(replacing.commit, data_dir, old)
            if not has_site:
                await asyncio.to_thread(replacing.forget, data_dir / old)
    finally:
        directory.release()
    kept = data_dir / old if has_site else None
    return Restored(manifest=manifest, kept=kept, is_other_key=_is_other_key(settings, manifest, archive))


async def _into_database(
    settings: Settings, archive: Archive, manifest: Manifest, tell: Tell, *, replace: bool
) -> Restored:
    if replace:
        raise Invalid(
            "A site on a MongoDB is not replaced, since that could not be undone. Name an empty database with "
            "DEPICTIO_MONGODB_DATABASE and an empty storage with DEPICTIO_STORAGE_URL; the old ones stay as they are."
        )
    documents = await connect(settings.mongodb_url, settings.mongodb_database)
    try:
        left = await unfinished(documents)
        counts = await documents.counts()
        if left is None and any(counts.values()):
            raise Invalid(
                f"The database {documents.name} at {documents.place} is not empty. Name an empty one with "
                "DEPICTIO_MONGODB_DATABASE; the old one stays as it is."
            )
        await _empty_storage(settings, None if left is None else replacing.Begun(left))
        objects = open_objects(storage_url(settings), settings.storage_options)
        await empty(documents)
        await mark_unfinished(documents, storage_url(settings))

        async def undo() -> None:
            await _clear(objects)
            await empty(documents)

        async with _undone(undo):
            await asyncio.to_thread(_put_objects, archive, manifest, objects, tell)
            await _put_documents(documents, archive, manifest, settings)
        await mark_finished(documents)
    finally:
        documents.close()
    return Restored(manifest=manifest, is_other_key=_is_other_key(settings, manifest, archive))


async def _empty_storage(settings: Settings, begun: replacing.Begun | None) -> None:
    """See that the storage elsewhere is empty; what a restore of it left that was killed is removed."""
    objects = open_objects(storage_url(settings), settings.storage_options)
    if begun is not None and begun.storage == storage_url(settings):
        await _clear(objects)
    if found := await objects.list():
        raise Invalid(
            f"The storage {objects.root} is not empty: {found[0].path} is there. Name another folder or prefix with "
            "DEPICTIO_STORAGE_URL; the old one stays as it is."
        )


async def _clear(objects: ObjectStore) -> None:
    await objects.delete(*[stored.path for stored in await objects.list()])


@asynccontextmanager
async def _undone(undo: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Undo what the block has done when it fails, or is stopped."""
    try:
        yield
    except BaseException:
        await undo()
        raise


def _put_objects(archive: Archive, manifest: Manifest, objects: ObjectStore, tell: Tell) -> None:
    """The commits of tables come last, as when they were made."""
    files = [file for file in manifest.files if file.path.startswith(f"{OBJECTS}/")]
    tell("found", len(files))
    for file in sorted(files, key=lambda file: "/_delta_log/" in file.path):
        objects.put_stream_now(file.path.removeprefix(f"{OBJECTS}/"), _unchanged(archive, file))
        tell("copied", 1)


def _unchanged(archive: Archive, file: PackedFile) -> Iterator[bytes]:
    """The content once more; a backup that changes while it is read must not become a site."""
    digest = hashlib.sha256()
    for chunk in archive.chunks(file.path):
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != file.sha256:
        raise Unavailable(f"The backup changed while it was read: {file.path}. Nothing was restored.")


def _put_key(archive: Archive, folder: Path) -> None:
    secrets = folder / "secrets"
    secrets.mkdir(mode=0o700, exist_ok=True)
    write_durably(secrets / "tokens.key", content(archive, TOKENS_KEY))


async def _put_documents(documents: Documents, archive: Archive, manifest: Manifest, settings: Settings) -> None:
    """Make the collections with their indexes as the backup's version had them, fill them, and migrate on."""
    await migrate(documents, [step for step in known() if step.name in manifest.migrations])
    for kind, count in manifest.documents.items():
        raw = await asyncio.to_thread(content, archive, documents_file(kind))
        if await fill(documents, kind, divided(raw)) != count:
            raise Unavailable(f"The document store did not keep all of {DOCUMENTS}/{kind}.")
    await migrate(documents)
    act = f"restore the backup of {_stamp(manifest.made_at)}"
    await audit_of(documents, settings).write(Entry(actor=OPERATOR, capability=Capability.ADMIN_BACKUP, act=act))


def _needed(archive: Archive, path: str) -> bytes:
    try:
        return content(archive, path)
    except NotFound as error:
        raise Invalid(
            "This is no backup of Depictio, or one that was cut off.", (Problem(path, "is missing"),)
        ) from error


def _has_site(data_dir: Path) -> bool:
    storage = data_dir / "storage"
    return (data_dir / "documents").exists() or (storage.is_dir() and any(storage.iterdir()))


def _is_other_key(settings: Settings, manifest: Manifest, archive: Archive) -> bool:
    if settings.secret_key and manifest.has_key:
        return settings.secret_key != content(archive, TOKENS_KEY).decode()
    return not settings.secret_key and not manifest.has_key


def _stamp(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"
