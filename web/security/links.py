"""Addresses within this server."""

from urllib.parse import quote, urlsplit

HOME = "/projects"


def local_path(text: str | None) -> str:
    r"""The path to go to after signing in: `text` when it stays on this server, otherwise the start page.

    A browser reads `//host` and `/\host` as other servers and ignores tabs and line breaks within. Headers hold ASCII
    only, as do the addresses of this server.
    """
    if not text or not text.startswith("/") or text.startswith("//") or "\\" in text:
        return HOME
    if not all("!" <= character <= "~" for character in text):
        return HOME
    parts = urlsplit(text)
    return HOME if parts.scheme or parts.netloc else text


def sign_in_path(path: str) -> str:
    """The sign-in form that leads back to `path`."""
    return "/sign-in" if path in {"", "/", HOME} else f"/sign-in?next={quote(path, safe='/')}"
