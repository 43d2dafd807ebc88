"""The lists of administration, as pages and over REST."""

import secrets
from datetime import timedelta

import pytest

from domain.access import Principal, PrincipalKind, Role
from domain.ingests import CollectionReport, IngestRecord, Outcome
from persistence.mongo import new_id, now
from tests.web.world import World

LISTS = ("projects", "users", "groups", "ingests/failed", "sessions")


@pytest.mark.parametrize(
    "path", [*(f"/api/v1/admin/{one}" for one in LISTS), "/admin/projects", "/admin/groups", "/admin/ingests"]
)
async def test_lists_are_for_administrators(world: World, path: str) -> None:
    """Others are refused."""
    assert (await (await world.browser(await world.user())).get(path)).status_code == 403


async def test_a_project_is_listed_with_its_owner_and_what_it_stores(world: World) -> None:
    """On the page and over REST, also for an administrator who is not a member."""
    owner, admin = await world.user(), await world.user(is_admin=True)
    access = await world.project(owner)
    collection = await world.collection(access)
    http, browser = await world.bearer(admin), await world.browser(admin)
    page = (await http.get("/api/v1/admin/projects", params={"q": access.project.name})).json()
    (item,) = page["items"]
    assert (item["owners"], item["rows"], item["collections"]) == ([owner.email], collection.rows, 1)
    assert item["bytes"] > 0
    assert (page["total"], page["next"]) == (1, None)
    shown = await browser.page(f"/admin/projects?q={access.project.name}")
    (row,) = shown.select("#listed tbody tr")
    assert owner.email in row.get_text()
    assert f"{collection.rows:,}" in row.get_text()
    assert shown.select(".dp-tabs a[aria-current=page]")[0].get_text(strip=True) == "Projects"


async def test_a_group_is_listed_with_its_administrator_and_its_projects(world: World) -> None:
    """On the page and over REST, also for an administrator of the site who is not in it."""
    owner, admin = await world.user(), await world.user(is_admin=True)
    group = await world.services.groups.create(owner.actor(), f"Field {secrets.token_hex(4)}")
    http, browser = await world.bearer(admin), await world.browser(admin)
    (item,) = (await http.get("/api/v1/admin/groups", params={"q": group.name})).json()["items"]
    assert (item["administrators"], item["members"], item["projects"]) == ([owner.email], 1, 0)
    access = await world.project(owner)
    await world.services.sharing.share(access, Principal(PrincipalKind.GROUP, group.id), Role.VIEWER)
    (row,) = (await browser.page(f"/admin/groups?q={group.name}&sort=-members")).select("#listed tbody tr")
    cells = [cell.get_text(strip=True) for cell in row.select("th, td")]
    assert cells[:4] == [group.name, owner.email, "1", "1"]
    assert row.select_one("a")["href"] == f"/groups/{group.id}"
    assert (await browser.get(f"/groups/{group.id}")).status_code == 200


@pytest.mark.parametrize("path", LISTS)
async def test_pages_of_lists_join_and_faults_are_said(world: World, path: str) -> None:
    """Each item is on one page in the order that is asked for; what cannot be is named."""
    admin = await world.user(is_admin=True)
    await world.browser(admin)
    http = await world.bearer(admin)
    for wrong in ("sort=colour", "sort=-", "after=-1", "after=9999999999", "limit=0", "limit=1001"):
        answer = await http.get(f"/api/v1/admin/{path}?{wrong}")
        assert answer.status_code == 422, wrong
        assert answer.json()["errors"][0]["place"] == wrong.partition("=")[0]
    whole = (await http.get(f"/api/v1/admin/{path}?limit=1000")).json()
    seen, after = [], ""
    while after is not None and len(seen) < 20:
        page = (await http.get(f"/api/v1/admin/{path}", params={"limit": 5, "after": after})).json()
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
    assert seen == [item["id"] for item in whole["items"]][: len(seen)]
    assert len(set(seen)) == len(seen)


async def test_ingests_that_run_and_that_failed_are_listed(world: World) -> None:
    """One that holds its lease, and one whose record says why it failed; the one that is over is not there."""
    owner, admin = await world.user(), await world.user(is_admin=True)
    access = await world.project(owner)
    collection = await world.collection(access)
    report = CollectionReport(workflow="flow", tag="broken", outcome=Outcome.FAILED, message="No file is there.")
    for days in (1, 40):
        at = now() - timedelta(days=days)
        record = IngestRecord(
            id=new_id(),
            project_id=access.project.id,
            user_id=owner.id,
            user_email=owner.email,
            started_at=at,
            finished_at=at,
            report=report,
        )
        await world.ingests.add(record)
    http, browser = await world.bearer(admin), await world.browser(admin)
    async with world.services.overview._leases.held(f"ingest:{collection.id}", "busy"):
        running = (await http.get("/api/v1/admin/ingests/running")).json()["items"]
        assert [one["tag"] for one in running if one["project_id"] == access.project.id] == [collection.tag]
        assert access.project.name in (await browser.page("/admin/ingests")).select("#running")[0].get_text()
    assert (await http.get("/api/v1/admin/ingests/running")).json()["items"] == []
    failed = (await http.get("/api/v1/admin/ingests/failed", params={"q": access.project.name})).json()
    assert [(one["by"], one["message"]) for one in failed["items"]] == [(owner.email, "No file is there.")]


async def test_a_session_is_ended_from_the_page_and_over_rest(world: World) -> None:
    """That browser is signed out at once, another's session is not found under the wrong account."""
    user, admin = await world.user(secrets.token_hex(6)), await world.user(is_admin=True)
    first, second = await world.browser(user), await world.browser(user)
    http, browser = await world.bearer(admin), await world.browser(admin)
    live = (await http.get("/api/v1/admin/sessions", params={"q": user.email})).json()["items"]
    assert len(live) == 2
    wrong = f"/api/v1/admin/sessions/{admin.id}/{live[0]['id']}"
    assert (await http.delete(wrong)).status_code == 404
    done = await browser.post("/admin/sessions/bulk/done", ids=live[0]["id"])
    assert done.status_code == 303
    assert (await http.delete(f"/api/v1/admin/sessions/{user.id}/{live[1]['id']}")).status_code == 204
    for ended in (first, second):
        assert (await ended.get("/profile")).status_code == 303


async def test_accounts_are_searched_and_sorted(world: World) -> None:
    """By address and by name; the page has the tabs of administration."""
    admin, mark = await world.user(is_admin=True), secrets.token_hex(6)
    users = [await world.user(f"{letter}-{mark}") for letter in "ba"]
    page = await (await world.browser(admin)).page(f"/admin/users?q={mark}&sort=-email")
    shown = [one.get_text(strip=True) for one in page.select("#listed li .dp-small")]
    assert shown == sorted((user.email for user in users), reverse=True)
    assert page.select(".dp-tabs a[aria-current=page]")[0].get_text(strip=True) == "Accounts"
