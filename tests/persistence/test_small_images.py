"""Images made small: within their bounds, upright and in their colours, whatever file they come from."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from domain.errors import Invalid
from persistence.small_images import MAX_PIXELS, shrunk
from tests.pictures import picture, size_of


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "L"), ("PNG", "LA"), ("PNG", "P"), ("PNG", "1"),
        ("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("GIF", "P"), ("WEBP", "RGBA"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("width", [160, 640])
def test_every_kind_becomes_a_small_webp(kind: str, mode: str, width: int) -> None:
    """As wide as was asked for, with the proportions that it had."""
    small = shrunk(picture(kind, (1200, 900), mode), width, "a")
    assert small is not None
    assert (small[8:12], size_of(small)) == (b"WEBP", (width, width * 3 // 4))


def test_what_is_small_already_stays_as_it_is() -> None:
    """A narrow image of few bytes is nothing to make; a narrow one of many bytes is written anew, never larger."""
    assert shrunk(picture("PNG", (100, 80)), 160, "a") is None
    heavy = shrunk(picture("PNG", (300, 300)), 640, "a")
    assert heavy is not None
    assert size_of(heavy) == (300, 300)
    tall = shrunk(picture("JPEG", (400, 4000)), 160, "a")
    assert tall is not None
    assert size_of(tall) == (64, 640)


def test_a_camera_that_lay_on_its_side_is_set_upright() -> None:
    """And what else the file says of the camera, such as its place, is left out."""
    said = Image.Exif()
    said[0x0112], said[0x010F] = 6, "a maker"
    small = shrunk(picture("JPEG", (1200, 600), exif=said), 160, "a")
    assert small is not None
    assert size_of(small) == (160, 320)
    assert b"a maker" not in small


def test_grey_of_two_bytes_keeps_its_shades() -> None:
    """A microscope's image is not white wherever it is brighter than 255 of 65 535."""
    shades = np.repeat(np.linspace(0, 65535, 800).astype(np.uint16)[None, :], 600, axis=0)
    written = io.BytesIO()
    Image.fromarray(shades).save(written, "PNG")
    small = shrunk(written.getvalue() + bytes(70_000), 160, "a")
    assert small is not None
    found = np.asarray(Image.open(io.BytesIO(small)).convert("L"))[60]
    assert [abs(int(found[at]) - expected) < 8 for at, expected in ((0, 0), (80, 128), (159, 255))] == [True] * 3


def claimed(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be large."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(10))) + chunk(b"IEND", b"")


def test_what_would_fill_the_memory_is_not_decoded() -> None:
    """By what the head of the file claims, before anything is made of the rest."""
    with pytest.raises(Invalid, match="too large") as caught:
        shrunk(claimed(50_000, MAX_PIXELS // 50_000 + 1), 160, "a.png")
    assert str(caught.value.problems[0]) == "a.png: has more than 40 million pixels; it is not shown small"


@pytest.mark.parametrize(
    "content",
    [claimed(300, 300), picture("JPEG", (400, 400))[:9000], b"\x89PNG\r\n\x1a\n" + bytes(20), b"GIF89a", b"BM"],
)
def test_a_damaged_image_is_refused(content: Any) -> None:
    """Also one that is cut short, and one of a kind that is not shown."""
    with pytest.raises(Invalid, match="damaged"):
        shrunk(content, 160, "a")
