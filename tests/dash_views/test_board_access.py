"""Who may open the pages of a dashboard and call what stands behind them, as every kind of actor."""

from typing import Any

import pytest

from dash_views.backend import PageDash
from tests.dash_views.conftest import Town
from tests.dash_views.page import DashPage, components
from web.pages.boards import SIGNED_OUT

PATHS = (
    "",
    "/edit",
    "/view/_dash-layout",
    "/view/_dash-dependencies",
    "/edit/_dash-layout",
    "/edit/_dash-dependencies",
)
JSON = {"accept": "application/json"}
EXPECTED = {
    "owner": (200, 200, 200, 200, 200, 200),
    "editor": (200, 200, 200, 200, 200, 200),
    "viewer": (200, 403, 200, 200, 403, 403),
    "outsider": (404, 404, 404, 404, 404, 404),
    "anonymous": (404, 404, 404, 404, 404, 404),
}
PUBLIC = (200, 403, 200, 200, 403, 403)


@pytest.mark.parametrize("who", EXPECTED)
async def test_pages_and_what_they_load_have_one_rule(town: Town, who: str) -> None:
    """Invisible is 404, without the right to edit 403: page, layout and dependencies alike."""
    base = f"/dashboards/{town.dashboard.id}"
    found = [(await town.browsers[who].get(base + path, **JSON)).status_code for path in PATHS]
    assert found == list(EXPECTED[who])


@pytest.mark.parametrize("who", ["outsider", "anonymous"])
async def test_everybody_sees_a_public_dashboard_and_nobody_else_edits_it(town: Town, who: str) -> None:
    """Public adds viewing and nothing else."""
    base = f"/dashboards/{town.iris.id}"
    found = [(await town.browsers[who].get(base + path, **JSON)).status_code for path in PATHS]
    assert found == list(PUBLIC)
    page = await town.page(who, dashboard=town.iris)
    assert (await page.ask())["failure"] is None
    for one in await editor_calls(town):
        stranger = DashPage(town.browsers[who], town.iris.id, "edit")
        assert (await stranger.post(one)).status_code == 403


async def editor_calls(town: Town) -> list[dict[str, Any]]:
    """A well-formed call of every callback that the editor has on the server."""
    page = await town.page("owner", "edit")
    found = [one for one in page.dependencies if not one["clientside_function"]]
    assert len(found) >= 8
    calls = []
    for one in found:
        body = page.body(one["output"], {}, match="rows")
        first = body["inputs"][0]
        flat = first if isinstance(first, list) else [first]
        for given in flat[:1]:
            given["value"] = 1
        calls.append(body)
    return calls


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("outsider", 404), ("anonymous", 404)])
async def test_no_callback_of_the_editor_answers_who_may_not_edit(town: Town, who: str, status: int) -> None:
    """Whatever they post, nothing is stored and nothing is told; the reason is problem+json."""
    board = await town.copy()
    page = DashPage(town.browsers[who], board.id, "edit")
    for body in await editor_calls(town):
        answer = await page.post(body)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert await town.stored(board) == board


async def test_the_viewer_app_has_no_callback_that_writes(town: Town) -> None:
    """An editor's callback sent to the viewer's address is no callback there, even for an owner."""
    board = await town.copy()
    viewing = await town.page("owner", "view", board)
    known = {one["output"] for one in viewing.dependencies}
    written = [one for one in await editor_calls(town) if one["output"] not in known]
    assert len(written) >= 6
    assert {(await viewing.post(one)).status_code for one in written} == {400}
    assert await town.stored(board) == board


@pytest.mark.parametrize("who", ["outsider", "anonymous"])
async def test_callbacks_with_another_projects_dashboard_in_their_address_find_nothing(town: Town, who: str) -> None:
    """The body comes from a page that they may see; the address decides, and the answer holds no data."""
    visible = await town.page(who, dashboard=town.iris)
    assert (await visible.post_ask({"sequence": 1})).status_code == 200
    other = DashPage(town.browsers[who], town.dashboard.id)
    body = visible.body("rows-got", {}, match="rows")
    for answer in (await other.post_ask({"sequence": 1}), await other.post(body)):
        assert answer.status_code == 404
        assert answer.json()["detail"] == "There is no such dashboard, or it is not shared with you."


