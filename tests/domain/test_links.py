"""Links: paths, the clauses that reach a tile, and what a project file may say of a link."""

import re
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.collections import DataCollection
from domain.description import LinkConfig
from domain.errors import Invalid
from domain.filters import Clause
from domain.links import MAX_HOPS, Link, Links, Path, counterparts, links_of, paths, reaching, surroundings
from domain.project_file import project_description
from domain.tiles import CardTile, DataTile, FilterTile, FilterWidget
from tests.domain.test_project_file import FULL, changed, problems_of

NAMES = "abcdef"
edges = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=14)


def graph(pairs: list[tuple[str, str]]) -> Links:
    """A link for every pair; the same pair may have several."""
    return tuple(
        Link(id=f"links[{i}]", name=f"{a} → {b}", source=a, source_column="k", target=b, target_column="k")
        for i, (a, b) in enumerate(pairs)
    )


def all_walks(links: Links, source: str, target: str, length: int) -> set[tuple[str, ...]]:
    """Every walk of exactly that many links, by trying all."""
    return {
        tuple(link.id for link in walk)
        for walk in product(links, repeat=length)
        if (walk[0].source, walk[-1].target) == (source, target)
        and all(one.target == two.source for one, two in pairwise(walk))
    }


@given(edges.map(lambda pairs: pairs[:8]), st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_paths_are_the_shortest_walks_of_at_most_three_links(
    pairs: list[tuple[str, str]], source: str, target: str
) -> None:
    """Compared with trying every sequence of links; cycles, loops and parallel links among them."""
    links = graph(pairs)
    found = {tuple(link.id for link in path) for path in paths(links, source, target)}
    walks = [all_walks(links, source, target, length) for length in range(1, MAX_HOPS + 1)]
    expected: set[tuple[str, ...]] = next((walk for walk in walks if walk), set()) if source != target else set()
    assert found == expected


def test_a_cycle_ends_and_four_links_are_too_many() -> None:
    ring = graph([("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "a")])
    assert [link.target for link in paths(ring, "a", "d")[0]] == ["b", "c", "d"]
    assert paths(ring, "a", "e") == ()
    assert paths(ring, "a", "a") == ()


def clause(collection_id: str, source: str = "other", **rest: Any) -> Clause:
    return Clause(source=source, collection_id=collection_id, column="x", op="in", values=("v",), **rest)


def card(collection_id: str, tile_id: str = "card") -> DataTile:
    return CardTile(id=tile_id, collection_id=collection_id, column_name="x")


def test_all_clauses_of_a_collection_reach_together() -> None:
    """They select rows of their collection first; what is not linked does not reach."""
    links = graph([("a", "b"), ("b", "c")])
    state = (clause("a", "s1"), clause("c", "s2"), clause("a", "s3"), clause("e", "s4"))
    reach = reaching(state, card("c"), links)
    assert reach.own == (state[1],)
    [linked] = reach.linked
    assert linked.clauses == (state[0], state[2])
    assert linked.paths == ((links[0], links[1]),)
    assert linked.collections == {"a", "b"}
    assert reaching(state, card("a"), links).linked == ()


def test_no_own_clause_comes_back_by_a_cycle() -> None:
    """Neither the tile's own selection nor a clause of its own collection takes a round trip."""
    links = graph([("a", "b"), ("b", "a")])
    own = clause("a", "card", selection=True)
    assert reaching((own,), card("a"), links) == reaching((), card("a"), links)
    assert reaching((own,), card("b", "card b"), links).linked[0].clauses == (own,)
    control = FilterTile(id="f", collection_id="a", column_name="x", interactive_component_type=FilterWidget.TEXT)
    mine, other = clause("a", "f"), clause("b")
    reach = reaching((mine, other), control, links)
    assert (reach.own, [linked.clauses for linked in reach.linked]) == ((), [(other,)])


@given(edges, st.lists(st.sampled_from(NAMES), max_size=5), st.sampled_from(NAMES))
def test_a_clause_reaches_exactly_where_a_path_leads(
    pairs: list[tuple[str, str]], where: list[str], target: str
) -> None:
    """Every clause is heard at most once: of its own collection directly, else through the paths from it."""
    links = graph(pairs)
    state = tuple(clause(name, f"s{i}") for i, name in enumerate(where))
    reach = reaching(state, card(target), links)
    heard = {one.collection_id for linked in reach.linked for one in linked.clauses}
    assert heard == {name for name in where if paths(links, name, target)}
    assert reach.own == tuple(one for one in state if one.collection_id == target)


def collection(tag: str, workflow: str = "amplicon") -> DataCollection:
    return DataCollection(id=f"id of {workflow}.{tag}", project_id="p", tag=tag, workflow=workflow)


def test_tags_become_the_ids_of_collections() -> None:
    """Joined collections can be linked; collections that the file does not declare do not make a tag ambiguous."""
    project = project_description(FULL)
    held = [collection(tag) for tag in ("diversity", "sites", "by_site")] + [collection("sites", "former")]
    [link] = links_of(project, held)
    assert (link.source, link.source_column) == ("id of amplicon.sites", "sample")
    assert (link.target, link.target_column) == ("id of amplicon.by_site", "sample")
    assert (link.id, link.name) == ("links[0]", "sites.sample → by_site.sample")
    assert links_of(project, held[:2]) == links_of(None, held) == ()


def test_a_link_that_is_not_enabled_is_ignored() -> None:
    """And the target's column has the source's name when it is not given."""
    held = [collection(tag) for tag in ("diversity", "sites", "by_site")]
    assert links_of(project_description(changed(("links.0.enabled", False))), held) == ()
    [link] = links_of(project_description(changed(("links.0.link_config", ...))), held)
    assert (link.target_column, link.config) == ("sample", LinkConfig())


CONFIGS: list[tuple[dict[str, Any], str, str]] = [
    ({"resolver": "fuzzy"}, "resolver", "'fuzzy' is not one of direct, pattern, regex, sample_mapping, wildcard"),
    ({"resolver": "pattern"}, "pattern", "is required for the resolver pattern"),
    ({"resolver": "regex", "pattern": ""}, "pattern", "is required for the resolver regex"),
    ({"resolver": "pattern", "pattern": "x.bam"}, "pattern", "has no {sample}"),
    ({"resolver": "pattern", "pattern": "{name}.bam"}, "pattern", "{name} is not known; write {sample}"),
    ({"resolver": "wildcard", "pattern": "*.bam"}, "pattern", "must have {sample} once"),
    ({"resolver": "wildcard", "pattern": "{sample}/{sample}*"}, "pattern", "must have {sample} once"),
    ({"resolver": "wildcard", "pattern": "{sample}[z-a]"}, "pattern", "is not a shell pattern"),
    ({"resolver": "regex", "pattern": "{sample}("}, "pattern", "is not a regular expression"),
    ({"resolver": "regex", "pattern": "S[0-9]+"}, "pattern", "has neither {sample} nor a group"),
    ({"resolver": "regex", "pattern": "{sample}_{sample}"}, "pattern", "must have {sample} once"),
    ({"resolver": "regex", "pattern": "(?=S){sample}"}, "pattern", "has (?=, which links cannot follow"),
    ({"resolver": "regex", "pattern": r"(.)\1"}, "pattern", r"has \1, which links cannot follow"),
    ({"resolver": "direct", "pattern": "{sample}.bam"}, "pattern", "belongs to the resolvers pattern, regex, wildcard"),
    ({"resolver": "direct", "mappings": {"a": ["b"]}}, "mappings", "belongs to the resolver sample_mapping"),
    ({"target_field": " "}, "target_field", "is empty"),
]


@pytest.mark.parametrize(("config", "key", "message"), CONFIGS, ids=[f"{c[1]}: {c[2]}" for c in CONFIGS])
def test_a_fault_in_a_link_is_named(config: dict[str, Any], key: str, message: str) -> None:
    problems = problems_of(changed(("links.0.link_config", config)))
    assert list(problems) == [f"links[0].link_config.{key}"]
    assert message in problems[f"links[0].link_config.{key}"]


@pytest.mark.parametrize(
    "config",
    [
        {"resolver": "Sample_Mapping", "mappings": {"S1": ["S1_R1"]}, "case_sensitive": False},
        {"resolver": "sample_mapping"},
        {"resolver": "pattern", "pattern": "{sample}/{sample}.bam"},
        {"resolver": "regex", "pattern": r"(?P<sample>S[0-9]{2,4})\.\\1"},
        {"resolver": "regex", "pattern": "{sample}_[0-9]{2}"},
        {"resolver": "wildcard", "pattern": "*/{sample}[!a-c]?.bam"},
    ],
)
def test_each_resolver_accepts_its_own_keys(config: dict[str, Any]) -> None:
    assert project_description(changed(("links.0.link_config", config))).links


def test_columns_that_a_collection_drops_are_named() -> None:
    """`keep_columns` says which there are."""
    link = {"source_dc_tag": "sites", "source_column": "shanon", "target_dc_tag": "diversity"}
    assert problems_of(changed(("links", [link]))) == {
        "links[0].link_config.target_field": (
            "'shanon' is not among the keep_columns of diversity; did you mean shannon?"
        )
    }
    empty = problems_of(changed(("links.0.source_column", "")))
    assert "name the column" in empty["links[0].source_column"]
    run = {"source_dc_tag": "diversity", "source_column": "depictio_run_id", "target_dc_tag": "sites"}
    assert project_description(changed(("links", [run])))


@given(st.dictionaries(st.text(max_size=3), st.lists(st.text(max_size=3), max_size=3), max_size=4))
def test_counterparts_go_both_ways(mappings: dict[str, list[str]]) -> None:
    pairs = set(counterparts(mappings))
    assert pairs == {(two, one) for one, two in pairs}
    assert all((name, variant) in pairs for name, found in mappings.items() for variant in found if name != variant)


@given(st.text(alphabet="ab*?-.|(^ \n]", max_size=6), st.text(alphabet="ab*?-.|(^ \n]", max_size=6))
def test_a_shell_pattern_means_what_fnmatch_means(pattern: str, name: str) -> None:
    """Without sets of characters, whose corner cases are tried by hand."""
    import fnmatch  # noqa: PLC0415

    around = surroundings(LinkConfig(resolver="wildcard", pattern=pattern + "{sample}"))
    assert around
    assert bool(re.fullmatch(around[0], name)) == fnmatch.fnmatchcase(name, pattern)


@pytest.mark.parametrize(
    ("pattern", "hits", "misses"),
    [
        ("[ab]", "ab", "c-"),
        ("[!ab]", "c!", "ab"),
        ("[a-c]", "abc", "d-"),
        ("[-a]", "-a", "b"),
        ("[a&&~b]", "a&~b", "c"),
    ],
)
def test_sets_of_characters(pattern: str, hits: str, misses: str) -> None:
    around = surroundings(LinkConfig(resolver="wildcard", pattern=pattern + "{sample}"))
    assert around
    assert all(re.fullmatch(around[0], one) for one in hits)
    assert not any(re.fullmatch(around[0], one) for one in misses)


def test_a_path_is_made_of_links() -> None:
    """The type that others use."""
    empty: Path = ()
    assert paths(graph([]), "a", "b") == empty
    with pytest.raises(Invalid):
        project_description(changed(("links.0.source_dc_tag", "nowhere")))
