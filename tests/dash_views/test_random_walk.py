"""Three hundred acts of an author, as the browser sends them: after each the document is what a plain model says."""

import os
import random
from typing import Any

import httpx
import msgspec
import pytest

from dash_views import ids
from dash_views.pulse import UndoAsk
from domain.dashboards import Dashboard
from domain.filters import WHERE
from domain.tiles import Tile
from tests.dash_views.conftest import Town
from tests.dash_views.page import DashPage, Id, key
from tests.dash_views.plain_board import Place, PlainBoard
from tests.dash_views.test_board_http import text
from tests.dash_views.test_board_saves import new_form, typed

STEPS = 300
MOST_TILES, MOST_TABS, MOST_SECTIONS = 24, 5, 7
TEXT_SIZE, FILTER_COLUMNS = (4, 2), ("sex", "island", "species")
NOWHERE: Place = ("", "")


class WalkPage(DashPage):
    """The editor with a session of its own, in which every request has its number, as saving.js stamps them."""

    count = 0

    async def post(self, body: Any, *, name: str = "_dash-update-component", **headers: str) -> httpx.Response:
        self.count += 1
        stamp = {"x-depictio-session": "walk", "x-depictio-edit": f"walk-{self.count}"}
        return await super().post(body, name=name, **stamp, **headers)

    async def call(self, output: str, changed: dict[str, Any], match: str = "") -> dict[str, dict[str, Any]]:
        """The answer, after which the page knows what it draws: items that are changed within the list, too."""
        items = list(self.props(ids.GRID)["items"])
        answer = await super().call(output, changed, match)
        given = answer.get(ids.GRID, {})
        for one in (given.pop("items", None) or {}).get("operations", []):
            value = one["params"]["value"]
            if one["operation"] == "Append":
                items.append(value)
            else:
                items[one["location"][0]] = value
        drawn = [one["params"]["value"] for one in (given.pop("children", None) or {}).get("operations", [])]
        self.show(drawn)
        self.props(ids.GRID)["items"] = items
        for name in (ids.GRID, ids.TABS, ids.TILES, ids.CHANGED, ids.BASE, ids.SYNC):
            if name in answer and name in self.found:
                self.props(name).update(answer[name])
        return answer


