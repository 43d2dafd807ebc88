"""Where an image lies, and what its bytes say that it is."""

import pytest

from domain.errors import Invalid
from domain.images import image_path, media_type_of


def test_a_row_names_a_path_within_the_images_of_its_collection() -> None:
    assert image_path("c1", "run_1/plot ä.png") == "collections/c1/images/run_1/plot ä.png"


@pytest.mark.parametrize(
    "value",
    ["", "/etc/passwd", "../c2/images/a.png", "a/../../b.png", "a//b.png", "./a.png", "a\\..\\b.png", "a\nb", "a/"],
)
def test_no_value_leads_out_of_them(value: str) -> None:
    """Absolute paths, steps upwards, other separators and what is no path at all."""
    with pytest.raises(Invalid, match="cannot be found"):
        image_path("c1", value)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x10\n\x00\x00WEBPVP8 ", "image/webp"),
        (b'<?xml version="1.0"?>\n<!-- by hand -->\n<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
        (b"<svg/>", None),
        (b"<svg>", "image/svg+xml"),
        (b"<html><svg></svg></html>", None),
        (b"%PDF-1.7", None),
        (b"RIFF\x10\x00\x00\x00WAVE", None),
        (b"", None),
    ],
)
def test_the_content_says_what_it_is(content: bytes, expected: str | None) -> None:
    """A page of HTML is no image, whatever it holds."""
    assert media_type_of(content) == expected
