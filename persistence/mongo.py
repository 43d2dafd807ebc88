"""The document store's driver: connecting, and naming its errors. No other file imports Motor or PyMongo.

Every connection journals its writes and reads times as UTC. What is written against it keeps to what the embedded
server is fast at: equality on `_id` or an indexed field, `$in`, one bounded range, `update_one`; no
`find_one_and_update`, no `$or`, no unbounded sort. That is good for MongoDB too.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final, cast

from bson import ObjectId, decode, encode
from bson.codec_options import CodecOptions
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    DocumentTooLarge,
    DuplicateKeyError,
    InvalidName,
    InvalidURI,
    OperationFailure,
    PyMongoError,
)

from domain.errors import Conflict, Invalid, Unavailable
from domain.wording import tr

DATABASE: Final = "depictio"
SCHEMES = ("mongodb://", "mongodb+srv://")
RETRY_AFTER = 5
SELECTION_MS = 4_000
SOCKET_MS = 30_000

Document = dict[str, Any]
RawDocument = RawBSONDocument
"""A document as it lies in the store."""
Database = AsyncIOMotorDatabase[Document]

_ACCESS_CODES = frozenset({13, 18, 8000})
_USER_EXISTS = 51003
_WRITE_CONFLICT = 112
_CODEC: CodecOptions[Document] = CodecOptions(tz_aware=True, tzinfo=UTC)
_UNREAD: CodecOptions[RawBSONDocument] = CodecOptions(RawBSONDocument, tz_aware=True, tzinfo=UTC)
_log = logging.getLogger(__name__)


class Documents:
    """One database of the document store; made by `connect`."""

    def __init__(self, client: AsyncIOMotorClient[Document], name: str, place: str) -> None:
        self._client = client
        self.name = name
        self.place = place
        self.database: Database = client[name]

    def __getitem__(self, collection: str) -> AsyncIOMotorCollection[Document]:
        return self.database[collection]

    def unread(self, collection: str) -> AsyncIOMotorCollection[RawBSONDocument]:
        """The collection with documents as they lie in the store, for `read`."""
        unread: Any = self.database.get_collection(collection, codec_options=_UNREAD)
        return cast("AsyncIOMotorCollection[RawBSONDocument]", unread)

    async def ping(self) -> None:
        """`Unavailable` unless the store answers and accepts the credentials."""
        with translated(place=self.place):
            await self.database.command("ping")
            await self.database["meta"].find_one({"_id": "ping"})

    async def probe(self, key: str) -> None:
        """`Unavailable` unless a document can be written, read and removed; `key` is its id."""
        with translated(place=self.place):
            await self.database["meta"].insert_one({"_id": key})
            found = await self.database["meta"].find_one({"_id": key})
            removed = await self.database["meta"].delete_one({"_id": key})
        if found is None or removed.deleted_count != 1:
            raise Unavailable(tr("The document store at {place} does not keep what it was given.", place=self.place))

    async def clock(self) -> datetime:
        """The moment that it is there."""
        with translated(place=self.place):
            answer = await self._client.admin.command("hello")
        moment: datetime = answer["localTime"]
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    async def server_version(self) -> str:
        """The version of the embedded server's own, else of MongoDB."""
        with translated(place=self.place):
            answer = await self._client.admin.command("buildInfo")
        return str(answer.get("secantusVersion", answer["version"]))

    async def counts(self) -> dict[str, int]:
        """The documents per collection, without collections that empty themselves by a time to live."""
        counts: dict[str, int] = {}
        with translated(place=self.place):
            for name in sorted(await self.database.list_collection_names()):
                indexes = await self.database[name].index_information()
                if not any("expireAfterSeconds" in index for index in indexes.values()):
                    counts[name] = await self.database[name].estimated_document_count()
        return counts

    async def free_abandoned(self) -> None:
        """Let the embedded server notice transactions whose client died: only another transaction makes it look."""
        with translated(place=self.place):
            async with await self._client.start_session() as session, session.start_transaction():
                await self.database["meta"].find_one({"_id": "housekeeping"}, session=session)

    def close(self) -> None:
        self._client.close()


