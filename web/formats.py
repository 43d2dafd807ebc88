"""How templates write numbers, times and values, and the Jinja environment that knows it."""

import hashlib
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.filters import do_filesizeformat
from markupsafe import Markup, escape

from domain.headings import heading
from domain.tiles import Tile, kind_of
from domain.wording import CATALOGUE, grouped, tr, trn
from web.acts import said_act

TEMPLATES = Path(__file__).parent / "templates"
STATIC_FILE = re.compile(r'(?<=")/static/([^"?]+)(?=")')
UNITS: tuple[tuple[int, Callable[[int], str]], ...] = (
    (31_557_600, lambda n: trn("{n} year ago", "{n} years ago", n)),
    (2_629_800, lambda n: trn("{n} month ago", "{n} months ago", n)),
    (86_400, lambda n: trn("{n} day ago", "{n} days ago", n)),
    (3_600, lambda n: trn("{n} hour ago", "{n} hours ago", n)),
    (60, lambda n: trn("{n} minute ago", "{n} minutes ago", n)),
)
"""Seconds, and how it is said that so many of that length have passed."""
# fmt: off
MONTHS = (
    tr("January"), tr("February"), tr("March"), tr("April"), tr("May"), tr("June"), tr("July"), tr("August"),
    tr("September"), tr("October"), tr("November"), tr("December"),
)
SHORT_MONTHS = (
    tr("Jan"), tr("Feb"), tr("Mar"), tr("Apr"), tr("May"), tr("Jun"), tr("Jul"), tr("Aug"), tr("Sep"), tr("Oct"),
    tr("Nov"), tr("Dec"),
)
# fmt: on
WORDS = {
    "owner": tr("owner"),
    "editor": tr("editor"),
    "viewer": tr("viewer"),
    "waiting": tr("waiting"),
    "running": tr("running"),
    "done": tr("done"),
    "failed": tr("failed"),
    "cancelled": tr("cancelled"),
    "refused": tr("refused"),
    "updated": tr("updated"),
    "unchanged": tr("unchanged"),
    "reading files": tr("reading files"),
    "writing the table": tr("writing the table"),
    "answers requests": tr("answers requests"),
    "answers requests and runs jobs": tr("answers requests and runs jobs"),
    "documents": tr("documents"),
    "storage": tr("storage"),
    "basic": tr("basic"),
    "advanced": tr("advanced"),
    "table": tr("table"),
    "image": tr("image"),
    "geojson": tr("geojson"),
    "phylogeny": tr("phylogeny"),
    "number": tr("number"),
    "text": tr("text"),
    "boolean": tr("boolean"),
    "date": tr("date"),
    "datetime": tr("datetime"),
    "other": tr("other"),
    "figure": tr("figure"),
    "card": tr("card"),
    "interactive": tr("filter"),
    "map": tr("map"),
}
"""What stands in records as a word that people read too: roles, states, outcomes, kinds."""
MARK_WIDTH = 320

