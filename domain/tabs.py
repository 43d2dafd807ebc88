"""Tabs and sections: how a dashboard is divided. Plain data with its checks; `tab_rules` changes it.

A tile names its tab by id and its section by name. The first section of a tab has no name and is always there; a tile
whose tab or section is gone stands in the first one, so that no tile can be lost.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from domain.errors import Problem
from domain.expressions import condition_problem
from domain.text import DESCRIPTION_MAX_LENGTH, IDENTIFIER, TITLE_MAX_LENGTH, line_problem, paragraphs_problem
from domain.wording import tr

MAX_TABS = 40
MAX_SECTIONS = 100
MAX_STEPS = 8
MOST_COLUMNS = 8
WIDEST = 10_000
LOOK_MAX_LENGTH = 200
"""Of an icon and a colour: names, or what Depictio 1.5 has there (`mdi:flask`, `#45B8AC`, the path of a picture)."""


class Tab(msgspec.Struct, frozen=True, kw_only=True):
    """One tab of a dashboard; their order is that of `Dashboard.tabs`."""

    id: str
    title: str
    subtitle: str = ""
    icon: str = ""
    color: str = ""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A titled part of a tab, or of the filter panel; a `persistent` one shows on every tab, first or last."""

    name: str
    tab: str = ""
    icon: str = ""
    color: str = ""
    description: str = ""
    collapsed: bool = False
    persistent: bool = False
    pin: Literal["", "top", "bottom"] = ""


class Breakpoint(msgspec.Struct, frozen=True):
    """A grid at least `width` pixels wide shows `columns` columns."""

    width: int
    columns: int


class Home(msgspec.Struct, frozen=True):
    """Where a tile stands: the id of a tab (empty when there are none) and the name of a section (empty: the first)."""

    tab: str = ""
    section: str = ""


class Division(msgspec.Struct, frozen=True, kw_only=True):
    """What a dashboard has beside its tiles, which it divides and narrows; a `Dashboard` has these fields too."""

    tabs: tuple[Tab, ...] = ()
    grid_sections: tuple[Section, ...] = ()
    filter_sections: tuple[Section, ...] = ()
    breakpoints: tuple[Breakpoint, ...] = ()
    filter_expr: str = ""


def sections_of(tab: str, sections: Iterable[Section]) -> list[Section]:
    """The named sections that a tab shows, in their order: pinned to the top first, pinned to the bottom last."""
    shown = [one for one in sections if one.tab == tab or one.persistent]
    return sorted(shown, key=lambda one: {"top": 0, "bottom": 2}.get(one.pin if one.persistent else "", 1))


def home(tab: str, section: str, tabs: Sequence[Tab], sections: Iterable[Section]) -> Home:
    """Where a tile that names this tab and this section stands."""
    known = [one.id for one in tabs]
    found = tab if tab in known else next(iter(known), "")
    names = {one.name for one in sections if one.tab == found}
    return Home(found, section if section in names else "")


def division_problems(division: Division) -> list[Problem]:
    """Every fault of tabs, sections, breakpoints and the condition with its place; empty when there is none."""
    found = [
        *_tab_problems(division.tabs),
        *_section_problems("grid_sections", division.grid_sections, division.tabs),
        *_section_problems("filter_sections", division.filter_sections, division.tabs),
        *_breakpoint_problems(division.breakpoints),
        condition_problem(division.filter_expr),
    ]
    return [problem for problem in found if problem]


def _tab_problems(tabs: Sequence[Tab]) -> list[Problem | None]:
    found: list[Problem | None] = [_most("tabs", len(tabs), MAX_TABS)]
    ids = [tab.id for tab in tabs]
    for number, tab in enumerate(tabs[:MAX_TABS]):
        place = f"tabs[{number}]"
        if not IDENTIFIER.fullmatch(tab.id):
            found.append(Problem(f"{place}.id", tr("use 1 to 64 letters, digits, - and _, a letter or digit first")))
        if tab.id in ids[:number]:
            found.append(Problem(f"{place}.id", tr("{id!r} is the id of another tab", id=tab.id)))
        found += [
            line_problem(tab.title, f"{place}.title", most=TITLE_MAX_LENGTH, least=1),
            paragraphs_problem(tab.subtitle, f"{place}.subtitle", most=DESCRIPTION_MAX_LENGTH),
            *_look_problems(tab, place),
        ]
    return found


def _section_problems(name: str, sections: Sequence[Section], tabs: Sequence[Tab]) -> list[Problem | None]:
    found: list[Problem | None] = [_most(name, len(sections), MAX_SECTIONS)]
    known = {tab.id for tab in tabs} or {""}
    for number, section in enumerate(sections[:MAX_SECTIONS]):
        place = f"{name}[{number}]"
        if section.tab not in known:
            found.append(Problem(f"{place}.tab", tr("there is no tab {tab!r}", tab=section.tab)))
        if any((one.tab, one.name) == (section.tab, section.name) for one in sections[:number]):
            found.append(
                Problem(f"{place}.name", tr("{name!r} is the name of another section of this tab", name=section.name))
            )
        found += [
            line_problem(section.name, f"{place}.name", most=TITLE_MAX_LENGTH, least=1),
            paragraphs_problem(section.description, f"{place}.description", most=DESCRIPTION_MAX_LENGTH),
            *_look_problems(section, place),
        ]
    return found


def _look_problems(one: Tab | Section, place: str) -> list[Problem | None]:
    return [
        line_problem(one.icon, f"{place}.icon", most=LOOK_MAX_LENGTH),
        line_problem(one.color, f"{place}.color", most=LOOK_MAX_LENGTH),
    ]


def _breakpoint_problems(steps: Sequence[Breakpoint]) -> list[Problem | None]:
    found: list[Problem | None] = [_most("breakpoints", len(steps), MAX_STEPS)]
    for number, step in enumerate(steps[:MAX_STEPS]):
        place = f"breakpoints[{number}]"
        if not 1 <= step.columns <= MOST_COLUMNS:
            found.append(
                Problem(
                    f"{place}.columns", tr("is {number}; must be 1 to {most}", number=step.columns, most=MOST_COLUMNS)
                )
            )
        if not 0 <= step.width <= WIDEST:
            found.append(
                Problem(f"{place}.width", tr("is {number}; must be 0 to {widest}", number=step.width, widest=WIDEST))
            )
        if number and not (steps[number - 1].width > step.width and steps[number - 1].columns >= step.columns):
            found.append(Problem(place, tr("list them from the widest down, with ever fewer columns")))
    if steps and steps[-1].width:
        found.append(Problem("breakpoints", tr("the last one must begin at 0 pixels")))
    return found


def _most(place: str, count: int, most: int) -> Problem | None:
    return (
        None
        if count <= most
        else Problem(place, tr("has {count} entries; at most {most} are allowed", count=count, most=most))
    )
