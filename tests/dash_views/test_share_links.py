"""Share links: what their visitors get of a dashboard, and that they get nothing else by any address or request."""

import io
import json
import logging
import re
import secrets
from typing import Any

import httpx
import polars as pl
import pytest

from domain.dashboards import Dashboard
from domain.share_links import WantedLink
from tests.dash_views.conftest import Town
from tests.dash_views.page import DashPage
from tests.web.world import PASSWORD, Browser, soup

GENTOO = "?f.species=Gentoo"
PLAIN = WantedLink()
ONLY = WantedLink(search=GENTOO, is_fixed=True)
SECRET = re.compile(r"/shared/([\w-]{43})")


class SharedPage(DashPage):
    """The page that a link shows, as Dash's scripts use it; it sends no form token."""

    def __init__(self, browser: Browser, secret: str, dashboard_id: str) -> None:
        super().__init__(browser, dashboard_id)
        self.base = f"/shared/{secret}/{dashboard_id}/view/"
        self.token = "none"


async def made(town: Town, dashboard: Dashboard, wanted: WantedLink = PLAIN) -> tuple[str, str]:
    """The secret and the id of a new link."""
    services = town.world.services
    opened = await services.dashboards.open(town.users["owner"].actor(), dashboard.id)
    link = await services.share_links.create(opened, wanted)
    return link.secret, link.link.id


async def visited(town: Town, dashboard: Dashboard, wanted: WantedLink = PLAIN) -> SharedPage:
    secret, _ = await made(town, dashboard, wanted)
    page = SharedPage(await town.world.browser(), secret, dashboard.id)
    await page.load()
    return page


async def exported(page: SharedPage, tile: str, **asked: Any) -> httpx.Response:
    form = {"asked": json.dumps({"content": "rows", "format": "csv", **asked})}
    return await page.browser.http.post(page.base.replace("/view/", f"/tiles/{tile}/export"), data=form)


async def test_a_visitor_without_an_account_sees_what_a_viewer_sees(town: Town) -> None:
    """The address leads to the dashboard; numbers, rows and exports are those of a member; the use is counted."""
    secret, link_id = await made(town, town.dashboard, WantedLink(search="f.species=Gentoo&x=1"))
    browser = await town.world.browser()
    entry = await browser.get(f"/shared/{secret}")
    where = f"/shared/{secret}/{town.dashboard.id}"
    assert (entry.status_code, entry.headers["location"]) == (303, f"{where}?f.species=Gentoo")
    shown = await browser.get(where)
    assert shown.status_code == 200
    assert soup(shown).select("header.dp-header, a[href^='/projects'], a[href='/sign-in']") == []
    page = SharedPage(browser, secret, town.dashboard.id)
    await page.load()
    member = await town.page("viewer")
    wishes = {"species": [["in", ["Gentoo"]]]}
    mine, theirs = await page.ask(wishes), await member.ask(wishes)
    assert (mine["failure"], mine["signatures"]) == (None, theirs["signatures"])
    assert mine["tiles"]["mean-mass"] == theirs["tiles"]["mean-mass"]
    assert await page.rows("rows", wishes) == await member.rows("rows", wishes)
    answer = await exported(page, "rows", wishes=wishes)
    assert pl.read_csv(io.BytesIO(answer.content)).height == town.rows.filter(pl.col("species") == "Gentoo").height
    links = await town.world.services.share_links.of_project(town.penguins)
    (kept,) = [link for link in links if link.id == link_id]
    assert (kept.uses, kept.last_used_at is not None) == (1, True)
    assert secret not in repr(kept)


