"""Taking finished Parquet files into a table's folder, so that what a crash leaves there is found and removed.

Before the files come, an intent beside them says which version they are for and what they are called. A version is
committed once: as soon as it is there, its log says whether the files of an intent belong to the table or to nobody.
Who lost the race for a version may bring its files only then: until all of them were seen, the intent stays.
"""

import json
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import msgspec
from deltalake.transaction import AddAction

from domain.errors import NotFound, Unavailable
from persistence.objects import ObjectStore, StoredObject
from persistence.parts import Part, statistics

INTENTS = "_placing"
"""Delta passes over folders whose name begins so."""

GIVEN_UP = timedelta(days=1)
"""Whoever has not brought its files by then was killed while it brought them."""


class Intent(msgspec.Struct, frozen=True):
    """Files that are to be part of one version of a table."""

    version: int
    files: tuple[str, ...]


@contextmanager
def placed(objects: ObjectStore, table: str, version: int, parts: Sequence[Part]) -> Iterator[list[AddAction]]:
    """Have the parts in the table's folder while the block commits them as that version; they leave the spool. Blocks.

    Files of this and of earlier attempts that no version took up are removed afterwards.

    Raises:
        Unavailable: when the storage does not answer.
    """
    nonce = secrets.token_hex(8)
    names = tuple(f"part-{number:05}-{nonce}.zstd.parquet" for number in range(len(parts)))
    intent = f"{table}/{INTENTS}/{version:020}-{nonce}.json"
    objects.put_now(intent, msgspec.json.encode(Intent(version, names)))
    sizes = [part.path.stat().st_size for part in parts]
    for part, name in zip(parts, names, strict=True):
        objects.take_in(f"{table}/{name}", part.path)
    try:
        yield [_action(part, name, size) for part, name, size in zip(parts, names, sizes, strict=True)]
    finally:
        remove_orphans(objects, table, intent)


def _action(part: Part, name: str, size: int) -> AddAction:
    return AddAction(
        path=name,
        size=size,
        partition_values={},
        modification_time=int(time.time() * 1000),
        data_change=True,
        stats=statistics(part),
    )


def remove_orphans(objects: ObjectStore, table: str, own: str | None = None) -> None:
    """Remove the files of every intent whose version somebody else has committed; the intent goes last. Blocks.

    What is for a version that is not there yet may be committed any moment, and stays. What the storage does not let
    go now is harmless, and found again after the next commit. To `own`, the caller's intent, no file comes any more.
    """
    with suppress(Unavailable):
        for intent in objects.stored_now(f"{table}/{INTENTS}"):
            meant = _read(objects, intent.path)
            taken_up = None if meant is None else _files_of(objects, table, meant.version)
            if meant is not None and taken_up is not None:
                files = [f"{table}/{name}" for name in meant.files if name not in taken_up]
                over = intent.path == own or _is_over(objects, intent, files)
                objects.delete_now(*files, *([intent.path] if over else []))


def _is_over(objects: ObjectStore, intent: StoredObject, files: Sequence[str]) -> bool:
    """Whether nobody brings a file of somebody else's intent any more."""
    given_up = datetime.now(UTC) - intent.modified > GIVEN_UP
    return given_up or all(objects.mark_now(file) is not None for file in files)


def _read(objects: ObjectStore, intent: str) -> Intent | None:
    """The intent, None when somebody else has dealt with it meanwhile."""
    try:
        return msgspec.json.decode(objects.get_now(intent), type=Intent)
    except NotFound:
        return None


def _files_of(objects: ObjectStore, table: str, version: int) -> set[str] | None:
    """The files that a version took up, None when there is no such version."""
    try:
        log = objects.get_now(f"{table}/_delta_log/{version:020}.json")
    except NotFound:
        return None
    actions = (json.loads(line) for line in log.splitlines() if line)
    return {action["add"]["path"] for action in actions if "add" in action}
