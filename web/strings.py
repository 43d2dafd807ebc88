"""Gathers every sentence that people read, for who translates them: `make strings`. See docs/translating.md.

Writes `domain/locales/depictio.pot`, brings each `LANGUAGE.po` beside it up to date, and compiles it to the
`LANGUAGE.json` that `domain.wording` reads. Babel is a tool of developers; a server does without.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

import msgspec
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from domain.errors import Invalid
from domain.wording import LOCALES, Catalogue

ROOT = Path(__file__).parents[1]
TEMPLATE = LOCALES / "depictio.pot"
KEYWORDS = {"tr": None, "trn": (1, 2)}
OPTIONS = {"encoding": "utf-8"}
SOURCES = (
    ("python", "domain/**/*.py"),
    ("python", "persistence/**/*.py"),
    ("python", "services/**/*.py"),
    ("python", "dash_views/**/*.py"),
    ("python", "web/**/*.py"),
    ("jinja2.ext:babel_extract", "web/templates/**/*.html"),
    ("javascript", "web/static/dash/*.js"),
    ("javascript", "web/static/js/*.js"),
    ("javascript", "dash_views/*/*.js"),
)
"""How texts are marked in which files."""
SCRIPT = ".js"
WIDTH = 100


def gathered(root: Path = ROOT) -> Catalog:
    """Every marked text of the sources, with the files in which it stands."""
    found = Catalog()
    for method, pattern in SOURCES:
        for path in sorted(root.glob(pattern)):
            for text in _texts(method, path):
                found.add(text, locations=[(path.relative_to(root).as_posix(), 0)])
    return found


def _texts(method: str, path: Path) -> Iterator[str | tuple[str, ...]]:
    with path.open("rb") as file:
        for _, text, _, _ in extract(method, file, KEYWORDS, options=OPTIONS):
            yield text


def template(found: Catalog) -> bytes:
    """The catalogue as the file that translations start from; without a date: it changes with the texts only."""
    return _written(found, omit_header=True)


def compiled(translated: Catalog) -> Catalogue:
    """What a server reads of a translation; what is not translated yet, or is marked as unsure, stays English.

    Raises:
        Invalid: naming the texts whose translation lacks a value, or has one that the English text does not have.
    """
    messages: dict[str, list[str]] = {}
    scripts: set[str] = set()
    wrong: list[str] = []
    for message in translated:
        english, forms = _all(message.id), _all(message.string)
        if not message.id or message.fuzzy or not all(forms):
            continue
        wrong += [english[0]] if any(not _fits(form, english) for form in forms) else []
        messages[english[0]] = forms
        if any(name.endswith(SCRIPT) for name, _ in message.locations):
            scripts.add(english[0])
    if wrong:
        raise Invalid(f"Translations to {translated.locale_identifier!r} have other values than {', '.join(wrong)}.")
    language = (translated.locale_identifier or "").replace("_", "-")  # As pages name it: pt-BR.
    return Catalogue(language, translated.plural_expr, messages, frozenset(scripts))


def _all(text: str | Sequence[str | None] | None) -> list[str]:
    return [text or ""] if text is None or isinstance(text, str) else [one or "" for one in text]


def _fits(form: str, english: Sequence[str]) -> bool:
    """Whether it has the values of the English text; one that not all English forms have may be left out."""
    known = [_values(one) for one in english]
    return set.intersection(*known) <= _values(form) <= set.union(*known)


def _values(text: str) -> set[str]:
    """The names between braces."""
    return {part.partition("}")[0] for part in text.split("{")[1:]} - {""}


def update(language: str = "", folder: Path = LOCALES) -> Iterable[Path]:
    """Bring the files of the folder up to date, and start those of that language if it is new; what was written."""
    found = gathered()
    (folder / TEMPLATE.name).write_bytes(template(found))
    yield folder / TEMPLATE.name
    if language and not (folder / f"{language}.po").exists():
        (folder / f"{language}.po").write_bytes(_written(Catalog(language)))
    for path in sorted(folder.glob("*.po")):
        translated = read_po(BytesIO(path.read_bytes()), path.stem)
        translated.update(found, no_fuzzy_matching=True)
        path.write_bytes(_written(translated))
        path.with_suffix(".json").write_bytes(
            msgspec.json.format(msgspec.json.encode(compiled(translated), order="sorted"))
        )
        yield path.with_suffix(".json")


def _written(catalog: Catalog, *, omit_header: bool = False) -> bytes:
    out = BytesIO()
    write_po(
        out, catalog, WIDTH, omit_header=omit_header, sort_by_file=True, ignore_obsolete=True, include_lineno=False
    )
    return out.getvalue()


if __name__ == "__main__":
    for written in update("".join(sys.argv[1:2])):
        sys.stdout.write(f"{written.relative_to(ROOT)}\n")
