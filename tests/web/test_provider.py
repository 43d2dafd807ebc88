"""Signing in with an OpenID Connect provider, which is a process of its own here."""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest

from domain.people import User
from domain.settings import Settings
from persistence.child import free_port, listening, start_child, stop_child
from persistence.mongo import connect
from persistence.objects import open_objects
from persistence.tables import Tables
from services.opening import open_services
from tests.web.conftest import fast_hasher
from tests.web.provider import CLIENT, SECRET
from tests.web.world import PASSWORD, Browser, World, soup
from web.app import create_app

PROGRAM = Path(__file__).with_name("provider.py")


class Site(World):
    """A site of its own with a provider to sign in with."""

    issuer: str

    async def says(self, **wanted: Any) -> None:
        """Set what the provider says next."""
        async with httpx.AsyncClient() as http:
            (await http.post(f"{self.issuer}/control", json=wanted)).raise_for_status()

    async def way_back(self, browser: Browser, target: str = "/profile") -> str:
        """Leave for the provider; where it sends the browser back to."""
        leaving = await browser.get(f"/sign-in/provider?next={target}")
        assert leaving.status_code == 303, leaving.text
        async with httpx.AsyncClient() as http:
            answer = await http.get(leaving.headers["location"])
        back = urlsplit(answer.headers["location"])
        assert f"{back.scheme}://{back.netloc}" == self.services.settings.address
        return f"{back.path}?{back.query}"

    async def enter(self, browser: Browser, target: str = "/profile") -> httpx.Response:
        return await browser.get(await self.way_back(browser, target))

    async def user_of(self, email: str) -> User:
        return await self.services.people.user_by_email(email)


