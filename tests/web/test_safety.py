"""What protects every request: headers, CSRF, other sites, cookies behind TLS, request ids, static files."""

import logging

import httpx
import msgspec
import pytest
from bs4 import BeautifulSoup
from litestar import get, post
from litestar.di import NamedDependency

from domain.access import Actor
from domain.settings import Settings
from tests.web.world import Browser, World
from web.app import create_app
from web.render import Page
from web.security.csp import content_security_policy

CSP = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "frame-ancestors 'none'",
    "form-action 'self'",
}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    "path", ["/sign-in", "/no-such-page", "/api/v1/projects", "/static/css/tokens.css", "/health/live"]
)
async def test_every_answer_carries_the_safety_headers(world: World, path: str) -> None:
    """Pages, failures, REST and files alike."""
    answer = await (await world.browser()).get(path)
    assert set(answer.headers["content-security-policy"].split("; ")) == CSP
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in answer.headers
    assert answer.headers["x-request-id"]
    assert "server" not in answer.headers


def test_dash_pages_may_add_hashes_and_inline_styles() -> None:
    """Nothing else changes with them, and scripts stay without 'unsafe-inline' and 'unsafe-eval'."""
    policy = content_security_policy(["'sha256-b='", "sha256-a="], inline_styles=True)
    directives = dict(directive.split(" ", 1) for directive in policy.split("; "))
    assert directives["script-src"] == "'self' 'sha256-a=' 'sha256-b='"
    assert directives["style-src"] == "'self' 'unsafe-inline'"
    plain = dict(directive.split(" ", 1) for directive in content_security_policy().split("; "))
    assert {name for name in plain if plain[name] != directives[name]} == {"script-src", "style-src"}


