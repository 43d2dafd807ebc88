"""Bounds for what people write: one line, or several, without characters that no screen shows."""

import re
import unicodedata

from domain.errors import Invalid, Problem
from domain.wording import tr

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
"""What an id may be that people give in a file or a request."""
TITLE_MAX_LENGTH = 200
DESCRIPTION_MAX_LENGTH = 4_000
BODY_MAX_LENGTH = 100_000

_UNSHOWN = frozenset({"Cc", "Cs"})
"""Unicode's categories of control characters, and of halves of characters, which no document store accepts."""
_BREAKS = frozenset({"Zl", "Zp"})


def line(text: str, place: str, *, most: int, least: int = 0) -> str:
    """One line of text, trimmed; `place` names it in the error.

    Raises:
        Invalid: when it is too short or too long, or holds line breaks or control characters.
    """
    text = text.strip()
    problem = line_problem(text, place, most=most, least=least)
    if problem:
        raise Invalid(tr("The {place} cannot be used.", place=place), (problem,))
    return text


def paragraphs(text: str, place: str, *, most: int = DESCRIPTION_MAX_LENGTH) -> str:
    """Text of several lines, trimmed.

    Raises:
        Invalid: when it is longer than `most` characters, or holds control characters.
    """
    text = text.strip()
    problem = paragraphs_problem(text, place, most=most)
    if problem:
        raise Invalid(tr("The {place} cannot be used.", place=place), (problem,))
    return text


def line_problem(text: str, place: str, *, most: int, least: int = 0) -> Problem | None:
    """What keeps `text` from being one line of `least` to `most` characters, if anything."""
    if not least <= len(text) <= most:
        return Problem(
            place, tr("has {count} characters; write {least} to {most}", count=len(text), least=least, most=most)
        )
    if any(unicodedata.category(character) in _UNSHOWN | _BREAKS for character in text):
        return Problem(place, tr("holds a line break or a control character; take it out"))
    return None


def paragraphs_problem(text: str, place: str, *, most: int) -> Problem | None:
    """What keeps `text` from being a text of at most `most` characters, if anything."""
    if len(text) > most:
        return Problem(place, tr("has {count} characters; use at most {most}", count=len(text), most=most))
    if any(unicodedata.category(character) in _UNSHOWN for character in text if character not in "\r\n\t"):
        return Problem(place, tr("holds a control character; take it out"))
    return None


def search_key(text: str) -> str:
    """The form in which names are compared and looked up: without case, accents and needless blanks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(kept.casefold().split())
