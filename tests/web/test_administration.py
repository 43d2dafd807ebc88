"""The pages and the REST interface of administration."""

import csv
import io
import secrets

import pytest

from domain.access import Actor
from domain.audit import AuditFilter
from tests.web.world import World

PATHS = ("/admin/audit", "/admin/audit/export", "/admin/site", "/admin/state")


@pytest.mark.parametrize("path", [*PATHS, *(f"/api/v1{path}" for path in PATHS)])
async def test_it_is_for_administrators(world: World, path: str) -> None:
    """Others are refused, and visitors are asked to sign in."""
    user = await world.user()
    assert (await (await world.browser(user)).get(path)).status_code == 403
    answer = await world.client().get(path)
    assert answer.status_code in {401, 303}, answer.text


async def test_the_audit_shows_an_act_with_the_request_that_it_came_by(world: World) -> None:
    """A refused sign-in is found by its address and outcome, with the network address and the id in the log."""
    admin, victim = await world.user(is_admin=True), await world.user()
    stranger = await world.browser()
    token = await stranger.token()
    form = {"_csrf_token": token, "email": victim.email, "password": "wrong wrong wrong"}
    await stranger.http.post("/sign-in", data=form, headers={"x-request-id": "seen-in-log"})
    page = await (await world.browser(admin)).page(f"/admin/audit?actor={victim.email}&outcome=refused")
    (row,) = page.select("#audit-rows tbody tr")
    cells = [cell.get_text(" ", strip=True) for cell in row.select("td")]
    assert cells[1:3] == [victim.email, "sign in account:sign-in"]
    assert cells[4].startswith("refused")
    assert cells[5] == "127.0.0.1 seen-in-log"


async def test_pages_of_the_audit_lead_on(world: World, admin: Actor) -> None:
    """By the link on the page and by `next` over REST: the same rows, each once; the last has no next."""
    user = await world.user(secrets.token_hex(4))
    for _ in range(3):
        await (await world.browser()).post("/sign-in", email=user.email, password="wrong wrong wrong")
    expected = [row.id for row in (await world.services.audit.page(admin, AuditFilter(actor=user.email))).rows]
    assert len(expected) == 3
    http = await world.bearer(await world.user(is_admin=True))
    seen, after = [], ""
    while True:
        query = {"actor": user.email, "limit": 2, "after": after}
        page = (await http.get("/api/v1/admin/audit", params=query)).json()
        seen += [row["id"] for row in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == expected


async def test_a_filter_that_cannot_be_is_said(world: World) -> None:
    """At the field of the page, and as a problem over REST; no rows are shown that were not asked for."""
    admin = await world.user(is_admin=True)
    browser, http = await world.browser(admin), await world.bearer(admin)
    page = await browser.page("/admin/audit?since=yesterday", 422)
    assert page.select_one("#about-since") is not None
    assert page.select("#audit-rows tr") == []
    for query in ("since=yesterday", "capability=fly", "outcome=odd", "after=1", "limit=0", "limit=100000"):
        answer = await http.get(f"/api/v1/admin/audit?{query}")
        assert answer.status_code == 422, query


async def test_the_export_is_a_file(world: World) -> None:
    """With a heading, under a name, of the rows of the filter only."""
    admin = await world.user(is_admin=True)
    browser = await world.browser(admin)
    answer = await browser.get(f"/admin/audit/export?actor={admin.email}")
    assert "audit.csv" in answer.headers["content-disposition"]
    found = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["actor"] for row in found} == {admin.email}
    assert {"sign in", "export the audit"} <= {row["act"] for row in found}


async def test_the_site_is_set_by_page_and_by_rest(world: World) -> None:
    """What one sets the other shows; a stale version and a number out of range are refused."""
    admin = await world.user(is_admin=True)
    browser, http = await world.browser(admin), await world.bearer(admin)
    version = (await http.get("/api/v1/admin/site")).json()["version"]
    before = (await http.get("/api/v1/admin/site")).json()
    form = {name: str(value) for name, value in before.items()} | {"audit_days": "90", "session_max_days": "7"}
    assert (await browser.post("/admin/site", **form)).status_code == 303
    stored = (await http.get("/api/v1/admin/site")).json()
    assert stored == before | {"audit_days": 90, "session_max_days": 7, "version": version + 1}
    assert (await browser.post("/admin/site", **{**form, "audit_days": "91"})).status_code == 409
    assert (await browser.post("/admin/site", **{**form, "audit_days": "soon"})).status_code == 422
    assert (await http.put("/api/v1/admin/site", json=stored | {"audit_days": 0})).status_code == 422
    restored = before | {"version": version + 1}
    assert (await http.put("/api/v1/admin/site", json=restored)).json() == restored | {"version": version + 2}


async def test_the_state_names_the_parts(world: World) -> None:
    """Both answer."""
    admin = await world.user(is_admin=True)
    parts = (await (await world.bearer(admin)).get("/api/v1/admin/state")).json()["parts"]
    assert parts == [{"name": "documents", "problem": ""}, {"name": "storage", "problem": ""}]
    page = await (await world.browser(admin)).page("/admin/state")
    assert len(page.select("#state-parts li")) == 2
