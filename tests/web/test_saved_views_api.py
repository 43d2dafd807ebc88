"""Saved views over REST."""

from domain.tiles import TextTile
from tests.web.world import World


async def test_views_are_saved_changed_chosen_and_deleted(world: World) -> None:
    """A viewer keeps one, the owner shares one and lets the dashboard open with it; what does not fit is named."""
    owner, viewer = await world.user("Owner"), await world.user("Viewer")
    access = await world.project(owner, viewer=viewer)
    tiles = {"text": TextTile(id="text", title="About")}
    made = await world.services.dashboards.create(access, "Birds", tiles=tiles)
    path = f"/api/v1/dashboards/{made.id}"
    async with await world.bearer(viewer) as http:
        kept = await http.post(f"{path}/views", json={"name": "Mine", "state": {"tile": "text"}})
        assert (kept.status_code, kept.json()["state"]) == (201, {"filters": {}, "tab": "", "tile": "text"})
        assert (await http.post(f"{path}/views", json={"name": "mine"})).status_code == 409
        assert (await http.post(f"{path}/views", json={"name": "Ours", "shared": True})).status_code == 403
        faulty = await http.post(f"{path}/views", json={"name": "Bad", "state": {"filters": {"gone": [["in", ["a"]]]}}})
        assert faulty.status_code == 422
        assert faulty.json()["errors"] == [{"place": "gone", "message": "no such filter; take it out of the view"}]
        mine = (await http.get(f"{path}/views/Mine")).json()
    async with await world.bearer(owner) as http:
        assert (await http.get(f"{path}/views/Mine")).status_code == 404
        shared = (await http.post(f"{path}/views", json={"name": "Ours", "shared": True})).json()
        chosen = (await http.put(f"{path}/default-view", json={"view_id": shared["id"]})).json()
        assert (chosen["opens_with"], [view["name"] for view in chosen["views"]]) == (shared["id"], ["Ours"])
    async with await world.bearer(viewer) as http:
        listed = (await http.get(f"{path}/views")).json()
        assert [view["name"] for view in listed["views"]] == ["Ours", "Mine"]
        assert (listed["may_keep"], listed["may_share"], listed["may_set_default"]) == (True, False, False)
        own = (await http.put(f"{path}/default-view/own", json={"view_id": mine["id"]})).json()
        assert own["opens_with"] == mine["id"]
        renamed = await http.put(f"{path}/views/{mine['id']}", json={"version": 1, "name": "My text"})
        assert (renamed.json()["name"], renamed.json()["version"], renamed.json()["state"]) == (
            "My text",
            2,
            mine["state"],
        )
        stale = await http.put(f"{path}/views/{mine['id']}", json={"version": 1, "name": "Late"})
        assert stale.status_code == 409
        assert (await http.delete(f"{path}/views/{mine['id']}")).status_code == 204
        assert (await http.get(f"{path}/views")).json()["opens_with"] == shared["id"]
