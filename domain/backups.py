"""What a backup says of itself: its files with their hashes, and the documents and tables that they hold."""

from datetime import datetime
from pathlib import PurePosixPath

import msgspec

from domain.errors import Invalid, Problem

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_HASH = "manifest.sha256"
DOCUMENTS = "documents"
OBJECTS = "objects"
TOKENS_KEY = "keys/tokens.key"
LEFT_OUT = frozenset({"job_orders", "jobs", "leases", "presences", "throttles", "workers"})
"""Documents about running processes and present moments: they mean nothing on another day."""
UNSTEADY = LEFT_OUT | {"sessions", "api_tokens", "audit", "migrations", "token_families"}
"""Documents that change while nobody does anything, and that no other document has to fit."""
MOST_SHOWN = 5


class PackedFile(msgspec.Struct, frozen=True):
    """A file of a backup."""

    path: str
    size: int
    sha256: str


class PackedTable(msgspec.Struct, frozen=True):
    """The table of a data collection, and the version of it that the documents name."""

    collection: str
    path: str
    version: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds. `documents` counts the documents of each kind."""

    format: int
    depictio: str
    made_at: datetime
    migrations: tuple[str, ...]
    documents: dict[str, int]
    tables: tuple[PackedTable, ...]
    files: tuple[PackedFile, ...]

    @property
    def has_key(self) -> bool:
        """Whether the key that signs access tokens is in it; else it is the setting DEPICTIO_SECRET_KEY."""
        return any(file.path == TOKENS_KEY for file in self.files)

    @property
    def bytes(self) -> int:
        """How much its files hold."""
        return sum(file.size for file in self.files)


def documents_file(kind: str) -> str:
    """Where the documents of a kind stand in a backup."""
    return f"{DOCUMENTS}/{kind}.bson"


def is_packed(path: str) -> bool:
    """Whether an object belongs into a backup: neither a hint that is made anew nor a trace of a commit under way."""
    parts = PurePosixPath(path).parts
    return "_placing" not in parts and parts[-1] not in {"_last_checkpoint", ".depictio"}


def is_log(path: str) -> bool:
    """Whether an object is one of a table's commits; the files that it names were written before it."""
    return "_delta_log" in PurePosixPath(path).parts


def checked_manifest(data: bytes) -> Manifest:
    """The manifest in these bytes.

    Raises:
        Invalid: when it is none, or of a format that this version does not know.
    """
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except msgspec.DecodeError as error:
        raise Invalid("The manifest of the backup cannot be read.", (Problem(MANIFEST, str(error)),)) from error
    if manifest.format != FORMAT:
        known = f"format {manifest.format} is not known to this version, which reads {FORMAT}"
        raise Invalid("The backup was made by another version.", (Problem(MANIFEST, known),))
    if wrong := [file.path for file in manifest.files if not is_safe(file.path)]:
        raise Invalid("The backup names a file outside of itself.", (Problem(wrong[0], "is no place in a backup"),))
    return manifest


def is_safe(path: str) -> bool:
    """Whether a path stays within the backup."""
    return bool(path) and "\\" not in path and all(part not in {"", ".", ".."} for part in path.split("/"))


def differences(manifest: Manifest, found: dict[str, int]) -> tuple[Problem, ...]:
    """Files that are missing, too many or of another size, a few of them by name; `found` are sizes by path."""
    wanted = {file.path: file.size for file in manifest.files}
    problems = [Problem(path, "is missing") for path in sorted(wanted.keys() - found.keys())]
    problems += [Problem(path, "is not in the manifest") for path in sorted(found.keys() - wanted.keys())]
    problems += [
        Problem(path, f"has {found[path]} bytes instead of {size}")
        for path, size in sorted(wanted.items())
        if path in found and found[path] != size
    ]
    if len(problems) > MOST_SHOWN:
        return (*problems[:MOST_SHOWN], Problem("", f"and {len(problems) - MOST_SHOWN} more"))
    return tuple(problems)