# The first mark that stands in the header decides: Edge and Opera also say Chrome, and Chrome says Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("HeadlessChrome", "Chromium"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("python-httpx", "Python"),
    ("curl", "curl"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def template_environment(static_url: Callable[[str], str]) -> Environment:
    """Jinja as this product uses it: escaped, and loud about a name that is not there."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        lstrip_blocks=True,
    )
    environment.globals["static_url"] = static_url
    environment.globals["language"] = CATALOGUE.language
    environment.globals["script_words"] = CATALOGUE.of_scripts()
    environment.globals["tr"] = tr_markup
    environment.globals["trn"] = trn_markup
    environment.filters["marked"] = partial(marked, static_url)
    environment.filters |= {
        filter_.__name__: filter_
        for filter_ in (
            ago, bands, browser, cell, filesizeformat, grouped, heading, initials, kind, lasting, said_act, type_name,
            word, written_day, written_time,
        )
    }  # fmt: skip
    return environment


def tr_markup(text: str, /, **values: object) -> str:
    """As `tr`, for templates: where a value is HTML, such as a link in the sentence, so is what comes back."""
    if not any(hasattr(value, "__html__") for value in values.values()):
        return tr(text, **values)
    return Markup(escape(tr(text))).format(**values)  # noqa: S704 -- it was escaped.


def trn_markup(one: str, many: str, n: int, /, **values: object) -> str:
    """As `trn`, for templates: the number has narrow spaces, and where a value is HTML, so is what comes back."""
    values = {"n": grouped(n), **values}
    if not any(hasattr(value, "__html__") for value in values.values()):
        return trn(one, many, n, **values)
    places = {name: f"{{{name}}}" for name in values}
    return Markup(escape(trn(one, many, n, **places))).format(**values)  # noqa: S704 -- it was escaped.


def marked(static_url: Callable[[str], str], html: Markup) -> Markup:
    """Dash's HTML, in which files of ours have the mark of their content, so that browsers need not ask for them."""
    return Markup(STATIC_FILE.sub(lambda found: static_url(found[1]), html))  # noqa: S704 -- it was safe before.


def ago(at: datetime, now: datetime | None = None) -> str:
    """How long ago that was, in the largest unit that fits: `3 hours ago`."""
    seconds = ((now or datetime.now(UTC)) - at).total_seconds()
    for length, said in UNITS:
        if seconds >= length:
            return said(int(seconds // length))
    return tr("just now")


def lasting(length: timedelta) -> str:
    """About how long that is: `12 s`, `3 min`, `2 h 5 min`."""
    seconds = max(round(length.total_seconds()), 0)
    if seconds < 60:  # noqa: PLR2004
        return tr("{seconds} s", seconds=seconds)
    hours, minutes = divmod(round(seconds / 60), 60)
    return (
        tr("{hours} h {minutes} min", hours=hours, minutes=minutes) if hours else tr("{minutes} min", minutes=minutes)
    )


def written_day(at: date) -> str:
    """`3 November 2026`."""
    return tr("{day} {month} {year}", day=at.day, month=MONTHS[at.month - 1], year=at.year)


def written_time(at: datetime) -> str:
    """`3 Nov 2026, 14:05`."""
    day, month, time = at.day, SHORT_MONTHS[at.month - 1], f"{at:%H:%M}"
    return tr("{day} {month} {year}, {time}", day=day, month=month, year=at.year, time=time)


def word(value: str) -> str:
    """A word of `WORDS` in the language of this installation; any other one as it is."""
    return WORDS.get(value, value)


def filesizeformat(size: int, binary: bool = False) -> str:  # noqa: FBT001, FBT002 -- as Jinja has it.
    """As Jinja's own, whose one word is marked here: `12 Bytes`, `1.2 kB`."""
    return trn("{n} Byte", "{n} Bytes", size) if size < (1024 if binary else 1000) else do_filesizeformat(size, binary)


def cell(value: object) -> str:
    """One value of a table as people read it. Missing values are shown by the template."""
    match value:
        case bool():
            return "true" if value else "false"
        case float() if math.isfinite(value):
            return f"{value:.6g}"
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case list() | dict():
            return msgspec.json.encode(value, enc_hook=str).decode()
        case _:
            return str(value)


def initials(name: str) -> str:
    """One or two letters for a person's mark."""
    words = [word for word in name.replace("@", " ").replace(".", " ").split() if word]
    return "".join(word[0] for word in words[:2]).upper() or "?"


def bands(key: str) -> list[tuple[int, int, float]]:
    """A project's mark: (x, width, opacity) of bands over 320 units, the same for the same id."""
    digest = hashlib.sha256(key.encode()).digest()
    marks, x = [], 0
    for value in digest:
        width = 3 + value % 16
        if x + width > MARK_WIDTH:
            break
        marks.append((x, width, round(0.12 + (value >> 4) / 18, 2)))
        x += width + 2 + (value >> 5)
    return marks


def kind(tile: Tile) -> str:
    """The kind of a tile, for its class in a miniature."""
    return kind_of(tile)


def browser(user_agent: str) -> str:
    """The browser and system that a user-agent header names, as far as they are common ones."""
    found = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if found and system:
        return tr("{browser} on {system}", browser=found, system=system)
    return found or system or user_agent[:60] or tr("Unknown browser")


def type_name(spec: dict[str, Any]) -> str:
    """A JSON schema in a few words: `array of Project`, `string or null`."""
    if reference := spec.get("$ref"):
        return str(reference).rpartition("/")[2]
    for choice in ("oneOf", "anyOf"):
        if choice in spec:
            return " or ".join(dict.fromkeys(type_name(option) for option in spec[choice]))
    match spec.get("type"):
        case "array":
            return f"array of {type_name(spec.get('items', {}))}"
        case "object" if "additionalProperties" in spec and isinstance(spec["additionalProperties"], dict):
            return f"object of {type_name(spec['additionalProperties'])}"
        case list() as types:
            return " or ".join(types)
        case None:
            return " or ".join(map(str, spec["enum"])) if "enum" in spec else "any"
        case kind:
            return " or ".join(map(str, spec["enum"])) if "enum" in spec else str(kind)
