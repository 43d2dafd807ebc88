"""Acts of administrators on several accounts and sessions: first said, then done, and back to the same list."""

import httpx
from bs4 import BeautifulSoup

from domain.audit import AuditFilter
from domain.people import User
from tests.web.world import Browser, World, soup


def ticked(answer: httpx.Response) -> tuple[BeautifulSoup, dict[str, object]]:
    """The page that asks, and what its form sends."""
    page = soup(answer)
    form = page.select_one("main form[action$='/done']")
    assert form is not None
    fields: dict[str, object] = {str(one["name"]): one["value"] for one in form.select("input[name]")}
    fields["ids"] = [one["value"] for one in form.select("input[name=ids]")]
    fields.pop("_csrf_token")
    return page, fields


def listed(page: BeautifulSoup, label: str) -> str:
    found = page.select_one(f"ul[aria-label='{label}']")
    return "" if found is None else found.get_text(" ", strip=True)


async def people(world: World) -> tuple[Browser, User, list[User]]:
    admin = await world.user(is_admin=True)
    return await world.browser(admin), admin, [await world.user("Bulk") for _ in range(3)]


async def test_several_accounts_are_closed_after_it_was_said_whom_it_meets(world: World) -> None:
    """Oneself is left out; afterwards the same search is shown, and the closed ones are signed out."""
    browser, admin, users = await people(world)
    inside = await world.browser(users[0])
    back = "/admin/users?q=bulk&sort=-created&limit=50"
    page = await browser.page(back)
    form = page.select_one("form#bulk")
    assert form is not None
    assert form.select_one("[name=back]")["value"] == back  # type: ignore[index]
    assert {user.id for user in users} <= {box["value"] for box in page.select("input[form=bulk][name=ids]")}
    asked = await browser.post("/admin/users/bulk", act="close", back=back, ids=[admin.id, *(one.id for one in users)])
    page, fields = ticked(asked)
    assert page.select_one("#bulk-heading").get_text() == "Close 3 accounts?"  # type: ignore[union-attr]
    assert all(user.email in listed(page, "It is done to") for user in users)
    assert "is your own account" in listed(page, "Left as they are")
    assert (await inside.get("/profile")).status_code == 200
    done = await browser.post("/admin/users/bulk/done", **fields)
    assert (done.status_code, done.headers["location"]) == (303, back)
    assert (await inside.get("/profile")).status_code == 303
    assert [(await world.services.people.account(admin.actor(), one.id)).is_active for one in users] == [False] * 3
    rows = (await world.services.audit.page(admin.actor(), AuditFilter())).rows
    assert {f"user:{user.id}" for user in users} <= {row.object for row in rows if row.outcome == "done"}


async def test_one_ticked_account_is_reopened_and_nothing_ticked_is_said(world: World) -> None:
    browser, admin, users = await people(world)
    await world.services.people.set_active(admin.actor(), users[0].id, is_active=False)
    _, fields = ticked(await browser.post("/admin/users/bulk", act="reopen", back="//evil.example", ids=users[0].id))
    assert (fields["ids"], fields["back"]) == ([users[0].id], "/admin/users")
    assert (await browser.post("/admin/users/bulk/done", **fields)).status_code == 303
    assert (await world.services.people.account(admin.actor(), users[0].id)).is_active
    for path in ("/admin/users/bulk", "/admin/sessions/bulk"):
        assert (await browser.post(path, act="close")).headers["location"] == path.removesuffix("/bulk")
    assert (await browser.post("/admin/users/bulk", act="burn", ids=users[0].id)).status_code == 422


async def test_sessions_are_ended_after_it_was_said_which(world: World) -> None:
    """One's own is pointed at; a session that is over meanwhile is none."""
    browser, admin, users = await people(world)
    inside = [await world.browser(user) for user in users[:2]]
    back = f"/admin/sessions?q={admin.email.partition('@')[0]}"
    own = (await world.services.people.sessions(admin.actor()))[0].id
    ids = [(await world.services.people.sessions(user.actor()))[0].id for user in users[:2]]
    page, fields = ticked(await browser.post("/admin/sessions/bulk", back=back, ids=[*ids, own]))
    assert page.select_one("#bulk-heading").get_text() == "Sign out 3 browsers?"  # type: ignore[union-attr]
    assert len(page.select(".dp-badge")) == 1
    done = await browser.post("/admin/sessions/bulk/done", back=fields["back"], ids=[*ids, "0" * 64])
    assert (done.status_code, done.headers["location"]) == (303, back)
    assert [(await one.get("/profile")).status_code for one in inside] == [303, 303]
    assert (await browser.get("/profile")).status_code == 200


async def test_the_same_over_rest(world: World) -> None:
    """A dry run changes nothing and says the same as the act."""
    _, admin, users = await people(world)
    session = await world.browser(users[2])
    async with await world.bearer(admin) as http:
        wanted = {"act": "close", "ids": [admin.id, users[0].id, users[1].id]}
        dry = await http.post("/api/v1/admin/users/bulk", json=wanted | {"dry_run": True})
        assert [(await world.services.people.account(admin.actor(), one.id)).is_active for one in users] == [True] * 3
        done = await http.post("/api/v1/admin/users/bulk", json=wanted)
        assert dry.json() == done.json()
        assert {one["id"] for one in done.json()["done"]} == {users[0].id, users[1].id}
        assert [one["reason"] for one in done.json()["refused"]] == ["is your own account"]
        assert (await http.post("/api/v1/admin/users/bulk", json={"act": "close", "ids": []})).status_code == 422
        ids = [one.id for one in await world.services.people.sessions(users[2].actor())]
        ended = await http.post("/api/v1/admin/sessions/bulk", json={"ids": ids})
        assert [one["email"] for one in ended.json()] == [users[2].email]
    assert (await session.get("/profile")).status_code == 303
