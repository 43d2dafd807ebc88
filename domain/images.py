"""Images of a collection: where they lie, and of which kind their bytes are. Names of files prove nothing."""

import hashlib
import re

from domain.errors import Invalid, Problem
from domain.text import line_problem
from domain.wording import tr

IMAGE_MAX_BYTES = 20 * 2**20
PATH_MAX_LENGTH = 1000
ROOT = "collections"
WIDTHS = (160, 320, 640)
"""How wide small images are, in pixels: a few sizes, so that each is made once."""
MAKING = 1
"""Counts the changes of how small images are made: after one all are made anew."""
_SVG = re.compile(
    rb"^(\xef\xbb\xbf)?\s*(<\?xml[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE svg[^>\[]*>\s*)*<svg[\s>]", re.DOTALL
)
_SIGNS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "image/webp"),
    (_SVG, "image/svg+xml"),
)
_HEAD = 4096


def folder_of(collection_id: str) -> str:
    """Where the images of a collection lie in the object store."""
    return f"{ROOT}/{collection_id}/images"


def manifest_of(collection_id: str) -> str:
    """Where stands which images of a collection are kept, with their hashes."""
    return f"{ROOT}/{collection_id}/images.json"


def image_path(collection_id: str, value: str) -> str:
    """Where the image lies that a row names by its path relative to the collection's images.

    Raises:
        Invalid: when that would lead out of them, or is no path.
    """
    problem = line_problem(value, "value", most=PATH_MAX_LENGTH, least=1)
    if problem is None and ("\\" in value or any(part in {"", ".", ".."} for part in value.split("/"))):
        problem = Problem("value", tr("{value!r} is no path within the images of the collection", value=value))
    if problem:
        raise Invalid(tr("The image cannot be found."), (problem,))
    return f"{folder_of(collection_id)}/{value}"


def small_folder(project_id: str, collection_id: str) -> str:
    """Where the small images of a collection are kept: with the other pictures of its project, and gone with them."""
    return f"pictures/{project_id}/images-{collection_id}"


def small_prefix(value: str) -> str:
    """How the names of all small images begin that are made of the image that rows call so."""
    return hashlib.blake2b(value.encode(), digest_size=12).hexdigest() + "-"


def small_name(value: str, mark: str, width: int) -> str:
    """The name of a small image, made of the image of this name as long as the store marks it so."""
    made_of = hashlib.blake2b(f"{MAKING} {mark}".encode(), digest_size=8).hexdigest()
    return f"{small_prefix(value)}{made_of}-{width}.webp"


def check_width(width: int) -> None:
    """`Invalid` for a width that is none of `WIDTHS`."""
    if width not in WIDTHS:
        problem = Problem(
            "width", tr("is {width}; must be one of {known}", width=width, known=", ".join(map(str, WIDTHS)))
        )
        raise Invalid(tr("The image has no such size."), (problem,))


def media_type_of(content: bytes) -> str | None:
    """What the content itself says that it is: PNG, JPEG, GIF, WebP or SVG; None for anything else."""
    head = content[:_HEAD]
    return next((media_type for sign, media_type in _SIGNS if sign.match(head)), None)
