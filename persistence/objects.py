"""The object store: uploaded files, images and Delta tables, in a local directory or under a prefix of an S3 bucket."""

import errno
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import msgspec
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import LocalStore, S3Store

from domain.errors import Conflict, Invalid, NotFound, Unavailable
from domain.wording import tr
from persistence.files import writable

S3_SETTINGS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_SKIP_SIGNATURE",
    "AWS_VIRTUAL_HOSTED_STYLE_REQUEST",
)
"""The settings of S3 that are passed on; an installation's roles and files are found by the S3 clients themselves."""

DEFAULT_REGION = "us-east-1"
RETRIES = 3
RETRY_WITHIN = timedelta(seconds=20)
RETRY_AFTER = 10


class StoredObject(msgspec.Struct, frozen=True):
    """What a listing tells of one object; `path` is relative to the store."""

    path: str
    size: int
    modified: datetime


class DeltaLocation(NamedTuple):
    """Where deltalake and polars find a table: their `table_uri` and `storage_options`."""

    uri: str
    options: dict[str, str]


class ObjectStore:
    """Objects by their path relative to the store, such as `tables/65f…/part.parquet`. Made by `open_objects`.

    Every method raises `Unavailable` when the store does not answer or refuses, `Invalid` for a path that is none
    (empty, absolute or with `..`).
    """

    def __init__(self, store: LocalStore | S3Store, root: str, delta_options: dict[str, str]) -> None:
        self._store = store
        self._delta_options = delta_options
        self.root = root

    async def put(self, path: str, data: bytes, *, create_only: bool = False) -> None:
        """Keep `data` under `path`, whole or not at all; `Conflict` when `create_only` and it is there already."""
        with self._translated(path):
            await self._store.put_async(_checked(path), data, mode="create" if create_only else "overwrite")

    async def get(self, path: str) -> bytes:
        """The object's content; `NotFound` when there is none."""
        with self._translated(path):
            result = await self._store.get_async(_checked(path))
            return bytes(await result.bytes_async())

    async def size(self, path: str) -> int | None:
        """How many bytes the object has; None when there is none."""
        with self._translated(path):
            with suppress(FileNotFoundError):
                return int((await self._store.head_async(_checked(path)))["size"])
            return None

    async def exists(self, path: str) -> bool:
        with self._translated(path):
            with suppress(FileNotFoundError):
                await self._store.head_async(_checked(path))
                return True
            return False

    async def list(self, folder: str = "") -> list[StoredObject]:
        """Every object below `folder`, at any depth, by path."""
        with self._translated(folder or self.root):
            found = await self._store.list(f"{folder}/" if folder else None).collect_async()
        objects = [StoredObject(meta["path"], meta["size"], meta["last_modified"]) for meta in found]
        return sorted(objects, key=lambda stored: stored.path)

    async def delete(self, *paths: str) -> None:
        """Remove the objects; one that is not there is no error."""
        for path in paths:
            with self._translated(path), suppress(FileNotFoundError):
                await self._store.delete_async(_checked(path))

    async def delete_folder(self, folder: str) -> int:
        """Remove every object below `folder`; how many there were."""
        found = await self.list(_checked(folder))
        await self.delete(*(stored.path for stored in found))
        return len(found)

    def put_now(self, path: str, data: bytes) -> None:
        """As `put`, for worker threads: it blocks, as all that follow do."""
        with self._translated(path):
            self._store.put(_checked(path), data)

    def get_now(self, path: str) -> bytes:
        """As `get`."""
        with self._translated(path):
            return bytes(self._store.get(_checked(path)).bytes())

    def mark_now(self, path: str) -> tuple[int, str] | None:
        """The bytes that the object has and what changes whenever it is written; None when there is none."""
        with self._translated(path):
            with suppress(FileNotFoundError):
                found = self._store.head(_checked(path))
                return found["size"], found["e_tag"] or found["last_modified"].isoformat()
            return None

    def streamed_now(self, path: str) -> tuple[int, Iterator[bytes]]:
        """The object's size, and its content piece by piece."""
        with self._translated(path):
            result = self._store.get(_checked(path))
            return result.meta["size"], (bytes(chunk) for chunk in result.stream())

    def put_stream_now(self, path: str, chunks: Iterable[bytes]) -> None:
        """As `put`, of content that comes piece by piece; of nothing there is an empty object."""
        pieces = iter(chunks)
        first = next(pieces, b"")
        with self._translated(path):
            self._store.put(_checked(path), chain([first], pieces) if first else b"")

    def names_now(self, folder: str) -> tuple[str, ...]:
        """The path of every object below `folder`."""
        with self._translated(folder):
            found = self._store.list(f"{_checked(folder)}/").collect()
        return tuple(sorted(meta["path"] for meta in found))

    def stored_now(self, folder: str) -> tuple[StoredObject, ...]:
        """As `list`."""
        with self._translated(folder):
            found = self._store.list(f"{_checked(folder)}/").collect()
        return tuple(StoredObject(meta["path"], meta["size"], meta["last_modified"]) for meta in found)

    def all_now(self) -> tuple[StoredObject, ...]:
        """As `list`, of the whole store."""
        with self._translated(self.root):
            found = self._store.list().collect()
        every = [StoredObject(meta["path"], meta["size"], meta["last_modified"]) for meta in found]
        return tuple(sorted(every, key=lambda stored: stored.path))

    def delete_now(self, *paths: str) -> None:
        """As `delete`, in this order."""
        for path in paths:
            with self._translated(path), suppress(FileNotFoundError):
                self._store.delete(_checked(path))

    def take_in(self, path: str, file: Path) -> None:
        """Keep the content of `file` under `path`, whole or not at all; the file may be gone afterwards."""
        with self._translated(path):
            if isinstance(self._store, LocalStore):
                _moved(file, Path(self.root) / _checked(path))
            else:
                self._store.put(_checked(path), file)

    async def ping(self) -> None:
        """`Unavailable` unless an object can be written and removed."""
        await self.put(".depictio", b"")
        await self.delete(".depictio")

    def delta_location(self, path: str) -> DeltaLocation:
        """Where the Delta table at `path` is: its commits from several processes at once never overwrite each other."""
        return DeltaLocation(f"{self.root}/{_checked(path)}", dict(self._delta_options))

    @contextmanager
    def _translated(self, path: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise NotFound(tr("There is no object {path} in {root}.", path=path, root=self.root)) from error
        except AlreadyExistsError as error:
            raise Conflict(tr("The object {path} exists in {root} already.", path=path, root=self.root)) from error
        except (PermissionDeniedError, UnauthenticatedError, PermissionError) as error:
            raise Unavailable(tr("The storage {root} refused access to {path}.", root=self.root, path=path)) from error
        except ValueError as error:
            raise Invalid(tr("{path!r} is not the path of an object.", path=path)) from error
        except (BaseError, OSError) as error:
            raise Unavailable(
                tr("The storage {root} failed at {path}: {reason}", root=self.root, path=path, reason=_reason(error)),
                RETRY_AFTER,
            ) from error


def open_objects(url: str, options: Mapping[str, str] | None = None) -> ObjectStore:
    """The store at `url`: a directory's path or `file://` URL (created when missing), or `s3://bucket/prefix`.

    `options` are the usual AWS_* settings of S3, of which `S3_SETTINGS` and AWS_ALLOW_HTTP count.
    """
    parts = urlsplit(url)
    if parts.scheme == "s3" and parts.netloc:
        return _s3(parts.netloc, parts.path.strip("/"), options or {})
    if parts.scheme == "file" and parts.netloc in {"", "localhost"}:
        return _local(Path(unquote(parts.path)))
    if not parts.scheme and url:
        return _local(Path(url))
    raise Invalid(f"DEPICTIO_STORAGE_URL: {url!r} is neither a directory nor of the form s3://bucket/prefix.")


def _local(folder: Path) -> ObjectStore:
    folder = folder.expanduser().absolute()
    with writable(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return ObjectStore(LocalStore(folder), str(folder), {})


def _s3(bucket: str, prefix: str, options: Mapping[str, str]) -> ObjectStore:
    given = {key: options[key] for key in S3_SETTINGS if options.get(key)}
    given.setdefault("AWS_REGION", options.get("AWS_DEFAULT_REGION") or DEFAULT_REGION)
    allow_http = options.get("AWS_ALLOW_HTTP", "").lower() in {"1", "true", "yes"}
    try:
        store = S3Store(
            bucket,
            prefix=prefix or None,
            config={key.lower(): value for key, value in given.items()},  # type: ignore[arg-type]
            client_options={"allow_http": allow_http, "connect_timeout": "5s", "timeout": "60s"},
            retry_config={"max_retries": RETRIES, "retry_timeout": RETRY_WITHIN},
        )
    except (BaseError, ValueError) as error:
        raise Invalid(f"DEPICTIO_STORAGE_URL and the AWS_* settings cannot be used: {_reason(error)}") from error
    delta = given | {"AWS_ALLOW_HTTP": str(allow_http).lower(), "aws_conditional_put": "etag"}
    return ObjectStore(store, f"s3://{bucket}/{prefix}".rstrip("/"), delta)


def _moved(file: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        file.rename(to)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # It lies on another disk: there may be half a copy, but never under its name.
        beside = to.with_name(f".{to.name}.new")
        shutil.copyfile(file, beside)
        beside.replace(to)


def _checked(path: str) -> str:
    segments = path.split("/")
    if any(segment in {"", ".", ".."} for segment in segments):
        raise Invalid(tr("{path!r} is not the path of an object.", path=path))
    return path


def _reason(error: Exception) -> str:
    """The first line: the clients append their whole internal state."""
    return str(error).strip().partition("\n")[0]
