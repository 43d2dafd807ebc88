"""Structs kept as documents: the helper that every repository is built on.

A struct's field `id` is the document's `_id`; times, numbers and bytes keep their types, everything else is kept as
JSON would keep it. Times are kept to the millisecond (`persistence.mongo.now`).
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar, cast, overload

import msgspec

from domain.errors import Conflict, Invalid, NotFound, Unavailable
from domain.wording import tr
from persistence.frames.recent import Recent
from persistence.mongo import Document, Documents, RawDocument, as_stored, read, translated

Query = Mapping[str, Any]
Sort = Sequence[tuple[str, int]]

BATCH = 1000
"""So many documents come with the first answer; by itself the store sends 101 and waits to be asked for the rest."""
_KEPT_TYPES = (datetime, bytes)
REMEMBERED = 128
"""So many documents of each kind are known by their bytes: most of the work of reading one is making its struct."""


class Identified(Protocol):
    @property
    def id(self) -> str: ...


class Versioned(Identified, Protocol):
    @property
    def version(self) -> int: ...


T = TypeVar("T", bound=Identified)
V = TypeVar("V", bound=Versioned)
S = TypeVar("S")


class Collection(Generic[T]):
    """The documents of one kind: structs in, structs out, and errors in the product's words.

    `noun` is what people call one of them: "dashboard".
    """

    def __init__(self, documents: Documents, name: str, of: type[T], noun: str) -> None:
        self._documents = documents[name]
        self._unread = documents.unread(name)
        self._known: Recent[tuple[bytes, type[Any]], Any] = Recent(REMEMBERED)
        self._of = of
        self._noun = noun

    async def get(self, id_: str) -> T:
        """The one with this id; `NotFound` when there is none."""
        found = await self.find({"_id": id_})
        if found is None:
            raise NotFound(tr("There is no {noun} {id_}.", noun=self._noun, id_=id_))
        return found

    async def find(self, query: Query) -> T | None:
        """The one that matches, where `query` names an `_id` or a unique index; None when there is none."""
        with translated():
            document = await self._unread.find_one(dict(query))
        return None if document is None else self._read(document, self._of)

    @overload
    async def many(self, query: Query, *, sort: Sort = (), limit: int = 0) -> list[T]: ...
    @overload
    async def many(self, query: Query, *, sort: Sort = (), limit: int = 0, projection: type[S]) -> list[S]: ...
    async def many(
        self, query: Query, *, sort: Sort = (), limit: int = 0, projection: type[S] | None = None
    ) -> list[T] | list[S]:
        """All that match, at most `limit` when it is not 0.

        `projection` is a struct with some of the fields: only those are fetched, and it is what comes back.
        The embedded server sorts every match before it cuts: bound the query rather than the answer.
        """
        fields = None if projection is None else _fields(projection)
        with translated():
            cursor = self._unread.find(dict(query), fields, limit=limit, batch_size=BATCH)
            if sort:
                cursor = cursor.sort(list(sort))
            found = await cursor.to_list(None)
        if projection is None:
            return [self._read(document, self._of) for document in found]
        return [self._read(document, projection) for document in found]

    async def add(self, struct: T, *, taken: str) -> T:
        """Keep a new one; `Conflict` with the sentence `taken` when its id or a unique field is in use."""
        document = to_document(struct)
        try:
            with translated(taken=taken):
                await self._documents.insert_one(document)
        except Conflict:
            # A store that died after its commit and before its answer is asked again by the driver: then it is ours.
            if not await self._is_kept(document):
                raise
        return struct

    async def replace(self: "Collection[V]", struct: V) -> V:
        """Keep a changed one, with its version raised by one, and return it.

        `struct.version` is the version that was read. `Conflict` when somebody else replaced it since, `NotFound` when
        it was removed.
        """
        changed = cast("V", msgspec.structs.replace(cast("msgspec.Struct", struct), version=struct.version + 1))
        document = to_document(changed)
        with translated(taken=tr("Another {noun} has that name already.", noun=self._noun)):
            result = await self._documents.replace_one({"_id": struct.id, "version": struct.version}, document)
        if not result.matched_count and not await self._is_kept(document):
            stored = await self.get(struct.id)
            raise Conflict(
                tr(
                    "This {noun} was changed by somebody else meanwhile "
                    "(version {version}, yours was {yours}). Reload it and try again.",
                    noun=self._noun,
                    version=stored.version,
                    yours=struct.version,
                )
            )
        return changed

    async def update(self, query: Query, change: Query, *, upsert: bool = False) -> int:
        """Apply MongoDB's update operators to the first that matches; how many matched (an upsert counts as one)."""
        try:
            return await self._update(query, change, upsert=upsert)
        except Conflict:
            if not upsert:
                raise
            # Two first ones raced to create it; now it is there to be updated.
            return await self._update(query, change, upsert=False)

    async def update_all(self, query: Query, change: Query) -> int:
        """Apply the update operators to all that match; how many did."""
        with translated(taken=tr("Another {noun} has that name already.", noun=self._noun)):
            result = await self._documents.update_many(dict(query), dict(change))
        return int(result.matched_count)

    async def remove(self, query: Query) -> int:
        """Remove all that match; how many did."""
        with translated():
            result = await self._documents.delete_many(dict(query))
        return int(result.deleted_count)

    async def _update(self, query: Query, change: Query, *, upsert: bool) -> int:
        with translated(taken=tr("Another {noun} has that name already.", noun=self._noun)):
            result = await self._documents.update_one(dict(query), dict(change), upsert=upsert)
        return int(result.matched_count) or int(result.upserted_id is not None)

    async def _is_kept(self, document: Document) -> bool:
        with translated():
            stored = await self._documents.find_one({"_id": document["_id"]})
        return stored == as_stored(document)

    def _read(self, document: RawDocument, of: type[S]) -> S:
        """The struct; of a document of the same bytes the same one, for structs are never changed."""
        digest = hashlib.blake2b(document.raw, digest_size=16).digest()
        found: S = self._known.get((digest, of), lambda: self._made(read(document), of))
        return found

    def _made(self, document: Document, of: type[S]) -> S:
        try:
            return from_document(document, of)
        except msgspec.ValidationError as error:
            raise Unavailable(
                tr(
                    "The stored {noun} {id_} cannot be read: {error}",
                    noun=self._noun,
                    id_=document.get("_id"),
                    error=error,
                )
            ) from error


def to_document(struct: Identified) -> Document:
    """The struct as it is kept: its `id` as `_id`; `Invalid` for a value that no document can hold."""
    try:
        document: Document = msgspec.to_builtins(struct, builtin_types=_KEPT_TYPES, str_keys=True)
    except (TypeError, ValueError) as error:
        raise Invalid(tr("This cannot be kept as a document: {error}", error=error)) from error
    return {"_id": document.pop("id"), **document}


def from_document(document: Document, of: type[S]) -> S:
    """The struct that `to_document` made `document` from; raises `msgspec.ValidationError`."""
    values = {"id" if name == "_id" else name: value for name, value in document.items()}
    return msgspec.convert(values, of, builtin_types=_KEPT_TYPES, str_keys=True)


def _fields(of: type[Any]) -> dict[str, int]:
    names = [field.encode_name for field in msgspec.structs.fields(of)]
    return {"_id": 0} | {"_id" if name == "id" else name: 1 for name in names}
