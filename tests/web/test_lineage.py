"""The lineage: what is drawn of a project, for whom, and that large ones stay quick and without overlaps."""

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from domain.collections import DataCollection, Joined, JoinSide, Origin
from domain.dashboards import Dashboard
from domain.description import JoinDescription, LinkDescription, ProjectDescription
from domain.ingests import CollectionReport, IngestRecord, Outcome
from domain.lineage import NodeState, lineage
from domain.tiles import TableTile, TextTile
from persistence.mongo import new_id, now
from tests.web.world import World
from web.layers import layered
from web.lineage import HEIGHT, drawn_lineage


def collection(tag: str, **values: object) -> DataCollection:
    base = DataCollection(id=tag, project_id="p", tag=tag, workflow="flow", rows=8, table_version=1, files=2)
    return structs.replace(base, **values)


def dashboard(name: str, *shown: str) -> Dashboard:
    tiles = {f"t{number}": TableTile(id=f"t{number}", collection_id=one) for number, one in enumerate(shown)}
    at = now()
    return Dashboard(id=name, project_id="p", title=name, created_by="u", created_at=at, updated_at=at, tiles=tiles)


def made_of(left: str, right: str, *, fan_out: int = 0) -> Joined:
    return Joined(left=JoinSide(left, left, 1, 8), right=JoinSide(right, right, 1, 8), rows=8, fan_out=fan_out)


JOINED = ProjectDescription(
    name="Survey",
    joins=(
        JoinDescription(name="both", left_dc="a", right_dc="b", on_columns=("id",), workflow_name="flow"),
        JoinDescription(name="all", left_dc="both", right_dc="c", on_columns=("id",), workflow_name="flow"),
    ),
)


def test_files_collections_joins_and_dashboards_follow_each_other() -> None:
    """Each edge leads from what is used to what is made of it; a dashboard says which of its data is behind."""
    tables = [
        *(collection("a"), collection("b", table_version=2), collection("c", table_version=None)),
        collection("all", origin=Origin.JOIN, files=None, joined=made_of("both", "c")),
        collection("both", origin=Origin.JOIN, files=None, joined=made_of("a", "b")),
    ]
    text = TextTile(id="text", body="Rows: {{count(c)}}", collection_id="a")
    shown = structs.replace(dashboard("d", "a", "all"), tiles={**dashboard("d", "a", "all").tiles, "text": text})
    found = lineage(JOINED, tables, [shown], {("flow", "a"): "a file is broken"})
    assert [(one.id, one.state, one.files) for one in found.nodes] == [
        ("files:flow", NodeState.GOOD, 6),
        ("a", NodeState.FAILED, 2),
        ("b", NodeState.GOOD, 2),
        ("c", NodeState.EMPTY, 2),
        ("both", NodeState.BEHIND, None),
        ("all", NodeState.BEHIND, None),
        ("d", NodeState.AFFECTED, None),
    ]
    assert {(one.source, one.target) for one in found.edges} == {
        *(("files:flow", "a"), ("files:flow", "b"), ("files:flow", "c")),
        *(("a", "both"), ("b", "both"), ("both", "all"), ("c", "all"), ("a", "d"), ("all", "d")),
    }
    assert found.nodes[4].reason == "Changed since the join was made: b"
    assert found.nodes[6].reason == "a: last ingest failed; all: out of date"
    drawn = drawn_lineage(found)
    columns = {one.node.id: one.x for one in drawn.nodes}
    assert columns["files:flow"] < columns["a"] == columns["c"] < columns["both"] < columns["all"] < columns["d"]
    listed = {one.drawn.node.id: [node.id for node in one.of] for one in drawn.listed}
    assert (listed["all"], listed["d"]) == (["both", "c"], ["a", "all"])


def test_links_are_one_edge_for_two_collections() -> None:
    """Both ways are one dashed curve with two arrows; a join that multiplied rows says so."""
    links = tuple(
        LinkDescription(source_dc_tag=source, source_column="id", target_dc_tag=target)
        for source, target in (("uploads.a", "uploads.b"), ("uploads.b", "uploads.a"), ("uploads.a", "c"))
    )
    join = JoinDescription(name="c", left_dc="uploads.a", right_dc="uploads.b", on_columns=("id",))
    described = ProjectDescription(name="Survey", links=links, joins=(join,))
    tables = [
        *(collection("a", workflow="uploads"), collection("b", workflow="uploads")),
        collection("c", workflow="uploads", origin=Origin.JOIN, joined=made_of("a", "b", fan_out=3)),
    ]
    found = lineage(described, tables, [], {})
    drawn = [(one.source, one.target, one.is_mutual) for one in found.edges if one.is_link]
    assert drawn == [("a", "b", True), ("a", "c", False)]
    assert next(one for one in found.nodes if one.id == "c").state is NodeState.MULTIPLIED
    assert all(one.path.startswith("M") for one in drawn_lineage(found).edges)


