"""The tokens that `depictio login` keeps: one for each server, in a file that only its owner reads."""

import os
import stat
from pathlib import Path

import msgspec

from domain.errors import Invalid, Problem

OWNER = 0o600
FOLDER = 0o700
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Login(msgspec.Struct, frozen=True):
    """A token, and whose it is."""

    token: str
    email: str


class Credentials(msgspec.Struct, frozen=True):
    """All tokens of this user of this machine, by the address of their server."""

    servers: dict[str, Login] = {}


def read(path: Path) -> Credentials:
    """What is kept; nothing when there is no file.

    Raises:
        Invalid: when the file cannot be read, or others of this machine could read it too.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read()
    except FileNotFoundError:
        return Credentials()
    except OSError as error:
        raise _unusable(path, error.strerror or "cannot be read") from None
    if mode & OTHERS:
        raise _unusable(path, f"can be read by others; make it yours with chmod 600 {path}")
    try:
        return msgspec.json.decode(content, type=Credentials)
    except msgspec.DecodeError:
        raise _unusable(path, "is not what `depictio login` writes; delete it and sign in again") from None


def keep(path: Path, credentials: Credentials) -> None:
    """Replace the file in one step, so that a crash leaves the old one or the new one.

    Raises:
        Invalid: when it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        # O_EXCL: nobody has put a link there for us to write through. The mode is there before any byte is.
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(credentials), indent=2))
        draft.replace(path)
    except OSError as error:
        raise _unusable(path, error.strerror or "cannot be written") from None


def with_login(credentials: Credentials, server: str, login: Login) -> Credentials:
    return Credentials(credentials.servers | {normal(server): login})


def without_login(credentials: Credentials, server: str) -> Credentials:
    return Credentials({url: login for url, login in credentials.servers.items() if url != normal(server)})


def normal(server: str) -> str:
    """A server's address as it is kept: without the slash at its end."""
    return server.rstrip("/")


def _unusable(path: Path, what: str) -> Invalid:
    return Invalid("The file with your tokens cannot be used.", (Problem(str(path), what),))
