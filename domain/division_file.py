"""Tabs, sections and breakpoints as a dashboard file has them: `{main_dashboard: …, tabs: […]}`, or no tabs."""

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from domain.errors import Problem
from domain.tabs import Breakpoint, Division, Section, Tab, division_problems
from domain.wording import tr

T = TypeVar("T")
FAMILY = ("version", "main_dashboard", "tabs")
ACCEPTED = ("version", "dashboard_id", "icon", "icon_color", "workflow_system")
"""What files of Depictio 1.5 have beside: read without a word, and not kept."""
LOOKS = {"tab_icon": "icon", "tab_icon_color": "color", "tab_tag": "id"}
"""What says of a tab how it looks, by the name of the struct's field."""
MAIN = ("main_tab_name", "tab_subtitle", *LOOKS)
PAGE = ("title", "subtitle", "tab_order", *LOOKS, "filter_sections", "grid_sections", "components")
SECTION = tuple(field.name for field in msgspec.structs.fields(Section) if field.name != "tab")
SLUG_LENGTH = 40


class Part(msgspec.Struct, frozen=True):
    """The components of one tab, and where in the file they stand."""

    place: str
    tab: str
    components: object


def head_of(document: Mapping[Any, Any]) -> object:
    """What says how the dashboard is called: the file itself, or its `main_dashboard`."""
    return document.get("main_dashboard", document)


def divided(
    document: Mapping[Any, Any], head: Sequence[str], problems: list[Problem]
) -> tuple[Division, tuple[Part, ...]]:
    """How a file is divided, and the components of each tab; what is wrong is added to `problems`."""
    main = head_of(document)
    if not isinstance(main, Mapping):
        problems.append(Problem("main_dashboard", tr("must be a mapping")))
        return Division(), ()
    is_family = main is not document
    place = "main_dashboard." if is_family else ""
    problems += unknown_keys(place, main, (*head, *ACCEPTED, *MAIN))
    pages: list[tuple[str, Tab, Mapping[Any, Any]]] = []
    if is_family:
        problems += unknown_keys("", document, FAMILY)
        pages = [(place, _main_tab(main, place, problems), main), *_pages(document.get("tabs"), problems)]
    tabs = _told_apart([tab for _, tab, _ in pages])
    found = [(at, tab.id, page) for (at, _, page), tab in zip(pages, tabs, strict=True)] or [(place, "", main)]
    division = Division(
        tabs=tabs,
        grid_sections=_sections(found, "grid_sections", problems),
        filter_sections=_sections(found, "filter_sections", problems),
        breakpoints=tuple(_listed(main, "breakpoints", place, Breakpoint, ("width", "columns"), problems)),
        filter_expr=_condition(main, place, problems),
    )
    problems += division_problems(division)
    return division, tuple(Part(at, tab, page.get("components") or []) for at, tab, page in found)


def _condition(main: Mapping[Any, Any], place: str, problems: list[Problem]) -> str:
    text = main.get("filter_expr") or ""
    if isinstance(text, str):
        return text.strip()
    problems.append(Problem(f"{place}filter_expr", tr("must be text")))
    return ""


def _main_tab(main: Mapping[Any, Any], place: str, problems: list[Problem]) -> Tab:
    values = {"title": main.get("main_tab_name") or tr("Main"), "subtitle": main.get("tab_subtitle") or ""}
    return _tab(values | _looks(main), place, problems)


def _pages(tabs: object, problems: list[Problem]) -> list[tuple[str, Tab, Mapping[Any, Any]]]:
    """The tabs after the main one, by their `tab_order` where they have one."""
    if not isinstance(tabs, list | None):
        problems.append(Problem("tabs", tr("must be a list")))
        return []
    found = []
    for number, page in enumerate(tabs or []):
        place = f"tabs[{number}]."
        if not isinstance(page, Mapping):
            problems.append(Problem(place.rstrip("."), tr("must be a mapping")))
            continue
        problems += unknown_keys(place, page, (*PAGE, *ACCEPTED, "project_tag"))
        order = page.get("tab_order", number)
        if not isinstance(order, int):
            problems.append(Problem(f"{place}tab_order", tr("must be a whole number")))
            order = number
        values = {"title": page.get("title", ""), "subtitle": page.get("subtitle") or "", **_looks(page)}
        found.append((order, number, (place, _tab(values, place, problems), page)))
    return [entry for _, _, entry in sorted(found, key=lambda one: one[:2])]


def _looks(page: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: page[key] for key, name in LOOKS.items() if page.get(key) is not None}