class Walk:
    """One author, and the model of what they do."""

    def __init__(self, page: WalkPage, board: PlainBoard, dashboard_id: str, seed: int) -> None:
        self.page = page
        self.board = board
        self.dashboard_id = dashboard_id
        self.random = random.Random(seed)  # noqa: S311 -- repeatable, no secret.
        self.number = 0

    async def stored(self) -> dict[str, Any]:
        answer = await self.page.browser.get(f"/api/v1/dashboards/{self.dashboard_id}")
        found: dict[str, Any] = answer.json()
        return found

    async def step(self) -> str:
        """One act that can be done now; its name."""
        acts = [
            (self.add_text, 4), (self.add_filter, 1), (self.edit, 3), (self.delete, 2), (self.duplicate, 2),
            (self.move, 4), (self.resize, 3), (self.retitle, 1), (self.undo, 5), (self.redo, 4), (self.add_tab, 1),
            (self.rename_tab, 1), (self.move_tab, 1), (self.remove_tab, 1), (self.add_section, 2),
            (self.rename_section, 1), (self.move_section, 1), (self.remove_section, 1), (self.move_tiles, 3),
            (self.remove_tiles, 1), (self.duplicate_tiles, 1), (self.paste, 2), (self.align, 2), (self.distribute, 1),
            (self.arrange, 1),
        ]  # fmt: skip
        while True:
            [act] = self.random.choices([one for one, _ in acts], [weight for _, weight in acts])
            self.number += 1
            if await act():
                return act.__name__

    def some(self, most: int = 4) -> list[str]:
        """Tiles of one place, as an author picks several."""
        places = [place for place in self.board.places if self.board.at(place)]
        there = sorted(self.board.at(self.random.choice(places))) if places else []
        return self.random.sample(there, self.random.randint(1, min(most, len(there)))) if there else []

    def has_room(self, more: int = 1) -> bool:
        return len(self.board.grid) + more <= MOST_TILES

    async def act(self, name: str, **given: Any) -> dict[str, Any]:
        """An act of tabs, sections or several tiles; what is stored after it."""
        answer = await self.page.call("act.data", {f"{ids.ACT}.data": {"name": name, "count": self.number, **given}})
        assert "Not saved" not in text(answer[ids.SAVED]["children"]), (name, given, answer[ids.SAVED])
        return await self.stored()

    # -- tiles

    async def add_text(self) -> bool:
        if not self.has_room():
            return False
        place = self.random.choice(self.board.places)
        self.page.props(ids.VIEW)["data"] = {"tab": place[0], "section": place[1]}
        await new_form(self.page, "text")
        await typed(self.page, title=f"Text {self.number}", body=f"Body {self.number}")
        await self.page.press(ids.SAVE)
        new = {"title": f"Text {self.number}", "kind": "text", "box": (0, 0, *TEXT_SIZE), "place": place}
        self.board.save(lambda: self.board.bring(f"text-{self.number}", new))
        return True

    async def add_filter(self) -> bool:
        filters = {name: tile for name, tile in self.board.tiles.items() if tile["kind"] == "interactive"}
        if len(filters) > len(FILTER_COLUMNS) + 3:
            return False
        tab = self.random.choice(self.board.places)[0]
        self.page.props(ids.VIEW)["data"] = {"tab": tab, "section": ""}
        await new_form(self.page, "MultiSelect")
        await typed(self.page, title=f"Filter {self.number}", column_name=self.random.choice(FILTER_COLUMNS))
        await self.page.press(ids.SAVE)
        found = await self.stored()
        [name] = set(found["tiles"]) - set(self.board.tiles)
        last = max((tile["box"][1] for tile in filters.values() if tile["place"] == (tab, "")), default=-1)
        new = {"title": f"Filter {self.number}", "kind": "interactive", "box": (0, last + 1, 1, 1), "place": (tab, "")}
        self.board.save(lambda: self.board.tiles.update({name: new}))
        return True

    async def edit(self) -> bool:
        if not self.board.tiles:
            return False
        name = self.random.choice(sorted(self.board.tiles))
        await self.page.press(ids.part("edit", name))
        await typed(self.page, title=f"Edited {self.number}")
        await self.page.press(ids.SAVE)
        self.board.save(lambda: self.board.tiles[name].update(title=f"Edited {self.number}"))
        return True

    async def delete(self) -> bool:
        if not self.board.tiles:
            return False
        name = self.random.choice(sorted(self.board.tiles))
        await self.page.press(ids.part("delete", name))
        await self.page.press(ids.part("confirm", name))
        self.board.save(lambda: self.board.tiles.pop(name))
        return True

    async def duplicate(self) -> bool:
        if not self.board.grid or not self.has_room():
            return False
        name = self.random.choice(sorted(self.board.grid))
        await self.page.press(ids.part("duplicate", name))
        found = await self.stored()
        [copy] = set(found["tiles"]) - set(self.board.tiles)
        tile = self.board.tiles[name]
        self.board.save(lambda: self.board.bring(copy, tile))
        return True

    async def placed(self, name: str, box: tuple[int, int, int, int]) -> bool:
        """What the grid tells after a drag: the tile where it was put, others below what would cover them."""
        place = self.board.tiles[name]["place"]
        boxes = {name: box}
        others = [(key, tile["box"]) for key, tile in self.board.at(place).items() if key != name]
        for other, (x, y, w, h) in sorted(others, key=lambda pair: (pair[1][1], pair[1][0], pair[0])):
            down = y
            while any(_covers((x, down, w, h), there) for there in boxes.values()):
                down += 1
            boxes[other] = (x, down, w, h)
        layout = [{"id": key, **dict(zip("xywh", one, strict=True))} for key, one in boxes.items()]
        for item in self.page.props(ids.GRID)["items"]:
            if item and item["id"] in boxes:
                item |= dict(zip("xywh", boxes[item["id"]], strict=True))
        answer = await self.page.call("grid.layout", {f"{ids.GRID}.layout": layout})
        assert "Not saved" not in text(answer[ids.SAVED]["children"])

        def moved() -> None:
            for tile_id, one in boxes.items():
                self.board.tiles[tile_id]["box"] = one

        self.board.save(moved)
        return True

    async def move(self) -> bool:
        if not self.board.grid:
            return False
        name = self.random.choice(sorted(self.board.grid))
        _, _, w, h = self.board.tiles[name]["box"]
        return await self.placed(name, (self.random.randint(0, 8 - w), self.random.randint(0, 12), w, h))

    async def resize(self) -> bool:
        if not self.board.grid:
            return False
        name = self.random.choice(sorted(self.board.grid))
        x, y, *_ = self.board.tiles[name]["box"]
        return await self.placed(name, (x, y, self.random.randint(1, 8 - x), self.random.randint(1, 5)))

    async def retitle(self) -> bool:
        title = f"Board {self.number}"
        self.page.props(ids.TITLE)["value"] = title
        await self.page.call("dashboard-title.value", {f"{ids.TITLE}.value": title})

        def renamed() -> None:
            self.board.title = title

        self.board.save(renamed)
        return True

    # -- undo and redo

    async def undo(self) -> bool:
        return await self._taken_back(redo=False)

    async def redo(self) -> bool:
        return await self._taken_back(redo=True)

    async def _taken_back(self, *, redo: bool) -> bool:
        """By the route of undo.js; then the page draws what is stored, as pulse.js asks for."""
        if not (self.board.undone if redo else self.board.saves):
            return False
        answer = await self.page.post({"redo": redo, "passed": list(UndoAsk().passed)}, name="_undo")
        assert "failure" not in answer.json(), answer.json()
        assert self.board.redo() if redo else self.board.undo()
        await self.page.call("shown.data", {f"{ids.SYNC}.data": {"panel": False}})
        self.page.props(ids.TITLE)["value"] = self.board.title
        return True

    # -- tabs and sections

    async def add_tab(self) -> bool:
        if len(self.board.tabs) >= MOST_TABS:
            return False
        title = f"Tab {self.number}"
        found = await self.act("add_tab", title=title)
        self.board.save(lambda: self.board.add_tab(found["tabs"][-1]["id"], title))
        return True

    async def rename_tab(self) -> bool:
        if not self.board.tabs:
            return False
        at = self.random.randrange(len(self.board.tabs))
        tab = (self.board.tabs[at][0], f"Renamed {self.number}")
        await self.act("set_tab", tab={"id": tab[0], "title": tab[1]})
        self.board.save(lambda: self.board.tabs.__setitem__(at, tab))
        return True

    async def move_tab(self) -> bool:
        if len(self.board.tabs) <= 1:
            return False
        tab, index = self.random.choice(self.board.tabs), self.random.randrange(len(self.board.tabs))
        await self.act("move_tab", tab_id=tab[0], index=index)

        def moved() -> None:
            self.board.tabs.remove(tab)
            self.board.tabs.insert(index, tab)

        self.board.save(moved)
        return True

    async def remove_tab(self) -> bool:
        if len(self.board.tabs) <= 2 or self.random.random() < 0.5:
            return False
        tab, _ = self.random.choice(self.board.tabs)
        await self.act("remove_tab", tab_id=tab)
        self.board.save(lambda: self.board.remove_tab(tab))
        return True

    async def add_section(self) -> bool:
        if len(self.board.sections) >= MOST_SECTIONS:
            return False
        tab = self.random.choice(self.board.places)[0]
        place = (tab, f"Section {self.number}")
        await self.act("add_section", where="grid_sections", section={"name": place[1], "tab": tab})
        self.board.save(lambda: self.board.sections.append(place))
        return True

    async def rename_section(self) -> bool:
        if not self.board.sections:
            return False
        place = self.random.choice(self.board.sections)
        name, there = f"Part {self.number}", {"tab": place[0], "section": place[1]}
        await self.act("set_section", where="grid_sections", place=there, section={"name": name})
        self.board.save(lambda: self.board.rename_section(place, name))
        return True

    async def move_section(self) -> bool:
        if not self.board.sections:
            return False
        place, index = self.random.choice(self.board.sections), self.random.randint(0, 3)
        there = {"tab": place[0], "section": place[1]}
        await self.act("move_section", where="grid_sections", place=there, index=index)
        self.board.save(lambda: self.board.move_section(place, index))
        return True

    async def remove_section(self) -> bool:
        if not self.board.sections:
            return False
        place = self.random.choice(self.board.sections)
        await self.act("remove_section", where="grid_sections", place={"tab": place[0], "section": place[1]})
        self.board.save(lambda: self.board.remove_section(place))
        return True

    # -- several tiles

    async def move_tiles(self) -> bool:
        names = self.some()
        if not names:
            return False
        place = self.random.choice(self.board.places)
        at = self.random.choice([None, [self.random.randint(0, 7), self.random.randint(0, 6)]])
        there = {"tab": place[0], "section": place[1]}
        found = await self.act("move_tiles", tiles=names, place=there, at=at)

        def moved() -> None:
            for name in names:
                self.board.tiles[name]["place"] = place
            self.board.take_boxes(found, [place])

        self.board.save(moved)
        return True

    async def remove_tiles(self) -> bool:
        names = self.some(2)
        if not names:
            return False
        await self.act("remove_tiles", tiles=names)
        self.board.save(lambda: [self.board.tiles.pop(name) for name in names])
        return True

    async def duplicate_tiles(self) -> bool:
        names = self.some()
        if not names or not self.has_room(len(names)):
            return False
        found = await self.act("duplicate_tiles", tiles=names)
        self._copied(found, names, self.board.tiles[names[0]]["place"])
        return True

    async def paste(self) -> bool:
        """What was copied on this dashboard, into any of its places."""
        names = self.some()
        if not names or not self.has_room(len(names)):
            return False
        place = self.random.choice(self.board.places)
        there = {"tab": place[0], "section": place[1]}
        found = await self.act("paste_tiles", dashboard=self.dashboard_id, tiles=names, place=there)
        self._copied(found, names, place)
        return True

    def _copied(self, found: dict[str, Any], names: list[str], place: Place) -> None:
        """Copies have ids that the server chose; each of them stands for one that was copied."""
        new = {name: found["tiles"][name] for name in found["tiles"] if name not in self.board.tiles}
        titles = sorted(self.board.tiles[name]["title"] for name in names)
        assert sorted(tile.get("title", "") for tile in new.values()) == titles

        def copied() -> None:
            left = list(names)
            for name, tile in new.items():
                fits = [one for one in left if _is_copy(self.board.tiles[one], tile)]
                left.remove(fits[0])
                self.board.tiles[name] = {**self.board.tiles[fits[0]], "place": place}
            self.board.take_boxes(found, [place])

        self.board.save(copied)

    async def align(self) -> bool:
        names = self.some()
        if not names:
            return False
        side = self.random.choice(["left", "right", "top", "width", "height"])
        found = await self.act("align_tiles", tiles=names, side=side)
        resized = names if side in {"width", "height"} else []
        place = self.board.tiles[names[0]]["place"]
        self.board.save(lambda: self.board.take_boxes(found, [place], resized=resized))
        return True

    async def distribute(self) -> bool:
        names = self.some()
        if not names:
            return False
        found = await self.act("distribute_tiles", tiles=names)
        place = self.board.tiles[names[0]]["place"]
        self.board.save(lambda: self.board.take_boxes(found, [place], resized=names))
        return True

    async def arrange(self) -> bool:
        place = self.random.choice(self.board.places)
        found = await self.act("arrange_section", place={"tab": place[0], "section": place[1]})
        self.board.save(lambda: self.board.take_boxes(found, [place]))
        return True


