"""How templates write numbers, times and values, and the Jinja environment that knows it."""

import hashlib
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from domain.tiles import Tile, kind_of
from domain.wording import CATALOGUE, tr, trn

TEMPLATES = Path(__file__).parent / "templates"
STATIC_FILE = re.compile(r'(?<=")/static/([^"?]+)(?=")')
UNITS = (("year", 31_557_600), ("month", 2_629_800), ("day", 86_400), ("hour", 3_600), ("minute", 60))
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
    environment.globals["trn"] = trn
    environment.filters["marked"] = partial(marked, static_url)
    environment.filters |= {
        filter_.__name__: filter_
        for filter_ in (ago, bands, browser, cell, count_of, initials, kind, lasting, number, type_name)
    }
    return environment


def tr_markup(text: str, /, **values: object) -> str:
    """As `tr`, for templates: where a value is HTML, such as a link in the sentence, so is what comes back."""
    if not any(hasattr(value, "__html__") for value in values.values()):
        return tr(text, **values)
    return Markup(escape(tr(text))).format(**values)  # noqa: S704 -- it was escaped.


def marked(static_url: Callable[[str], str], html: Markup) -> Markup:
    """Dash's HTML, in which files of ours have the mark of their content, so that browsers need not ask for them."""
    return Markup(STATIC_FILE.sub(lambda found: static_url(found[1]), html))  # noqa: S704 -- it was safe before.


def ago(at: datetime, now: datetime | None = None) -> str:
    """How long ago that was, in the largest unit that fits: `3 hours ago`."""
    seconds = ((now or datetime.now(UTC)) - at).total_seconds()
    for unit, length in UNITS:
        if seconds >= length:
            return f"{count_of(int(seconds // length), unit)} ago"
    return "just now"


def lasting(length: timedelta) -> str:
    """About how long that is: `12 s`, `3 min`, `2 h 5 min`."""
    seconds = max(round(length.total_seconds()), 0)
    if seconds < 60:  # noqa: PLR2004
        return f"{seconds} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def number(value: float) -> str:
    """A number with narrow spaces between its thousands."""
    return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def count_of(count: int, noun: str, plural: str = "") -> str:
    """A counted noun: `1 row`, `2 rows`."""
    return f"{number(count)} {noun if count == 1 else plural or noun + 's'}"


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
    return " on ".join(part for part in (found, system) if part) or user_agent[:60] or "Unknown browser"


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
