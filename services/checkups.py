"""Looking at every part that a site needs, for its operator: what is wrong, and what helps. Nothing is changed."""

import asyncio
import importlib.metadata
import os
import re
import secrets
import shutil
import sys
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from pathlib import Path

from domain.checkups import Finding, broken, clock, fine, room, warning
from domain.errors import Conflict, DomainError, Invalid, NotFound
from domain.images import folder_of
from domain.settings import Settings
from persistence.collections import CollectionRepository
from persistence.leases import Leases
from persistence.migrations import pending
from persistence.mongo import Documents, new_id, now
from persistence.objects import ObjectStore, open_objects
from persistence.people import UserRepository
from persistence.tables import Tables
from persistence.workers import WorkerRepository
from services.stores import Stores, open_stores, storage_url

REQUIRED = re.compile(r"^[A-Za-z0-9._-]+")
VENDOR = Path(__file__).parents[1] / "web" / "static" / "vendor"
ASSETS = ("htmx.min.js", "gridstack-all.js", "plotly-strict.min.js", "default-css-variables.css")
OTHERS = 0o077
MOST_NAMED = 3
PROBE = ".doctor"


async def examine(settings: Settings) -> list[Finding]:
    """Everything that can be looked at: when a store does not answer, what needs it is left out."""
    findings = [fine("settings", "can be used"), _versions(), _assets()]
    findings += await asyncio.to_thread(_directory, settings)
    async with AsyncExitStack() as stack:
        try:
            stores = await stack.enter_async_context(open_stores(settings))
        except DomainError as error:
            return [*findings, *await _without_documents(settings, error)]
        findings.append(await _safely("documents", _documents(stores)))
        findings.append(await _safely("storage", _storage(stores.objects)))
        findings.append(await _safely("clock", _clock(stores)))
        findings.append(await _safely("migrations", _migrations(stores.documents)))
        findings.append(await _safely("administrators", _administrators(stores.documents)))
        findings.append(await _safely("tables", _tables(stores)))
        findings.append(await _safely("orphaned tables", _orphans(stores)))
    return findings


async def _without_documents(settings: Settings, error: DomainError) -> list[Finding]:
    """What can be said when the documents cannot be opened."""
    if isinstance(error, Invalid) and settings.is_embedded and not (settings.data_dir / "documents").exists():
        remedy = "If there should be one, set DEPICTIO_DATA_DIR; a new one begins with `depictio serve`."
        return [warning("documents", f"there is no site in {settings.data_dir} yet", remedy)]
    remedy = EMBEDDED_REMEDY if settings.is_embedded else "Start the store, or correct DEPICTIO_MONGODB_URL."
    if isinstance(error, Conflict):
        remedy = "Wait for the other command to end."
    findings = [broken("documents", error.message, remedy)]
    if settings.storage_url:
        try:
            objects = open_objects(storage_url(settings), settings.storage_options)
        except DomainError as refusal:
            return [*findings, broken("storage", refusal.message, STORAGE_REMEDY)]
        findings.append(await _safely("storage", _storage(objects)))
    return findings


EMBEDDED_REMEDY = (
    "Read its log. If its files are damaged, `depictio restore BACKUP --replace` makes a site of a backup."
)
STORAGE_REMEDY = "Correct DEPICTIO_STORAGE_URL and the AWS_* settings, or the rights of their account."
REMEDIES = {
    "storage": STORAGE_REMEDY,
    "documents": "Look at logs/documents.log in the data directory, or at the log of the MongoDB.",
    "migrations": "Install the version of Depictio that wrote the documents, or restore a backup.",
}


async def _safely(name: str, look: Awaitable[Finding]) -> Finding:
    """What was found, or the failure to look."""
    try:
        return await look
    except DomainError as error:
        return broken(name, error.message, REMEDIES.get(name, "Mend documents and storage first, then look again."))


