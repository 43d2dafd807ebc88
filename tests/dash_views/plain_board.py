"""A board as plain lists and dictionaries: what a dashboard must be after an author's acts, without any of its code."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

COLUMNS = 8
Box = tuple[int, int, int, int]
Place = tuple[str, str]


def overlap(a: Box, b: Box) -> bool:
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


class PlainBoard:
    """`tiles` have `title`, `kind`, `box` and `place`; `sections` are pairs of a tab and a name, in their order.

    Where the server decides how tiles make room for each other, the model takes its boxes over, after it has checked
    them: they lie within the grid and do not cover each other, and only the places that the act is about may change.
    """

    def __init__(self, stored: dict[str, Any]) -> None:
        self.title: str = stored["title"]
        self.tabs: list[tuple[str, str]] = [(tab["id"], tab["title"]) for tab in stored["tabs"]]
        self.sections: list[Place] = [(one["tab"], one["name"]) for one in stored["grid_sections"]]
        self.tiles: dict[str, dict[str, Any]] = {key: self._read(tile) for key, tile in stored["tiles"].items()}
        self.saves: list[tuple[Any, Any]] = []
        self.undone: list[tuple[Any, Any]] = []
        self.version: int = stored["version"]

    def _read(self, tile: dict[str, Any]) -> dict[str, Any]:
        box = tile.get("layout", {})
        return {
            "title": tile.get("title", ""),
            "kind": tile["component_type"],
            "box": (box.get("x", 0), box.get("y", 0), box.get("w", 1), box.get("h", 1)),
            "place": self._place(tile),
        }

    def _place(self, tile: dict[str, Any]) -> Place:
        tab, section = tile.get("tab", ""), tile.get("section", "")
        known = [one for one, _ in self.tabs] or [""]
        tab = tab if tab in known else known[0]
        # No section of the filter panel is made here.
        return tab, section if (tab, section) in self.sections and tile["component_type"] != "interactive" else ""

    # -- what there is

    @property
    def places(self) -> list[Place]:
        """Every place where a tile of the grid may stand."""
        return [(tab, "") for tab in [one for one, _ in self.tabs] or [""]] + self.sections

    def at(self, place: Place) -> dict[str, dict[str, Any]]:
        return {key: tile for key, tile in self.grid.items() if tile["place"] == place}

    @property
    def grid(self) -> dict[str, dict[str, Any]]:
        return {key: tile for key, tile in self.tiles.items() if tile["kind"] != "interactive"}

    def bottom(self, place: Place) -> int:
        return max((tile["box"][1] + tile["box"][3] for tile in self.at(place).values()), default=0)

    def free(self, place: Place, w: int, h: int) -> Box:
        """The first place, reading from the top left, where a tile of this size covers no other."""
        taken = [tile["box"] for tile in self.at(place).values()]
        for y in range(self.bottom(place) + 1):
            for x in range(COLUMNS - w + 1):
                if not any(overlap((x, y, w, h), other) for other in taken):
                    return x, y, w, h
        raise AssertionError("There is always room at the bottom.")

    def bring(self, key: str, tile: dict[str, Any]) -> None:
        """One more tile of the size of its box, where there is room when all others of its section have fallen."""
        fallen: list[Box] = []
        for other in sorted(self.at(tile["place"]).values(), key=lambda one: (one["box"][1], one["box"][0])):
            x, y, w, h = other["box"]
            while y and not any(overlap((x, y - 1, w, h), below) for below in fallen):
                y -= 1
            other["box"] = (x, y, w, h)
            fallen.append(other["box"])
        self.tiles[key] = {**tile, "box": self.free(tile["place"], *tile["box"][2:])}

    def state(self) -> tuple[Any, ...]:
        return deepcopy((self.title, self.tabs, self.sections, self.tiles))

    # -- acts

    def save(self, act: Callable[[], object]) -> None:
        """One act of the author: a save when it changes something."""
        before = self.state()
        act()
        after = self.state()
        if after != before:
            self.saves.append((before, after))
            self.undone.clear()
            self.version += 1

    def undo(self) -> bool:
        """Take the last save back; whether there was one."""
        if not self.saves:
            return False
        save = self.saves.pop()
        self.undone.append(save)
        self._become(save[0])
        return True

    def redo(self) -> bool:
        if not self.undone:
            return False
        save = self.undone.pop()
        self.saves.append(save)
        self._become(save[1])
        return True

    def _become(self, state: tuple[Any, ...]) -> None:
        self.title, self.tabs, self.sections, self.tiles = deepcopy(state)
        self.version += 1

    def add_tab(self, tab_id: str, title: str) -> None:
        if not self.tabs:
            self.tabs = [("main", "Main")]
            self.sections = [("main", name) for _, name in self.sections]
            for tile in self.tiles.values():
                tile["place"] = ("main", tile["place"][1])
        self.tabs.append((tab_id, title))

    def remove_tab(self, tab_id: str) -> None:
        self.tabs = [one for one in self.tabs if one[0] != tab_id]
        self.sections = [one for one in self.sections if one[0] != tab_id]
        first = self.tabs[0][0]
        for key, tile in list(self.tiles.items()):
            if tile["place"][0] == tab_id:
                if tile["kind"] == "interactive":
                    tile["place"] = (first, "")
                else:
                    del self.tiles[key]

    def rename_section(self, place: Place, name: str) -> None:
        at = self.sections.index(place)
        self.sections[at] = (place[0], name)
        for tile in self.at(place).values():
            tile["place"] = (place[0], name)

    def remove_section(self, place: Place) -> None:
        below = self.bottom((place[0], ""))
        for tile in self.at(place).values():
            x, y, w, h = tile["box"]
            tile["place"], tile["box"] = (place[0], ""), (x, y + below, w, h)
        self.sections.remove(place)

    def move_section(self, place: Place, index: int) -> None:
        """Among those of its tab; those of other tabs keep their places in the list."""
        own = [one for one in self.sections if one[0] == place[0] and one != place]
        own.insert(min(index, len(own)), place)
        rest = iter(own)
        self.sections = [next(rest) if one[0] == place[0] else one for one in self.sections]

    def take_boxes(self, found: dict[str, Any], places: Iterable[Place], *, resized: Iterable[str] = ()) -> None:
        """Take over how tiles at these places make room for each other, when that can be."""
        for place in places:
            boxes: dict[str, Box] = {}
            for key, tile in self.at(place).items():
                boxes[key] = self._read(found["tiles"][key])["box"]
                assert key in resized or boxes[key][2:] == tile["box"][2:], (key, boxes[key], tile["box"])
            keys = sorted(boxes)
            for number, key in enumerate(keys):
                x, y, w, _ = boxes[key]
                assert x >= 0, key
                assert y >= 0, key
                assert x + w <= COLUMNS, key
                for other in keys[:number]:
                    assert not overlap(boxes[key], boxes[other]), (key, other, boxes[key], boxes[other])
            for key, box in boxes.items():
                self.tiles[key]["box"] = box
