"""What people read, in the language of this installation: English stands in the code, other languages in catalogues.

`tr` and `trn` mark every sentence for the catalogue (`make strings`, docs/translating.md) and give it translated. The
language is settled when the process starts, by DEPICTIO_LANGUAGE, so that constants may hold sentences too. What values
stand in a sentence is said by name, so that another language may order its words in its own way.
"""

import gettext
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import msgspec

from domain.errors import Invalid

ENGLISH = "en"
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
LOCALES = Path(__file__).parent / "locales"
SUFFIX = ".json"
KINDS_OF = (*range(200), 1_000_000)
"""Every kind of number: those from 200 on are as those of their last two digits from 100 on; some languages tell
millions apart."""


class Catalogue(msgspec.Struct, frozen=True):
    """A language as `make strings` compiles it: of each English text its forms, one, or one for each kind of number."""

    language: str = ENGLISH
    plural: str = "n != 1"
    """Which form a number takes, as a C expression: the `Plural-Forms` of gettext."""
    messages: dict[str, list[str]] = {}
    scripts: frozenset[str] = frozenset()
    """The English texts that the scripts of the browser say."""

    def of_scripts(self) -> dict[str, Any]:
        """What `web/static/js/words.js` reads; nothing when it is English.

        `kinds` has a digit for each number of `KINDS_OF`: the place of the form that it takes. The browser may not
        evaluate `plural`, and its own rules count forms that a catalogue need not have.
        """
        messages = {text: forms for text, forms in self.messages.items() if text in self.scripts}
        return {"kinds": "".join(str(self.form()(n)) for n in KINDS_OF), "messages": messages} if messages else {}

    def form(self) -> Callable[[int], int]:
        """The function that `plural` describes.

        Raises:
            ValueError: when it is no such expression.
        """
        form: Callable[[int], int] = gettext.c2py(self.plural)
        return form


def catalogue_of(name: str, folder: Path = LOCALES) -> Catalogue:
    """The catalogue of a language code, or at a path that ends in `.json`.

    Raises:
        Invalid: when there is none, or it is damaged.
    """
    if name in {"", ENGLISH}:
        return Catalogue()
    path = Path(name) if name.endswith(SUFFIX) else folder / f"{name}{SUFFIX}"
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Catalogue)
        found.form()
    except FileNotFoundError:
        there = ", ".join(sorted({ENGLISH, *(one.stem for one in folder.glob(f"*{SUFFIX}"))}))
        raise Invalid(f"There is no catalogue {name!r}; there are: {there}.") from None
    except (OSError, ValueError) as error:
        raise Invalid(f"The catalogue {str(path)!r} cannot be read: {error}") from None
    return found


def _spoken(environment: Mapping[str, str]) -> Catalogue:
    try:
        return catalogue_of(environment.get("DEPICTIO_LANGUAGE", ""))
    except Invalid:
        return Catalogue()  # The settings refuse it, and say why.


CATALOGUE = _spoken(os.environ)
_FORM = CATALOGUE.form()


def tr(text: str, /, **values: object) -> str:
    """The text in the language of the installation, with the values at the places that `{name}` marks.

    A text without values is not formatted: braces in it are its own. `{n:,}` is written as `grouped` does.
    """
    said = CATALOGUE.messages.get(text, [text])[0]
    return _with(values, said) if values else said


def trn(one: str, many: str, n: int, /, **values: object) -> str:
    """The form of the text that suits the number, which stands in it as `{n}`; a value `n` is that number, written."""
    forms = CATALOGUE.messages.get(one, [])
    place = _FORM(n)
    said = forms[place] if place < len(forms) else (one if n == 1 else many)
    return _with({"n": n} | values, said)


def grouped(value: float, decimals: int = 0) -> str:
    """A number with narrow no-break spaces between its thousands, as in ISO 80000-1."""
    return f"{value:,.{decimals}f}".replace(",", NARROW_SPACE)


class _Formatter(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        return grouped(value) if format_spec == "," else str(super().format_field(value, format_spec))


_FORMATTER = _Formatter()


def _with(values: Mapping[str, object], said: str) -> str:
    return _FORMATTER.vformat(said, (), values) if ":,}" in said else said.format(**values)
