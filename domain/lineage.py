"""From files to dashboards: what a project's tables are made of, and what shows them, as nodes and edges."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from domain.collections import DataCollection, Origin
from domain.dashboards import Dashboard
from domain.description import ProjectDescription
from domain.joins import behind_sides, fan_out_words, joins_among, side_ids
from domain.links import Links, links_of
from domain.live_tile import live_tiles
from domain.tiles import TextTile
from domain.wording import tr

KINDS = {
    "table": tr("Table"),
    "image": tr("Image set"),
    "geojson": tr("Boundaries"),
    "phylogeny": tr("Phylogeny"),
    "multiqc": tr("MultiQC report"),
}
Faults = Mapping[tuple[str, str], str]
"""Why the last ingest of a collection failed, by workflow and tag; those that did not fail are not in it."""


class NodeKind(StrEnum):
    """What a node stands for; `source` is the files of a workflow, or the files that people uploaded."""

    SOURCE = "source"
    COLLECTION = "collection"
    JOIN = "join"
    DASHBOARD = "dashboard"


class NodeState(StrEnum):
    """How fresh what a node shows is; the worst that is true, the last of these first."""

    GOOD = "good"
    MULTIPLIED = "multiplied"
    AFFECTED = "affected"
    EMPTY = "empty"
    BEHIND = "behind"
    FAILED = "failed"


WORST = (NodeState.FAILED, NodeState.BEHIND, NodeState.EMPTY, NodeState.AFFECTED, NodeState.MULTIPLIED)
WORDS = {
    NodeState.GOOD: tr("Up to date"),
    NodeState.MULTIPLIED: tr("Rows multiplied"),
    NodeState.AFFECTED: tr("Shows data that is behind"),
    NodeState.EMPTY: tr("No data yet"),
    NodeState.BEHIND: tr("Out of date"),
    NodeState.FAILED: tr("Last ingest failed"),
}


class LineageNode(msgspec.Struct, frozen=True, kw_only=True):
    """Files, a table or a dashboard. `ref` is the id of a collection or dashboard, or the name of a workflow."""

    id: str
    kind: NodeKind
    ref: str
    title: str
    noun: str
    rows: int | None = None
    files: int | None = None
    state: NodeState = NodeState.GOOD
    reason: str = ""

    @property
    def words(self) -> str:
        """The state in words."""
        return WORDS[self.state]


class LineageEdge(msgspec.Struct, frozen=True, kw_only=True):
    """Data goes from one node to another; of a link, a filter does, both ways where `is_mutual`."""

    source: str
    target: str
    is_link: bool = False
    is_mutual: bool = False
    label: str = ""


class Lineage(msgspec.Struct, frozen=True):
    """The whole of a project, each node before those that are made of it."""

    nodes: tuple[LineageNode, ...]
    edges: tuple[LineageEdge, ...]


def lineage(
    description: ProjectDescription | None,
    collections: Sequence[DataCollection],
    dashboards: Sequence[Dashboard],
    faults: Faults,
) -> Lineage:
    """What the collections of a project are made of, and which dashboards show them."""
    sides = _sides(description, collections)
    made = _in_order(collections, sides)
    nodes = {node.id: node for node in [*_sources(description, collections), *_tables(made, faults)]}
    edges = [_from_source(one) for one in collections if one.id not in sides]
    edges += [LineageEdge(source=side, target=one.id) for one in made for side in sorted(sides.get(one.id, ()))]
    for dashboard in dashboards:
        shown = sorted(shown_by(dashboard) & nodes.keys())
        edges += [LineageEdge(source=one, target=dashboard.id) for one in shown]
        nodes[dashboard.id] = _dashboard(dashboard, [nodes[one] for one in shown])
    return Lineage(tuple(nodes.values()), (*edges, *_links(links_of(description, collections))))


def shown_by(dashboard: Dashboard) -> set[str]:
    """The ids of the collections whose rows a dashboard shows, in live values of texts too."""
    shown = {str(getattr(tile, "collection_id", "")) for tile in dashboard.tiles.values()}
    texts = [tile for tile in dashboard.tiles.values() if isinstance(tile, TextTile)]
    return (shown | {live.collection_id for text in texts for live in live_tiles(text)}) - {""}


def _sides(description: ProjectDescription | None, collections: Sequence[DataCollection]) -> dict[str, set[str]]:
    """The ids of the collections that each join is made of; what it was made of, where the file has forgotten it."""
    found = {
        one.id: {one.joined.left.id, one.joined.right.id} if one.joined else set()
        for one in collections
        if one.origin is Origin.JOIN
    }
    found |= {made.id: side_ids(join, made, collections) for join, made in joins_among(description, collections)}
    known = {one.id for one in collections}
    return {made: (sides & known) - {made} for made, sides in found.items()}


def _in_order(collections: Sequence[DataCollection], sides: Mapping[str, set[str]]) -> list[DataCollection]:
    """Each collection after those that it is made of; of joins that are made of each other, none."""
    done: dict[str, DataCollection] = {one.id: one for one in collections if one.id not in sides}
    waiting = [one for one in collections if one.id in sides]
    while ready := [one for one in waiting if sides[one.id] <= done.keys()]:
        done |= {one.id: one for one in ready}
        waiting = [one for one in waiting if one.id not in done]
    return list(done.values())


def source_id(workflow: str) -> str:
    """The node of a workflow's files; ids of collections have no colon."""
    return f"files:{workflow}"


