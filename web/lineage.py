"""The drawing of a lineage: nodes in columns from files to dashboards, and the curves between them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from domain.lineage import KINDS, Lineage, LineageEdge, LineageNode, NodeKind, NodeState
from domain.wording import grouped, tr, trn
from web.layers import Layers, layered

WIDTH, HEIGHT = 216.0, 54.0
GAP_X, GAP_Y, MARGIN = 72.0, 14.0, 6.0
PASSING = 10.0
"""So high is the way of an edge through a column in which it does not end."""
TITLE_LENGTH = 18
BULGE = 30.0
ICONS = {
    NodeKind.SOURCE: "folder",
    NodeKind.COLLECTION: "table",
    NodeKind.JOIN: "git-merge",
    NodeKind.DASHBOARD: "layout-dashboard",
}
MARKS = {
    NodeState.MULTIPLIED: "alert-triangle",
    NodeState.AFFECTED: "clock",
    NodeState.EMPTY: "minus",
    NodeState.BEHIND: "clock",
    NodeState.FAILED: "alert-circle",
}
SHORT = {
    NodeState.MULTIPLIED: tr("rows multiplied"),
    NodeState.AFFECTED: tr("data behind"),
    NodeState.EMPTY: tr("no data yet"),
    NodeState.BEHIND: tr("out of date"),
    NodeState.FAILED: tr("ingest failed"),
}


class DrawnNode(msgspec.Struct, frozen=True, kw_only=True):
    """A node with its place, what stands in it, and what is said of it."""

    node: LineageNode
    x: float
    y: float
    icon: str
    mark: str
    title: str
    detail: str
    state: str
    label: str


class DrawnEdge(msgspec.Struct, frozen=True):
    """A curve between two nodes."""

    edge: LineageEdge
    path: str


class ListedNode(msgspec.Struct, frozen=True, kw_only=True):
    """A node in words: the nodes that it is made of, those made of it, and those that a filter reaches."""

    drawn: DrawnNode
    of: tuple[LineageNode, ...]
    to: tuple[LineageNode, ...]
    linked: tuple[LineageNode, ...]


class LineageDrawing(msgspec.Struct, frozen=True):
    """What a template draws, in a box of `width` by `height`, and the same as a list."""

    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]
    listed: tuple[ListedNode, ...]
    width: float
    height: float


def drawn_lineage(found: Lineage) -> LineageDrawing:
    """The drawing of a lineage; its size grows with the column that has the most nodes."""
    flows = [(edge.source, edge.target) for edge in found.edges if not edge.is_link]
    last = {node.id for node in found.nodes if node.kind is NodeKind.DASHBOARD}
    layers = layered([node.id for node in found.nodes], flows, last, sizes=(HEIGHT, PASSING), gap=GAP_Y)
    nodes = tuple(_node(node, layers) for node in found.nodes)
    bottom = max((one.y + HEIGHT for one in nodes), default=0.0)
    right = max((one.x + WIDTH for one in nodes), default=0.0)
    return LineageDrawing(
        nodes,
        tuple(DrawnEdge(edge, _path(edge, layers)) for edge in found.edges),
        _listed(found, nodes),
        round(right + BULGE + MARGIN, 1),
        round(max(bottom, layers.height + MARGIN) + MARGIN, 1),
    )


def _x(column: int) -> float:
    return MARGIN + column * (WIDTH + GAP_X)


def _node(node: LineageNode, layers: Layers) -> DrawnNode:
    title = node.title if len(node.title) <= TITLE_LENGTH else f"{node.title[: TITLE_LENGTH - 1]}…"
    detail = _detail(node)
    state = SHORT.get(node.state, "")
    # The name begins with what is seen, so that people who speak to their browser are understood.
    seen = f"{title} {detail}{f' · {state}' * bool(state)}"
    said = [seen, node.title * (title != node.title), node.noun * (node.noun != detail), node.words, node.reason]
    return DrawnNode(
        node=node,
        x=_x(layers.column[node.id]),
        y=round(MARGIN + layers.top[node.id], 1),
        icon="photo" if node.noun == KINDS["image"] else ICONS[node.kind],
        mark=MARKS.get(node.state, ""),
        title=title,
        detail=detail,
        state=state,
        label=", ".join(text for text in said if text),
    )


def _detail(node: LineageNode) -> str:
    if node.kind is NodeKind.SOURCE:
        return node.noun if node.files is None else trn("{n} file", "{n} files", node.files, n=grouped(node.files))
    return node.noun if node.rows is None else trn("{n} row", "{n} rows", node.rows, n=grouped(node.rows))


def _path(edge: LineageEdge, layers: Layers) -> str:
    """From the right side of one node to the left of the other, through the columns between them."""
    if edge.is_link:
        return _arc(edge, layers)
    places = layers.ways[edge.source, edge.target]
    x, y = _x(layers.column[edge.source]) + WIDTH, MARGIN + layers.top[edge.source] + HEIGHT / 2
    path = f"M{x:.1f} {y:.1f}"
    column = layers.column[edge.source]
    for step, top in enumerate(places, start=1):
        to = _x(column + step), MARGIN + top + PASSING / 2
        path += f"{_curve(x, y, *to)}H{to[0] + WIDTH:.1f}"
        x, y = to[0] + WIDTH, to[1]
    to = _x(layers.column[edge.target]), MARGIN + layers.top[edge.target] + HEIGHT / 2
    return path + _curve(x, y, *to)


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    middle = (x + to_x) / 2
    return f"C{middle:.1f} {y:.1f} {middle:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"


def _arc(edge: LineageEdge, layers: Layers) -> str:
    """A bow on the right of the column; between columns, from side to side."""
    ends = (edge.source, edge.target)
    if layers.column[edge.source] > layers.column[edge.target]:
        ends = (edge.target, edge.source)
    first, second = ((_x(layers.column[one]), MARGIN + layers.top[one] + HEIGHT * 0.78) for one in ends)
    if first[0] != second[0]:
        path = f"M{first[0] + WIDTH:.1f} {first[1]:.1f}{_curve(first[0] + WIDTH, first[1], *second)}"
        return path if ends[0] == edge.source else _reversed(first, second)
    x = first[0] + WIDTH
    out = x + BULGE + min(abs(first[1] - second[1]) / 12, GAP_X / 2)
    return f"M{x:.1f} {first[1]:.1f}C{out:.1f} {first[1]:.1f} {out:.1f} {second[1]:.1f} {x:.1f} {second[1]:.1f}"


def _reversed(first: tuple[float, float], second: tuple[float, float]) -> str:
    """The same curve drawn from its other end, so that the arrow is at the first."""
    x = first[0] + WIDTH
    return f"M{second[0]:.1f} {second[1]:.1f}{_curve(*second, x, first[1])}"


def _listed(found: Lineage, drawn: Sequence[DrawnNode]) -> tuple[ListedNode, ...]:
    nodes: Mapping[str, LineageNode] = {node.id: node for node in found.nodes}
    of, to, linked = defaultdict(list), defaultdict(list), defaultdict(list)
    for edge in found.edges:
        if edge.is_link:
            linked[edge.source].append(nodes[edge.target])
            if edge.is_mutual:
                linked[edge.target].append(nodes[edge.source])
        else:
            of[edge.target].append(nodes[edge.source])
            to[edge.source].append(nodes[edge.target])
    return tuple(
        ListedNode(drawn=one, of=tuple(of[key]), to=tuple(to[key]), linked=tuple(linked[key]))
        for one in drawn
        for key in (one.node.id,)
    )