def test_a_large_project_is_drawn_quickly() -> None:
    """A hundred collections and dashboards, each showing five, take well below a second and never overlap."""
    tables = [collection(f"t{number:03}") for number in range(100)]
    boards = [dashboard(f"d{n:03}", *(f"t{(n * 7 + k * 13) % 100:03}" for k in range(5))) for n in range(100)]
    start = time.process_time()
    drawn = drawn_lineage(lineage(None, tables, boards, {}))
    assert time.process_time() - start < 2
    assert len(drawn.nodes) == 201
    assert len(drawn.edges) == 600
    places = sorted((one.x, one.y) for one in drawn.nodes)
    assert all(x != other or y + HEIGHT <= below for (x, y), (other, below) in pairwise(places))


@given(st.data())
def test_places_never_overlap(data: st.DataObject) -> None:
    """Whatever leads where, the nodes and the ways of edges in a column keep their distance."""
    count = data.draw(st.integers(1, 12))
    nodes = [f"n{number}" for number in range(count)]
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda pair: pair[0] < pair[1])
    edges = sorted(data.draw(st.sets(pairs, max_size=20))) if count > 1 else []
    named = [(nodes[source], nodes[target]) for source, target in edges]
    sinks = [node for node in nodes if node not in {source for source, _ in named}]
    last = data.draw(st.sets(st.sampled_from(sinks))) if sinks else set()
    found = layered(nodes, named, last, sizes=(20.0, 6.0), gap=4.0)
    assert all(found.column[source] < found.column[target] for source, target in named)
    held: dict[int, list[tuple[float, float]]] = {}
    for node in nodes:
        held.setdefault(found.column[node], []).append((found.top[node], 20.0))
    for (source, _), tops in found.ways.items():
        for step, top in enumerate(tops, start=found.column[source] + 1):
            held.setdefault(step, []).append((top, 6.0))
    for places in held.values():
        for (top, height), (below, _) in pairwise(sorted(places)):
            assert top + height + 4.0 <= below + 0.001


async def test_the_page_shows_what_one_may_see(world: World) -> None:
    """Members see that an ingest failed, visitors of a public project do not; each part is a link, and in the list."""
    user = await world.user()
    access = await world.project(user)
    penguins = await world.collection(access)
    board = await world.services.dashboards.create(
        access, "Birds <1>", tiles={"t": TableTile(id="t", collection_id=penguins.id)}
    )
    report = CollectionReport(workflow="survey", tag="penguins", outcome=Outcome.FAILED, message="It is broken.")
    await world.ingests.add(
        IngestRecord(
            id=new_id(),
            project_id=access.project.id,
            user_id=user.id,
            user_email=user.email,
            started_at=now(),
            finished_at=now(),
            report=report,
        )
    )
    browser = await world.browser(user)
    base = f"/projects/{access.project.id}"
    assert (await browser.page(base)).select_one(f"section[hx-get='{base}/lineage']")["hx-trigger"] == "load"
    page = await browser.page(f"{base}/lineage")
    nodes = {str(one["data-node"]): one for one in page.select(".dp-node")}
    assert {key: str(one["href"]) for key, one in nodes.items()} == {
        "files:survey": f"{base}/runs?workflow=survey",
        penguins.id: f"{base}/collections/{penguins.id}",
        board.id: f"/dashboards/{board.id}",
    }
    assert (
        nodes[penguins.id]["aria-label"] == "penguins 4 rows · ingest failed, Table, Last ingest failed, It is broken."
    )
    assert nodes[board.id]["aria-label"].startswith("Birds <1> Dashboard · data behind, Shows data that is behind")
    assert [one.get_text() for one in page.select("#lineage-list li > a")] == ["survey", "penguins", "Birds <1>"]
    await world.services.projects.set_public(access, is_public=True)
    visitor = await world.browser()
    seen = (await visitor.page(f"{base}/lineage")).select(".dp-node")
    assert [str(one["data-state"]) for one in seen] == ["good", "good", "good"]
    async with await world.bearer(user) as client:
        answer = (await client.get(f"/api/v1{base}/lineage")).json()
    assert [(one["kind"], one["state"]) for one in answer["nodes"]] == [
        ("source", "good"),
        ("collection", "failed"),
        ("dashboard", "affected"),
    ]
    other = await world.browser(await world.user())
    await world.services.projects.set_public(access, is_public=False)
    assert (await other.get(f"{base}/lineage")).status_code == 404
