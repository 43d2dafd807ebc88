"""Pictures for tests: noise, so that they do not become small by themselves."""

import io
from typing import Any

import numpy as np
from PIL import Image


def picture(kind: str, size: tuple[int, int], mode: str = "RGB", **more: Any) -> bytes:
    """A picture of this kind of file, size and mode."""
    width, height = size
    noise = np.random.default_rng(1).integers(0, 255, (height, width, 4), dtype=np.uint8)
    written = io.BytesIO()
    Image.fromarray(noise, "RGBA").convert(mode).save(written, kind, **more)
    return written.getvalue()


def size_of(content: bytes) -> tuple[int, int]:
    """How many pixels a picture has, across and down."""
    with Image.open(io.BytesIO(content)) as opened:
        return opened.size
