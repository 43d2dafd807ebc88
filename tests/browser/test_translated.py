"""Pages in a language that marks each of its texts: what stands outside of the marks, translators would not see.

What is found goes to `build/untranslated.txt`, page by page.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
import polars as pl
import pytest
import yaml
from playwright.async_api import Browser

from domain.wording import Catalogue
from services.examples import EXAMPLES
from tests.browser.conftest import run_demo
from tests.browser.demo import Visit, api
from tests.conftest import quick_folder
from web.strings import ROOT, compiled, gathered

REPORT = ROOT / "build" / "untranslated.txt"
BEGIN, END = "⟦", "⟧"
KEPT = re.compile(
    r"missing|PDF|[XYZ]|[\d: ]*UTC|name@example\.org|example\.org, lab\.example\.org"
    r"|col\('mass'\) > 4000 & col\('…'\)\.is_in\(\['…'\]\)"
)
"""What is no text: a value on an axis by which rows are picked, formats, examples of what to type."""
WRITTEN = {
    "name", "title", "subtitle", "description", "body", "data_collection_tag", "columns_description", "columns_unit",
}  # fmt: skip
LETTER = re.compile(r"[^\W\d_]")
NAMES = {"Depictio", "admin@localhost", "Administrator", "A"}
FORMS = re.compile(
    r"https?://\S+|\d{4}-\d\d-\d\d(T[\d:.]+Z?)?|\b[0-9a-f]{24}\b|\b(Ctrl|Shift|Esc)\b(\+\w+)?"
    r"|(?<=\d)[\s\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}]?([kMG]i?B|B|ms|s|min|h|mm|cm|g|k|M|e[+-]?\d+)\b",
)
"""Numbers with their units, times, addresses, keys."""

COLLECT = """([begin, end]) => {
  const isShown = (element) => (element.closest('select') || element).checkVisibility({ visibilityProperty: true });
  const found = [];
  // A sentence with a link in it has several text nodes: its marks are counted within the box that it stands in.
  const boxOf = (element) => {
    let box = element;
    while (box.parentElement && ['inline', 'contents'].includes(getComputedStyle(box).display)) box = box.parentElement;
    return box;
  };
  const outside = (text, depth = 0) => {
    let rest = '';
    for (const letter of text) {
      if (letter === begin) depth += 1;
      else if (letter === end) depth = Math.max(0, depth - 1);
      else if (!depth) rest += letter;
    }
    return [rest, depth];
  };
  const depths = new Map();
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest('script, style, template, noscript')) continue;
    const box = boxOf(element);
    const [rest, depth] = outside(node.data, depths.get(box) || 0);
    depths.set(box, depth);
    if (element.closest('title') || isShown(element)) found.push(['text', node.data, rest]);
  }
  const names = ['aria-label', 'aria-description', 'title', 'placeholder', 'alt'];
  for (const element of document.querySelectorAll('*')) {
    if (!isShown(element)) continue;
    const said = names.map((name) => [name, element.getAttribute(name)]);
    if (element.matches('input[type=submit], input[type=button]')) said.push(['value', element.value]);
    for (const [name, text] of said) if (text) found.push([name, text, outside(text)[0]]);
  }
  return found;
}"""


class Opened(NamedTuple):
    """The penguins, as the browser has them open."""

    visit: Visit
    project: str
    dashboard: str

    async def go(self, path: str) -> None:
        await self.visit.go(path.format(project=self.project, dashboard=self.dashboard))

    async def board(self, path: str) -> None:
        """Open a board and wait until it is drawn; one that is open already stays, without its dialogs."""
        if self.visit.page.url.endswith(path.format(dashboard=self.dashboard)):
            await self.visit.page.keyboard.press("Escape")
            return
        await self.go(path)
        await self.visit.painted()


Way = Callable[[Opened], Awaitable[None]]
VIEW, EDIT = "/dashboards/{dashboard}", "/dashboards/{dashboard}/edit"


def at(path: str) -> Way:
    async def go(there: Opened) -> None:
        await there.go(path)

    return go


def board(path: str, *pressed: str, shows: str = ".tile") -> Way:
    """A board with what it shows when these are pressed."""

    async def go(there: Opened) -> None:
        await there.board(path)
        for selector in pressed:
            await there.visit.page.locator(selector).first.dispatch_event("click")
        await there.visit.page.locator(shows).first.wait_for()

    return go


async def column_menu(there: Opened) -> None:
    await there.board(VIEW)
    await there.visit.page.locator(".tile-table .ag-header-cell[col-id=individual_id]").click(button="right")
    await there.visit.page.locator(".column-menu").wait_for()


async def chosen_tiles(there: Opened) -> None:
    page = there.visit.page
    await there.board(EDIT)
    await page.locator("[aria-label*='Choose several tiles']").click()
    await page.locator(".tile-title").first.click()
    await page.locator(".picks-bar").wait_for()


async def scatter(there: Opened) -> None:
    """The builder with the form of a scatter plot and its preview."""
    page = there.visit.page
    await there.board(EDIT)
    await page.get_by_role("button", name="Add a tile").first.click()
    for name in ("flipper_length_mm", "body_mass_g"):
        await page.locator(f'#aside .shelf-column[data-column="{name}"]').click()
    await page.locator("#aside .offer").first.click()
    await page.locator("#aside .preview .main-svg").first.wait_for()


async def signed_out(there: Opened) -> None:
    """The last of the pages."""
    await there.visit.page.context.clear_cookies()
    await there.go("/sign-in")


PAGES: Mapping[str, Way] = {
    "projects": at("/projects"),
    "project": at("/projects/{project}"),
    "members": at("/projects/{project}/members"),
    "project settings": at("/projects/{project}/settings"),
    "dashboards": at("/dashboards"),
    "share links": at("/dashboards/{dashboard}/links"),
    "history": at("/dashboards/{dashboard}/history"),
    "profile": at("/profile"),
    "accounts": at("/admin/users"),
    "site": at("/admin/site"),
    "viewer": board(VIEW),
    "download menu": board(VIEW, ".tile[data-kind=figure] [data-download]", shows=".tile-menu, [role=menu]"),
    "column menu": column_menu,
    "views": board(VIEW, "#views", shows=".views-panel"),
    "notes": board(VIEW, "#notes", shows="#talk .talk-head"),
    "comments": board(VIEW, "#comments", shows="#talk .talk-input"),
    "editor": board(EDIT),
    "tile menu": board(EDIT, ".tile[data-kind=card] .tile-extra", shows=".tile-tools[popover]"),
    "widths": board(EDIT, "[aria-label*='Columns by width']", shows="dialog[open]"),
    "chosen tiles": chosen_tiles,
    "table form": board(EDIT, "[aria-label*='Edit the tile All penguins']", shows=".formats-editor"),
    "builder": scatter,
    "sign in": signed_out,
}


def pseudo() -> Catalogue:
    """A language in which each text is that of the code between marks."""
    found = gathered()
    for message in found:
        one = message.id
        message.string = f"{BEGIN}{one}{END}" if isinstance(one, str) else tuple(f"{BEGIN}{form}{END}" for form in one)
    return msgspec.structs.replace(compiled(found), language="en-XA")


def words_of(node: Any, *, is_written: bool = False) -> Iterator[str]:
    """What people have written in a file of a project or a dashboard."""
    match node:
        case Mapping():
            for key, one in node.items():
                yield from words_of(one, is_written=is_written or key in WRITTEN)
        case list():
            for one in node:
                yield from words_of(one, is_written=is_written)
        case str() if is_written:
            yield from re.split(r"[\n*]+", node)  # A body of Markdown is shown in parts.


def data() -> re.Pattern[str]:
    """The words of the examples: titles, names of columns and what they are called, values."""
    found = set(NAMES)
    for name in EXAMPLES:
        folder = ROOT / "examples" / name
        for path in folder.glob("*.yaml"):
            found |= set(words_of(yaml.safe_load(path.read_text("utf-8"))))
        for path in folder.rglob("*.csv"):
            rows = pl.read_csv(path, infer_schema=False)
            found |= {path.name, path.stem, path.parent.name, *rows.columns}
            found |= {value for column in rows.iter_columns() for value in column.drop_nulls().unique()}
    known = sorted({word.strip("-,. ") for word in found if LETTER.search(word)}, key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in known))


@pytest.fixture(scope="module")
async def there(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Opened]:
    """The demo in that language, opened by its administrator."""
    path = tmp_path_factory.mktemp("language") / "marked.json"
    path.write_bytes(msgspec.json.encode(pseudo()))
    with quick_folder(tmp_path_factory, "marked") as folder:
        async with run_demo(folder, {"DEPICTIO_LANGUAGE": str(path)}) as demo:
            page = await chromium.new_page(viewport={"width": 1440, "height": 900})
            visit = Visit(demo, page)
            await visit.sign_in(demo.admin)
            listed = await api(page, "GET", "/dashboards/?limit=1000")
            found = next(one for one in listed["items"] if one["title"] == "Palmer penguins")
            yield Opened(visit, found["project_id"], found["id"])
            await page.close()
            assert visit.errors == []


@pytest.fixture(scope="module")
def report() -> Iterator[dict[str, list[str]]]:
    """What is found on each page; it is written down at the end."""
    found: dict[str, list[str]] = {}
    yield found
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("".join(f"{name}\t{text}\n" for name, texts in found.items() for text in texts), "utf-8")
    print(f"\nWhat is not translated: {REPORT}")  # noqa: T201


@pytest.fixture(scope="module")
def known() -> re.Pattern[str]:
    return data()


@pytest.mark.parametrize("name", PAGES)
async def test_what_people_read_is_translated(
    there: Opened, report: dict[str, list[str]], known: re.Pattern[str], name: str
) -> None:
    """Texts, and what tells of things by name, title and placeholder; data stay as they are."""
    await PAGES[name](there)
    found = await there.visit.page.evaluate(COLLECT, [BEGIN, END])
    assert await there.visit.page.evaluate("() => window.depictio.tr('Copied.')") == f"{BEGIN}Copied.{END}"
    rests = {(kind, text): FORMS.sub("", known.sub("…", rest)) for kind, text, rest in found}
    left = {place: rest for place, rest in rests.items() if LETTER.search(rest)}
    report[name] = sorted({f"{kind}\t{' '.join(rest.split())}" for (kind, _), rest in left.items()})
    assert [text for text in report[name] if not KEPT.fullmatch(text.partition("\t")[2])] == []
