"""`docs/rest.md` against the routes."""

import re

from litestar import Litestar
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler

from domain.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated, Unavailable
from domain.questions import DashboardQuestion, ProjectQuestion
from tests.docs.pages import rows
from web.api.problems import REASONS
from web.api.routes import api_router
from web.errors import fault_of

PAGE = "docs/rest.md"
GIVEN = ("services", "assets", "actor", "access")
"""What the application provides to every handler; no handler is called here."""


def operations() -> set[tuple[str, str, str]]:
    """Method, address and summary of everything below `/api/v1`."""
    app = Litestar([api_router()], dependencies={name: Provide(lambda: None, sync_to_thread=False) for name in GIVEN})
    return {
        (str(method), re.sub(r":\w+}", "}", route.path), str(handler.summary))
        for route in app.routes
        if route.path.startswith("/api/v1/")
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler)
        for method in handler.http_methods - {"OPTIONS"}
    }


def test_every_operation_is_listed_and_nothing_else() -> None:
    said = rows(PAGE, "Resources")
    assert {tuple(row) for row in said} == operations()
    assert len(said) == len(operations())


def test_the_statuses_are_those_that_errors_have() -> None:
    """Every failure that the product names, and those of requests that do not get so far."""
    named = (Unauthenticated(""), Forbidden(""), NotFound(""), Conflict(""), Invalid(""), Unavailable(""))
    known = {*(fault_of(error).status for error in named), fault_of(Unavailable("", retry_after=1)).status, *REASONS}
    said = [int(row[0]) for row in rows(PAGE, "Errors")]
    assert said == sorted({*known, 413})


def test_every_key_of_a_question_is_described() -> None:
    known = {*DashboardQuestion.__struct_fields__, *ProjectQuestion.__struct_fields__}
    assert {row[0] for row in rows(PAGE, "Asking for data")} == known
