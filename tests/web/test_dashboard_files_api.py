"""Dashboard files and the history of a dashboard over REST."""

from domain.tiles import CardTile, TextTile
from tests.web.world import World


async def test_a_dashboard_is_exported_imported_and_duplicated(world: World) -> None:
    """The file of what was read is the file that was written; faults have places, and viewers may only read."""
    owner, viewer = await world.user("Owner"), await world.user("Viewer")
    access = await world.project(owner, viewer=viewer)
    tiles = {"text": TextTile(id="text", title="About", body="# Hello")}
    made = await world.services.dashboards.create(access, "Birds", tiles=tiles)
    path, files = f"/api/v1/dashboards/{made.id}", f"/api/v1/projects/{access.project.id}/dashboards/file"
    async with await world.bearer(viewer) as http:
        written = await http.get(f"{path}/file")
        assert (written.status_code, written.headers["content-type"]) == (200, "application/yaml")
        assert "Birds.yaml" in written.headers["content-disposition"]
        assert (await http.post(files, json={"text": written.text})).status_code == 403
        assert (await http.post(f"{path}/duplicate")).status_code == 403
    async with await world.bearer(owner) as http:
        read = (await http.post(files, json={"text": written.text})).json()
        assert (read["title"], [tile["body"] for tile in read["tiles"].values()]) == ("Birds", ["# Hello"])
        assert (await http.get(f"/api/v1/dashboards/{read['id']}/file")).text == written.text
        faulty = await http.post(files, json={"text": "title: T\ncomponents: [{component_type: chart}]"})
        assert (faulty.status_code, faulty.json()["errors"][0]["place"]) == (422, "components[0].component_type")
        copy = (await http.post(f"{path}/duplicate")).json()
        assert (copy["title"], set(copy["tiles"])) == ("Birds (copy)", {"text"})


async def test_a_dashboard_is_moved_to_another_project(world: World) -> None:
    """The plan says what stands for what, by columns too; what lacks some is refused with its name."""
    owner = await world.user("Owner")
    access, other = await world.project(owner), await world.project(owner)
    tile = CardTile(id="card", collection_id=(await world.collection(access)).id, column_name="bill_mm")
    made = await world.services.dashboards.create(access, "Birds", tiles={"card": tile})
    path = f"/api/v1/dashboards/{made.id}/copies"
    wanted = {"project_id": other.project.id, "move": True}
    async with await world.bearer(owner) as http:
        refused = await http.post(path, json=wanted)
        assert (refused.status_code, len(refused.json()["errors"])) == (422, 1)
        there = await world.collection(other, tag="elsewhere")
        [planned] = (await http.get(path, params={"project_id": other.project.id})).json()["collections"]
        assert (planned["stands"], planned["by_columns"], planned["lost"]) == (there.id, True, [])
        moved = (await http.post(path, json=wanted)).json()
        assert (moved["project_id"], moved["tiles"]["card"]["collection_id"]) == (other.project.id, there.id)
        assert (await http.get(f"/api/v1/dashboards/{made.id}")).status_code == 404


async def test_versions_are_listed_read_compared_and_restored(world: World) -> None:
    """Those who may edit see them; restoring makes a new version."""
    owner, viewer = await world.user("Owner"), await world.user("Viewer")
    access = await world.project(owner, viewer=viewer)
    use = world.services.dashboards
    made = await use.create(access, "Birds", tiles={"text": TextTile(id="text", title="About")})
    await use.rename(access, made.id, "Penguins", "", made.version)
    await use.add_tile(access, made.id, TextTile(id="more"))
    path = f"/api/v1/dashboards/{made.id}/versions"
    async with await world.bearer(owner) as http:
        listed = (await http.get(path)).json()
        assert [(one["number"], one["by_name"], one["how"]) for one in listed["items"]] == [
            (3, "Owner", "edit"),
            (2, "Owner", "edit"),
        ]
        assert (listed["total"], listed["next"]) == (None, None)
        assert [one["number"] for one in (await http.get(path, params={"after": 2})).json()["items"]] == [2]
        old = (await http.get(f"{path}/1")).json()
        assert (old["title"], set(old["tiles"]), old["version"]) == ("Birds", {"text"}, 1)
        found = (await http.get(f"{path}/1/differences")).json()
        assert found == {
            "added": ["more"],
            "removed": [],
            "changed": {},
            "moved": [],
            "fields": {"title": ["Birds", "Penguins"]},
        }
        assert (await http.get(f"{path}/2/differences", params={"to": 2})).json()["fields"] == {}
        restored = (await http.post(f"{path}/1/restore")).json()
        assert (restored["title"], set(restored["tiles"]), restored["version"]) == ("Birds", {"text"}, 4)
        assert (await http.get(f"{path}/9")).status_code == 404
    async with await world.bearer(viewer) as http:
        for address in (path, f"{path}/1", f"{path}/1/differences"):
            assert (await http.get(address)).status_code == 403
        assert (await http.post(f"{path}/1/restore")).status_code == 403
