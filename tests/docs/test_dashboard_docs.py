"""`docs/dashboards.md` against the tiles, the links and the dashboard files that it describes."""

from typing import Any, get_args

import msgspec
import pytest
import yaml

from domain.dashboard_file import HEAD, OPTIONS, dashboard_file
from domain.dashboards import MAX_TILES
from domain.division_file import ACCEPTED, MAIN
from domain.division_file import PAGE as PAGE_KEYS
from domain.share_links import wishes_of
from domain.tabs import MAX_SECTIONS, MAX_TABS, Breakpoint, Section, Tab
from domain.tiles import Aggregation, Box, DataTile, FilterWidget, Tile, TileBase, Visu
from tests.docs.pages import blocks, rows, section, text

PAGE = "docs/dashboards.md"
KINDS: dict[str, type[msgspec.Struct]] = {str(kind.__struct_config__.tag): kind for kind in get_args(Tile)}


def default_of(field: msgspec.structs.FieldInfo) -> str:
    """The default as the tables write it."""
    match field.default:
        case msgspec.NODEFAULT if field.default_factory is dict:
            return "empty"
        case msgspec.NODEFAULT:
            return "required"
        case None:
            return "none"
        case Box() as box:
            return "{" + ", ".join(f"{key}: {value}" for key, value in msgspec.structs.asdict(box).items()) + "}"
        case bool() as flag:
            return str(flag).lower()
        case "" | ():
            return "empty"
    return str(field.default)


def defaults(struct: type[msgspec.Struct], *, beside: type[msgspec.Struct] | None = None) -> dict[str, str]:
    inherited = {field.name for field in msgspec.structs.fields(beside)} if beside else set()
    return {field.name: default_of(field) for field in msgspec.structs.fields(struct) if field.name not in inherited}


def said(heading: str) -> dict[str, str]:
    return {row[0]: row[1] for row in rows(PAGE, heading)}


def test_what_all_tiles_have_is_described() -> None:
    assert said("Every tile") == defaults(TileBase)
    assert said("Every tile with data") == defaults(DataTile, beside=TileBase)


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_of_a_tile_is_described_with_its_default(kind: str) -> None:
    beside = DataTile if issubclass(KINDS[kind], DataTile) else TileBase
    assert said(f"`{kind}`") == defaults(KINDS[kind], beside=beside)


@pytest.mark.parametrize(
    ("kind", "words"), [("figure", Visu), ("card", Aggregation), ("interactive", FilterWidget)], ids=str
)
def test_the_words_of_a_choice_are_all_named(kind: str, words: Any) -> None:
    chapter = section(PAGE, f"`{kind}`")
    assert [word for word in words if f"`{word}`" not in chapter] == []


def test_the_links_are_read_as_they_are_shown() -> None:
    """Each address holds clauses that can be decoded."""
    shown = [row[0] for row in rows(PAGE, "Links")]
    assert len(shown) == 10
    for address in shown:
        (speaker,) = wishes_of(address)
        assert wishes_of(address)[speaker], address


def test_the_dashboard_file_is_read() -> None:
    """The example has three tiles, and every key at the top is described."""
    family, example = blocks(PAGE, "yaml")
    found = dashboard_file(yaml.safe_load(example), {"penguins_complete": "c1"})
    assert (found.title, list(found.tiles)) == ("Palmer penguins", ["species", "bills", "heaviest"])
    tabs = dashboard_file(yaml.safe_load(family), {})
    assert [tab.id for tab in tabs.division.tabs] == ["overview", "details"]
    assert [(tile.tab, tile.section) for tile in tabs.tiles.values()] == [("overview", "At a glance"), ("details", "")]
    said = [row[0] for row in rows(PAGE, "Dashboard files")]
    assert said[: len(HEAD)] == list(HEAD)
    assert {*said[len(HEAD) + 1 :], "filter_sections", "grid_sections", "components"} == set(PAGE_KEYS)
    assert [name for name in (*ACCEPTED, *MAIN) if f"`{name}`" not in section(PAGE, "Dashboard files")] == []
    assert all(f"`{name}`" in section(PAGE, "Dashboard files") for name in OPTIONS)


@pytest.mark.parametrize(("heading", "struct"), [("Tabs", Tab), ("Sections", Section), ("Breakpoints", Breakpoint)])
def test_every_key_of_tabs_and_sections_is_described(heading: str, struct: type[msgspec.Struct]) -> None:
    assert said(heading) == defaults(struct)


def test_the_bounds_of_a_dashboard_are_said() -> None:
    assert f"A dashboard holds at most {MAX_TILES} tiles." in text(PAGE)
    assert f"At most {MAX_TABS}." in section(PAGE, "Tabs")
    assert f"at most {MAX_SECTIONS} each" in section(PAGE, "Sections")
