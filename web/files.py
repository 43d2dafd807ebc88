"""Static files from a map made at start: a request names a key of it, never a path on disk."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyio import to_thread
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

STATIC = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
REVALIDATE = "public, no-cache"
HIDDEN = {".map", ".gz", ".py"}
TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".geojson": "application/geo+json"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, its type and what tells its content from any other."""

    path: Path
    media_type: str
    digest: str

    @property
    def packed(self) -> Path | None:
        path = self.path.with_name(self.path.name + ".gz")
        return path if path.exists() else None


class Assets:
    """The files below a directory as they were when the server started."""

    def __init__(self, directory: Path = STATIC) -> None:
        files = sorted(path for path in directory.rglob("*") if path.is_file() and path.suffix not in HIDDEN)
        self._assets = {path.relative_to(directory).as_posix(): _asset(path) for path in files}

    def __contains__(self, name: str) -> bool:
        return name in self._assets

    def url(self, name: str) -> str:
        """The address of a file with a mark of its content, so that browsers may keep it for good.

        Raises:
            KeyError: when there is none of that name; `make assets` fetches those under `vendor/`.
        """
        return f"/static/{name}?v={self._assets[name].digest}"

    def get(self, name: str) -> Asset:
        """The file of that name.

        Raises:
            NotFoundException: when there is none.
        """
        if name not in self._assets:
            raise NotFoundException
        return self._assets[name]


def _asset(path: Path) -> Asset:
    media_type = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(path, media_type, hashlib.sha256(path.read_bytes()).hexdigest()[:12])


async def _body(asset: Asset, *, packed: bool) -> bytes:
    path = asset.packed if packed else None
    return await to_thread.run_sync((path or asset.path).read_bytes)


@get("/static/{file_path:path}", include_in_schema=False)
async def static_file(
    request: Request[Any, Any, Any], file_path: FromPath[str], assets: NamedDependency[Assets]
) -> Response[bytes]:
    """Deliver a file; with the current mark in the address it may be kept for good."""
    asset = assets.get(file_path.lstrip("/"))
    headers = {
        "etag": f'"{asset.digest}"',
        "cache-control": FOREVER if request.query_params.get("v") == asset.digest else REVALIDATE,
        "vary": "Accept-Encoding",
    }
    if asset.digest in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=asset.media_type)
    packed = asset.packed is not None and "gzip" in request.headers.get("accept-encoding", "")
    if packed:
        headers["content-encoding"] = "gzip"
    body = await _body(asset, packed=packed)
    return Response(body, headers=headers, media_type=asset.media_type)


@get("/favicon.ico", include_in_schema=False)
async def favicon(assets: NamedDependency[Assets]) -> Response[bytes]:
    """Deliver the mark of the product to those who ask at the traditional address."""
    asset = assets.get("favicon.svg")
    body = await _body(asset, packed=False)
    return Response(body, headers={"cache-control": REVALIDATE}, media_type=asset.media_type)
