"""The files of an image set: which rows name them, which are kept, and what may be one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

import msgspec

from domain.errors import Invalid, Problem
from domain.images import IMAGE_MAX_BYTES, PATH_MAX_LENGTH, media_type_of
from domain.text import line_problem
from domain.wording import tr, trn

MIB = 2**20
LOOKED_AT = 4096
"""Bytes of an image that say what it is."""
MAX_PROBLEMS = 20
BEGINNINGS = {
    ".png": (rb"\x89PNG\r\n\x1a\n",),
    ".jpg": (rb"\xff\xd8\xff",),
    ".jpeg": (rb"\xff\xd8\xff",),
    ".gif": (rb"GIF8[79]a",),
    ".webp": (rb"RIFF.{4}WEBP",),
    ".bmp": (rb"BM",),
    ".tiff": (rb"II\*\x00", rb"MM\x00\*"),
    ".tif": (rb"II\*\x00", rb"MM\x00\*"),
}
"""How files of each kind begin; SVG is text, and files of other kinds are taken as they are."""


class ImageFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of an image set, by the name that its rows have for it. Size and time of change are a shortcut alone."""

    name: str
    size: int
    mtime_ns: int = 0
    sha256: str


class ImageNames:
    """The names that rows have for files, to be asked for many of them."""

    def __init__(self, names: Iterable[str]) -> None:
        self.all = tuple(names)
        self._there = frozenset(self.all)
        self._by_last: dict[str, list[str]] = {}
        for name in self.all:
            self._by_last.setdefault(PurePosixPath(name).name, []).append(name)

    def named(self, path: str) -> str:
        """The name that rows have for a file that is sent: the path itself, or the only one that ends with it.

        Raises:
            Invalid: when no row names it, or several name files that end so.
        """
        wanted = path.lstrip("./")
        if wanted in self._there:
            return wanted
        alike = self._by_last.get(PurePosixPath(wanted).name, [])
        found = [one for one in alike if wanted.endswith(f"/{one}")] or alike
        if len(found) == 1:
            return found[0]
        if not found:
            raise refused([Problem(path, tr("is named by no row of the collection"))])
        raise refused(
            [Problem(path, tr("may be {paths}; send it within its folder", paths=tr(" or ").join(found[:3])))]
        )


class ImageSet(msgspec.Struct, frozen=True, kw_only=True):
    """What the rows of an image set name, by which endings of names its files are known, and what is kept of it."""

    names: tuple[str, ...]
    suffixes: tuple[str, ...]
    kept: tuple[ImageFile, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of files that are not kept."""
        there = {one.name for one in self.kept}
        return tuple(name for name in self.names if name not in there)

    def needed(self, listing: Iterable[ImageFile]) -> list[ImageFile]:
        """Those of the files that are not kept as they are."""
        kept = {one.name: one.sha256 for one in self.kept}
        return [one for one in listing if kept.get(one.name) != one.sha256]


class StoredImages(msgspec.Struct, frozen=True):
    """What was done, in counts of files."""

    added: int
    removed: int
    kept: int

    @property
    def message(self) -> str:
        """For the report of an ingest."""
        return tr(
            "images: {added} stored, {kept} unchanged, {removed} removed",
            added=self.added,
            kept=self.kept,
            removed=self.removed,
        )


def name_problem(name: str, suffixes: Sequence[str]) -> str | None:
    """Why a row's name for a file cannot be one."""
    written = PurePosixPath(name)
    problem = line_problem(name, "name", most=PATH_MAX_LENGTH, least=1)
    if problem or "\\" in name or written.is_absolute() or ".." in written.parts or str(written) != name:
        return tr("is no plain path below the folder of the images")
    kinds = {f".{suffix.lower().lstrip('.')}" for suffix in suffixes}
    if written.suffix.lower() not in kinds:
        return tr("is none of {known} (supported_formats)", known=", ".join(sorted(kinds)))
    return None


def content_problem(name: str, size: int, begin: bytes) -> str | None:
    """Why a file of these first bytes is not the image that its name says."""
    if size > IMAGE_MAX_BYTES:
        return tr("has {size:.1f} MiB; an image has at most {most}", size=size / MIB, most=IMAGE_MAX_BYTES // MIB)
    suffix = PurePosixPath(name).suffix.lower()
    lies = tr("is no {kind} image, whatever its name says", kind=suffix[1:].upper())
    if suffix == ".svg":
        return None if media_type_of(begin) == "image/svg+xml" else lies
    beginnings = BEGINNINGS.get(suffix, ())
    return lies if beginnings and not any(re.match(one, begin, re.DOTALL) for one in beginnings) else None


def listing_problems(images: ImageSet, listing: Sequence[ImageFile]) -> list[Problem]:
    """What is wrong with a listing: it has each file that rows name, once, and no other."""
    names = [one.name for one in listing]
    listed: Mapping[str, int] = {name: names.count(name) for name in names} if len(names) != len({*names}) else {}
    problems = [Problem(name, tr("is listed more than once")) for name, count in listed.items() if count > 1]
    problems += [
        Problem(name, tr("is named by no row of the collection")) for name in sorted({*names} - {*images.names})
    ]
    problems += [
        Problem(name, tr("is named by a row and was not listed")) for name in sorted({*images.names} - {*names})
    ]
    problems += [Problem(one, text) for one in images.names if (text := name_problem(one, images.suffixes))]
    return problems


def refused(problems: Sequence[Problem]) -> Invalid:
    """The error that names the first of the images that cannot be stored."""
    message = trn("One image cannot be stored.", "{n} images cannot be stored.", len(problems))
    return Invalid(message, tuple(problems[:MAX_PROBLEMS]))
