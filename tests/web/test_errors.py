"""How failures look to people: pages, messages, problems, and what nobody foresaw."""

import logging
from collections.abc import AsyncIterator

import httpx
import pytest
from bs4 import BeautifulSoup
from litestar import get
from litestar.types import Message

from domain.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Unauthenticated, Unavailable
from tests.web.world import World
from web.app import create_app
from web.errors import fault_of

SECRET = "the inside of the server"


@get("/broken")
async def broken() -> None:
    raise RuntimeError(SECRET)


@get("/resting")
async def resting() -> None:
    raise Unavailable("The document store does not answer.")


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (NotFound("x"), 404, None),
        (Forbidden("x"), 403, None),
        (Unauthenticated("x"), 401, None),
        (Conflict("x"), 409, None),
        (Invalid("x", (Problem("a", "b"),)), 422, None),
        (Unavailable("x"), 503, 5),
        (Unavailable("x", 40), 429, 40),
        (RuntimeError("x"), 500, None),
    ],
)
def test_one_mapping_from_errors_to_statuses(error: Exception, status: int, retry_after: int | None) -> None:
    """Every named failure has its status; everything else is 500 and says nothing of its inside."""
    fault = fault_of(error)
    assert (fault.status, fault.retry_after) == (status, retry_after)
    assert fault.message == ("x" if status != 500 else "Something went wrong on the server. It has been logged.")


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(world.services, [broken, resting])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://depictio.test") as http:
        yield http


async def test_an_unforeseen_error_is_logged_and_shown_with_its_id(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """People see a calm page, the log has the traceback, and the id joins the two."""
    with caplog.at_level(logging.ERROR, "depictio.errors"):
        answer = await http.get("/broken", headers={"accept": "text/html"})
    assert answer.status_code == 500
    assert SECRET not in answer.text
    assert answer.headers["x-request-id"] in BeautifulSoup(answer.text, "lxml").select_one("main").get_text()
    (record,) = [record for record in caplog.records if record.name == "depictio.errors"]
    assert record.fields == {"request_id": answer.headers["x-request-id"]}
    assert SECRET in str(record.exc_info[1])


async def test_htmx_and_scripts_get_the_failure_in_their_own_form(http: httpx.AsyncClient) -> None:
    """A message for HTMX, problem+json for who asks for JSON, as Dash does."""
    message = await http.get("/broken", headers={"hx-request": "true"})
    assert (message.status_code, message.headers["hx-retarget"]) == (500, "#dp-toasts")
    assert message.headers["x-request-id"] in BeautifulSoup(message.text, "lxml").select_one(".dp-toast").get_text()
    problem = await http.get("/broken", headers={"content-type": "application/json"})
    assert problem.headers["content-type"] == "application/problem+json"
    assert SECRET not in problem.text


async def test_a_store_that_does_not_answer_is_503(http: httpx.AsyncClient) -> None:
    """With the sentence of the service and a time to try again."""
    answer = await http.get("/resting", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "document store" in BeautifulSoup(answer.text, "lxml").select_one("main").get_text()


async def test_a_wrong_address_still_shows_who_is_signed_in(world: World) -> None:
    """The frame of the page stays, with a way back."""
    page = await (await world.browser(await world.user("Ada"))).page("/no/such/page", 404)
    assert page.h1.get_text(strip=True) == "Not found"
    assert page.select_one(".dp-menu-who strong").get_text() == "Ada"
    assert page.select_one("main a")["href"] == "/projects"


async def test_health_says_whether_the_server_lives_and_works(world: World) -> None:
    """And nothing else; both are open to supervisors."""
    async with world.client() as http:
        assert (await http.get("/health/live")).json() == {"status": "live"}
        assert (await http.get("/health/ready")).json() == {"status": "ready"}


async def test_a_browser_that_goes_away_while_it_sends_is_no_error(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A closed window is one line among the requests: a body that broke off is a bad request, not a fault of ours."""
    app, sent = create_app(world.services), list[Message]()
    parts = iter([{"type": "http.request", "body": b"email=a", "more_body": True}, {"type": "http.disconnect"}])
    form = [(b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"90"), (b"host", b"a.test")]
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http"}
    scope |= {"path": "/sign-in", "raw_path": b"/sign-in", "root_path": "", "query_string": b"", "headers": form}
    scope |= {"client": ("127.0.0.1", 1), "server": ("a.test", 80), "state": {}}

    async def receive() -> Message:
        return next(parts)  # type: ignore[return-value]

    async def send(message: Message) -> None:
        sent.append(message)

    with caplog.at_level(logging.INFO):
        await app(scope, receive, send)  # type: ignore[arg-type]
    assert [(one.name, one.levelname, one.fields["status"]) for one in caplog.records] == [  # type: ignore[attr-defined]
        ("depictio.access", "INFO", 400)
    ]
    assert sent[0]["status"] == 400  # type: ignore[typeddict-item]
