"""Pins that a vacuum overtakes: between the check of a version and the write that pins it its files may go."""

from collections.abc import Mapping

from domain.errors import Conflict, Invalid
from domain.pins import Pin
from domain.upkeep import check_pins
from domain.wording import tr
from persistence.collections import CollectionRepository

NONE: Mapping[str, Pin] = {}


async def lost_meanwhile(
    collections: CollectionRepository, project_id: str, pins: Mapping[str, Pin], before: Mapping[str, Pin] = NONE
) -> Conflict | None:
    """Why a pin that was written just now, and was not there `before`, holds no more; None when all do.

    A vacuum first marks what it will remove, then looks for pins; who pins writes, then looks here: one sees the other.
    """
    if all(before.get(key) == pin for key, pin in pins.items()):
        return None
    try:
        check_pins(pins, before, await collections.of_project(project_id))
    except Invalid as error:
        reason = " ".join(problem.message for problem in error.problems)
        return Conflict(tr("A version that was pinned is being removed at this moment. {reason}", reason=reason))
    return None
