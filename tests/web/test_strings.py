"""What translators get, and what a server reads of their work."""

from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from domain.errors import Invalid
from domain.wording import Catalogue, catalogue_of
from web import strings
from web.strings import TEMPLATE, compiled, gathered, template, update

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

#: web/static/dash/pulse.js
msgid "{name} has left"
msgstr "{name} ist gegangen"

#: dash_views/bar.py
msgid "{n} tile"
msgid_plural "{n} tiles"
msgstr[0] "{n} Kachel"
msgstr[1] "{n} Kacheln"

#, fuzzy
msgid "Save"
msgstr "Retten"

msgid "Cancel"
msgstr ""
"""


def test_the_file_for_translators_is_up_to_date() -> None:
    """`make strings` writes it."""
    assert TEMPLATE.read_bytes() == template(gathered())


def test_texts_are_gathered_from_code_templates_and_scripts(tmp_path: Path) -> None:
    """With the files in which they stand, each once."""
    for path, text in {
        "domain/one.py": 'NAME = tr("Delete")\nMANY = trn("{n} row", "{n} rows", 2)',
        "web/templates/two.html": '<p title="{{ tr("Close it") }}">{{ tr("Delete") }}</p>',
        "web/static/dash/three.js": "const W = { left: (name) => tr('{name} has left', { name }) }; // tr('Not this')",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    found = {one.id: [name for name, _ in one.locations] for one in gathered(tmp_path) if one.id}
    assert found == {
        "Delete": ["domain/one.py", "web/templates/two.html"],
        ("{n} row", "{n} rows"): ["domain/one.py"],
        "Close it": ["web/templates/two.html"],
        "{name} has left": ["web/static/dash/three.js"],
    }


def test_translations_are_compiled() -> None:
    """Without those that are missing or unsure; those of scripts are marked."""
    found = compiled(read_po(BytesIO(PO.encode()), "de"))
    assert found == Catalogue(
        "de", "(n != 1)", {"{name} has left": ["{name} ist gegangen"], "{n} tile": ["{n} Kachel", "{n} Kacheln"]},
        frozenset({"{name} has left"}),
    )  # fmt: skip


def test_a_language_is_named_as_pages_name_it() -> None:
    assert compiled(read_po(BytesIO(PO.encode()), "pt_BR")).language == "pt-BR"


def test_a_translation_with_other_values_is_refused() -> None:
    """It would fail while somebody waits for a page."""
    with pytest.raises(Invalid, match=r"'de' have other values than \{name\} has left"):
        compiled(read_po(BytesIO(PO.replace("{name} ist", "{nam} ist").encode()), "de"))


def test_languages_are_started_and_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was translated stays; what no code says any more goes."""
    found = Catalog()
    found.add("Save", locations=[("dash_views/bar.py", 0)])
    monkeypatch.setattr(strings, "gathered", lambda: found)
    assert [path.name for path in update("pl", tmp_path)] == ["depictio.pot", "pl.json"]
    (tmp_path / "pl.po").write_bytes(
        (tmp_path / "pl.po").read_bytes().replace(b'msgid "Save"\nmsgstr ""', b'msgid "Save"\nmsgstr "Zapisz"')
        + b'\nmsgid "Old"\nmsgstr "Stary"\n'
    )
    list(update("", tmp_path))
    assert catalogue_of("pl", tmp_path).messages == {"Save": ["Zapisz"]}
    assert b"Stary" not in (tmp_path / "pl.po").read_bytes()
    assert msgspec.json.decode((tmp_path / "pl.json").read_bytes())["plural"].startswith("n == 1 ? 0")


@pytest.mark.parametrize(("form", "fits"), [("Jeden plik", True), ("{n} plik", True), ("Plik {nr}", False)])
def test_a_form_may_leave_out_what_an_english_one_does(form: str, fits: bool) -> None:
    """As in “One file”, beside “2 files”; it has no other values."""
    found = Catalog("de")
    found.add(("One file", "{n} files"), (form, "{n} plików"))
    if fits:
        assert compiled(found).messages == {"One file": [form, "{n} plików"]}
        return
    with pytest.raises(Invalid, match="other values than One file"):
        compiled(found)
