"""What the documentation points to is there."""

import re

import pytest

from tests.docs.pages import PAGES, ROOT, Link, anchors, links, prose

WIDTH = 120
PLACE = re.compile(r"`((?:web|cli|dash_views|services|persistence|domain|migrations|examples|docs|tests)/[\w./-]*)`")


def test_there_are_links_to_follow() -> None:
    assert len(links()) > 30


@pytest.mark.parametrize("link", links(), ids=str)
def test_a_link_leads_somewhere(link: Link) -> None:
    """To a file of the repository, and to a heading of it when it names one."""
    assert link.file.exists()
    if link.anchor:
        assert link.anchor in anchors(link.file.resolve().relative_to(ROOT).as_posix())


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("docs/")])
def test_every_page_is_found_from_the_readme(page: str) -> None:
    assert page in {link.target for link in links() if link.page == "README.md"}


@pytest.mark.parametrize("page", PAGES)
def test_named_files_exist(page: str) -> None:
    """A path of the source that prose names is there."""
    assert [place for place in PLACE.findall(prose(page)) if not (ROOT / place).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_no_line_is_wider_than_the_editor(page: str) -> None:
    """As in the code; tables and images cannot be broken."""
    long = [line for line in prose(page).splitlines() if len(line) > WIDTH and not line.startswith(("|", "!"))]
    assert long == []
