"""Phylogenetic trees in Newick form, as rows: one for each node, from the root on, children in their order."""

import math
import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from domain.wording import tr
from persistence.file_faults import Fault

TOKEN = re.compile(r"\s+|(?P<mark>[(),:;])|'(?P<quoted>(?:[^']|'')*)'|(?P<plain>[^\s(),:;'\[\]]+)")
TOKEN_END = re.compile(r"[\s|_]")
SCHEMA = {
    "node": pl.Int64(),
    "parent": pl.Int64(),
    "name": pl.String(),
    "length": pl.Float64(),
    "is_tip": pl.Boolean(),
}


class _Node:
    __slots__ = ("children", "length", "name", "parent")

    def __init__(self, parent: int | None) -> None:
        self.parent = parent
        self.name: str | None = None
        self.length: float | None = None
        self.children = 0


def read_tree(path: Path, *, ladderize: bool = False, first_token: bool = False) -> pl.DataFrame:
    """The nodes of the one tree of a file: number, number of the parent, name, branch length, whether it is a tip.

    Comments in square brackets are passed over; `_` in a name without quotes stays. With `ladderize` the children of a
    node follow each other by how many tips they have, the fewest first; with `first_token` a tip is called what stands
    before the first blank, bar or underscore of its name. Blocks.

    Raises:
        Fault: with the character at which it is no tree, a tip without a name or two of one, and more than one tree.
    """
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Fault(tr("is not UTF-8 text (byte {place})", place=error.start)) from None
    nodes = _nodes(text)
    if first_token:
        _shorten(nodes)
    if ladderize:
        nodes = _ladderized(nodes)
    tips = [node.name for node in nodes if not node.children]
    if None in tips:
        raise Fault(tr("has a tip without a name"))
    if len(set(tips)) < len(tips):
        double = next(name for name in tips if tips.count(name) > 1)
        raise Fault(tr("has two tips named {double!r}; rename one of them", double=double))
    rows = [(number, node.parent, node.name, node.length, not node.children) for number, node in enumerate(nodes)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _shorten(nodes: Sequence[_Node]) -> None:
    for node in nodes:
        if node.name is not None and not node.children:
            node.name = TOKEN_END.split(node.name.strip(), maxsplit=1)[0] or node.name


def _ladderized(nodes: Sequence[_Node]) -> list[_Node]:
    """The same nodes, each still before its children, with new numbers."""
    tips = [int(not node.children) for node in nodes]
    below: list[list[int]] = [[] for _ in nodes]
    for number in range(len(nodes) - 1, 0, -1):
        parent = nodes[number].parent or 0
        tips[parent] += tips[number]
        below[parent].insert(0, number)
    order, waiting = [], [0]
    while waiting:
        number = waiting.pop()
        order.append(number)
        waiting += sorted(below[number], key=tips.__getitem__)[::-1]
    places = {number: place for place, number in enumerate(order)}
    for node in nodes:
        node.parent = None if node.parent is None else places[node.parent]
    return [nodes[number] for number in order]


class _Reader:
    """One walk through the tokens, from the root on."""

    def __init__(self) -> None:
        self.nodes = [_Node(None)]
        self.is_closed = False
        self._here = 0
        self._is_length = False

    def take(self, place: int, mark: str | None, word: str) -> None:
        """Let the next mark or word be part of the tree."""
        if self.is_closed:
            raise Fault(
                tr("has something after the end of its tree (character {place}); write one tree a file", place=place)
            )
        node = self.nodes[self._here]
        if mark is None:
            self._word(node, word, place)
        elif self._is_length:
            raise Fault(tr("lacks a branch length at character {place}", place=place))
        elif mark == "(":
            self._open(node, place)
        elif mark == ":":
            self._is_length = True
        elif mark == ";":
            self._close(node, place)
        elif node.parent is None:
            raise Fault(tr("has {mark!r} at character {place} without an open parenthesis", mark=mark, place=place))
        else:
            self._here = node.parent if mark == ")" else self._child(node.parent)

    def _word(self, node: _Node, word: str, place: int) -> None:
        """The name of the node, or its branch length after a colon."""
        if self._is_length:
            node.length = _length(word, place)
            self._is_length = False
        elif node.name is not None or node.length is not None:
            raise Fault(tr("has {word!r} at character {place} where a comma should be", word=word[:40], place=place))
        else:
            node.name = word

    def _open(self, node: _Node, place: int) -> None:
        if node.children or node.name is not None or node.length is not None:
            raise Fault(tr("has a parenthesis at character {place} where a comma should be", place=place))
        self._here = self._child(self._here)

    def _close(self, node: _Node, place: int) -> None:
        if node.parent is not None:
            raise Fault(tr("ends at character {place} with a parenthesis still open", place=place))
        self.is_closed = True

    def _child(self, parent: int) -> int:
        self.nodes[parent].children += 1
        self.nodes.append(_Node(parent))
        return len(self.nodes) - 1


def _nodes(text: str) -> list[_Node]:
    reader = _Reader()
    for place, mark, word in _tokens(text):
        reader.take(place + 1, mark, word)
    if not reader.is_closed:
        raise Fault(tr("is no whole Newick tree: it does not end with a semicolon"))
    return reader.nodes


def _length(word: str, place: int) -> float:
    try:
        length = float(word)
    except ValueError:
        length = math.nan
    if not math.isfinite(length):
        raise Fault(
            tr("has the branch length {word!r} at character {place}, which is no number", word=word[:40], place=place)
        )
    return length


def _tokens(text: str) -> list[tuple[int, str | None, str]]:
    """Each mark or word with its place; comments and blanks are left out."""
    found: list[tuple[int, str | None, str]] = []
    place = 0
    while place < len(text):
        if text[place] == "[":
            end = text.find("]", place)
            if end < 0:
                raise Fault(tr("has a comment that begins at character {place} and never ends", place=place + 1))
            place = end + 1
            continue
        match = TOKEN.match(text, place)
        if match is None:
            raise Fault(tr("is no Newick tree at character {place}: {sign!r}", place=place + 1, sign=text[place]))
        if match["mark"]:
            found.append((place, match["mark"], ""))
        elif match["quoted"] is not None:
            found.append((place, None, match["quoted"].replace("''", "'")))
        elif match["plain"]:
            found.append((place, None, match["plain"]))
        place = match.end()
    return found
