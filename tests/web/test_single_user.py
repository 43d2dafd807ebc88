"""A server without sign-in: everything is the administrator's, and nobody but this machine gets an answer."""

from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest
from litestar import Litestar

from domain.errors import Invalid
from domain.settings import Settings, settings_from
from services.opening import open_services
from tests.web.conftest import fast_hasher
from tests.web.world import Browser, World
from web.app import create_app
from web.server import serve

HERE = "http://127.0.0.1:8050"


@pytest.fixture(scope="module")
async def alone(world: World, web_settings: Settings) -> AsyncIterator[Litestar]:
    """The same site, of which one person is the only user."""
    settings = msgspec.structs.replace(web_settings, single_user=True)
    async with open_services(settings, hasher=fast_hasher()) as services:
        yield create_app(services)


async def test_whoever_opens_it_is_the_administrator(alone: Litestar) -> None:
    """Pages and REST; there is nothing to sign out of."""
    browser = Browser(alone, origin=HERE)
    assert (await browser.get("/")).headers["location"] == "/projects"
    page = await browser.page("/admin/users")
    assert page.select("form[action='/sign-out']") == []
    assert (await browser.get("/api/v1/me")).json()["is_admin"] is True


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example:8050", "localhost.evil.example", "127.0.0.1@evil.example", "", "[::1",
     "evil.example#127.0.0.1", "0.0.0.0:8050", "192.0.2.1"],
)  # fmt: skip
async def test_another_name_gets_no_answer(host: str, alone: Litestar) -> None:
    """A page whose name leads to this machine reads nothing (DNS rebinding), whatever other headers say."""
    headers = {"host": host, "x-forwarded-host": "127.0.0.1", "forwarded": "host=127.0.0.1"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(alone), base_url=HERE) as http:
        for path in ("/projects", "/api/v1/me", "/static/favicon.svg", "/health/live"):
            assert (await http.get(path, headers=headers)).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8050", "localhost", "LOCALHOST:9", "[::1]:8050"])
async def test_its_own_names_are_answered(host: str, alone: Litestar) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(alone), base_url=HERE) as http:
        assert (await http.get("/api/v1/me", headers={"host": host})).status_code == 200


async def test_a_connection_from_elsewhere_gets_no_answer(alone: Litestar) -> None:
    """In case something forwards connections to the port."""
    transport = httpx.ASGITransport(alone, client=("192.0.2.1", 1234))
    async with httpx.AsyncClient(transport=transport, base_url=HERE) as http:
        assert (await http.get("/api/v1/me")).status_code == 421


async def test_other_sites_cannot_send_forms_or_scripts(alone: Litestar) -> None:
    """There is no cookie that they lack, so the token of the form decides, for REST too."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(alone), base_url=HERE) as http:
        for path, body in (("/projects", {"data": {"name": "Forged"}}), ("/api/v1/projects", {"json": {"name": "x"}})):
            assert (await http.post(path, **body)).status_code == 403
            assert (await http.post(path, **body, headers={"sec-fetch-site": "cross-site"})).status_code == 403


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"DEPICTIO_HOST": "0.0.0.0"}, "DEPICTIO_HOST"),  # noqa: S104 -- this is what is refused.
        ({"DEPICTIO_HOST": "192.0.2.1"}, "DEPICTIO_HOST"),
        ({"DEPICTIO_BASE_URL": "https://lab.example.org"}, "DEPICTIO_BASE_URL"),
        ({"DEPICTIO_BASE_URL": "http://127.0.0.1.example.org"}, "DEPICTIO_BASE_URL"),
    ],
)
def test_it_refuses_to_start_where_others_could_reach_it(changes: dict[str, str], problem: str) -> None:
    with pytest.raises(Invalid) as raised:
        settings_from({"DEPICTIO_SINGLE_USER": "true", **changes})
    assert [one.place for one in raised.value.problems] == [problem]


async def test_an_option_cannot_open_it_to_others(web_settings: Settings) -> None:
    """`--host` is applied after the settings were read, so the start looks again, before anything listens."""
    settings = msgspec.structs.replace(web_settings, single_user=True, host="0.0.0.0")  # noqa: S104 -- refused.

    async def never(_: object) -> None:
        pytest.fail("it was started")

    with pytest.raises(Invalid, match="this machine only"):
        serve(settings, prepare=never, on_ready=lambda _: None)
    with pytest.raises(Invalid, match="this machine only"):
        await open_services(settings).__aenter__()
