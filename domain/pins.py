"""Pins: a dashboard that shows a data collection at one version of its table, whatever is ingested since."""

from collections.abc import Mapping
from datetime import date

import msgspec

from domain.errors import Problem
from domain.wording import tr

MAX_PINS = 500


class Pin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The version of the table, and the day on which it was made (`2026-11-12`), for people."""

    version: int
    day: str = ""

    @property
    def said(self) -> str:
        """`version 3 of 12 Nov 2026`."""
        if not self.day:
            return tr("version {version}", version=self.version)
        day = date.fromisoformat(self.day)
        return tr("version {version} of {day} {date:%b %Y}", version=self.version, day=day.day, date=day)


def pin_problems(pins: Mapping[str, Pin]) -> list[Problem]:
    """Every fault of the pins by themselves; whether there is such a version the service knows."""
    if len(pins) > MAX_PINS:
        return [Problem("pins", tr("has {count} entries; at most {most} are allowed", count=len(pins), most=MAX_PINS))]
    found = []
    for name, pin in pins.items():
        if pin.version < 0:
            found.append(Problem(f"pins.{name}.version", tr("must be 0 or more")))
        if pin.day and not _is_day(pin.day):
            found.append(Problem(f"pins.{name}.day", tr("write it as 2026-11-12")))
    return found


def pins_in(given: object, collections: Mapping[str, str], problems: list[Problem]) -> dict[str, Pin]:
    """The pins of a dashboard file, `{tag: version}` or `{tag: {version: …, day: …}}`; faults go to `problems`."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        problems.append(Problem("pins", tr("must be a mapping of data collections to versions")))
        return {}
    found: dict[str, Pin] = {}
    for tag, said in given.items():
        place = f"pins.{tag}"
        values = dict(said) if isinstance(said, Mapping) else {"version": said}
        if isinstance(values.get("day"), date):
            values["day"] = values["day"].isoformat()
        if str(tag) not in collections:
            problems.append(Problem(place, tr("the project has no data collection {tag!r}", tag=tag)))
            continue
        try:
            pin = msgspec.convert(values, Pin)
        except msgspec.ValidationError as error:
            problems.append(Problem(place, str(error)))
            continue
        problems += pin_problems({str(tag): pin})
        found[collections[str(tag)]] = pin
    return found


def written_pins(pins: Mapping[str, Pin], names: Mapping[str, str]) -> dict[str, object]:
    """The pins as a dashboard file has them; those of deleted collections are left out."""
    return {names[key]: {"version": pin.version, "day": pin.day} for key, pin in pins.items() if key in names}


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
