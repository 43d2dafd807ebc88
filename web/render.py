"""Pages and their fragments: one template per page; HTMX gets the block of it that an act changed."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
from jinja2 import Environment
from jinja2.meta import find_referenced_templates
from litestar import MediaType, Request, Response
from litestar.datastructures import Cookie
from litestar.plugins.htmx import HTMXHeaders
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response.base import ASGIResponse

from domain.access import Actor, Capability, Role
from web.edge import CSRF_TOKEN, REQUEST_ID, SHARED, SINGLE_USER, SITE_NOTICE
from web.formats import TEMPLATES
from web.security.cookies import NOTICE_COOKIE, SCHEME_COOKIE, Notice, notice_cookie, read_notice, read_scheme
from web.security.csrf import CSRF_HEADER

NOTICE_EVENT = "depictio:notice"

PageRequest = Request[Actor, str | None, Any]


def is_fragment(request: PageRequest) -> bool:
    """Whether HTMX asks for a part of the page; going back in history asks for all of it."""
    headers = request.headers
    return HTMXHeaders.REQUEST.value in headers and HTMXHeaders.HISTORY_RESTORE_REQUEST.value not in headers


def frame(request: PageRequest) -> dict[str, Any]:
    """What the frame of every page needs: `base.html` and whatever extends it."""
    path = request.url.path
    return {
        "actor": request.scope["user"],
        "scheme": read_scheme(request.cookies.get(SCHEME_COOKIE)),
        "path": path,
        "csrf_token": request.scope["state"][CSRF_TOKEN],
        "csrf_header": CSRF_HEADER,
        "request_id": request.scope["state"][REQUEST_ID],
        "notice": read_notice(request.cookies.get(NOTICE_COOKIE)),
        # By a share link come people who have nothing to do with the site.
        "site_notice": "" if path.startswith(SHARED) else request.scope["state"].get(SITE_NOTICE, ""),
        "signs_in": request.scope["auth"] is not None and not request.scope["state"].get(SINGLE_USER),
        "Capability": Capability,
        "Role": Role,
    }


class Page(Response[bytes]):
    """A page made from a template. HTMX receives only its `block`, if one is named."""

    def __init__(
        self,
        template: str,
        context: Mapping[str, Any] | None = None,
        *,
        block: str | None = None,
        notice: Notice | None = None,
        status_code: int = 200,
        headers: dict[str, Any] | None = None,
        cookies: list[Cookie] | None = None,
    ) -> None:
        super().__init__(b"", media_type=MediaType.HTML, status_code=status_code, headers=headers, cookies=cookies)
        self.template, self.block, self.notice = template, block, notice
        self.context = dict(context or {})

    def to_asgi_response(self, app: None, request: PageRequest, **options: Any) -> ASGIResponse:  # type: ignore[override]
        whole = self.block is None or not is_fragment(request)
        context = {**frame(request), **self.context}
        if self.notice and whole:
            context["notice"] = self.notice
        elif self.notice:
            self.headers[HTMXHeaders.TRIGGER_EVENT.value] = _event(self.notice)
        if whole and NOTICE_COOKIE in request.cookies:
            self.set_cookie(notice_cookie(None))
        self.headers["Vary"] = "HX-Request, Cookie"
        self.content = render(request, self.template, context, block=None if whole else self.block).encode()
        return super().to_asgi_response(app, request, **options)


class Done(Page):
    """The answer to an act that succeeded: HTMX gets the changed block, a plain form is led on to `location`."""

    def __init__(
        self,
        location: str,
        text: str,
        template: str = "",
        context: Mapping[str, Any] | None = None,
        *,
        block: str | None = None,
        cookies: list[Cookie] | None = None,
    ) -> None:
        super().__init__(template, context, block=block, notice=Notice(text) if text else None, cookies=cookies)
        self.location = location

    def to_asgi_response(self, app: None, request: PageRequest, **options: Any) -> ASGIResponse:  # type: ignore[override]
        if self.block and is_fragment(request):
            return super().to_asgi_response(app, request, **options)
        cookies = [*self.cookies, *([notice_cookie(self.notice)] if self.notice else [])]
        answer: Response[bytes] = Response(b"", status_code=303, headers={"location": self.location}, cookies=cookies)
        if is_fragment(request):
            answer.status_code, answer.headers = 200, {HTMXHeaders.REDIRECT.value: self.location}
        return answer.to_asgi_response(app, request, **options)


def render(request: PageRequest, template: str, context: Mapping[str, Any], *, block: str | None = None) -> str:
    """The text of a template, or of one of its blocks."""
    engine = request.app.template_engine
    if not isinstance(engine, JinjaTemplateEngine):
        raise TypeError("The application was made without its template engine.")
    found = engine.get_template(template)
    if block is None:
        return found.render(context)
    return "".join(found.blocks[block](found.new_context(dict(context))))


def compile_ahead(environment: Environment, template: str) -> None:
    """Compile a template and all that it names; else the first who asks for its page waits for that."""
    names = [template]
    for name in names:
        environment.get_template(name)
        found = find_referenced_templates(environment.parse((TEMPLATES / name).read_text("utf-8")))
        names += [other for other in found if other is not None and other not in names]


def _event(notice: Notice) -> str:
    # Headers hold Latin-1 only; the standard encoder escapes everything beyond ASCII.
    return json.dumps({NOTICE_EVENT: msgspec.to_builtins(notice)})
