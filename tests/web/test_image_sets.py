"""Image sets in the browser and by REST: an uploaded table names images, and people send them."""

import hashlib

import httpx
import pytest

from domain.collections import DataCollection
from domain.errors import Invalid
from domain.image_files import ImageNames
from domain.images import IMAGE_MAX_BYTES, image_path
from domain.projects import Access
from tests.web.test_jobs import ended
from tests.web.test_uploads_pages import action, fields, ingested, looked_at
from tests.web.world import Browser, World, soup

PNG, JPEG = b"\x89PNG\r\n\x1a\nimage", b"\xff\xd8\xff\xe0jpeg"
WELLS = "well,file\nA1,one/a.png\nA2,two/a.png\nB1,b.jpg\nB2,\n"


async def opened(world: World) -> tuple[Access, Browser, DataCollection, str]:
    """An uploaded table whose column `file` names images, the browser of an editor, and where its images are."""
    user = await world.user()
    access = await world.project(await world.user(), editor=user)
    browser = await world.browser(user)
    wells = await ingested(world, browser, access, await looked_at(browser, access, WELLS, "wells.csv"))
    here = f"/projects/{access.project.id}/collections/{wells.id}"
    plain = await browser.page(f"{here}/images")
    assert [one.get_text() for one in plain.select("#field-column option")] == ["none: a plain table", "well", "file"]
    answer = await browser.post(f"{here}/images/column", column="file")
    assert answer.headers["location"] == f"{here}/images"
    return access, browser, await world.services.collections.get(access, wells.id), here


async def send(browser: Browser, here: str, name: str, content: bytes) -> httpx.Response:
    headers = {"x-csrftoken": await browser.token(), "accept": "application/json"}
    return await browser.http.put(f"{here}/images/content", params={"name": name}, content=content, headers=headers)


async def test_images_are_sent_to_the_rows_that_name_them(world: World) -> None:
    """By path or by a name that is the only one; the page counts what is there and names what is missing."""
    access, browser, wells, here = await opened(world)
    assert (wells.kind, wells.image_column) == ("image", "file")
    assert (await browser.page(here)).select_one("#images[hx-get]")["hx-get"] == f"{here}/images"
    page = soup(await browser.htmx("GET", f"{here}/images"))
    assert page.h1 is None
    assert page.select_one(".dp-badge").get_text() == "0 of 3 stored"
    assert [one.get_text() for one in page.select("details li")] == ["b.jpg", "one/a.png", "two/a.png"]
    assert (await send(browser, here, "b.jpg", JPEG)).json() == {"name": "b.jpg"}
    assert (await send(browser, here, "pictures/one/a.png", PNG)).json() == {"name": "one/a.png"}
    assert (await browser.page(f"{here}/images")).select_one(".dp-badge").get_text() == "2 of 3 stored"
    refused = await send(browser, here, "a.png", PNG)
    assert (refused.status_code, "may be one/a.png or two/a.png" in refused.text) == (422, True)
    assert await world.tables.objects.get(image_path(wells.id, "one/a.png")) == PNG
    image = await world.services.images.of_row(access, wells.id, "file", "b.jpg")
    assert (image.content, image.media_type) == (JPEG, "image/jpeg")
    form = {"_csrf_token": await browser.token()}
    answer = await browser.http.post(f"{here}/images", data=form, files={"file": ("a.png", PNG)})
    assert "may be one/a.png" in soup(answer).select_one("#images [role=alert]").get_text()
    answer = await browser.http.post(f"{here}/images", data=form, files={"file": ("b.jpg", JPEG)})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{here}/images")
    visitor = await world.browser(await world.user())
    assert (await send(visitor, here, "b.jpg", JPEG)).status_code == 404


