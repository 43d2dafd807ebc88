"""What is looked at to tell whether a site is well: each thing with its state and, when it is not well, a remedy."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec


class State(StrEnum):
    """How a thing is: fine, to be looked at some day, or broken."""

    FINE = "fine"
    WARNING = "warning"
    BROKEN = "broken"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at."""

    name: str
    state: State
    message: str
    remedy: str = ""


def fine(name: str, message: str) -> Finding:
    return Finding(name=name, state=State.FINE, message=message)


def warning(name: str, message: str, remedy: str) -> Finding:
    return Finding(name=name, state=State.WARNING, message=message, remedy=remedy)


def broken(name: str, message: str, remedy: str) -> Finding:
    return Finding(name=name, state=State.BROKEN, message=message, remedy=remedy)


def is_well(findings: Iterable[Finding]) -> bool:
    """Whether nothing is broken; what is only to be looked at does not count."""
    return all(one.state is not State.BROKEN for one in findings)


GIB = 2**30
LITTLE_ROOM = 5 * GIB
NO_ROOM = GIB // 2
SKEW_SECONDS = 5.0
MUCH_SKEW_SECONDS = 60.0


def room(name: str, place: str, free: int) -> Finding:
    """How much room a disk has left."""
    message = f"{free / GIB:.1f} GiB are free at {place}"
    remedy = "Make room there, or move the data directory to a larger disk."
    if free < NO_ROOM:
        return broken(name, message, remedy)
    return warning(name, message, remedy) if free < LITTLE_ROOM else fine(name, message)


def clock(against: str, seconds: float) -> Finding:
    """How far this machine's clock is from another's."""
    message = f"differs from that of {against} by {abs(seconds):.1f} s"
    remedy = "Set the clock by NTP (`timedatectl set-ntp true`): sign-ins, tokens and leases end by it."
    if abs(seconds) > MUCH_SKEW_SECONDS:
        return broken("clock", message, remedy)
    return warning("clock", message, remedy) if abs(seconds) > SKEW_SECONDS else fine("clock", message)