async def connect(url: str, database: str | None = None) -> Documents:
    """The database that `database`, else the URL's path, else `DATABASE` names; it has answered when this returns.

    `Invalid` for a URL that is none, `Unavailable` within five seconds when nothing answers there.
    """
    place = without_password(url)
    if not url.startswith(SCHEMES):
        raise Invalid(f"DEPICTIO_MONGODB_URL must start with {' or '.join(SCHEMES)}.")
    try:
        client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
            url,
            appname="depictio",
            journal=True,
            tz_aware=True,
            tzinfo=UTC,
            uuidRepresentation="standard",
            serverSelectionTimeoutMS=SELECTION_MS,
            connectTimeoutMS=SELECTION_MS,
            socketTimeoutMS=SOCKET_MS,
        )
        name = database or client.get_default_database(DATABASE).name
    except (InvalidURI, InvalidName, ConfigurationError, ValueError, TypeError) as error:
        # The driver's reason may quote a part of a password that is not percent-encoded.
        reason = "are the user name and the password percent-encoded?" if "@" in url else str(error)
        raise Invalid(f"DEPICTIO_MONGODB_URL ({place}) is not a MongoDB address: {reason}") from error
    documents = Documents(client, name, place)
    try:
        await documents.ping()
    except BaseException:
        documents.close()
        raise
    return documents


async def provision(url: str, user: str, password: str) -> None:
    """Give the store at `url`, which asks for no credentials yet, a user who may do everything. May be repeated."""
    documents = await connect(url)
    admin = documents._client.admin  # noqa: SLF001 -- the administration database is nobody else's business.
    try:
        with translated(place=documents.place):
            try:
                await admin.command("createUser", user, pwd=password, roles=["root"])
            except OperationFailure as error:
                if error.code != _USER_EXISTS:
                    raise
                await admin.command("updateUser", user, pwd=password)
    finally:
        documents.close()


async def make_tables(url: str) -> None:
    """Let the embedded server at `url`, which asks for no credentials yet, make its sixteen tables for documents.

    It makes each with the first collection that belongs there, and one killed within that (0.7.0b3) leaves a folder
    that cannot be opened again. Where a collection belongs is told by the last four bits of an FNV-1a hash, in which
    sixteen names that differ by the last letter, in a row, are all different. Tables stay when collections go. May be
    repeated.
    """
    documents = await connect(url)
    database = documents._client["depictio_tables"]  # noqa: SLF001 -- nobody else's business.
    try:
        with translated(place=documents.place):
            for name in sorted({*"abcdefghijklmnop"} - {*await database.list_collection_names()}):
                await database.create_collection(name)
            await documents._client.drop_database(database)  # noqa: SLF001
    finally:
        documents.close()


@contextmanager
def translated(*, taken: str = tr("Something of that name exists already."), place: str = "") -> Iterator[None]:
    """Turn the driver's errors inside the block into ours; `taken` is what a violated unique index says to people."""
    store = tr("The document store at {place}", place=place) if place else tr("The document store")
    try:
        yield
    except DuplicateKeyError as error:
        raise Conflict(taken) from error
    except (DocumentTooLarge, BSONError, OverflowError) as error:
        raise Invalid(tr("This cannot be kept as a document: {error}", error=error)) from error
    except ConnectionFailure as error:
        _log.warning("%s does not answer: %s", store, error)
        raise Unavailable(tr("{store} does not answer.", store=store), RETRY_AFTER) from error
    except OperationFailure as error:
        if error.code == _WRITE_CONFLICT:
            raise Conflict(tr("Somebody else changed this at the same moment. Try again.")) from error
        if error.code in _ACCESS_CODES:
            raise Unavailable(tr("{store} refused the credentials.", store=store)) from error
        reason = (error.details or {}).get("errmsg", tr("no reason given"))
        _log.warning("%s refused an operation: %s", store, error)
        raise Unavailable(tr("{store} refused an operation: {reason}", store=store, reason=reason)) from error
    except PyMongoError as error:
        _log.warning("%s failed: %s", store, error)
        raise Unavailable(tr("{store} failed: {error}.", store=store, error=type(error).__name__)) from error


def new_id() -> str:
    """A fresh identifier: 24 hexadecimal digits, which sort by the second of their making."""
    return str(ObjectId())


def now() -> datetime:
    """This moment as documents keep it: in UTC, to the millisecond."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def as_stored(document: Document) -> Document:
    """The document as it would be read back: lists for tuples, times to the millisecond."""
    return decode(encode(document), _CODEC)


def read(document: RawBSONDocument) -> Document:
    """The values of a document that was fetched unread."""
    return decode(document.raw, _CODEC)


def without_password(url: str) -> str:
    """The URL with its password, and any parameters, left out: fit to be shown even when it is malformed."""
    scheme, _, rest = url.partition("://")
    account, at, hosts = rest.rpartition("@")
    user = re.split(r"[:/?]", account)[0]
    return f"{scheme}://{user}{at}{hosts.partition('?')[0]}"
