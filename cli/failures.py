"""Failures as the command line shows them: one line, the problems below it, and an exit code."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, TextIO

from domain.errors import DomainError, Forbidden, Invalid, Problem, Unauthenticated, Unavailable

FAILED = 1
UNUSABLE = 3
NOT_PERMITTED = 4


class Failure(NamedTuple):
    message: str
    problems: tuple[Problem, ...] = ()
    code: int = FAILED


class Stopped(Exception):  # noqa: N818 -- it carries a failure whose exit code is not that of its type.
    """The command cannot go on."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


def failure_of(error: Exception) -> Failure:
    """What to show for an error, whether foreseen or not."""
    match error:
        case Stopped():
            return error.failure
        case Invalid():
            return Failure(error.message, error.problems)
        case Unavailable():
            return Failure(error.message, code=UNUSABLE)
        case Unauthenticated() | Forbidden():
            return Failure(error.message, code=NOT_PERMITTED)
        case DomainError():
            return Failure(error.message)
        case _:
            reason = " ".join(str(error).split())
            return Failure(f"Something unforeseen went wrong ({type(error).__name__}: {reason}). Please report it.")


@contextmanager
def unusable() -> Iterator[None]:
    """Inside the block every named error means that the installation cannot be used: exit code 3."""
    try:
        yield
    except DomainError as error:
        raise Stopped(failure_of(error)._replace(code=UNUSABLE)) from error


def show(failure: Failure, stream: TextIO) -> None:
    """Write the failure and its problems."""
    stream.write(f"Error: {failure.message}\n")
    stream.writelines(f"  {problem}\n" for problem in failure.problems)
