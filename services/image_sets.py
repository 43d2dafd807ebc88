"""Image sets: the files that the rows of a collection name, kept in the object store beside its table."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

import msgspec
import polars as pl

from domain.collections import DataCollection
from domain.errors import Invalid, Problem
from domain.schemas import MAX_PROBLEMS
from persistence.tables import Tables

BEGINNINGS = {
    ".png": (b"\x89PNG",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF8",),
    ".webp": (b"RIFF",),
    ".bmp": (b"BM",),
    ".tiff": (b"II*\x00", b"MM\x00*"),
    ".tif": (b"II*\x00", b"MM\x00*"),
}
"""How files of each kind begin; those of other kinds, such as SVG, are text."""


class Stored(msgspec.Struct, frozen=True):
    """What was done, in counts of files."""

    added: int
    removed: int
    kept: int

    @property
    def message(self) -> str:
        """For the report of an ingest."""
        return f"images: {self.added} stored, {self.kept} unchanged, {self.removed} removed"


class ImageSets:
    """Asks for no permission: `Ingestion.store_images` has."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def store(self, collection: DataCollection, folder: Path, suffixes: Sequence[str]) -> Stored:
        """Bring the stored files to those that the rows name, taken from `folder`.

        A file that is stored already is sent again when its size or its time of change says so.

        Raises:
            Invalid: naming the rows' paths that lead out of the folder, are no file, or are no image of these kinds;
                nothing was changed then.
        """
        return await asyncio.to_thread(self._stored, collection, folder, suffixes)

    def _stored(self, collection: DataCollection, folder: Path, suffixes: Sequence[str]) -> Stored:
        objects = self._tables.objects
        files = _files(self._named(collection), folder, suffixes)
        prefix = f"{collection.images_folder}/"
        there = {one.path.removeprefix(prefix): one for one in objects.stored_now(collection.images_folder)}
        gone = [f"{prefix}{name}" for name in there if name not in files]
        added = 0
        for name, path in files.items():
            stat, known = path.stat(), there.get(name)
            if known is None or known.size != stat.st_size or known.modified.timestamp() < stat.st_mtime:
                objects.put_now(f"{prefix}{name}", path.read_bytes())
                added += 1
        objects.delete_now(*gone)
        return Stored(added, len(gone), len(files) - added)

    def _named(self, collection: DataCollection) -> list[str]:
        column = collection.image_column
        rows = self._tables.scan(collection.table_path, collection.table_version)
        schema = rows.collect_schema()
        if schema.get(column) != pl.String:
            found = schema.get(column)
            message = f"is {found} and must be text" if found else f"is no column; there are {', '.join(schema)}"
            raise Invalid("The images are not named.", (Problem(f"image_column: {column}", message),))
        return rows.select(pl.col(column).drop_nulls().unique()).collect()[column].sort().to_list()


def _files(names: Iterable[str], folder: Path, suffixes: Sequence[str]) -> dict[str, Path]:
    root = folder.resolve()
    kinds = {f".{suffix.lower().lstrip('.')}" for suffix in suffixes}
    found: dict[str, Path] = {}
    problems: list[Problem] = []
    for name in names:
        path = (root / name).resolve()
        problem = _problem(name, path, root, kinds)
        if problem:
            problems.append(Problem(name, problem))
        else:
            found[name] = path
    if problems:
        count = "One image" if len(problems) == 1 else f"{len(problems)} images"
        raise Invalid(f"{count} cannot be stored.", tuple(problems[:MAX_PROBLEMS]))
    return found


def _problem(name: str, path: Path, root: Path, kinds: set[str]) -> str | None:
    written = PurePosixPath(name)
    if written.is_absolute() or ".." in written.parts or str(written) != name or not path.is_relative_to(root):
        return "is no plain path below the folder of the images"
    if written.suffix.lower() not in kinds:
        return f"is none of {', '.join(sorted(kinds))} (supported_formats)"
    if not path.is_file():
        return f"is not a file in {root}; check local_images_path"
    beginnings = BEGINNINGS.get(written.suffix.lower())
    with path.open("rb") as file:
        if beginnings and not file.read(4).startswith(beginnings):
            return f"is no {written.suffix[1:].upper()} image, whatever its name says"
    return None
