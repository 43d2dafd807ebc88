"""Catalogues of other languages, and the sentences that they give."""

from pathlib import Path

import pytest

from domain import wording
from domain.errors import Invalid
from domain.wording import Catalogue, catalogue_of, grouped, tr, trn

POLISH = "(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)"


@pytest.fixture
def polish(monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    messages = {
        "Delete": ["Usuń"],
        "{who} has left {where}": ["{where}: nie ma już {who}"],
        "{n} tile": ["{n} kafelek", "{n} kafelki", "{n} kafelków"],
    }
    found = Catalogue("pl", POLISH, messages, frozenset({"Delete"}))
    monkeypatch.setattr(wording, "CATALOGUE", found)
    monkeypatch.setattr(wording, "_FORM", found.form())
    return found


def test_english_stands_in_the_code() -> None:
    """Values are put where they are named; a text without values keeps its braces."""
    assert tr("Use {{mean(x)}}") == "Use {{mean(x)}}"
    assert tr("{who} has left", who="Ada") == "Ada has left"
    assert [trn("{n} tile", "{n} tiles", n) for n in (0, 1, 2)] == ["0 tiles", "1 tile", "2 tiles"]


def test_thousands_stand_apart() -> None:
    """By the same spaces wherever a number is written."""
    assert grouped(12_011_000) == "12\N{NARROW NO-BREAK SPACE}011\N{NARROW NO-BREAK SPACE}000"
    assert trn("{n:,} row", "{n:,} rows", 1200) == "1\N{NARROW NO-BREAK SPACE}200 rows"
    assert tr("{name}: {rows:,} rows, {share:.1f}", name="a", rows=3000, share=0.25) == (
        "a: 3\N{NARROW NO-BREAK SPACE}000 rows, 0.2"
    )


@pytest.mark.usefixtures("polish")
def test_another_language_has_its_own_order_and_forms() -> None:
    """What it has no translation of stays English."""
    assert tr("Delete") == "Usuń"
    assert tr("{who} has left {where}", who="Ada", where="Penguins") == "Penguins: nie ma już Ada"
    forms = [trn("{n} tile", "{n} tiles", n) for n in (1, 2, 5, 22)]
    assert forms == ["1 kafelek", "2 kafelki", "5 kafelków", "22 kafelki"]
    assert tr("Save") == "Save"
    assert trn("{n} row", "{n} rows", 2) == "2 rows"


def test_scripts_are_given_what_they_say(polish: Catalogue) -> None:
    """With the form of each kind of number, and nothing where it is English anyway."""
    given = polish.of_scripts()
    assert given["messages"] == {"Delete": ["Usuń"]}
    assert (len(given["kinds"]), given["kinds"][:6], given["kinds"][20:26]) == (201, "201112", "221112")
    assert Catalogue().of_scripts() == {}


def test_catalogues_are_found_by_code_and_by_path(tmp_path: Path) -> None:
    """One that is missing or damaged is named, with those that there are."""
    (tmp_path / "de.json").write_text('{"language": "de", "messages": {"Delete": ["Löschen"]}}', "utf-8")
    assert catalogue_of("de", tmp_path).messages == {"Delete": ["Löschen"]}
    assert catalogue_of(str(tmp_path / "de.json")).language == "de"
    assert catalogue_of("en") == catalogue_of("") == Catalogue()
    with pytest.raises(Invalid, match=r"no catalogue 'fr'; there are: de, en\."):
        catalogue_of("fr", tmp_path)
    for damaged in ("{", '{"plural": "n +"}', '{"messages": 1}'):
        (tmp_path / "it.json").write_text(damaged, "utf-8")
        with pytest.raises(Invalid, match=r"it\.json' cannot be read"):
            catalogue_of("it", tmp_path)
