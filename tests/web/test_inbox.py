"""The inbox on its page, in the bell and over REST."""

from domain.tiles import TextTile
from tests.web.world import World


async def test_a_mention_is_counted_read_and_marked(world: World) -> None:
    """By page, bell and REST; markup in a comment is text."""
    owner, viewer = await world.user("Owner"), await world.user("Viewer")
    access = await world.project(owner, viewer=viewer)
    made = await world.services.dashboards.create(access, "Birds", tiles={"text": TextTile(id="text", title="About")})
    threads = []
    async with await world.bearer(owner) as http:
        for body in ("Look, <b>@Viewer</b>", "And here"):
            said = {"tile_id": "text", "body": body, "mentions": [viewer.id]}
            threads.append((await http.post(f"/api/v1/dashboards/{made.id}/comments", json=said)).json()["id"])
    browser = await world.browser(viewer)
    header = await browser.page("/projects")
    assert header.select_one("#inbox-bell")["hx-get"] == "/inbox/bell"
    bell = (await browser.page("/inbox/bell")).select_one("#inbox-bell")
    assert (bell["aria-label"], bell.select_one(".dp-bell-count").get_text()) == ("Inbox: 2 unread", "2")
    assert "hx-get" not in bell.attrs
    page = await browser.page("/inbox")
    newest, oldest = page.select("#messages li")
    assert oldest.select_one(".dp-prose").get_text() == "Look, <b>@Viewer</b>"
    assert newest.select_one("a.dp-link")["href"] == f"/dashboards/{made.id}#comment-{threads[1]}"
    answer = await browser.post(newest.select_one("form")["action"])
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
    async with await world.bearer(viewer) as http:
        listed = (await http.get("/api/v1/inbox", params={"limit": 1})).json()
        assert [(one["thread_id"], one["unread_by"]) for one in listed["items"]] == [(threads[1], "")]
        older = (await http.get("/api/v1/inbox", params={"limit": 1, "after": listed["next"]})).json()
        assert ([one["thread_id"] for one in older["items"]], older["next"]) == ([threads[0]], None)
        assert (await http.get("/api/v1/inbox/unread")).json() == {"unread": 1}
        assert (await http.put(f"/api/v1/inbox/threads/{threads[0]}/read")).status_code == 204
        assert (await http.get("/api/v1/inbox/unread")).json() == {"unread": 0}
        assert (await http.put(f"/api/v1/inbox/{older['items'][0]['id']}/read")).status_code == 204
        assert (await http.put("/api/v1/inbox/read")).status_code == 204
    assert (await browser.post("/inbox/read")).headers["location"] == "/inbox"
    assert (await browser.page("/inbox")).select("form[action$='/read']") == []


async def test_nobody_signed_in_has_no_inbox(world: World) -> None:
    """The page leads to the sign-in, REST refuses."""
    visitor = await world.browser()
    assert (await visitor.get("/inbox")).headers["location"].startswith("/sign-in")
    assert (await visitor.http.get("/api/v1/inbox", headers={"accept": "application/json"})).status_code == 401