async def test_a_link_opens_its_dashboard_and_nothing_else(town: Town) -> None:
    """Other dashboards, public ones too, the project, REST, the editor and its callbacks: not there, or not allowed."""
    other = await town.copy()
    secret, _ = await made(town, town.dashboard)
    browser = await town.world.browser()
    for dashboard in (other, town.iris):
        page = SharedPage(browser, secret, dashboard.id)
        assert (await page.read("_dash-layout")).status_code in {303, 404}
        assert (await page.post_ask({"sequence": 1})).status_code == 404
        assert (await page.post({}, name="_pulse")).status_code == 404
        assert (await exported(page, "rows")).status_code == 404
        assert (await browser.get(f"/shared/{secret}/{dashboard.id}")).status_code == 404
    mine, base = town.dashboard.id, f"/shared/{secret}/{town.dashboard.id}"
    for path in (
        *(f"{base}@1", f"{base}/edit", f"{base}/history", f"{base}/links", f"{base}/edit/_dash-layout"),
        *(f"{base}/thumbnail", f"/dashboards/{mine}", f"/projects/{town.penguins.project.id}", "/dashboards"),
        *(f"/api/v1/dashboards/{mine}", f"/api/v1/projects/{town.penguins.project.id}/collections"),
        f"/api/v1/dashboards/{mine}/notes",
    ):
        answer = await browser.http.get(path, headers={"accept": "application/json", "x-link": secret})
        assert answer.status_code in {303, 401, 403, 404}, path
    page = SharedPage(browser, secret, mine)
    await page.load()
    assert (await page.post({}, name="_undo")).status_code in {404, 405}
    assert (await exported(page, "nothing")).status_code == 404
    editor = await town.page("owner", "edit")
    served = {one["output"] for one in page.dependencies if not one["clientside_function"]}
    for one in editor.dependencies:
        if not one["clientside_function"] and one["output"] not in served:
            assert (await page.post(editor.body(one["output"], {}, match="rows"))).status_code == 400
    assert await town.stored(town.dashboard) == town.dashboard


async def test_who_has_a_session_is_a_visitor_like_any_other(town: Town) -> None:
    """An owner's own rights, and an administrator's, end where the address of a link begins."""
    other = await town.copy()
    secret, _ = await made(town, town.dashboard)
    page = SharedPage(town.browsers["owner"], secret, town.dashboard.id)
    await page.load()
    hrefs = [one["props"]["href"] for one in page.found.values() if "href" in one["props"]]
    assert not [href for href in hrefs if "/edit" in href or "/projects" in href or "/links" in href]
    assert (await SharedPage(town.browsers["owner"], secret, other.id).post_ask({"sequence": 1})).status_code == 404


async def test_fixed_filters_are_all_that_there_is(town: Town) -> None:
    """Whatever a visitor sends: numbers, choices, ends of sliders and files are those of the rows that are left."""
    page = await visited(town, town.dashboard, ONLY)
    left = town.rows.filter(pl.col("species") == "Gentoo")
    for wishes in ({}, {"species": [["in", ["Adelie", "Gentoo"]]]}, {"species": []}):
        found = await page.ask(wishes)
        assert found["failure"] is None
        number = found["tiles"]["penguins"]["number"]
        assert str(left.height) in str(number)
        rows = await page.rows("rows", wishes)
        assert rows["page"]["rowCount"] == left.height
        file = await exported(page, "rows", wishes=wishes)
        assert pl.read_csv(io.BytesIO(file.content))["species"].unique().to_list() == ["Gentoo"]
    none = await page.rows("rows", {"species": [["in", ["Adelie"]]]})
    assert none["page"]["rowCount"] == 0
    words = json.dumps(page.layout)
    assert "Gentoo" in words
    assert "Adelie" not in words
    assert "Chinstrap" not in words
    assert "Torgersen" not in words
    slider = page.props("tiles")["data"]["body-mass"]
    assert (slider["min"], slider["max"]) == (left["body_mass_g"].min(), left["body_mass_g"].max())
    answer = await page.ask()
    assert "Adelie" not in repr(answer)
    assert str(town.rows.height) not in repr([tile.get("badge") for tile in answer["tiles"].values()])
    pulse = (await page.post({}, name="_pulse")).json()
    assert {table["rows"] for table in pulse["tables"].values()} == {0}
    assert "Shown with filters that are part of the link: species is Gentoo." in soup(
        await page.browser.get(page.base.removesuffix("/view/"))
    ).get_text(" ", strip=True)


async def test_brushing_under_fixed_filters_knows_no_other_rows(town: Town) -> None:
    """Their tables are not in the column cache, so no tile can be brushed; the slider asks as any other filter does."""
    page = await visited(town, town.dashboard, ONLY)
    ask = {"sequence": 1, "slider": "body-mass", "tiles": ["flippers", "mean-mass"]}
    answer = await page.post(ask, name="_brush")
    assert answer.status_code == 200
    length = int.from_bytes(answer.content[:4], "little")
    head = json.loads(answer.content[4 : 4 + length])
    assert head["failure"] is None
    assert (head["tiles"], head["total"]) == ({}, 0)


async def test_fixed_filters_that_no_longer_hold_show_nothing(town: Town, board: Dashboard) -> None:
    """They are kept as clauses: without the control that said them they still bind, and a lost column is a failure."""
    secret, _ = await made(town, board, ONLY)
    tiles = {key: tile for key, tile in board.tiles.items() if key != "species"}
    await town.save(board, tiles)
    page = SharedPage(await town.world.browser(), secret, board.id)
    await page.load()
    found = await page.ask()
    left = town.rows.filter(pl.col("species") == "Gentoo")
    assert str(left.height) in str(found["tiles"]["penguins"]["number"])


