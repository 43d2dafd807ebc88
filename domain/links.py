"""Links: which clauses of other collections reach a tile, and by which rule values of one column find those of another.

A link leads one way, from a column of its source collection to one of its target. A clause on A narrows the tiles of B
when a path of at most `MAX_HOPS` links leads from A to B. The shortest path counts; of several equally short ones, all
must hold. `persistence/frames/links.py` follows them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from domain.collections import DataCollection
from domain.description import LinkConfig, ProjectDescription
from domain.filters import FilterState, clauses_for
from domain.project_references import Tag, declared, meant
from domain.tiles import DataTile, FilterTile

MAX_HOPS = 3
TIP_COLUMN = "name"
"""Of a tree: the column that has the labels of its tips."""
SAMPLE = "{sample}"
"""Where a pattern has the value of the source column."""
SUFFIX = r"_(?:R[12]|L[0-9]{3}|REP[0-9]+|TECH[0-9]+)"
"""What sequencers and pipelines append to the name of a sample, in any case: read, lane, replicate."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """An enabled link of a project. `source` and `target` are ids of collections; `id` is its place in the file."""

    id: str
    name: str
    """For messages: `sites.sample → diversity.sample`."""
    source: str
    source_column: str
    target: str
    target_column: str
    config: LinkConfig = LinkConfig()


Links = tuple[Link, ...]
Path = tuple[Link, ...]
"""Links of which each starts where the one before it ends."""


class Linked(msgspec.Struct, frozen=True):
    """All clauses of one other collection, which select rows together, and the paths that lead from it to the tile."""

    clauses: FilterState
    paths: tuple[Path, ...]

    @property
    def collections(self) -> frozenset[str]:
        """The collections whose rows decide what the tile shows, besides its own."""
        return frozenset(link.source for path in self.paths for link in path)


class Reach(msgspec.Struct, frozen=True):
    """The clauses that narrow a tile: its own collection's, and those that reach it through links."""

    own: FilterState
    linked: tuple[Linked, ...] = ()


def links_of(project: ProjectDescription | None, collections: Iterable[DataCollection]) -> Links:
    """The enabled links of a project file, tags turned into the ids of the project's collections.

    A link of a collection that was never made is left out: no clause can come from it and no tile can show it.
    """
    if project is None:
        return ()
    tags = declared(project)
    ids = {(one.workflow, one.tag): one.id for one in collections}
    found: list[Link] = []
    for index, link in enumerate(project.links):
        ends = [meant(reference, tags) for reference in (link.source_dc_tag, link.target_dc_tag)]
        source, target = (ids.get(end) if isinstance(end, tuple) else None for end in ends)
        if link.enabled and source and target:
            column = link.target_column
            found.append(
                Link(
                    id=f"links[{index}]",
                    name=f"{link.source_dc_tag}.{link.source_column} → {link.target_dc_tag}.{column}",
                    source=source,
                    source_column=link.source_column,
                    target=target,
                    target_column=column,
                    config=link.link_config,
                )
            )
    return (*found, *_of_trees(project, tags, ids))


def _of_trees(project: ProjectDescription, tags: list[Tag], ids: Mapping[Tag, str]) -> Iterator[Link]:
    """From the metadata that a tree names to its tips: filters on the one narrow the other."""
    for workflow, one in project.collections():
        properties = one.config.dc_specific_properties
        if one.config.type != "phylogeny" or properties.metadata_dc_tag is None:
            continue
        found = meant(properties.metadata_dc_tag, tags, workflow.name)
        source, target = (
            ids.get(found) if isinstance(found, tuple) else None,
            ids.get((workflow.name, one.data_collection_tag)),
        )
        if source and target:
            column = properties.metadata_taxon_column
            yield Link(
                id=f"tree {workflow.name}.{one.data_collection_tag}",
                name=f"{properties.metadata_dc_tag}.{column} → {one.data_collection_tag}.{TIP_COLUMN}",
                source=source,
                source_column=column,
                target=target,
                target_column=TIP_COLUMN,
            )