async def test_pages_hold_no_inline_code_or_style(world: World) -> None:
    """They would be blocked by the policy, silently."""
    user = await world.user(is_admin=True)
    access = await world.project(user)
    browser = await world.browser(user)
    for path in ("/projects", f"/projects/{access.project.id}/members", "/admin/users", "/api/docs"):
        page = await browser.page(path)
        assert [script for script in page.select("script") if not script.get("src")] == []
        assert page.select("style, [style]") == []
        assert [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")] == []
        for link in page.select("script[src], link[href], img[src]"):
            assert (link.get("src") or link["href"]).startswith("/static/")


UNSAFE = [
    ("POST", "/sign-in"),
    ("POST", "/sign-out"),
    ("POST", "/projects"),
    ("POST", "/profile"),
    ("POST", "/profile/password"),
    ("PUT", "/projects/1/members/2"),
    ("DELETE", "/projects/1/members/2"),
    ("POST", "/theme"),
    ("POST", "/api/v1/projects"),
]


@pytest.mark.parametrize(("method", "path"), UNSAFE)
@pytest.mark.parametrize("token", [None, "", "forged", "0" * 128])
async def test_unsafe_requests_need_the_form_token(world: World, method: str, path: str, token: str | None) -> None:
    """Without it, or with a made-up one, nothing happens: the session cookie alone proves nothing."""
    browser = await world.browser(await world.user())
    headers = FORM if token is None else {**FORM, "x-csrftoken": token}
    answer = await browser.http.request(method, path, content=b"name=x", headers=headers)
    assert answer.status_code == 403


async def test_a_token_that_this_server_did_not_sign_is_refused_even_in_both_places(world: World) -> None:
    """A cookie planted by a neighbouring site does not make its own token valid."""
    browser = await world.browser(await world.user())
    browser.http.cookies.set("depictio-csrf", "a" * 128, domain="depictio.test")
    answer = await browser.http.post("/projects", headers={**FORM, "x-csrftoken": "a" * 128}, content=b"name=x")
    assert answer.status_code == 403


async def test_a_stale_token_cookie_is_replaced(world: World) -> None:
    """After a restart with another secret the next page brings a token that works."""
    browser = await world.browser()
    browser.http.cookies.set("depictio-csrf", "stale", domain="depictio.test", path="/")
    page = await browser.page("/sign-in")
    token = page.select_one("input[name=_csrf_token]")["value"]
    assert browser.http.cookies.get("depictio-csrf", domain="depictio.test") == token


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_requests_from_other_sites_are_refused(world: World, site: str) -> None:
    """Even with a valid token, and with a bearer token too."""
    user = await world.user()
    browser = await world.browser(user)
    headers = {"x-csrftoken": await browser.token(), "sec-fetch-site": site}
    assert (await browser.http.post("/projects", data={"name": "Forged"}, headers=headers)).status_code == 403
    rest = await world.bearer(user)
    answer = await rest.post("/api/v1/projects", json={"name": "Forged"}, headers={"sec-fetch-site": site})
    assert answer.status_code == 403
    assert "Forged" not in [project.name for project in await world.services.projects.visible(user.actor())]


async def test_behind_tls_cookies_are_bound_to_the_host(world: World, web_settings: Settings) -> None:
    """With an https address cookies are Secure and carry the __Host- prefix, and HSTS is sent."""
    settings = msgspec.structs.replace(world.services.settings, base_url="https://depictio.test")
    app = create_app(msgspec.structs.replace(world.services, settings=settings))
    user = await world.user()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://depictio.test") as http:
        page = BeautifulSoup((await http.get("/sign-in")).text, "lxml")
        form = {"_csrf_token": page.select_one("input[name=_csrf_token]")["value"], "email": user.email}
        answer = await http.post("/sign-in", data={**form, "password": "correct horse battery staple"})
    cookies = answer.headers.get_list("set-cookie")
    assert any(cookie.startswith("__Host-depictio-session=") and "Secure" in cookie for cookie in cookies)
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


async def test_proxy_headers_are_not_trusted(world: World) -> None:
    """Nobody escapes the sign-in limit by naming another address, and links do not follow a forged host."""
    user = await world.user()
    browser = await world.browser()
    headers = {
        "x-forwarded-for": "203.0.113.9",
        "x-forwarded-host": "evil.example",
        "x-csrftoken": await browser.token(),
    }
    form = {"email": user.email, "password": "correct horse battery staple"}
    answer = await browser.http.post("/sign-in", data=form, headers=headers)
    assert answer.headers["location"] == "/projects"
    (session,) = await world.services.people.sessions(user.actor())
    assert session.address == "127.0.0.1"


async def test_each_request_is_one_log_line_with_its_id(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """A given id is kept when it is harmless; otherwise one is made. Query strings are not logged."""
    browser = await world.browser()
    with caplog.at_level(logging.INFO, "depictio.access"):
        given = await browser.get("/sign-in?next=/secret", **{"x-request-id": "trace-1"})
        made = await browser.get("/no-such-page", **{"x-request-id": "a b\tc"})
    assert given.headers["x-request-id"] == "trace-1"
    assert len(made.headers["x-request-id"]) == 32
    fields = [record.fields for record in caplog.records if record.name == "depictio.access"]
    assert [(f["path"], f["status"], f["request_id"]) for f in fields] == [
        ("/sign-in", 200, "trace-1"),
        ("/no-such-page", 404, made.headers["x-request-id"]),
    ]
    assert "secret" not in str(fields)


async def test_bodies_have_a_limit(world: World) -> None:
    """A larger one is refused with 413."""
    browser = await world.browser()
    answer = await browser.http.post("/api/v1/tokens", content=b" " * (17 * 1024 * 1024))
    assert answer.status_code == 413


async def test_static_files_are_kept_by_browsers_until_they_change(world: World) -> None:
    """With the mark of the content for good; without it they are asked for again, and 304 says that all is the same."""
    browser = await world.browser()
    page = await browser.page("/sign-in")
    marked = next(link["href"] for link in page.select("link[rel=stylesheet]") if "tokens.css" in link["href"])
    answer = await browser.get(marked)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/css")
    plain = await browser.get("/static/css/tokens.css")
    assert plain.headers["cache-control"] == "public, no-cache"
    again = await browser.get("/static/css/tokens.css", **{"if-none-match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "../app.py",
        "..%2fapp.py",
        "css/../../app.py",
        "/etc/passwd",
        "css",
        "css/",
        "%2e%2e/app.py",
        "vendor/../../app.py",
    ],
)
async def test_only_known_files_are_served(world: World, path: str) -> None:
    """An address names a key of a fixed map, never a path on disk."""
    assert (await (await world.browser()).get(f"/static/{path}")).status_code == 404


@get("/dash-like")
async def dash_like() -> Page:
    policy = content_security_policy(["sha256-a="], inline_styles=True)
    return Page("wide.html", headers={"content-security-policy": policy})


@post("/dash-like")
async def callback(actor: NamedDependency[Actor]) -> dict[str, str]:
    return {"user": actor.display_name}


async def test_extra_routes_are_guarded_like_pages_and_keep_their_own_policy(world: World) -> None:
    """Dashboard pages bring their policy; their callbacks know who asks and need the token in the header."""
    user = await world.user("Ada")
    browser = Browser(create_app(world.services, [dash_like, callback]), user)
    await browser.sign_in()
    page = await browser.get("/dash-like")
    assert "'sha256-a='" in page.headers["content-security-policy"]
    assert BeautifulSoup(page.text, "lxml").body["class"] == ["dp-body", "dp-wide"]
    refused = await browser.http.post("/dash-like", json={})
    assert (refused.status_code, refused.headers["content-type"]) == (403, "application/problem+json")
    answer = await browser.http.post("/dash-like", json={}, headers={"x-csrftoken": await browser.token()})
    assert answer.json() == {"user": "Ada"}
