"""Every failure that the product names: six leaves, which the entry points render in their own ways."""

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """One fault in what was given: where it stands (`workflows[0].name`, a file), what is wrong, what to do."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class DomainError(Exception):
    """The root; `message` is a sentence for people, never a traceback."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(DomainError):  # noqa: N818 -- the names are the product's vocabulary, without a suffix.
    """The thing does not exist or is not visible to the actor; the two are never told apart."""


class Forbidden(DomainError):  # noqa: N818
    """The thing is visible, but the actor lacks a capability; the message says which."""


class Unauthenticated(DomainError):  # noqa: N818
    """Nobody is signed in, or the credentials did not hold."""


class Conflict(DomainError):  # noqa: N818
    """Somebody else was faster: a stale version, a name already taken, a second ingest."""


class Invalid(DomainError):  # noqa: N818
    """The input breaks a rule; `problems` names each fault and its place."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class Unavailable(DomainError):  # noqa: N818
    """A part that the act needs does not answer, or a limit is reached; `retry_after` is in seconds when known."""

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