def _sources(description: ProjectDescription | None, collections: Sequence[DataCollection]) -> Iterable[LineageNode]:
    engines = {one.name: one.engine.name for one in description.workflows} if description else {}
    files: dict[str, list[int | None]] = defaultdict(list)
    for one in collections:
        if one.origin is not Origin.JOIN:
            files[one.workflow].append(one.files)
    for workflow, counts in sorted(files.items()):
        yield LineageNode(
            id=source_id(workflow),
            kind=NodeKind.SOURCE,
            ref=workflow,
            title=workflow or tr("Files"),
            noun=tr("Files of {engine}", engine=engines[workflow]) if workflow in engines else tr("Files"),
            files=None if None in counts else sum(count or 0 for count in counts),
        )


def _from_source(collection: DataCollection) -> LineageEdge:
    return LineageEdge(source=source_id(collection.workflow), target=collection.id)


def _tables(collections: Sequence[DataCollection], faults: Faults) -> Iterable[LineageNode]:
    versions = {one.id: one.table_version for one in collections}
    for one in collections:
        state, reason = _state(one, versions, faults)
        is_join = one.origin is Origin.JOIN
        yield LineageNode(
            id=one.id,
            kind=NodeKind.JOIN if is_join else NodeKind.COLLECTION,
            ref=one.id,
            title=one.tag,
            noun=tr("Join") if is_join else KINDS.get(one.kind, one.kind),
            rows=None if one.table_version is None else one.rows,
            files=one.files,
            state=state,
            reason=reason,
        )


def _state(one: DataCollection, versions: Mapping[str, int | None], faults: Faults) -> tuple[NodeState, str]:
    fault = faults.get((one.workflow, one.tag))
    if fault is not None:
        return NodeState.FAILED, fault
    behind = behind_sides(one.joined, versions) if one.joined else ()
    if behind:
        return NodeState.BEHIND, tr("Changed since the join was made: {behind}", behind=", ".join(behind))
    if one.table_version is None:
        return NodeState.EMPTY, ""
    multiplied = fan_out_words(one.joined) if one.joined else ""
    return (NodeState.MULTIPLIED, multiplied) if multiplied else (NodeState.GOOD, "")


def _dashboard(dashboard: Dashboard, shown: Sequence[LineageNode]) -> LineageNode:
    behind = [one for one in shown if one.state in {NodeState.FAILED, NodeState.BEHIND, NodeState.EMPTY}]
    return LineageNode(
        id=dashboard.id,
        kind=NodeKind.DASHBOARD,
        ref=dashboard.id,
        title=dashboard.title,
        noun=tr("Dashboard"),
        state=NodeState.AFFECTED if behind else NodeState.GOOD,
        reason="; ".join(f"{one.title}: {one.words.lower()}" for one in behind),
    )


def _links(links: Links) -> list[LineageEdge]:
    """One edge for each pair of collections, whichever way its links lead."""
    pairs: dict[tuple[str, str], list[str]] = defaultdict(list)
    for link in links:
        if link.source != link.target:
            pairs[link.source, link.target].append(link.name)
    found = []
    for (source, target), names in pairs.items():
        back = pairs.get((target, source), [])
        if back and (target, source) < (source, target):
            continue
        label = "; ".join(dict.fromkeys([*names, *back]))
        found.append(LineageEdge(source=source, target=target, is_link=True, is_mutual=bool(back), label=label))
    return found
