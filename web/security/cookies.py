"""The cookies that this server sets, and the one rule for their safety."""

import base64
import binascii
from typing import Literal

import msgspec
from litestar.datastructures import Cookie

from domain.settings import Settings

SCHEME_COOKIE = "scheme"
NOTICE_COOKIE = "depictio-notice"
NOTICE_SECONDS = 60

Scheme = Literal["light", "dark", "auto"]


class Notice(msgspec.Struct, frozen=True):
    """What a page says once after an act: that it is done, or why it is not."""

    text: str
    level: Literal["done", "error"] = "done"


def session_name(settings: Settings) -> str:
    """The session cookie's name; behind TLS the prefix binds it to this host and to HTTPS."""
    return "__Host-depictio-session" if settings.is_secure else "depictio-session"


def csrf_name(settings: Settings) -> str:
    """The name of the cookie that repeats the CSRF token; Dash takes it as `csrf_token_name`."""
    return "__Host-depictio-csrf" if settings.is_secure else "depictio-csrf"


def session_cookie(settings: Settings, token: str) -> Cookie:
    """The cookie that carries a session's token; an empty token takes it away."""
    return Cookie(
        key=session_name(settings),
        value=token,
        path="/",
        httponly=True,
        secure=settings.is_secure,
        samesite="lax",
        max_age=settings.session_max_days * 86_400 if token else 0,
    )


def csrf_cookie(settings: Settings, token: str) -> Cookie:
    """The cookie with which a form or a script proves that it was loaded from here. Scripts may read it."""
    return Cookie(key=csrf_name(settings), value=token, path="/", secure=settings.is_secure, samesite="lax")


def notice_cookie(notice: Notice | None) -> Cookie:
    """The cookie that brings a notice over a redirect; None takes it away."""
    value = base64.urlsafe_b64encode(msgspec.json.encode(notice)).decode() if notice else ""
    return Cookie(
        key=NOTICE_COOKIE, value=value, path="/", httponly=True, samesite="lax", max_age=NOTICE_SECONDS if notice else 0
    )


def read_notice(value: str | None) -> Notice | None:
    """The notice of that cookie, or None when there is none or it cannot be read."""
    if not value:
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(value), type=Notice)
    except (msgspec.DecodeError, binascii.Error, ValueError):
        return None


def read_scheme(value: str | None) -> Scheme:
    """The colour scheme that somebody chose; `auto` follows their system."""
    match value:
        case "light" | "dark":
            return value
        case _:
            return "auto"
