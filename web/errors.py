"""The one mapping from failures to status codes, and their renderings: page, fragment, problem+json."""

import logging
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import MediaType, Response
from litestar.exceptions import HTTPException, InternalServerException, ValidationException
from litestar.plugins.htmx import HTMXHeaders

from domain.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Problem, Unauthenticated, Unavailable
from domain.wording import tr
from web.edge import REQUEST_ID
from web.render import Page, PageRequest, is_fragment
from web.security.links import sign_in_path

PROBLEM_JSON = "application/problem+json"
RETRY_SECONDS = 5
STATUSES: dict[type[DomainError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Conflict: HTTPStatus.CONFLICT,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
}
SENTENCES = {
    HTTPStatus.NOT_FOUND: tr("There is nothing at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: tr("This address does not take that kind of request."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: tr("The request is larger than this server accepts."),
}

GONE = "client disconnected prematurely"
"""How Litestar's exception says that the browser went away while it sent; it has no class for that."""

log = logging.getLogger("depictio.errors")


class Fault(msgspec.Struct, frozen=True):
    """A failure as every rendering needs it."""

    status: HTTPStatus
    message: str
    problems: tuple[Problem, ...] = ()
    retry_after: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        headers = {} if self.retry_after is None else {"retry-after": str(self.retry_after)}
        if self.status is HTTPStatus.UNAUTHORIZED:
            headers["www-authenticate"] = "Bearer"
        return headers


class ProblemDetails(msgspec.Struct, frozen=True, omit_defaults=True):
    """RFC 9457. `errors` names each fault of the input; `request_id` finds it in the server's log."""

    title: str
    status: int
    detail: str
    request_id: str
    type: str = "about:blank"
    errors: tuple[Problem, ...] = ()


def fault_of(error: Exception) -> Fault:
    """What went wrong, in words for people; an unforeseen error says nothing of its inside."""
    match error:
        case Unavailable(retry_after=None):
            return Fault(HTTPStatus.SERVICE_UNAVAILABLE, error.message, retry_after=RETRY_SECONDS)
        case Unavailable():
            return Fault(HTTPStatus.TOO_MANY_REQUESTS, error.message, retry_after=error.retry_after)
        case Invalid():
            return Fault(STATUSES[Invalid], error.message, error.problems)
        case DomainError():
            return Fault(STATUSES[type(error)], error.message)
        case ValidationException():
            return Fault(HTTPStatus.UNPROCESSABLE_ENTITY, tr("The request does not fit."), _problems(error))
        case HTTPException() if error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            status = HTTPStatus(error.status_code)
            return Fault(status, SENTENCES.get(status, error.detail))
        case InternalServerException(detail=detail) if detail == GONE:
            # Nobody reads this answer; the line of the request in the log has its status.
            return Fault(HTTPStatus.BAD_REQUEST, tr("The request broke off before all of it had come."))
        case RecursionError():
            # Only what a request brings is nested; its decoder gives up here.
            return Fault(HTTPStatus.BAD_REQUEST, tr("The request is nested too deeply."))
        case _:
            return Fault(
                HTTPStatus.INTERNAL_SERVER_ERROR, tr("Something went wrong on the server. It has been logged.")
            )


def answer(request: PageRequest, error: Exception) -> Response[Any]:
    """Render a failure in the form that the caller reads."""
    fault = fault_of(error)
    request_id = request.scope["state"][REQUEST_ID]
    if fault.status is HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("unforeseen error", exc_info=error, extra={"fields": {"request_id": request_id}})
    if _wants_json(request):
        return problem(fault, request_id)
    if fault.status is HTTPStatus.UNAUTHORIZED or (isinstance(error, NotFound) and _is_anonymous(request)):
        return _to_sign_in(request)
    if is_fragment(request):
        return _message(fault)
    return Page("errors/error.html", {"fault": fault}, status_code=fault.status, headers=fault.headers)


def problem(fault: Fault, request_id: str) -> Response[ProblemDetails]:
    """The failure as problem+json."""
    details = ProblemDetails(
        title=fault.status.phrase,
        status=fault.status,
        detail=fault.message,
        request_id=request_id,
        errors=fault.problems,
    )
    return Response(details, status_code=fault.status, media_type=PROBLEM_JSON, headers=fault.headers)


def _message(fault: Fault) -> Page:
    headers = {
        **fault.headers,
        HTMXHeaders.RE_TARGET.value: "#dp-toasts",
        HTMXHeaders.RE_SWAP.value: "beforeend",
    }
    return Page("errors/message.html", {"fault": fault}, status_code=fault.status, headers=headers)


def _to_sign_in(request: PageRequest) -> Response[Any]:
    if is_fragment(request):
        return Response("", media_type=MediaType.HTML, headers={HTMXHeaders.REDIRECT.value: sign_in_path("")})
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    target = sign_in_path(path if request.method == "GET" else "")
    return Response("", media_type=MediaType.HTML, status_code=HTTPStatus.SEE_OTHER, headers={"location": target})


def _is_anonymous(request: PageRequest) -> bool:
    return request.scope["user"].user_id is None and request.method == "GET"


def _wants_json(request: PageRequest) -> bool:
    if request.url.path.startswith("/api/v1/") or request.content_type[0] == MediaType.JSON:
        return True
    accept = request.headers.get("accept", "")
    return "json" in accept and MediaType.HTML not in accept


def _problems(error: ValidationException) -> tuple[Problem, ...]:
    faults = error.extra if isinstance(error.extra, list) else []
    return tuple(Problem(str(fault.get("key", "")), str(fault["message"])) for fault in faults if "message" in fault)