async def test_the_names_are_read_once_for_a_folder_of_images(world: World) -> None:
    """The rows could not be read again, for their files are gone; a new version of them is read anew."""
    access, browser, wells, here = await opened(world)
    assert (await send(browser, here, "b.jpg", JPEG)).status_code == 200
    for path in world.tables.files(wells.table_path, wells.table_version or 0):
        await world.tables.objects.delete(path)
    assert (await send(browser, here, "one/a.png", PNG)).status_code == 200
    changed = await looked_at(browser, access, WELLS.replace("b.jpg", "c.jpg"), "wells.csv")
    answer = await browser.post(action(changed), **fields(changed) | {"mode": "replace", "tag": wells.tag})
    assert answer.status_code == 303, answer.text
    assert (await send(browser, here, "b.jpg", JPEG)).status_code == 422
    assert (await send(browser, here, "c.jpg", JPEG)).status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("c.png", PNG, "is named by no row"),
        ("../b.jpg/../c.jpg", JPEG, "is named by no row"),
        ("b.jpg", PNG, "is no JPG image, whatever its name says"),
        ("b.jpg", b"<html><script>alert(1)</script>", "is no JPG image, whatever its name says"),
        ("b.jpg", JPEG + bytes(IMAGE_MAX_BYTES), "an image has at most 20"),
    ],
)
async def test_what_is_no_image_of_the_set_is_refused(world: World, name: str, content: bytes, reason: str) -> None:
    """Nothing is stored, and the reason is said."""
    _, browser, wells, here = await opened(world)
    answer = await send(browser, here, name, content)
    assert (answer.status_code, reason in answer.text) == (422, True), answer.text
    assert await world.tables.objects.list(wells.images_folder) == []


async def test_a_column_that_names_no_images_is_refused(world: World) -> None:
    """Only text columns of uploads; without a column the table is a plain one again."""
    access, browser, wells, here = await opened(world)
    images = world.services.ingestion.images
    with pytest.raises(Invalid, match="not named"):
        await images.set_column(access, wells.id, "wells")
    penguins = await world.collection(access)
    with pytest.raises(Invalid, match="project file"):
        await images.set_column(access, penguins.id, "species")
    assert (await browser.post(f"{here}/images/column", column="")).headers["location"] == here
    assert (await world.services.collections.get(access, wells.id)).kind == "table"
    async with await world.bearer(browser.user) as client:
        assert (await client.get(f"/api/v1{here}/images")).status_code == 404


async def stored(client: httpx.AsyncClient, location: str) -> tuple[str, str]:
    """What the job that stores images says when it has ended."""
    (report,) = (await ended(client, location))["result"]["reports"]
    return report["outcome"], report["message"].removeprefix("images: ")


async def test_the_steps_over_rest(world: World) -> None:
    """What is kept is told with its hash; a listing must have each file that rows name, and new ones be sent."""
    access, browser, wells, here = await opened(world)
    found = {"one/a.png": PNG, "two/a.png": PNG + b"2", "b.jpg": JPEG}
    listing = [
        {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in found.items()
    ]
    async with await world.bearer(browser.user) as client:
        place = f"/api/v1{here}/images"
        said = (await client.get(place)).json()
        assert (said["names"], said["kept"]) == (["b.jpg", "one/a.png", "two/a.png"], [])
        short = await client.post(place, json=listing[1:])
        assert (short.status_code, "was not listed" in short.text) == (422, True)
        unsent = (await client.post(place, params={"wait": 30}, json=listing)).json()
        assert (unsent["state"], "was not sent" in unsent["failure"]["problems"][0]["message"]) == ("failed", True)
        for one in listing:
            put = f"/api/v1/projects/{access.project.id}/uploads/{one['sha256']}"
            assert (await client.put(put, content=found[str(one["name"])])).status_code == 204
        at_once = await client.post(place, json=listing)
        assert (at_once.status_code, at_once.json()["kind"]) == (202, "images")
        assert await stored(client, at_once.headers["location"]) == ("updated", "3 stored, 0 unchanged, 0 removed")
        again = await client.post(place, params={"wait": 30}, json=listing)
        assert again.status_code == 200
        assert await stored(client, again.headers["location"]) == ("unchanged", "0 stored, 3 unchanged, 0 removed")
        kept = (await client.get(place)).json()["kept"]
        assert {one["name"]: one["sha256"] for one in kept} == {str(one["name"]): one["sha256"] for one in listing}
        replaced = await client.put(f"{place}/file", params={"path": "b.jpg"}, content=JPEG + b"2")
        assert replaced.json() == {"name": "b.jpg"}
        beside = await client.post(place, params={"wait": 30}, json=listing)
        assert (beside.json()["state"], "was not sent" in beside.text) == ("failed", True)
    assert await world.tables.objects.get(image_path(wells.id, "b.jpg")) == JPEG + b"2"


def test_names_are_found_by_the_end_of_a_path() -> None:
    """A folder that is dropped has its own name before those of the rows; two files of one name are not guessed."""
    images = ImageNames(("a.png", "x/b.png", "y/b.png"))
    assert [images.named(path) for path in ("a.png", "up/a.png", "up/x/b.png")] == ["a.png", "a.png", "x/b.png"]
    with pytest.raises(Invalid):
        images.named("b.png")