def _tab(values: dict[str, Any], place: str, problems: list[Problem]) -> Tab:
    named = {"id": "", **values}
    try:
        tab: Tab = msgspec.convert(named, Tab)
    except msgspec.ValidationError as error:
        problems.append(Problem(place.rstrip("."), str(error)))
        return Tab(id="", title="?")
    return tab


def _told_apart(tabs: Sequence[Tab]) -> tuple[Tab, ...]:
    """The tabs with an id each: their own, or one made from the title."""
    ids = {tab.id for tab in tabs if tab.id}
    named = []
    for tab in tabs:
        if not tab.id:
            tab = msgspec.structs.replace(tab, id=tab_id_for(tab.title, ids))  # noqa: PLW2901 -- the same tab, named.
            ids.add(tab.id)
        named.append(tab)
    return tuple(named)


def tab_id_for(title: str, taken: set[str]) -> str:
    """A short id that says which tab it is, for it stands in links: `community-analysis`, `overview-2`."""
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:SLUG_LENGTH].strip("-") or "tab"
    return next(free for free in (plain, *(f"{plain}-{n}" for n in range(2, len(taken) + 3))) if free not in taken)


def _sections(
    pages: Sequence[tuple[str, str, Mapping[Any, Any]]], key: str, problems: list[Problem]
) -> tuple[Section, ...]:
    return tuple(
        msgspec.structs.replace(section, tab=tab)
        for place, tab, page in pages
        for section in _listed(page, key, place, Section, SECTION, problems)
    )


def _listed(
    page: Mapping[Any, Any], key: str, place: str, of: type[T], known: Sequence[str], problems: list[Problem]
) -> list[T]:
    """The entries of a list in the file; each one that cannot be read is a problem."""
    entries = page.get(key) or []
    if not isinstance(entries, list):
        problems.append(Problem(f"{place}{key}", tr("must be a list")))
        return []
    found = []
    for number, entry in enumerate(entries):
        at = f"{place}{key}[{number}]"
        if not isinstance(entry, Mapping):
            problems.append(Problem(at, tr("must be a mapping")))
            continue
        problems += unknown_keys(f"{at}.", entry, known)
        try:
            found.append(msgspec.convert({k: v for k, v in entry.items() if k in known and v is not None}, of))
        except msgspec.ValidationError as error:
            problems.append(Problem(at, str(error)))
    return found


def undivided(
    head: Mapping[str, Any], division: Division, components: Mapping[str, Sequence[object]]
) -> dict[str, Any]:
    """The file that `divided` reads to the same division; `components` are those of each tab, by its id."""
    steps: dict[str, Any] = {}
    if division.breakpoints:
        steps["breakpoints"] = [msgspec.to_builtins(one) for one in division.breakpoints]
    steps |= {"filter_expr": division.filter_expr} if division.filter_expr else {}
    if not division.tabs:
        return {**head, **_written_sections(division, ""), **steps, "components": list(components.get("", []))}
    main, *others = [
        {**_written_looks(tab), **_written_sections(division, tab.id), "components": list(components.get(tab.id, []))}
        for tab in division.tabs
    ]
    first = division.tabs[0]
    named = {"main_tab_name": first.title} | ({"tab_subtitle": first.subtitle} if first.subtitle else {})
    pages = [
        {"title": tab.title, **({"subtitle": tab.subtitle} if tab.subtitle else {}), "tab_order": number, **page}
        for number, (tab, page) in enumerate(zip(division.tabs[1:], others, strict=True), 1)
    ]
    return {"version": 1, "main_dashboard": {**head, **named, **steps, **main}, "tabs": pages}


def _written_looks(tab: Tab) -> dict[str, str]:
    return {key: getattr(tab, name) for key, name in LOOKS.items() if getattr(tab, name)}


def _written_sections(division: Division, tab: str) -> dict[str, list[dict[str, Any]]]:
    defaults = {field.name: field.default for field in msgspec.structs.fields(Section)}
    found: dict[str, list[dict[str, Any]]] = {}
    for key, sections in (
        ("filter_sections", division.filter_sections),
        ("grid_sections", division.grid_sections),
    ):
        own = [
            {name: getattr(one, name) for name in SECTION if getattr(one, name) != defaults[name]}
            for one in sections
            if one.tab == tab
        ]
        if own:
            found[key] = own
    return found


def unknown_keys(place: str, given: Mapping[Any, Any], known: Sequence[str]) -> list[Problem]:
    """A problem for each key that is not known, with the nearest one that is."""
    problems = []
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1)
            problems.append(
                Problem(
                    f"{place}{key}",
                    tr("is not known; did you mean {near}?", near=near[0]) if near else tr("is not known"),
                )
            )
    return problems
