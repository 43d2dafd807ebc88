"""Images made small: decoded within bounds, and as WebP, whatever they were. It blocks, so threads do it."""

import io
import warnings

from PIL import Image, ImageOps

from domain.errors import Invalid, Problem
from domain.wording import tr

MAX_PIXELS = 40_000_000
"""A file of a few bytes can claim to be a picture that no memory holds; decoded, this many take at most 320 MB."""
TALLEST = 4
"""A small image is at most this many times as high as it is wide."""
AS_IT_IS = 64 * 2**10
"""An image that is narrow enough and has so few bytes stays what it is."""
KINDS = ("PNG", "JPEG", "GIF", "WEBP")
QUALITY = 82
ORIENTATION = 0x0112
LIES = range(5, 9)
"""The orientations by which a camera says that the picture lies on its side."""
MAX_PROFILE_BYTES = 16 * 2**10
WIDE_GREY = "I;16"

# Pillow warns of what is over its limit and refuses, of frames too, what is over twice that: only that is wanted.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


def shrunk(content: bytes, width: int, name: str) -> bytes | None:
    """The image at most `width` pixels wide, as WebP; of one that moves the first frame. None: it is small already.

    Raises:
        Invalid: when it has more than `MAX_PIXELS`, or is damaged.
    """
    try:
        with Image.open(io.BytesIO(content), formats=KINDS) as image:
            if image.width <= width and len(content) <= AS_IT_IS:
                image.load()
                return None
            return _small(image, width)
    except Image.DecompressionBombError:
        message = tr("has more than {most} million pixels; it is not shown small", most=MAX_PIXELS // 1_000_000)
        raise Invalid(tr("The image is too large."), (Problem(name, message),)) from None
    except Exception as error:  # Damaged files make decoders raise whatever they like.
        raise Invalid(tr("The image is damaged."), (Problem(name, tr("cannot be read; store it again")),)) from error


def _small(image: Image.Image, width: int) -> bytes:
    box = (width, TALLEST * width)
    if image.getexif().get(ORIENTATION) in LIES:
        box = (TALLEST * width, width)
    # A JPEG is decoded at a fraction of its size, if that is enough.
    image.draft(None, (2 * box[0], 2 * box[1]))
    profile = image.info.get("icc_profile") if image.mode in {"RGB", "RGBA"} else None
    drawn = _in_colours(image)
    drawn.thumbnail(box, Image.Resampling.LANCZOS, reducing_gap=2.0)
    drawn = ImageOps.exif_transpose(drawn)
    keeps = isinstance(profile, bytes) and len(profile) <= MAX_PROFILE_BYTES
    written = io.BytesIO()
    drawn.save(written, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=profile if keeps else b"")
    return written.getvalue()


def _in_colours(image: Image.Image) -> Image.Image:
    """The image with three colours, or four where something shines through."""
    if image.mode == WIDE_GREY:  # A plain conversion would make everything white that is over 255.
        return image.point(lambda value: value / 256, "L").convert("RGB")
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == wanted else image.convert(wanted)
