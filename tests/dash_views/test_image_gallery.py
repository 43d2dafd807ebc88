"""Galleries over HTTP: pages under the filters, what an empty one says, the images themselves, and who gets them."""

import secrets
from typing import Any, NamedTuple

import msgspec
import polars as pl
import pytest

from dash_views.forms import kind_named, suggested, tile_of
from dash_views.image_gallery import few
from domain.collections import DataCollection
from domain.dashboards import Dashboard
from domain.images import image_path
from domain.share_links import WantedLink
from domain.tiles import Aggregation, CardTile, ImageTile
from persistence.objects import open_objects
from services.queries import Frame
from tests.dash_views.conftest import Town
from tests.dash_views.test_share_links import made
from tests.pictures import picture, size_of

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
WELLS = pl.DataFrame(
    {
        "well": [f"w{number}" for number in range(7)],
        "file": ["a/0.png", "a/1.png", None, "a/3.png", "", "a/5.png", "a/6.png"],
        "cells": [10, 20, 30, 40, 50, 60, 70],
        "plate": ["p", "p", "q", "q", "q", "r", "r"],
    }
)


class Lab(NamedTuple):
    town: Town
    collection: DataCollection
    dashboard: Dashboard

    async def gallery(self, wishes: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """What the gallery shows."""
        answer = await (await self.town.page(dashboard=self.dashboard)).ask(wishes, **more)
        found: dict[str, Any] = answer["tiles"]["wells"]
        return found


@pytest.fixture
async def lab(town: Town) -> Lab:
    """Seven wells on three plates, five of them with an image, of which one is stored."""
    collection = await town.add_table(town.penguins, f"wells-{secrets.token_hex(4)}", WELLS)
    objects = open_objects(town.world.services.settings.storage_url)
    await objects.put(image_path(collection.id, "a/0.png"), PNG)
    dashboard = await town.world.services.dashboards.create(town.penguins, "Wells")
    gallery = ImageTile(
        id="wells", collection_id=collection.id, image_column="file", caption_columns=("well", "cells"), max_images=2,
        selection_column="plate",
    )  # fmt: skip
    card = CardTile(id="sum", collection_id=collection.id, column_name="cells", aggregation=Aggregation.SUM)
    return Lab(town, collection, await town.save(dashboard, {"wells": gallery, "sum": card}))


def names(entry: dict[str, Any]) -> list[str]:
    return [item["name"] for item in entry["gallery"]["items"]]


async def test_pages_hold_the_rows_that_name_an_image(lab: Lab) -> None:
    """With captions and alternative text; a page beyond the last is empty and says of how many."""
    first = await lab.gallery()
    assert (names(first), first["gallery"]["of"], first["notice"]) == (["a/0.png", "a/1.png"], 5, None)
    assert first["gallery"]["items"][0] == {
        "name": "a/0.png", "alt": "well w0, cells 10", "captions": [["well", "w0"], ["cells", "10"]], "by": "p",
    }  # fmt: skip
    last = await lab.gallery(turned={"wells": 2})
    assert (names(last), last["gallery"]["page"]) == (["a/6.png"], 2)
    beyond = await lab.gallery(turned={"wells": 9})
    assert (names(beyond), beyond["gallery"]["of"], beyond["notice"]) == ([], 5, None)


async def test_only_the_turned_gallery_is_answered_anew(lab: Lab) -> None:
    page = await lab.town.page(dashboard=lab.dashboard)
    known = (await page.ask())["signatures"]
    assert (await page.ask(known=known))["tiles"] == {}
    assert set((await page.ask(known=known, turned={"wells": 1}))["tiles"]) == {"wells"}


async def test_a_picked_image_narrows_the_other_tiles_alone(lab: Lab) -> None:
    wishes = {"wells": [["in", ["q"]]]}
    answer = await (await lab.town.page(dashboard=lab.dashboard)).ask(wishes)
    assert names(answer["tiles"]["wells"]) == ["a/0.png", "a/1.png"]
    assert answer["tiles"]["sum"]["number"]["value"] == "120.00"


async def test_an_empty_gallery_says_why(lab: Lab) -> None:
    """No rows, no images among them, a column that is none or holds no names."""
    tile = lab.dashboard.tiles["wells"]
    expected = {
        "col('cells') > 99": "No rows match the filters.",
        "col('well') == 'w2'": "None of the rows names an image in file.",
    }
    for condition, words in expected.items():
        changed = msgspec.structs.replace(tile, filter_expr=condition)
        dashboard = await lab.town.save(await lab.town.stored(lab.dashboard), {"wells": changed})
        entry = await lab._replace(dashboard=dashboard).gallery()
        assert (entry["notice"], entry["gallery"]["items"]) == ({"text": words, "failed": False}, [])
    for column in ("gone", "cells"):
        changed = msgspec.structs.replace(tile, image_column=column)
        dashboard = await lab.town.save(await lab.town.stored(lab.dashboard), {"wells": changed})
        entry = await lab._replace(dashboard=dashboard).gallery()
        assert entry["notice"]["failed"]
        assert column in entry["notice"]["text"]


async def test_images_are_given_to_those_who_see_the_gallery(lab: Lab) -> None:
    """By what its rows say, to members and visitors by link; not by other tiles, other names or to strangers."""
    path = f"/dashboards/{lab.dashboard.id}/tiles/wells/image"
    viewer = lab.town.browsers["viewer"]
    answer = await viewer.http.get(path, params={"value": "a/0.png"})
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, PNG, "image/png")
    assert "sandbox" in answer.headers["content-security-policy"]
    again = await viewer.http.get(path, params={"value": "a/0.png"}, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    for value, place in (("a/1.png", path), ("b.png", path), ("a/0.png", path.replace("wells", "sum"))):
        assert (await viewer.http.get(place, params={"value": value})).status_code == 404
    stranger = await lab.town.world.browser(await lab.town.world.user())
    assert (await stranger.http.get(path, params={"value": "a/0.png"})).status_code == 404


async def test_a_visitor_by_link_gets_the_images_of_its_rows(lab: Lab) -> None:
    """A filter that the link fixes holds for images as well."""
    visitor = await lab.town.world.browser()
    plain, _ = await made(lab.town, lab.dashboard)
    fixed, _ = await made(lab.town, lab.dashboard, WantedLink(search="?f.wells=q", is_fixed=True))
    for secret, status in ((plain, 200), (fixed, 404)):
        path = f"/shared/{secret}/{lab.dashboard.id}/tiles/wells/image"
        answer = await visitor.http.get(path, params={"value": "a/0.png"}, headers={"accept": "application/json"})
        assert answer.status_code == status


async def test_small_images_are_given_to_whom_the_images_are(lab: Lab) -> None:
    """To members and visitors by link, as WebP of one of three widths; broken ones say why, strangers learn nothing."""
    await open_objects(lab.town.world.services.settings.storage_url).put(
        image_path(lab.collection.id, "a/1.png"), picture("PNG", (900, 600))
    )
    path, asked = f"/dashboards/{lab.dashboard.id}/tiles/wells/image", {"value": "a/1.png", "width": 320}
    plain, _ = await made(lab.town, lab.dashboard)
    fixed, _ = await made(lab.town, lab.dashboard, WantedLink(search="?f.wells=q", is_fixed=True))
    viewer, visitor = lab.town.browsers["viewer"], await lab.town.world.browser()
    stranger = await lab.town.world.browser(await lab.town.world.user())
    for browser, place, status in (
        (viewer, path, 200), (visitor, f"/shared/{plain}{path.removeprefix('/dashboards')}", 200),
        (visitor, f"/shared/{fixed}{path.removeprefix('/dashboards')}", 404), (stranger, path, 404),
    ):  # fmt: skip
        answer = await browser.http.get(place, params=asked, headers={"accept": "application/json"})
        assert answer.status_code == status
        if status == 200:
            assert answer.headers["content-type"] == "image/webp"
            assert size_of(answer.content) == (320, 213)
    json = {"accept": "application/problem+json"}
    odd = await viewer.http.get(path, params=asked | {"width": 321}, headers=json)
    assert (odd.status_code, odd.json()["errors"][0]["message"]) == (422, "is 321; must be one of 160, 320, 640")
    damaged = await viewer.http.get(path, params=asked | {"value": "a/0.png"}, headers=json)
    assert (damaged.status_code, damaged.json()["detail"]) == (422, "The image is damaged.")


async def test_a_gallery_goes_through_rest_unchanged(lab: Lab) -> None:
    viewer = lab.town.browsers["owner"]
    stored = (await viewer.http.get(f"/api/v1/dashboards/{lab.dashboard.id}")).json()["tiles"]["wells"]
    assert msgspec.convert(stored, ImageTile, strict=False) == (await lab.town.stored(lab.dashboard)).tiles["wells"]
    assert (stored["component_type"], stored["max_images"]) == ("image", 2)


def test_a_new_gallery_shows_the_column_of_the_images(lab: Lab) -> None:
    """That of the image set, or the one that is called so; the form shows its first images."""
    kind = kind_named("image")
    values = suggested(kind, lab.collection, {})
    tile = tile_of(kind, values, {"id": "new"})
    assert isinstance(tile, ImageTile)
    assert (tile.image_column, tile.selection_enabled, tile.columns) == ("file", True, 4)
    named = msgspec.structs.replace(lab.collection, image_column="well")
    assert suggested(kind, named, {})["image_column"] == "well"
    frame = Frame(data=WELLS.select("file").head(2), rows_total=7, rows_matched=7, shown=2, of=5)
    image, caption = few(tile, frame, "p1").children[0].children
    where = f"/api/v1/projects/p1/collections/{lab.collection.id}/image"
    assert (image.src, image.alt, caption.children) == (f"{where}?column=file&value=a%2F0.png&width=320", "0", "")
