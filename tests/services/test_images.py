"""Images that rows name: given when a row says so, refused by name when not."""

import asyncio
from typing import Any

import polars as pl
import pytest

from domain.errors import Invalid, NotFound
from domain.images import IMAGE_MAX_BYTES, folder_of, image_path, small_folder
from domain.projects import Access
from services.images import forget_small
from tests.pictures import picture, size_of

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
async def access(world: Any) -> Access:
    found: Access = await world.services.projects.open(world.actors["viewer"], world.project_id)
    return found


async def test_the_image_of_a_row_is_given(world: Any, access: Access) -> None:
    """By what the row says, with what its content is."""
    rows = pl.DataFrame({"path": ["a/1.png", "a/2.png"], "size": [1, 2]})
    collection = await world.add_collection(rows)
    await world.objects.put(image_path(collection.id, "a/1.png"), PNG)
    image = await world.services.images.of_row(access, collection.id, "path", "a/1.png")
    assert (image.content, image.media_type, len(image.digest)) == (PNG, "image/png", 24)
    with pytest.raises(NotFound, match="not among those of the collection"):
        await world.services.images.of_row(access, collection.id, "path", "a/2.png")


async def test_what_no_row_says_is_not_given(world: Any, access: Access) -> None:
    """Though it lies in the store; neither of this collection nor, by steps upwards, of another one."""
    mine = await world.add_collection(pl.DataFrame({"path": ["1.png", "../x/1.png"], "n": [1, 2]}))
    other = await world.add_collection(pl.DataFrame({"path": ["1.png"]}))
    await world.objects.put(image_path(mine.id, "secret.png"), PNG)
    await world.objects.put(image_path(other.id, "1.png"), PNG)
    with pytest.raises(NotFound, match="No row of"):
        await world.services.images.of_row(access, mine.id, "path", "secret.png")
    with pytest.raises(NotFound, match="No row of"):
        await world.services.images.of_row(access, mine.id, "path", f"../../{other.id}/images/1.png")
    with pytest.raises(Invalid, match="cannot be found"):
        await world.services.images.of_row(access, mine.id, "path", "../x/1.png")
    for column in ("n", "gone"):
        with pytest.raises(Invalid, match="cannot be found"):
            await world.services.images.of_row(access, mine.id, column, "1.png")


async def test_what_is_no_image_or_too_large_is_refused(world: Any, access: Access) -> None:
    """By its content and its size, before it is read."""
    collection = await world.add_collection(pl.DataFrame({"path": ["page.png", "large.png"]}))
    await world.objects.put(image_path(collection.id, "page.png"), b"<html><script>alert(1)</script></html>")
    await world.objects.put(image_path(collection.id, "large.png"), PNG + bytes(IMAGE_MAX_BYTES))
    with pytest.raises(Invalid, match="no image"):
        await world.services.images.of_row(access, collection.id, "path", "page.png")
    with pytest.raises(Invalid, match="too large"):
        await world.services.images.of_row(access, collection.id, "path", "large.png")


async def test_a_small_image_is_made_once(world: Any, access: Access) -> None:
    """It is kept until the image is another one; what is small, and a drawing, is given as stored."""
    collection = await world.add_collection(pl.DataFrame({"path": ["a.png", "b.svg", "c.gif"]}))
    drawing, point = b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture("GIF", (1, 1), "P")
    for name, content in (("a.png", picture("PNG", (800, 400))), ("b.svg", drawing), ("c.gif", point)):
        await world.objects.put(image_path(collection.id, name), content)

    async def small(name: str, width: int = 160) -> bytes:
        found = await world.services.images.small_of_row(access, collection.id, "path", name, width)
        return bytes(found.content)

    folder = small_folder(world.project_id, collection.id)
    first = await small("a.png")
    assert size_of(first) == (160, 80)
    assert size_of(await small("a.png", 640)) == (640, 320)
    kept = await world.objects.list(folder)
    assert await small("a.png") == first
    assert await world.objects.list(folder) == kept
    assert (await small("b.svg"), await small("c.gif"), len(kept)) == (drawing, point, 2)
    with pytest.raises(Invalid, match="no such size"):
        await small("a.png", 161)

    await world.objects.put(image_path(collection.id, "a.png"), picture("JPEG", (400, 400)))
    assert size_of(await small("a.png")) == (160, 160)
    forget_small(world.objects, world.project_id, collection.id, ["a.png"])
    assert await world.objects.list(folder) == []


async def test_many_look_at_one_image_and_it_is_made_once(world: Any, access: Access) -> None:
    collection = await world.add_collection(pl.DataFrame({"path": ["a.png"]}))
    await world.objects.put(image_path(collection.id, "a.png"), picture("PNG", (800, 400)))
    images = world.services.images
    asked = [images.small_of_row(access, collection.id, "path", "a.png", 160) for _ in range(5)]
    assert len({one.digest for one in await asyncio.gather(*asked)}) == 1
    [_] = await world.objects.list(small_folder(world.project_id, collection.id))


async def test_a_deleted_project_takes_its_images_with_it(world: Any) -> None:
    collection = await world.add_collection(pl.DataFrame({"path": ["1.png"]}))
    await world.objects.put(image_path(collection.id, "1.png"), PNG)
    owner = await world.services.projects.open(world.actors["owner"], world.project_id)
    await world.services.projects.delete(owner)
    assert await world.objects.list(folder_of(collection.id)) == []
