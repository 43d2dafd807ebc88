"""A short random walk of an author in a real browser: what is drawn is what is stored, and both are the model."""

import random
from typing import Any

from playwright.async_api import Locator, expect

from tests.browser.demo import Visit, stored
from tests.browser.test_tabs import saved

STEPS = 14
DRAWN = """() => Object.fromEntries([...document.querySelectorAll('.tile-section [data-tile]')].map((one) => {
  const node = one.closest('.grid-stack-item').gridstackNode;
  return [one.dataset.tile, [node.x, node.y, node.w, node.h]];
}))"""

Tiles = dict[str, tuple[str, int]]
"""Title and height by id."""


def tiles_of(found: dict[str, Any]) -> Tiles:
    grid = {key: tile for key, tile in found["tiles"].items() if tile["component_type"] != "interactive"}
    return {key: (tile["title"], tile["layout"]["h"]) for key, tile in grid.items()}


class Author:
    """What somebody does in the editor, and a model of tiles and tabs that follows."""

    def __init__(self, there: Visit, found: dict[str, Any]) -> None:
        self.there = there
        self.version: int = found["version"]
        self.tiles = tiles_of(found)
        self.tabs: list[str] = [tab["title"] for tab in found["tabs"]]
        self.done: list[tuple[Tiles, list[str]]] = []
        self.undone: list[tuple[Tiles, list[str]]] = []

    @property
    def state(self) -> tuple[Tiles, list[str]]:
        return dict(self.tiles), list(self.tabs)

    def tool(self, label: str) -> Locator:
        return self.there.page.get_by_role("button", name=label, exact=True).first

    async def stored(self) -> dict[str, Any]:
        """As soon as the next version is."""
        self.version += 1
        return await saved(self.there, self.version)

    def changed(self, before: tuple[Tiles, list[str]]) -> None:
        self.done.append(before)
        self.undone.clear()

    async def duplicate(self, name: str) -> None:
        before = self.state
        title, height = self.tiles[name]
        await self.there.page.locator(f'[data-tile="{name}"]').hover()
        await self.press("duplicate", name)
        [copy] = set(tiles_of(await self.stored())) - set(self.tiles)
        self.tiles[copy] = (title, height)
        self.changed(before)

    async def press(self, role: str, name: str) -> None:
        """By the keyboard."""
        button = self.there.page.locator(f'[id=\'{{"role":"{role}","tile":"{name}"}}\']')
        await button.press("Enter")

    async def delete(self, name: str) -> None:
        before = self.state
        await self.press("delete", name)
        await self.there.page.get_by_role("button", name="Delete", exact=True).click()
        await self.stored()
        del self.tiles[name]
        self.changed(before)

    async def rename(self, name: str, title: str) -> None:
        before = self.state
        await self.press("edit", name)
        await self.there.page.get_by_label("Title", exact=True).fill(title)
        await self.there.page.locator("#save-tile").click()
        await self.stored()
        self.tiles[name] = (title, self.tiles[name][1])
        self.changed(before)

    async def taller(self, name: str) -> None:
        before = self.state
        title, height = self.tiles[name]
        place = self.there.page.locator(f'[data-tile="{name}"] .tile-handle')
        await place.focus()
        await self.there.page.keyboard.press("Shift+ArrowDown")
        await self.stored()
        self.tiles[name] = (title, height + 1)
        self.changed(before)

    async def add_tab(self) -> None:
        before = self.state
        await self.tool("Add a tab").click()
        await self.there.page.locator(".board-tab-input").press("Escape")
        await self.stored()
        self.tabs = [*(self.tabs or ["Main"]), "New tab"]
        self.changed(before)
        await self.there.page.get_by_role("tab", name="Main").click()

    async def undo(self) -> None:
        self.undone.append(self.state)
        self.tiles, self.tabs = self.done.pop()
        await self.there.page.keyboard.press("Control+z")
        await self.stored()

    async def redo(self) -> None:
        self.done.append(self.state)
        self.tiles, self.tabs = self.undone.pop()
        await self.there.page.keyboard.press("Control+Shift+Z")
        await self.stored()


async def drawn_as_stored(there: Visit) -> dict[str, Any]:
    """Wait until every tile lies where the server has it; the document."""
    found = await stored(there)
    boxes = {
        key: [tile["layout"][name] for name in "xywh"]
        for key, tile in found["tiles"].items()
        if tile["component_type"] != "interactive"
    }
    spelled = "(boxes) => JSON.stringify(Object.entries(boxes).sort())"
    script = f"(boxes) => ({spelled})(({DRAWN})()) === ({spelled})(boxes)"
    await there.page.wait_for_function(script, arg=boxes)
    return found


async def test_what_a_walk_leaves_is_there_after_a_reload(editor: Visit) -> None:
    """Tiles and tabs are those of the model after each act, and they lie where they are stored."""
    author, choice = Author(editor, await stored(editor)), random.Random(11)  # noqa: S311 -- repeatable, no secret.
    done = []
    for number in range(STEPS):
        name = choice.choice(sorted(author.tiles))
        acts = {
            "duplicate": lambda name=name: author.duplicate(name),
            "delete": lambda name=name: author.delete(name),
            "rename": lambda name=name, number=number: author.rename(name, f"Walked {number}"),
            "taller": lambda name=name: author.taller(name),
            **({"tab": author.add_tab} if len(author.tabs) < 3 else {}),
            **({"undo": author.undo, "undo again": author.undo} if author.done else {}),
            **({"redo": author.redo} if author.undone else {}),
        }
        done.append(choice.choice(sorted(acts)))
        await acts[done[-1]]()
        await expect(editor.page.get_by_role("tab")).to_have_count(len(author.tabs))
        found = await drawn_as_stored(editor)
        assert tiles_of(found) == author.tiles, (done, found["version"], author.version)
        assert [tab["title"] for tab in found["tabs"]] == author.tabs, done
        assert found["version"] == author.version, done
    before = await drawn_as_stored(editor)
    await editor.page.reload()
    await editor.painted()
    assert await drawn_as_stored(editor) == before
    titles = {title for title, _ in author.tiles.values() if title}
    for title in titles:
        await expect(editor.tile(title).first).to_be_visible()
