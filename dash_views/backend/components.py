"""The script bundles of Dash and its component libraries, shared by all apps and cached by browsers."""

import gzip
import hashlib
import mimetypes
import pkgutil
from functools import lru_cache
from pathlib import Path
from typing import Any

from dash import Dash
from dash.fingerprint import check_fingerprint
from litestar import Request, Response, Router, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

COMPRESSED_FROM = 4096
FOREVER = "public, max-age=31536000, immutable"


def component_router(*apps: Dash, **options: Any) -> Router:
    """Make the router of the bundles that `apps` use; they must share one `shared_prefix`.

    Serve it without guards: what it holds is public. `options` are those of a Litestar `Router`.
    """
    prefixes = {app.config.requests_pathname_prefix for app in apps}
    if len(prefixes) != 1:
        raise ValueError(f"The apps must share one shared_prefix, not {sorted(prefixes)}")

    @get("/{package:str}/{file_path:path}", include_in_schema=False)
    async def component_file(request: Request[Any, Any, Any], package: FromPath[str], file_path: FromPath[Path]) -> Any:
        path, fingerprinted = check_fingerprint(file_path.as_posix().lstrip("/"))  # type: ignore[no-untyped-call]  # Dash's.
        if not any(path in app.registered_paths.get(package, ()) for app in apps):
            raise NotFoundException(f"No component file {path!r} in {package!r}")
        return _file_response(request, package, path, fingerprinted=fingerprinted)

    return Router(f"{prefixes.pop()}_dash-component-suites", route_handlers=[component_file], **options)


def _file_response(
    request: Request[Any, Any, Any], package: str, path: str, *, fingerprinted: bool
) -> Response[bytes | None]:
    content, tag, packed = _package_file(package, path)
    headers = {"Cache-Control": FOREVER} if fingerprinted else {"Cache-Control": "no-cache", "ETag": tag}
    headers["Vary"] = "Accept-Encoding"
    if not fingerprinted and request.headers.get("if-none-match") == tag:
        return Response(None, status_code=304, headers=headers)
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, media_type=media_type, headers=headers | {"Content-Encoding": "gzip"})
    return Response(content, media_type=media_type, headers=headers)


@lru_cache(maxsize=256)
def _package_file(package: str, path: str) -> tuple[bytes, str, bytes]:
    """Read a file that an app registered, with its entity tag and its compressed form (empty for a small file).

    Compressed once, at its first request. Registered source maps may be missing on disk.
    """
    try:
        content = pkgutil.get_data(package, path)
    except FileNotFoundError:
        content = None
    if content is None:
        raise NotFoundException(f"No component file {path!r} in {package!r}")
    packed = gzip.compress(content, mtime=0) if len(content) >= COMPRESSED_FROM else b""
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"', packed