async def test_tiles_of_another_dashboard_are_not_answered(town: Town) -> None:
    """A viewer of both asks the one for the tiles of the other: only a tile of that name is answered, by its own."""
    iris = await town.page(dashboard=town.iris)
    found = (await iris.ask(tiles=list(town.dashboard.tiles)))["tiles"]
    assert set(found) == {"rows"}
    assert found["rows"]["page"]["response"]["rowCount"] == 150
    got = {"ticket": 1, "request": {"startRow": 0, "endRow": 5}}
    changed = {'{"role":"rows-ask","tile":"rows"}.data': got}
    foreign = await DashPage(town.browsers["outsider"], town.dashboard.id).post(
        iris.body("rows-got", changed, match="rows")
    )
    assert foreign.status_code == 404


async def test_a_dashboard_that_does_not_exist_is_not_found(town: Town) -> None:
    """As an invisible one, by page and by callback, whatever stands in the address."""
    body = (await town.page()).body("rows-got", {}, match="rows")
    for name in ("000000000000000000000000", "nothing", "%2e%2e"):
        assert (await town.browsers["owner"].get(f"/dashboards/{name}", **JSON)).status_code == 404
        assert (await DashPage(town.browsers["owner"], name).post(body)).status_code == 404
        assert (await DashPage(town.browsers["owner"], name).post_ask({"sequence": 1})).status_code == 404


@pytest.mark.parametrize("app", ["view", "edit"])
async def test_callbacks_need_the_token_of_the_page(town: Town, app: str) -> None:
    """Without it, with a wrong one, or from another site: 403, for an owner too."""
    page = await town.page("owner", app)
    rows = {"ticket": 1, "request": {"startRow": 0, "endRow": 5}}
    changed = {'{"role":"rows-ask","tile":"rows"}.data': rows}
    bodies = {
        "_answers": {"sequence": 1},
        "_brush": {"sequence": 1, "slider": "body-mass"},
        "_options": {"sequence": 1},
        "_dash-update-component": page.body("rows-got", changed, match="rows"),
    }
    token = await page.browser.token()
    for name, body in bodies.items():
        assert (await page.browser.http.post(page.base + name, json=body)).status_code == 403
        assert (await page.post(body, name=name, **{"x-csrftoken": token[:-1] + "x"})).status_code == 403
        assert (await page.post(body, name=name, **{"sec-fetch-site": "cross-site"})).status_code == 403
        assert (await page.post(body, name=name)).status_code == 200


async def test_pages_carry_no_edit_control_for_viewers(town: Town) -> None:
    """Neither the link to the editor nor a tool on a tile; the owner has both."""
    viewing, owning = await town.page("viewer"), await town.page("owner")
    editing = await town.page("owner", "edit")
    edits = f"/dashboards/{town.dashboard.id}/edit"

    def links(page: DashPage) -> list[str]:
        return [one["props"]["href"] for one in components(page.layout) if "href" in one["props"]]

    assert edits not in links(viewing)
    assert edits in links(owning)
    roles = {key.split('"')[3] for key in viewing.found if key.startswith("{")}
    assert roles.isdisjoint({"edit", "duplicate", "delete", "confirm", "choice", "field"})
    assert {"edit", "duplicate", "delete"} <= {key.split('"')[3] for key in editing.found if key.startswith("{")}


async def test_a_session_that_ended_answers_no_callback(town: Town) -> None:
    """An open page of somebody whose session was ended elsewhere: told so, and led to where they sign in again."""
    browser = await town.world.browser(town.users["viewer"])
    page = await DashPage(browser, town.dashboard.id).load()
    assert (await page.post_ask({"sequence": 1})).status_code == 200
    assert (await page.post({}, name="_pulse")).status_code == 200
    await town.world.services.people.sign_out(browser.http.cookies["depictio-session"])
    refused = [
        await page.post_ask({"sequence": 1}),
        await page.post(page.body("rows-got", {}, match="rows")),
        await page.post({}, name="_pulse"),
    ]
    assert [answer.status_code for answer in refused] == [401] * 3
    assert {answer.json()["detail"] for answer in refused} == {SIGNED_OUT}
    again = await browser.get(f"/dashboards/{town.dashboard.id}/edit")
    assert (again.status_code, again.headers["location"].partition("?")[0]) == (303, "/sign-in")


def test_both_apps_are_dash_apps_of_their_own() -> None:
    """Made once for all dashboards; callbacks are registered on them and not on the process."""
    from dash._callback import GLOBAL_CALLBACK_LIST  # noqa: PLC0415 -- Dash's own list, only looked at here.

    from dash_views import apps  # noqa: PLC0415

    made = [apps.viewer("cookie"), apps.editor("cookie")]
    assert all(isinstance(app, PageDash) for app in made)
    assert GLOBAL_CALLBACK_LIST == []