async def test_a_password_stands_before_everything(town: Town) -> None:
    """The door for people, 401 for scripts; the right one opens for this browser and this link only."""
    wanted = WantedLink(password=PASSWORD)
    secret, _ = await made(town, town.dashboard, wanted)
    other, _ = await made(town, town.dashboard, wanted)
    browser = await town.world.browser()
    where = f"/shared/{secret}"
    for path in (where, f"{where}/embed", f"{where}/{town.dashboard.id}", f"{where}/{town.dashboard.id}/embed"):
        page = soup(await browser.get(path))
        assert page.select_one("input[name=password]") is not None
        assert town.dashboard.title not in page.get_text()
    shared = SharedPage(browser, secret, town.dashboard.id)
    assert (await shared.post_ask({"sequence": 1})).status_code == 401
    wrong = await browser.http.post(where, data={"password": "not the password"})
    assert wrong.status_code == 403
    assert soup(wrong).select_one("[role=alert]").get_text(strip=True) == "The password is wrong."
    right = await browser.http.post(where, data={"password": PASSWORD})
    assert (right.status_code, right.headers["location"]) == (303, where)
    cookie = right.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert f"path={where.lower()}" in cookie
    await shared.load()
    assert (await shared.post_ask({"sequence": 1})).status_code == 200
    key = right.cookies["depictio-unlocked"]
    for forged in (key, f"{int(key.split('.')[0]) + 9}.{key.split('.')[1]}", "1.", "", "9" * 5000 + "."):
        answer = await town.world.client().get(
            f"/shared/{other}/{town.dashboard.id}/view/_dash-layout",
            headers={"accept": "application/json", "cookie": f"depictio-unlocked={forged}"},
        )
        assert answer.status_code == 401


async def test_guessing_a_password_has_an_end(town: Town) -> None:
    """After as many failures as an account may have, the right one has to wait too."""
    secret, _ = await made(town, town.dashboard, WantedLink(password=PASSWORD))
    http = town.world.client()
    limit = town.world.services.settings.sign_in_attempts
    found = [(await http.post(f"/shared/{secret}", data={"password": "x" * 9})).status_code for _ in range(limit)]
    assert set(found) == {403}
    late = await http.post(f"/shared/{secret}", data={"password": PASSWORD})
    assert late.status_code == 429
    assert int(late.headers["retry-after"]) > 0


async def test_a_revoked_link_ends_for_open_pages_too(town: Town) -> None:
    """From the next request on; what opens nothing says so, and is no way to the sign-in form."""
    secret, link_id = await made(town, town.dashboard)
    page = SharedPage(await town.world.browser(), secret, town.dashboard.id)
    await page.load()
    await town.world.services.share_links.revoke(town.penguins, link_id)
    assert (await page.post_ask({"sequence": 1})).status_code == 404
    assert (await page.post({}, name="_pulse")).status_code == 404
    for dead in (secret, "x", secret[:-1], f"{secret}x", link_id):
        answer = await page.browser.get(f"/shared/{dead}")
        assert answer.status_code == 404
        assert "This link opens nothing" in answer.text


async def test_frames_are_for_the_sites_that_the_link_names(town: Town) -> None:
    """None by default; the header names those of this link, on its pages only."""
    plain, _ = await made(town, town.dashboard)
    framed, _ = await made(
        town, town.dashboard, WantedLink(origins=("https://Lab.example.org/", "http://localhost:8080"))
    )
    http = town.world.client()

    async def ancestors(path: str) -> str:
        policy = (await http.get(path)).headers["content-security-policy"]
        return next(part for part in policy.split("; ") if part.startswith("frame-ancestors"))

    for end in ("", "/embed"):
        assert await ancestors(f"/shared/{plain}/{town.dashboard.id}{end}") == "frame-ancestors 'none'"
        found = await ancestors(f"/shared/{framed}/{town.dashboard.id}{end}")
        assert found == "frame-ancestors https://lab.example.org http://localhost:8080"
    assert await ancestors("/sign-in") == "frame-ancestors 'none'"
    entry = await http.get(f"/shared/{framed}/embed")
    assert entry.headers["location"] == f"/shared/{framed}/{town.dashboard.id}/embed"
    assert entry.headers["referrer-policy"] == "no-referrer"


