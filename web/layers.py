"""Where the nodes of a directed drawing lie: in columns, in an order that crosses few edges, near their neighbours."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from statistics import fmean

import msgspec

SWEEPS = 6
Pair = tuple[str, str]


class Layers(msgspec.Struct, frozen=True):
    """Each node's column and top; `ways` has, for each edge, the tops of its places in the columns between."""

    column: dict[str, int]
    top: dict[str, float]
    ways: dict[Pair, tuple[float, ...]]
    height: float


def layered(
    nodes: Sequence[str], edges: Sequence[Pair], last: Collection[str], sizes: tuple[float, float], gap: float
) -> Layers:
    """The places of nodes, each given after those that lead to it; those of `last` share the last column.

    `sizes` are the heights of a node and of the place of an edge that passes through a column.
    """
    column = _columns(nodes, edges, last)
    steps, ways = _steps(edges, column)
    order = _ordered(nodes, steps, column, ways)
    heights = {one: sizes[0] if one in column else sizes[1] for rank in order for one in rank}
    top = _placed(order, steps, heights, gap)
    bottom = max((top[one] + heights[one] for one in top), default=0.0)
    return Layers(column, top, {pair: tuple(top[one] for one in way) for pair, way in ways.items()}, bottom)


def _columns(nodes: Sequence[str], edges: Sequence[Pair], last: Collection[str]) -> dict[str, int]:
    before = defaultdict(list)
    for source, target in edges:
        before[target].append(source)
    found: dict[str, int] = {}
    for node in nodes:
        found[node] = max((found[one] + 1 for one in before[node]), default=0)
    end = max((rank + 1 for node, rank in found.items() if node not in last), default=0)
    return {node: end if node in last else rank for node, rank in found.items()}


def _steps(edges: Sequence[Pair], column: Mapping[str, int]) -> tuple[list[Pair], dict[Pair, tuple[str, ...]]]:
    """Edges from one column to the next: longer ones are cut, with a place in each column between."""
    steps: list[Pair] = []
    ways = {}
    for source, target in edges:
        way = tuple(f"{source}>{target}>{rank}" for rank in range(column[source] + 1, column[target]))
        ways[source, target] = way
        steps += pairwise((source, *way, target))
    return steps, ways


def _ordered(
    nodes: Sequence[str], steps: Sequence[Pair], column: Mapping[str, int], ways: Mapping[Pair, tuple[str, ...]]
) -> list[list[str]]:
    """The columns, each ordered by the mean place of its neighbours, from left to right and back."""
    order: list[list[str]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for node in nodes:
        order[column[node]].append(node)
    for (source, _), way in ways.items():
        for rank, one in enumerate(way, start=column[source] + 1):
            order[rank].append(one)
    before, after = _neighbours(steps)
    for sweep in range(SWEEPS):
        forwards = sweep % 2 == 0
        for rank in range(len(order)) if forwards else range(len(order) - 1, -1, -1):
            _sort(order, rank, before if forwards else after)
    return order


def _sort(order: list[list[str]], rank: int, neighbours: Mapping[str, list[str]]) -> None:
    place = {one: index for beside in order for index, one in enumerate(beside)}
    own = {one: index for index, one in enumerate(order[rank])}
    order[rank].sort(key=lambda one: fmean([place[to] for to in neighbours[one]] or [own[one]]))


def _neighbours(steps: Iterable[Pair]) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
    before, after = defaultdict(list), defaultdict(list)
    for source, target in steps:
        before[target].append(source)
        after[source].append(target)
    return before, after


def _placed(
    order: Sequence[Sequence[str]], steps: Iterable[Pair], heights: Mapping[str, float], gap: float
) -> dict[str, float]:
    """Tops: each node as near to the middle of its neighbours as the order of its column lets it be."""
    before, after = _neighbours(steps)
    middle: dict[str, float] = {}
    for rank in order:
        places = accumulate([heights[one] + gap for one in rank], initial=0.0)
        middle |= {one: place + heights[one] / 2 for one, place in zip(rank, places, strict=False)}
    for sweep in range(SWEEPS):
        for rank in order if sweep % 2 else reversed(order):
            wanted = [fmean([middle[to] for to in [*before[one], *after[one]]] or [middle[one]]) for one in rank]
            settling = settled(
                [want - heights[one] / 2 for one, want in zip(rank, wanted, strict=True)], rank, heights, gap
            )
            middle |= {one: top + heights[one] / 2 for one, top in zip(rank, settling, strict=True)}
    tops = {one: middle[one] - heights[one] / 2 for rank in order for one in rank}
    highest = min(tops.values(), default=0.0)
    return {one: top - highest for one, top in tops.items()}


def settled(wanted: Sequence[float], rank: Sequence[str], heights: Mapping[str, float], gap: float) -> list[float]:
    """The tops nearest to those wanted (least squares) at which nothing overlaps: pooled adjacent violators."""
    shifts = list(accumulate([heights[one] + gap for one in rank], initial=0.0))
    pools: list[tuple[float, int]] = []
    for want, shift in zip(wanted, shifts, strict=False):
        mean, count = want - shift, 1
        while pools and pools[-1][0] >= mean:
            other, others = pools.pop()
            mean, count = (mean * count + other * others) / (count + others), count + others
        pools.append((mean, count))
    flat = [mean for mean, count in pools for _ in range(count)]
    return [top + shift for top, shift in zip(flat, shifts, strict=False)]
