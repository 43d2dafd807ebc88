"""What can go wrong while a table is read or computed, as failures for people."""

import logging
from collections.abc import Callable
from typing import TypeVar

import polars as pl
from deltalake.exceptions import DeltaError

from domain.errors import DomainError, Invalid, Unavailable
from domain.wording import tr
from persistence.frames.shapes import Failure

log = logging.getLogger(__name__)

BROKEN = (pl.exceptions.PolarsError, pl.exceptions.PanicException, DeltaError, OSError)
"""What reading a table or computing a plan raises when files are gone, storage does not answer, or types clash."""
UNREADABLE = tr("The data could not be read or computed. Who runs this server finds the reason in its log.")
T = TypeVar("T")


def attempt(act: Callable[[], T]) -> T | Failure:
    """What `act` gives, or why it could not; only a program error comes out as an exception."""
    try:
        return act()
    except BROKEN as error:
        return broken(error)
    except DomainError as error:
        return Failure(sentence(error), retry=isinstance(error, Unavailable))


def broken(error: BaseException) -> Failure:
    """For people; the particulars, which only whoever runs the server can use, go to its log."""
    log.warning("A query failed: %s: %s", type(error).__name__, error)
    return Failure(UNREADABLE, retry=True)


def sentence(error: DomainError) -> str:
    """The error with its particulars, as one text for people."""
    problems = error.problems if isinstance(error, Invalid) else ()
    return " ".join([error.message, *(f"{problem}." for problem in problems)])
