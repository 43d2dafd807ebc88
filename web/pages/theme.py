"""The colour scheme, for browsers without scripts; with them the switch writes the cookie itself."""

import msgspec
from litestar import post
from litestar.datastructures import Cookie
from litestar.params import URLEncodedBody

from web.render import Done, Page
from web.security.cookies import SCHEME_COOKIE, read_scheme
from web.security.links import local_path

YEAR = 31_536_000
MAX_FORM_BYTES = 16 * 1024


class SchemeForm(msgspec.Struct, frozen=True):
    scheme: str = "auto"
    next: str = ""


@post("/theme", request_max_body_size=MAX_FORM_BYTES)
async def set_theme(data: URLEncodedBody[SchemeForm]) -> Page:
    """Keep the scheme in a cookie and go back."""
    cookie = Cookie(key=SCHEME_COOKIE, value=read_scheme(data.scheme), path="/", samesite="lax", max_age=YEAR)
    return Done(local_path(data.next), "", cookies=[cookie])