async def test_a_link_without_downloads_gives_no_files(town: Town) -> None:
    page = await visited(town, town.dashboard, WantedLink(may_export=False))
    assert (await page.post_ask({"sequence": 1})).status_code == 200
    assert (await exported(page, "rows")).status_code == 403


async def test_the_log_has_no_address_that_opens_something(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Of the path of a link the secret is left out, in pages and in what they ask."""
    with caplog.at_level(logging.DEBUG):
        page = await visited(town, town.dashboard)
        await page.ask()
    logged = [record.fields["path"] for record in caplog.records if record.name == "depictio.access"]  # type: ignore[attr-defined]
    paths = [path for path in logged if path.startswith("/shared/")]
    assert f"/shared/…/{town.dashboard.id}/view/_answers" in paths
    assert [path for path in paths if SECRET.search(path)] == []


async def test_owners_make_list_and_revoke_links_on_a_page(town: Town, board: Dashboard) -> None:
    """The address is shown once; what does not fit is marked at its field; others are refused."""
    owner, where = town.browsers["owner"], f"/dashboards/{board.id}/links"
    page = await owner.page(f"{where}?search=%3Ff.species%3DGentoo")
    assert page.select_one("legend").get_text(strip=True) == "Your filters: species is Gentoo"
    form = {"days": 7, "search": GENTOO, "filters": "fixed", "may_export": "on"}
    bad = soup(await owner.post(where, name="Reviewers", password="short", origins="lab.example.org/x *", **form))
    assert bad.select_one("#about-password") is not None
    bad = soup(await owner.post(where, name="Reviewers", origins="lab.example.org/x *", **form))
    assert "https://lab.example.org" in bad.select_one("#about-origins").get_text()
    name = f"Reviewers {secrets.token_hex(3)}"
    done = soup(await owner.post(where, name=name, origins="https://lab.example.org", password=PASSWORD, **form))
    address = done.select_one("#made-address").get_text(strip=True)
    secret = SECRET.search(address)[1]
    assert address == f"{town.world.services.settings.address}/shared/{secret}"
    assert f"/shared/{secret}/embed" in done.select_one("#made-frame").get_text()
    listed = await owner.page(where)
    assert secret not in str(listed)
    item = " ".join(listed.select_one("#links li").get_text(" ").split())
    for part in (name, "Password", "Opened 0 times", "Only where species is Gentoo", "https://lab.example.org"):
        assert part in item
    for who, status in (("editor", 403), ("viewer", 403), ("outsider", 404)):
        assert (await town.browsers[who].get(where)).status_code == status
        assert (await town.browsers[who].post(where, name="Mine")).status_code == status
    revoke = listed.select_one("#links form")["hx-delete"]
    assert (await town.browsers["editor"].htmx("DELETE", revoke)).status_code == 403
    elsewhere = revoke.replace(board.id, town.iris.id)
    assert (await owner.htmx("DELETE", elsewhere)).status_code == 404
    assert (await owner.htmx("DELETE", revoke)).status_code == 200
    assert (await town.world.client().get(f"/shared/{secret}")).status_code == 404


async def test_links_over_rest(town: Town, board: Dashboard) -> None:
    """Made with filters and sites, listed without what opens them, revoked."""
    rest, where = await town.world.bearer(town.users["owner"]), f"/api/v1/dashboards/{board.id}/links"
    wanted = {"name": "Paper", "days": None, "search": GENTOO, "is_fixed": True, "origins": ["https://lab.example.org"]}
    made = await rest.post(where, json=wanted)
    assert made.status_code == 201
    url = made.json().pop("url")
    assert SECRET.search(url)
    (listed,) = (await rest.get(where)).json()["items"]
    assert listed == {key: value for key, value in made.json().items() if key != "url"}
    assert (listed["fixed"], listed["expires_at"], listed["uses"]) == (["species is Gentoo"], None, 0)
    for bad in ({"days": 0}, {"password": "short"}, {"origins": ["*"]}, {"search": "?f.none=1"}, {"more": 1}):
        assert (await rest.post(where, json=bad)).status_code == 422
    for who, status in (("editor", 403), ("viewer", 403), ("outsider", 404)):
        other = await town.world.bearer(town.users[who])
        answers = [
            await other.get(where),
            await other.post(where, json={}),
            await other.delete(f"{where}/{listed['id']}"),
        ]
        assert [answer.status_code for answer in answers] == [status] * 3
    assert (await rest.delete(f"{where}/{listed['id']}")).status_code == 204
    assert (await rest.delete(f"{where}/{listed['id']}")).status_code == 404