@pytest.fixture(scope="module")
async def issuer(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of a provider that has just been started."""
    port, folder = free_port(), tmp_path_factory.mktemp("provider")
    address = f"http://127.0.0.1:{port}"
    child = start_child([sys.executable, str(PROGRAM), str(port), address], folder=folder, log=folder / "log")
    try:
        async with asyncio.timeout(30):
            while not await listening(port):
                assert child.poll() is None, (folder / "log").read_text()
                await asyncio.sleep(0.05)
        yield address
    finally:
        await stop_child(child)


@pytest.fixture(scope="module")
def settings(web_settings: Settings, issuer: str) -> Settings:
    return msgspec.structs.replace(
        web_settings,
        mongodb_database=f"web_{secrets.token_hex(6)}",
        registration="open",
        oidc_issuer=issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_name="our university",
    )


async def a_site(settings: Settings) -> AsyncIterator[Site]:
    async with open_services(settings, hasher=fast_hasher()) as services:
        documents = await connect(settings.mongodb_url, settings.mongodb_database)
        site = Site(services, create_app(services), documents, Tables(open_objects(settings.storage_url)))
        site.issuer = settings.oidc_issuer
        yield site
        documents.close()


@pytest.fixture(scope="module")
async def open_site(settings: Settings) -> AsyncIterator[Site]:
    async for site in a_site(settings):
        yield site


@pytest.fixture(scope="module")
async def closed_site(settings: Settings) -> AsyncIterator[Site]:
    """One where accounts need an invitation."""
    async for site in a_site(msgspec.structs.replace(settings, registration="invitation")):
        yield site


@pytest.fixture
async def site(open_site: Site) -> Site:
    await open_site.says()
    return open_site


def somebody(**said: Any) -> dict[str, Any]:
    mark = secrets.token_hex(6)
    return {"sub": mark, "email": f"{mark}@example.org", **said}


def refusal(answer: httpx.Response) -> str:
    assert answer.status_code in {401, 403, 409, 422}, answer.status_code
    assert "depictio-session" not in str(answer.headers.get_list("set-cookie"))
    return soup(answer).select_one("[role=alert]").get_text(strip=True)


@pytest.mark.parametrize("in_userinfo", [False, True], ids=["in the token", "beside it"])
async def test_a_person_signs_in_and_comes_again(in_userinfo: bool, site: Site) -> None:
    """The first time opens an account without a password; the second finds it, also under another address."""
    person = somebody(name="Ada Lovelace")
    await site.says(person=person, in_userinfo=in_userinfo)
    browser = await site.browser()
    button = (await browser.page("/sign-in?next=/profile")).select_one("a[href^='/sign-in/provider']")
    assert (button.get_text(), button["href"]) == ("Sign in with our university", "/sign-in/provider?next=/profile")
    answer = await site.enter(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/profile")
    user = await site.user_of(person["email"])
    assert (user.display_name, user.has_password, user.email_verified, user.is_admin) == (
        "Ada Lovelace", False, True, False
    )  # fmt: skip
    page = await browser.page("/profile")
    assert page.select_one("form[action='/profile/password']") is None
    await site.says(person=person | {"email": "moved@example.org", "email_verified": False})
    again = await site.browser()
    assert (await site.enter(again)).headers["location"] == "/profile"
    assert (await again.page("/profile")).select_one(".dp-page-head .dp-small").get_text() == person["email"]


async def test_no_password_opens_an_account_of_the_provider(site: Site) -> None:
    """Neither an empty one, nor by an administrator's reset link."""
    person = somebody()
    await site.says(person=person)
    await site.enter(await site.browser())
    user = await site.user_of(person["email"])
    for password in ("", " ", PASSWORD):
        browser = Browser(site.app, user)
        assert (await browser.sign_in(password)).status_code == 401
    admin = await site.browser(await site.user("Root", is_admin=True))
    assert (await admin.post(f"/admin/users/{user.id}/reset-link")).status_code == 409


async def test_an_elliptic_key_is_as_good(site: Site) -> None:
    await site.says(person=somebody(), forgery="elliptic")
    assert (await site.enter(await site.browser())).status_code == 303


@pytest.mark.parametrize("forgery", ["none", "confused", "shared", "stranger", "unknown key", "text"])
async def test_a_token_that_the_provider_did_not_sign_is_refused(forgery: str, site: Site) -> None:
    """Unsigned, signed with its public key as a secret, with a shared secret, or with somebody else's key."""
    await site.says(person=somebody(), forgery=forgery)
    assert "failed" in refusal(await site.enter(await site.browser()))


@pytest.mark.parametrize(
    "claims",
    [{"iss": "https://evil.example"}, {"aud": "another"}, {"aud": ["depictio", "another"]}, {"azp": "another"},
     {"nonce": "x"}, {"nonce": None}, {"exp": 1}, {"exp": None}, {"iat": 9_999_999_999}, {"sub": 1}, {"sub": None},
     {"iat": "soon"}],
    ids=str,
)  # fmt: skip
async def test_a_token_that_is_not_for_this_sign_in_is_refused(claims: dict[str, Any], site: Site) -> None:
    await site.says(person=somebody(), claims=claims)
    assert "failed" in refusal(await site.enter(await site.browser()))


async def test_an_answer_belongs_to_the_browser_that_asked(site: Site) -> None:
    """Neither a stranger's answer (login CSRF), nor one that was used, nor one without what was remembered."""
    await site.says(person=somebody())
    victim, attacker = await site.browser(), await site.browser()
    stolen = await site.way_back(attacker)
    refusal(await victim.get(stolen))
    await site.way_back(victim)
    refusal(await victim.get(stolen))
    own = await site.way_back(victim)
    assert (await victim.get(own)).status_code == 303
    refusal(await victim.get(own))
    for change in ("state=x", "iss=https://evil.example", "code=x", "code="):
        back = await site.way_back(victim)
        name = change.partition("=")[0]
        parts = [part for part in back.partition("?")[2].split("&") if not part.startswith(f"{name}=")]
        refusal(await victim.get(f"/sign-in/provider/callback?{'&'.join([*parts, change])}"))


async def test_a_code_is_worth_nothing_without_its_verifier(site: Site) -> None:
    """What one browser was given, and another's state beside it: the provider refuses by PKCE."""
    await site.says(person=somebody())
    first, second = await site.browser(), await site.browser()
    code = parse_qs(urlsplit(await site.way_back(first)).query)["code"][0]
    state = parse_qs(urlsplit(await site.way_back(second)).query)["state"][0]
    refusal(await second.get(f"/sign-in/provider/callback?code={code}&state={state}"))


async def test_who_says_no_at_the_provider_is_told_so(site: Site) -> None:
    browser = await site.browser()
    state = parse_qs(urlsplit(await site.way_back(browser)).query)["state"][0]
    answer = await browser.get(f"/sign-in/provider/callback?error=access_denied&state={state}")
    assert "did not let you in" in refusal(answer)


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
async def test_the_way_back_leads_to_this_server_only(target: str, site: Site) -> None:
    await site.says(person=somebody())
    assert (await site.enter(await site.browser(), target)).headers["location"] == "/projects"


async def test_an_account_with_a_password_is_linked_by_a_proven_address_only(site: Site) -> None:
    """Without the claim nothing happens to it; with it, both ways in lead to one account."""
    user = await site.user("Grace")
    for said in ({"email_verified": False}, {"email_verified": None}, {"email_verified": "yes"}, {"email": None}):
        await site.says(person={"sub": secrets.token_hex(6), "email": user.email, **said})
        assert "does not say" in refusal(await site.enter(await site.browser()))
    await site.says(person=somebody(email=user.email.upper()))
    browser = await site.browser()
    assert (await site.enter(browser)).status_code == 303
    assert (await browser.page("/profile")).select_one("form[action='/profile/password']")
    assert (await Browser(site.app, user).sign_in()).status_code == 303


async def test_a_second_person_with_the_address_does_not_get_in(site: Site) -> None:
    """The provider may give an address that has come free to somebody else."""
    user = await site.user()
    await site.says(person=somebody(email=user.email))
    assert (await site.enter(await site.browser())).status_code == 303
    await site.says(person=somebody(email=user.email))
    assert "another sign-in" in refusal(await site.enter(await site.browser()))


async def test_an_account_that_somebody_opened_in_wait_is_its_owners(site: Site) -> None:
    """Nobody vouched for its address, so what its opener has ends; what waited for the address is its owner's."""
    person, people = somebody(), site.services.people
    access = await site.project(await site.user())
    await site.services.invitations.invite_to(access, person["email"], "viewer")
    user = await site.services.accounts.register(person["email"], PASSWORD, "Mallory", address="192.0.2.1")
    squatter = await site.browser(user)
    token = await site.services.api_tokens.create(user.actor(), "wait", ("admin",), 366)
    await site.says(person=person)
    browser = await site.browser()
    assert (await squatter.get(f"/projects/{access.project.id}")).status_code == 404
    assert (await site.enter(browser)).status_code == 303
    assert (await browser.get(f"/projects/{access.project.id}")).status_code == 200
    assert (await squatter.get("/profile")).headers["location"].startswith("/sign-in")
    assert (await squatter.sign_in()).status_code == 401
    async with site.client({"authorization": f"Bearer {token.secret}"}) as http:
        assert (await http.get("/api/v1/me")).status_code == 401
    assert (await people.user_by_email(person["email"])).email_verified


async def test_a_closed_account_stays_closed(site: Site) -> None:
    """By its identity and by its address."""
    root = (await site.user("Root", is_admin=True)).actor()
    person, other = somebody(), await site.user()
    await site.says(person=person)
    await site.enter(await site.browser())
    for user in (await site.user_of(person["email"]), other):
        await site.services.people.set_active(root, user.id, is_active=False)
        await site.says(person=person if user is not other else somebody(email=other.email))
        assert "closed" in refusal(await site.enter(await site.browser()))


async def test_where_accounts_need_an_invitation_the_address_must_have_one(closed_site: Site) -> None:
    """And gets what it was invited to, since its owner has proven it."""
    site, person = closed_site, somebody()
    await site.says(person=person)
    assert "need an invitation" in refusal(await site.enter(await site.browser()))
    owner = await site.user()
    access = await site.project(owner)
    await site.services.invitations.invite_to(access, person["email"], "viewer")
    browser = await site.browser()
    assert (await site.enter(browser, f"/projects/{access.project.id}")).status_code == 303
    assert (await browser.get(f"/projects/{access.project.id}")).status_code == 200


async def test_failures_are_limited_by_network_address(settings: Settings) -> None:
    """Counted in the document store; a success does not count."""
    few = msgspec.structs.replace(settings, mongodb_database=f"web_{secrets.token_hex(6)}", sign_in_attempts=1)
    async for site in a_site(few):
        await site.says(person=somebody())
        browser = await site.browser()
        for _ in range(5):
            refusal(await browser.get("/sign-in/provider/callback?code=x&state=x"))
        answer = await site.enter(browser)
        assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (429, True)


async def test_a_provider_that_does_not_answer_is_named(settings: Settings, site: Site) -> None:
    """Passwords still work; nothing about its inside is shown."""
    gone = msgspec.structs.replace(settings, oidc_issuer=f"http://127.0.0.1:{free_port()}")
    wrong = msgspec.structs.replace(settings, oidc_issuer=site.issuer.replace("127.0.0.1", "localhost"))
    for changed, words in ((gone, "does not answer as it should"), (wrong, "calls itself")):
        async for broken in a_site(changed):
            answer = await (await broken.browser()).get("/sign-in/provider")
            assert (answer.status_code, words in answer.text) == (503, True)
            await broken.browser(await broken.user())


async def test_without_a_provider_there_is_no_way_to_one(world: World) -> None:
    browser = await world.browser()
    assert (await browser.page("/sign-in")).select("a[href^='/sign-in/provider']") == []
    assert (await browser.get("/sign-in/provider")).status_code == 403
    assert (await browser.get("/sign-in/provider/callback?code=x&state=x")).status_code == 403
