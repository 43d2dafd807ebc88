"""The images of a set on this machine: found, checked and hashed, for an ingest here or through a server."""

import hashlib
from pathlib import Path

import msgspec

from domain.errors import Problem
from domain.image_files import LOOKED_AT, ImageFile, ImageSet, content_problem, name_problem, refused


class LocalImages(msgspec.Struct, frozen=True):
    """The listing, and where each file lies."""

    listing: tuple[ImageFile, ...]
    at: dict[str, Path]


def local_images(images: ImageSet, folder: Path) -> LocalImages:
    """The files that the rows name, in a folder. Those of known size and time of change are not hashed again. Blocks.

    Raises:
        Invalid: naming each path that leads out of the folder, is no file, or no image of these kinds.
    """
    root = folder.resolve()
    kept = {one.name: one for one in images.kept}
    at = {name: (root / name).resolve() for name in images.names}
    problems = [Problem(name, text) for name, path in at.items() if (text := _problem(name, path, root, images))]
    if problems:
        raise refused(problems)
    return LocalImages(tuple(_listed(name, path, kept.get(name)) for name, path in at.items()), at)


def _problem(name: str, path: Path, root: Path, images: ImageSet) -> str | None:
    problem = name_problem(name, images.suffixes)
    if problem or not path.is_relative_to(root):
        return problem or "is no plain path below the folder of the images"
    if not path.is_file():
        return f"is not a file in {root}; check local_images_path"
    try:
        with path.open("rb") as file:
            return content_problem(name, path.stat().st_size, file.read(LOOKED_AT))
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _listed(name: str, path: Path, known: ImageFile | None) -> ImageFile:
    stat = path.stat()
    if known and (known.size, known.mtime_ns) == (stat.st_size, stat.st_mtime_ns):
        return known
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return ImageFile(name=name, size=stat.st_size, mtime_ns=stat.st_mtime_ns, sha256=sha256)