def _covers(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


def _is_copy(tile: dict[str, Any], copy: dict[str, Any]) -> bool:
    box = copy.get("layout", {})
    same = (copy.get("title", ""), copy["component_type"], box.get("w", 1), box.get("h", 1))
    return same == (tile["title"], tile["kind"], *tile["box"][2:])


def drawn(page: DashPage, board: PlainBoard) -> dict[str, Any]:
    """What the page shows of the grid: where each tile lies."""
    known = [one for one, _ in board.tabs] or [""]
    found = {}
    for item in page.props(ids.GRID)["items"]:
        if item:
            tab = item["tab"] if item["tab"] in known else known[0]
            section = item["section"] if (tab, item["section"]) in board.sections else ""
            found[item["id"]] = ((item["x"], item["y"], item["w"], item["h"]), (tab, section))
    return found


@pytest.fixture
async def walk(town: Town, board: Dashboard) -> Walk:
    """WALK_SEED in the environment takes another way than the usual one."""
    page = WalkPage(town.browsers["editor"], board.id, "edit")
    await page.load()
    found = msgspec.to_builtins(await town.stored(board))
    return Walk(page, PlainBoard(found), board.id, int(os.environ.get("WALK_SEED", "4")))


async def test_three_hundred_acts_leave_what_a_plain_model_says(town: Town, board: Dashboard, walk: Walk) -> None:
    """After each act the stored document and the drawn grid are the model's; so are a reload, a file, the history."""
    done: list[str] = []
    for _ in range(STEPS):
        done.append(await walk.step())
        found = await walk.stored()
        said = PlainBoard(found)
        assert said.state() == walk.board.state(), done[-8:]
        assert said.version == walk.board.version, done[-8:]
        expected = {name: (tile["box"], tile["place"]) for name, tile in walk.board.grid.items()}
        assert drawn(walk.page, walk.board) == expected, done[-8:]
    assert len(set(done)) == 25

    again = await town.page("viewer", "view", board)
    assert drawn(again, walk.board) == {name: (tile["box"], tile["place"]) for name, tile in walk.board.grid.items()}
    assert [(tab["id"], tab["title"]) for tab in again.props(ids.GRID)["tabs"]] == walk.board.tabs
    filters = {one["tile"] for one in _ids(again) if one.get("role") == "filter"}
    kept = {name for name, tile in walk.board.tiles.items() if tile["kind"] == "interactive"}
    assert filters - {WHERE} == kept

    services = town.world.services
    opened = await services.dashboards.open(town.users["editor"].actor(), board.id)
    first = await services.dashboards.at(opened.access, board.id, board.version)
    assert (uncounted(first), first.tabs, first.title) == (uncounted(board), board.tabs, board.title)
    file = await services.copies.file(opened)
    read = await services.copies.read(opened.access, file)
    copied = await services.dashboards.open(town.users["editor"].actor(), read.id)
    assert await services.copies.file(copied) == file


def uncounted(dashboard: Dashboard) -> dict[str, Tile]:
    """The tiles, but for how often each was saved, which only goes up."""
    return {name: msgspec.structs.replace(tile, version=1) for name, tile in dashboard.tiles.items()}


def _ids(page: DashPage) -> list[dict[str, Any]]:
    found: list[Id] = [one["props"]["id"] for one in page.found.values()]
    return [one for one in found if isinstance(one, dict) and key(one)]
