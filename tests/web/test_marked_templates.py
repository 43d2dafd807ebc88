"""Nothing in a template is read by people without being marked for who translates it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from bs4.element import Comment, Doctype, NavigableString
from jinja2 import nodes

from web.formats import TEMPLATES, template_environment

SAID = ("aria-label", "title", "placeholder", "alt", "hx-confirm", "data-label")
AS_IT_IS = {"Depictio", "SHA-256"}
"""Names, which no language writes in another way."""
NO_TEXT = re.compile(r"(dp-|/)\S*")
"""Classes of the body and parts of addresses, which stand in templates without a tag around them."""


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_every_text_of_a_template_is_marked(path: Path) -> None:
    """What stands outside of expressions has no words, and those within are given to `tr` and `trn`."""
    source = path.read_text()
    assert [*_unmarked(source), *_literals(source)] == []


def test_an_unmarked_text_is_found() -> None:
    """Between tags and in what is read aloud; not what is code."""
    page = '<p class="dp-soft" title="Why">{{ tr("Hello") }} there<code>depictio</code>{{ "Yes" if tr else "off" }}</p>'
    assert [*_unmarked(page), *_literals(page)] == ["there", "Why", "Yes"]


def _unmarked(source: str) -> Iterator[str]:
    tokens = template_environment(str).lex(source)
    page = BeautifulSoup("".join(text if kind == "data" else "" for _, kind, text in tokens), "html.parser")
    for one in page.find_all(string=True):
        if not isinstance(one, Comment | Doctype) and one.find_parent(["code", "script", "style"]) is None:
            yield from _words(one)
    for tag in page.find_all():
        for name in SAID:
            yield from _words(NavigableString(str(tag.get(name, ""))))


def _literals(source: str) -> Iterator[str]:
    """Those that begin like a sentence or have several words."""
    tree = template_environment(str).parse(source)
    calls = [call for call in tree.find_all(nodes.Call) if getattr(call.node, "name", "") in {"tr", "trn"}]
    marked = {text.value for call in calls for text in call.args if isinstance(text, nodes.Const)}
    found = (one.value for one in tree.find_all(nodes.Const) if isinstance(one.value, str))
    yield from (text for text in found if text not in marked and re.match(r"[A-Z][a-z]|[a-z]+ [a-z]+$", text))


def _words(text: NavigableString) -> Iterator[str]:
    is_mono = text.parent is not None and "dp-mono" in text.parent.get_attribute_list("class")
    words = "" if is_mono else NO_TEXT.sub("", text)
    yield from (word for word in words.split() if re.search("[a-zA-Z]", word) and word not in AS_IT_IS)