def paths(links: Links, source: str, target: str) -> tuple[Path, ...]:
    """The shortest paths from one collection to another, in the order of the project's links; none above `MAX_HOPS`.

    A path never comes back to a collection that a shorter one reached: cycles end by themselves.
    """
    if source == target:
        return ()
    seen, ends = {source}, [(source, Path())]
    for _ in range(MAX_HOPS):
        longer = [
            (link.target, (*path, link))
            for end, path in ends
            for link in links
            if link.source == end and link.target not in seen
        ]
        if arrived := tuple(path for end, path in longer if end == target):
            return arrived
        seen |= {end for end, _ in longer}
        ends = longer
    return ()


def behind(shown: frozenset[str], links: Links) -> frozenset[str]:
    """These collections, and those through which a filter on one of them reaches another."""
    passed = {
        end
        for source in shown
        for target in shown
        for path in paths(links, source, target)
        for link in path
        for end in (link.source, link.target)
    }
    return shown | passed


def reaching(state: FilterState, tile: DataTile, links: Links) -> Reach:
    """The clauses that narrow this tile. A tile ignores its own selection, and a filter all that it has set."""
    heard = state
    if isinstance(tile, FilterTile):
        heard = tuple(clause for clause in state if clause.source != tile.id)
    own = clauses_for(heard, tile.collection_id, tile.id)
    # A condition that the tile's own rows can tell is not asked of those that they are linked with.
    told = {clause.source for clause in own if clause.op == "where"}
    heard = tuple(clause for clause in heard if clause.op != "where" or clause.source not in told)
    others = dict.fromkeys(clause.collection_id for clause in heard)
    linked = [
        Linked(clauses, found)
        for other in sorted(others)
        if other != tile.collection_id
        and (clauses := clauses_for(heard, other, tile.id))
        and (found := paths(links, other, tile.collection_id))
    ]
    return Reach(own, tuple(linked))


def counterparts(mappings: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """The pairs of different names that a mapping makes one: a name and a variant of it, either way round."""
    given = [(name, variant) for name, variants in mappings.items() for variant in variants]
    return sorted({pair for one, other in given if one != other for pair in ((one, other), (other, one))})


def surroundings(config: LinkConfig) -> tuple[str, str] | None:
    """The regular expressions before and after the source's value in the target's; None without a place for it.

    For the resolvers `regex` and `wildcard`.
    """
    before, found, after = (config.pattern or "").partition(SAMPLE)
    if not found:
        return None
    return (_wildcard(before), _wildcard(after)) if config.resolver == "wildcard" else (before, after)


def sample_group(pattern: str) -> int:
    """Which group of a regular expression captures the source's value: the one named `sample`, else the first.

    0 when it has no group.

    Raises:
        re.error: when it does not compile.
    """
    compiled = re.compile(pattern)
    return compiled.groupindex.get("sample", min(compiled.groups, 1))


_WILDCARD = re.compile(r"[*?]|\[(!?)([^\]]+)\]|.", re.DOTALL)
_MEMBER = re.compile(r"(.)-(.)|.", re.DOTALL)


def _wildcard(text: str) -> str:
    """The regular expression of a shell pattern: `*` any text, `?` one character, `[ab]` `[!ab]` one of or none of."""
    return _WILDCARD.sub(_piece, text)


def _piece(found: re.Match[str]) -> str:
    if found[0] in "*?":
        return "(?s:.*)" if found[0] == "*" else "(?s:.)"
    if found[2]:
        return f"[{'^' if found[1] else ''}{_MEMBER.sub(_member, found[2])}]"
    return re.escape(found[0])


def _member(found: re.Match[str]) -> str:
    """One character of a set, or a range of them."""
    return "-".join(map(re.escape, found.groups())) if found[1] else re.escape(found[0])
