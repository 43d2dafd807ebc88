"""Members: roles changed in place, adding, removing, and the last owner."""

import json

from bs4 import BeautifulSoup

from domain.access import Role
from tests.services.conftest import person
from tests.web.world import World


def _roles(page: BeautifulSoup) -> dict[str, str]:
    forms = page.select("[aria-labelledby=members-heading] form[hx-put]")
    return {form["hx-put"].rpartition("/")[2]: form.select_one("option[selected]")["value"] for form in forms}


async def test_roles_change_in_place(world: World) -> None:
    """PUT states the wanted role; the answer is the block of members and a notice, and asking twice is harmless."""
    owner, other = await world.user("Olga"), await world.user("Vera")
    access = await world.project(owner, viewer=other)
    browser = await world.browser(owner)
    address = f"/projects/{access.project.id}/members"
    assert _roles(await browser.page(address)) == {owner.id: "owner", other.id: "viewer"}
    for _ in range(2):
        answer = await browser.htmx("PUT", f"{address}/{other.id}", role="editor")
        assert answer.status_code == 200
        fragment = BeautifulSoup(answer.text, "lxml")
        assert fragment.select("h1, header") == []
        assert _roles(fragment) == {owner.id: "owner", other.id: "editor"}
        assert json.loads(answer.headers["hx-trigger"])["depictio:notice"]["text"] == "Vera is now editor."
    assert _roles(await browser.page(address)) == {owner.id: "owner", other.id: "editor"}


async def test_the_sharing_page_has_one_address(world: World) -> None:
    """Under the name that REST has for it, it leads to the members; to the sign-in form who is not signed in."""
    owner = await world.user()
    base = f"/projects/{(await world.project(owner)).project.id}"
    answer = await (await world.browser(owner)).get(f"{base}/sharing")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{base}/members")
    stranger = await (await world.browser()).get(f"{base}/sharing")
    assert stranger.headers["location"].startswith("/sign-in")


async def test_roles_change_without_scripts_too(world: World) -> None:
    """The same address takes a plain form, and leads back to the page."""
    owner, other = await world.user(), await world.user()
    access = await world.project(owner, viewer=other)
    browser = await world.browser(owner)
    address = f"/projects/{access.project.id}/members"
    assert (await browser.post(f"{address}/{other.id}", role="owner")).headers["location"] == address
    page = await browser.page(address)
    assert _roles(page) == {owner.id: "owner", other.id: "owner"}
    assert page.select_one("#dp-toasts .dp-toast-text").get_text(strip=True) == f"{other.display_name} is now owner."


async def test_the_last_owner_stays(world: World) -> None:
    """Neither a lesser role nor removal: a message says why, aimed at the messages and not at the list."""
    owner = await world.user()
    access = await world.project(owner)
    browser = await world.browser(owner)
    address = f"/projects/{access.project.id}/members"
    for method, form in (("PUT", {"role": "viewer"}), ("DELETE", {})):
        answer = await browser.htmx(method, f"{address}/{owner.id}", **form)
        assert answer.status_code == 409
        assert (answer.headers["hx-retarget"], answer.headers["hx-reswap"]) == ("#dp-toasts", "beforeend")
        toast = BeautifulSoup(answer.text, "lxml").select_one(".dp-toast[role=alert]")
        assert toast.get_text(strip=True) == "A project keeps at least one owner. Make somebody else an owner first."
    assert _roles(await browser.page(address)) == {owner.id: "owner"}


async def test_members_are_added_by_address_and_removed(world: World) -> None:
    """By forms alone, whatever the case of the address; what is no address is marked at the field."""
    owner, other = await world.user(), await world.user()
    access = await world.project(owner)
    browser = await world.browser(owner)
    address = f"/projects/{access.project.id}/members"
    assert (await browser.post(address, email=other.email.upper(), role="editor")).headers["location"] == address
    assert _roles(await browser.page(address)) == {owner.id: "owner", other.id: "editor"}
    again = await browser.post(address, email=other.email, role="viewer")
    assert again.status_code == 409
    assert BeautifulSoup(again.text, "lxml").select_one("[role=alert]").get_text(strip=True)
    unknown = await browser.post(address, email="nobody at all", role="viewer")
    assert unknown.status_code == 422
    assert BeautifulSoup(unknown.text, "lxml").select_one("input[name=email]")["value"] == "nobody at all"
    assert (await browser.post(f"{address}/{other.id}/remove")).headers["location"] == address
    assert _roles(await browser.page(address)) == {owner.id: "owner"}


async def test_whoever_gives_up_their_own_role_is_led_away(world: World) -> None:
    """An owner who removes themselves cannot be shown the members any more."""
    owner, other = await world.user(), await world.user()
    access = await world.project(owner, editor=other)
    await world.services.sharing.share(access, person(other.id), Role.OWNER)
    browser = await world.browser(owner)
    answer = await browser.htmx("DELETE", f"/projects/{access.project.id}/members/{owner.id}")
    assert answer.headers["hx-redirect"] == "/projects"
    assert (await browser.get(f"/projects/{access.project.id}")).status_code == 404


async def test_viewers_are_refused_with_the_reason(world: World) -> None:
    """403, not 404: they see the project; nothing is changed."""
    owner, viewer = await world.user(), await world.user()
    access = await world.project(owner, viewer=viewer)
    browser = await world.browser(viewer)
    base = f"/projects/{access.project.id}"
    acts = [
        await browser.htmx("PUT", f"{base}/members/{viewer.id}", role="owner"),
        await browser.htmx("DELETE", f"{base}/members/{owner.id}"),
        await browser.post(f"{base}/members", email="x@example.org", role="viewer"),
        await browser.post(f"{base}/settings", name="Mine", description=""),
        await browser.post(f"{base}/delete", confirmation=access.project.name),
        await browser.post(f"{base}/dashboards", title="Mine"),
        await browser.get(f"{base}/settings"),
    ]
    assert [answer.status_code for answer in acts] == [403] * len(acts)
    assert "project:share" in acts[0].text
    page = await browser.page(f"{base}/members")
    assert page.select("#members select, #members button") == []


async def test_an_unknown_role_is_refused(world: World) -> None:
    """Only the three roles exist."""
    owner = await world.user()
    access = await world.project(owner)
    browser = await world.browser(owner)
    answer = await browser.htmx("PUT", f"/projects/{access.project.id}/members/{owner.id}", role="god")
    assert answer.status_code == 422