def _versions() -> Finding:
    """Whether the packages that Depictio needs are there; which version each may have is settled by the lock file."""
    requirements = importlib.metadata.requires("depictio") or []
    names = [match[0] for text in requirements if ";" not in text and (match := REQUIRED.match(text))]
    missing = [name for name in names if not _installed(name)]
    if missing:
        return broken("versions", f"not installed: {', '.join(missing)}", "Install Depictio anew: `make setup`.")
    shown = ("polars", "deltalake", "litestar", "dash", "secantusdb")
    found = {name: version for name in shown if (version := _installed(name))}
    python = ".".join(map(str, sys.version_info[:3]))
    listed = ", ".join(f"{name} {version}" for name, version in found.items())
    return fine("versions", f"Depictio {importlib.metadata.version('depictio')}, Python {python}, {listed}")


def _installed(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _assets() -> Finding:
    missing = [name for name in ASSETS if not (VENDOR / name).is_file()]
    if missing:
        return broken("assets", f"{', '.join(missing)} is not in {VENDOR}", "Run `make assets`, or install anew.")
    return fine("assets", f"{len(list(VENDOR.rglob('*')))} files for the browser are there")


def _directory(settings: Settings) -> list[Finding]:
    """The data directory: whether it can be written, who can read it, and how much room there is."""
    place = settings.data_dir
    standing = next(folder for folder in (place, *place.parents) if folder.exists())
    remedy = "Make it writable for this user, or choose another one with DEPICTIO_DATA_DIR."
    if not standing.is_dir() or not os.access(standing, os.W_OK | os.X_OK):
        return [broken("data directory", f"{standing} cannot be written", remedy)]
    if standing == place and place.stat().st_mode & OTHERS:
        tell = f"{place} can be looked into by other users of this machine"
        finding = warning("data directory", tell, f"Run `chmod 700 {place}`.")
    else:
        finding = fine("data directory", f"{place} can be written")
    return [finding, room("disk space", str(standing), shutil.disk_usage(standing).free)]


async def _documents(stores: Stores) -> Finding:
    """Write, read and remove a document."""
    documents, key = stores.documents, f"doctor-{new_id()}"
    await documents.probe(key)
    how = "by the running server" if stores.is_shared else f"at {documents.place}"
    return fine("documents", f"written, read and removed {how}")


async def _storage(objects: ObjectStore) -> Finding:
    """Write, read and remove an object, and see that two commits of a table could not both win."""
    path, content = f"{PROBE}/{new_id()}", secrets.token_bytes(1000)
    try:
        await objects.put(path, content)
        if await objects.get(path) != content:
            return broken("storage", f"{objects.root} gives back something else than was written", STORAGE_REMEDY)
        try:
            await objects.put(path, b"", create_only=True)
        except Conflict:
            pass
        else:
            remedy = "Use an S3 that knows conditional puts (If-None-Match), or two ingests could lose rows."
            return broken("storage", f"{objects.root} writes over what it should keep", remedy)
    finally:
        await objects.delete(path)
    if await objects.exists(path):
        return broken("storage", f"{objects.root} does not remove objects", STORAGE_REMEDY)
    return fine("storage", f"written, read and removed at {objects.root}")


async def _clock(stores: Stores) -> Finding:
    """Compare this machine's clock with the document server's, and with that of the storage."""
    before = now()
    there = await stores.documents.clock()
    documents = (there - before).total_seconds()
    path = f"{PROBE}/{new_id()}"
    before = now()
    await stores.objects.put(path, b"clock")
    found = [one.modified for one in await stores.objects.list(PROBE) if one.path == path]
    await stores.objects.delete(path)
    # The time of an object has no fraction of a second at some stores.
    storage = (found[0] - before).total_seconds() if found else 0.0
    farther, against = max((abs(documents), "the document store"), (max(abs(storage) - 1, 0.0), "the storage"))
    return clock(against, farther)


async def _migrations(documents: Documents) -> Finding:
    waiting = await pending(documents)
    if waiting:
        return warning("migrations", f"not run yet: {', '.join(waiting)}", "Run `depictio migrate apply`.")
    return fine("migrations", "all have run")


async def _administrators(documents: Documents) -> Finding:
    found = await UserRepository(documents).administrators()
    if not found:
        return broken("administrators", "there is none", "Run `depictio user grant-admin EMAIL`, or start the server.")
    return fine("administrators", ", ".join(sorted(user.email for user in found)[:MOST_NAMED]))


async def _tables(stores: Stores) -> Finding:
    """Whether every file of the table versions that the documents name is there."""
    stored = {one.path for one in await stores.objects.list("tables")}
    tables, lost, count = Tables(stores.objects), [], 0
    for one in await CollectionRepository(stores.documents).all():
        if one.table_version is None:
            continue
        count += 1
        try:
            files = await asyncio.to_thread(tables.files, one.table_path, one.table_version)
        except NotFound:
            lost.append(f"{one.workflow}.{one.tag} (project {one.project_id})")
            continue
        if set(files) - stored:
            lost.append(f"{one.workflow}.{one.tag} (project {one.project_id})")
    if lost:
        remedy = "Restore a backup, or delete those collections and ingest them again."
        return broken("tables", f"files are missing: {_some(lost)}", remedy)
    return fine("tables", f"all files of {count} tables are there")


async def _orphans(stores: Stores) -> Finding:
    """Folders of tables and images that no document names: what a killed deletion or first ingest has left."""
    found = await orphaned(stores)
    if found:
        size = sum(found.values()) / 1e6
        remedy = "Stop the server and run `depictio doctor --remove-orphans`; a backup before that does no harm."
        return warning("orphaned tables", f"{_some(sorted(found))}: {size:,.1f} MB of no collection", remedy)
    return fine("orphaned tables", "there is none")


async def orphaned(stores: Stores) -> dict[str, int]:
    """The bytes of each folder that belongs to no data collection and no project."""
    collections = await CollectionRepository(stores.documents).all()
    named = {one.table_path or f"tables/{one.project_id}/{one.id}" for one in collections}
    named |= {folder_of(one.id).rpartition("/")[0] for one in collections}
    sizes: dict[str, int] = {}
    for top in ("tables", "collections"):
        for one in await stores.objects.list(top):
            folder = "/".join(one.path.split("/")[: 3 if top == "tables" else 2])
            sizes[folder] = sizes.get(folder, 0) + one.size
    return {folder: size for folder, size in sizes.items() if folder not in named}


async def remove_orphans(settings: Settings) -> dict[str, int]:
    """Remove what `orphaned` finds; what was removed.

    Raises:
        Conflict: when a server or an ingest runs on these stores: its first ingest of a collection has no document
            yet; or when the documents are those of no site.
    """
    async with open_stores(settings) as stores:
        if stores.is_shared:
            raise Conflict("A server runs on the data directory. Stop it first: it may be writing a new table now.")
        await _check_removable(stores)
        found = await orphaned(stores)
        for folder in found:
            await stores.objects.delete_folder(folder)
        return found


async def _check_removable(stores: Stores) -> None:
    """Let pass documents of a site on which nothing runs, wherever they lie."""
    if not await UserRepository(stores.documents).all():
        raise Conflict(
            f"The database {stores.documents.name} has no account, so it is no site: every table would count as "
            "nobody's. Correct DEPICTIO_MONGODB_DATABASE first."
        )
    alive = [one for one in await WorkerRepository(stores.documents).all() if not one.is_silent(now())]
    if alive:
        raise Conflict(
            f"A server runs on these stores: {alive[0].machine}, process {alive[0].pid}. Stop it first: it may be "
            "writing a new table now."
        )
    leases = Leases(stores.documents)
    if [*await leases.live("ingest:"), *await leases.live("images:")]:
        raise Conflict("An ingest runs on these stores. Wait for its end: it may be writing a new table now.")


def _some(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
