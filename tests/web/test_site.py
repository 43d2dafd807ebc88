"""What administrators set while the server runs, as everybody meets it."""

import hashlib
import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.errors import Forbidden
from domain.settings import Settings
from services.opening import open_services
from tests.web.conftest import fast_hasher
from tests.web.world import PASSWORD, Browser, World

MIB = 1024 * 1024
NOTICE = "Down on <b>Friday</b> from 8 to 9"


class Setting:
    """The site as an administrator sets it over REST."""

    def __init__(self, world: World, browser: Browser) -> None:
        self.world, self.browser = world, browser

    async def says(self, **wanted: Any) -> None:
        site = await self.world.services.site.settings()
        form = {name: str(getattr(site, name)) for name in site.__struct_fields__ if name != "id"}
        answer = await self.browser.post("/admin/site", **form | wanted)
        assert answer.status_code == 303, answer.text


@pytest.fixture
async def site(world: World) -> AsyncIterator[Setting]:
    setting = Setting(world, await world.browser(await world.user(is_admin=True)))
    yield setting
    await setting.says(
        registration="", registration_domains="", public_access="", notice="", sign_in_text="", upload_max_mib="0"
    )


async def registers(browser: Browser, host: str = "example.org") -> int:
    email = f"{secrets.token_hex(4)}@{host}"
    answer = await browser.post("/register", email=email, display_name="New", password=PASSWORD, repeated=PASSWORD)
    return answer.status_code


async def test_who_may_register_changes_at_once(world: World, site: Setting) -> None:
    """The environment says by invitation; then everybody, then addresses of some hosts, then nobody."""
    stranger = await world.browser()
    assert await registers(stranger) == 403
    await site.says(registration="open")
    assert (await stranger.page("/sign-in")).find("a", string="Register") is not None
    assert await registers(await world.browser()) == 303
    await site.says(registration="domain", registration_domains="lab.example.org, @uni.example")
    assert [await registers(await world.browser(), host) for host in ("lab.example.org", "example.org")] == [303, 403]
    await site.says(registration="off")
    with pytest.raises(Forbidden, match="nobody can be invited"):
        await world.services.invitations.invite(site.browser.user.actor(), "somebody@example.org")  # type: ignore[union-attr]


async def test_another_process_lets_nobody_in_who_is_shut_out(
    world: World, web_settings: Settings, site: Setting
) -> None:
    """What lets people in is read anew; the rest of the site is known within five seconds."""
    async with open_services(web_settings, hasher=fast_hasher()) as other:
        await site.says(registration="open", notice="Now")
        assert (await other.accounts.admission()).is_open
        assert (await other.site.settings()).notice == "Now"
        await site.says(registration="off", notice="Then")
        with pytest.raises(Forbidden):
            await other.accounts.register("late@example.org", PASSWORD, "Late", address="127.0.0.1")


async def test_visitors_see_public_projects_only_where_the_site_shows_them(world: World, site: Setting) -> None:
    owner = await world.user()
    access = await world.project(owner)
    await world.services.projects.set_public(access, is_public=True)
    stranger, path = await world.browser(), f"/projects/{access.project.id}"
    assert (await stranger.get(path)).status_code == 200
    await site.says(public_access="off")
    assert (await stranger.get(path)).headers["location"].startswith("/sign-in")
    assert "public projects" not in (await stranger.page("/sign-in")).text


async def test_the_notice_stands_above_every_page_and_the_text_at_the_sign_in(world: World, site: Setting) -> None:
    """As text, whatever it looks like; a visitor by a share link is told nothing."""
    await site.says(notice=NOTICE, sign_in_text="The server of the lab.\nAsk Ada.")
    page = await (await world.browser()).page("/sign-in")
    assert [one.get_text() for one in page.select(".dp-site-notice span")] == [NOTICE]
    assert page.select_one("[data-written]").get_text() == "The server of the lab.\nAsk Ada."  # type: ignore[union-attr]
    assert (await site.browser.page("/projects")).select_one(".dp-site-notice") is not None
    gone = await (await world.browser()).page(f"/shared/{secrets.token_urlsafe(32)}/x", 404)
    assert gone.select_one(".dp-site-notice") is None


async def test_the_largest_file_is_what_the_site_says(world: World, site: Setting) -> None:
    owner = await world.user()
    access = await world.project(owner)
    content = b"1" * (MIB + 1)
    place = f"/api/v1/projects/{access.project.id}/uploads/{hashlib.sha256(content).hexdigest()}"
    async with await world.bearer(owner) as http:
        await site.says(upload_max_mib="1")
        refused = await http.put(place, content=content)
        assert (refused.status_code, "larger than 1 MiB" in refused.text) == (422, True)
        await site.says(upload_max_mib="2")
        assert (await http.put(place, content=content)).status_code < 300


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("registration", "everybody"),
        ("registration", "domain"),
        ("registration_domains", "not a host"),
        ("public_access", "perhaps"),
        ("notice", "n" * 301),
        ("notice", "two\nlines"),
        ("sign_in_text", "s" * 1001),
        ("upload_max_mib", "-1"),
    ],
)
async def test_what_cannot_be_is_said_at_its_field(site: Setting, name: str, value: str) -> None:
    """Nothing of the form is set then, and what was written stays in it."""
    before = await site.world.services.site.settings()
    form = {one: str(getattr(before, one)) for one in before.__struct_fields__ if one != "id"}
    answer = await site.browser.post("/admin/site", **form | {name: value})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert await site.world.services.site.settings() == before
