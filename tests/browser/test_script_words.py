"""What `words.js` makes of the texts of scripts, in Chromium: as `domain/wording.py` does with those of the server."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.async_api import Browser

from domain import wording
from domain.wording import Catalogue, grouped, trn
from tests.domain.test_wording import POLISH

SCRIPT = Path(__file__).parents[2] / "web" / "static" / "js" / "words.js"
TILES = ["{n} kafelek", "{n} kafelki", "{n} kafelków"]
MESSAGES = {
    "Delete": ["Usuń </script> „{x}”"],
    "{who} has left {where}": ["{where}: nie ma już {who}"],
    "{n} tile": TILES,
    "{n} tile of {name}": [f"{form}: {{name}}" for form in TILES],
}
CATALOGUE = Catalogue("pl", POLISH, MESSAGES, frozenset(MESSAGES))
NUMBERS = [*range(130), 200, 201, 212, 222, 999, 1000, 1022, 1_000_000, 1_000_001, 5_000_000]

Say = Callable[[str], Awaitable[Any]]
Load = Callable[[Catalogue], Awaitable[Say]]


@pytest.fixture
async def say(chromium: Browser) -> AsyncIterator[Load]:
    """Evaluates an expression with `tr` and `trn` on a page that has this catalogue."""
    page = await chromium.new_page()

    async def load(catalogue: Catalogue) -> Say:
        words = msgspec.json.encode(catalogue.of_scripts()).decode().replace("<", "\\u003c")
        tag = f'<script id="words" type="application/json">{words}</script>' if catalogue.messages else ""
        await page.set_content(f"<head>{tag}</head>")
        await page.add_script_tag(path=SCRIPT)
        return lambda code: page.evaluate(f"() => {{ const {{ tr, trn }} = window.depictio; return {code}; }}")

    yield load
    await page.close()


async def test_english_stands_in_the_scripts(say: Load) -> None:
    """Values are put where they are named, once; braces that name none of them are the text's own."""
    said = await say(Catalogue())
    assert await said("tr('Delete')") == "Delete"
    assert await said("tr('{who} has left {where}', { who: '{where} $1', where: 0 })") == "{where} $1 has left 0"
    assert await said("tr('Use {x} and {}')") == "Use {x} and {}"
    assert await said("tr('{who}: {x}, {toString}', { who: 'Ada' })") == "Ada: {x}, {toString}"
    assert await said("[0, 1, 2].map((n) => trn('{n} tile', '{n} tiles', n))") == ["0 tiles", "1 tile", "2 tiles"]
    assert await said("trn('{n} row', '{n} rows', 1000, { n: '1 000' })") == "1 000 rows"


async def test_another_language_has_its_own_order(say: Load) -> None:
    """What it has no translation of stays English."""
    said = await say(CATALOGUE)
    assert await said("tr('Delete')") == "Usuń </script> „{x}”"
    assert await said("tr('{who} has left {where}', { who: 'Ada', where: 'x' })") == "x: nie ma już Ada"
    assert await said("tr('Save {what}', { what: 'it' })") == "Save it"
    assert await said("[1, 2].map((n) => trn('{n} row', '{n} rows', n))") == ["1 row", "2 rows"]
    assert await said("trn('{n} tile of {name}', '{n} tiles of {name}', 3, { name: 'Ada' })") == "3 kafelki: Ada"


async def test_numbers_take_the_forms_that_the_server_gives_them(say: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "CATALOGUE", CATALOGUE)
    monkeypatch.setattr(wording, "_FORM", CATALOGUE.form())
    said = await say(CATALOGUE)
    found = await said(f"{NUMBERS}.map((n) => trn('{{n}} tile', '{{n}} tiles', n))")
    assert found == [trn("{n} tile", "{n} tiles", n, n=grouped(n)) for n in NUMBERS]
    assert {text.partition(" ")[2] for text in found} == {form.partition(" ")[2] for form in TILES}
