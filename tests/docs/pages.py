"""The documentation as tests read it: its pages, their headings, links, tables and blocks of code."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = {
    path.relative_to(ROOT).as_posix(): path
    for path in (
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        *ROOT.glob("examples/**/README.md"),
        *ROOT.glob("docs/*.md"),
    )
}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
ROW = re.compile(r"^\| (.+) \|$", re.MULTILINE)
CELL = re.compile(r"(?<!\\) ?\| ?")


class Link(NamedTuple):
    """A link with what it leads to: a page or file, and a heading of it."""

    page: str
    target: str

    @property
    def file(self) -> Path:
        path = self.target.partition("#")[0]
        return (ROOT / self.page).parent / path if path else ROOT / self.page

    @property
    def anchor(self) -> str:
        return self.target.partition("#")[2]


def text(page: str) -> str:
    return PAGES[page].read_text("utf-8")


def prose(page: str) -> str:
    """The page without its blocks of code."""
    return FENCE.sub("", text(page))


def blocks(page: str, language: str) -> list[str]:
    """The blocks of code in that language."""
    return [body for name, body in FENCE.findall(text(page)) if name == language]


def anchors(page: str) -> set[str]:
    """What a link may name after `#`, as GitHub makes it of headings."""
    headings = [heading for _, heading in HEADING.findall(prose(page))]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links() -> list[Link]:
    """Every link of every page that stays within the repository."""
    found = [Link(page, target) for page in PAGES for target in LINK.findall(prose(page))]
    return [link for link in found if not link.target.startswith(("http://", "https://"))]


def section(page: str, heading: str) -> str:
    """What stands below that heading, up to the next one of any level."""
    parts = re.split(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    return sections[heading]


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the one table below that heading, without its head; code marks are taken off."""
    found = [CELL.split(row) for row in ROW.findall(section(page, heading).replace("| |", "|  |"))]
    return [[cell.strip().strip("`") for cell in row] for row in found[1:] if not set(row[0]) <= {"-", "|"}]
