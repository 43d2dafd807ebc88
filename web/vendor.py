"""Copies what the browser needs out of `node_modules` into `web/static/vendor`: `python -m web.vendor`.

The server delivers these files from its own origin; nothing is loaded from elsewhere at run time. Large files get a
`.gz` sibling, written only when its source has changed, so that a static handler can send it as it is.
"""

import gzip
import os
import sys
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from web.boundaries import SOURCES, made
from web.icons import ICONS, SPRITE, TABLER_ICONS, sprite

ROOT = Path(__file__).parents[1]
NODE_MODULES = ROOT / "node_modules"
VENDOR = Path(__file__).parent / "static" / "vendor"

FILES: Mapping[str, str] = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "gridstack-all.js": "gridstack/dist/gridstack-all.js",
    "gridstack.min.css": "gridstack/dist/gridstack.min.css",
    "plotly-strict.min.js": "plotly.js-strict-dist-min/plotly-strict.min.js",
    "default-css-variables.css": "@mantine/core/styles/default-css-variables.css",
    "licenses/htmx.txt": "htmx.org/LICENSE",
    "licenses/gridstack.txt": "gridstack/LICENSE",
    "licenses/plotly.js.txt": "plotly.js-strict-dist-min/LICENSE",
    "licenses/mantine.txt": "@mantine/core/LICENSE",
    "licenses/tabler-icons.txt": "@tabler/icons/LICENSE",
    "licenses/world-atlas.txt": "world-atlas/LICENSE",
    "licenses/us-atlas.txt": "us-atlas/LICENSE",
}
MAPS = "maps"
COMPRESSED_FROM = 4096  # Below this many bytes a compressed copy saves less than a packet.


class MissingAssets(Exception):  # noqa: N818 - Named for what is wrong, like the leaves of DomainError.
    """Files that `npm install` would have brought are not there."""


def package_of(path: str) -> str:
    """The npm package that a path below `node_modules` belongs to."""
    parts = path.split("/")
    return "/".join(parts[:2]) if path.startswith("@") else parts[0]


def vendor(node_modules: Path = NODE_MODULES, target: Path = VENDOR) -> list[Path]:
    """Writes every asset below `target` and returns those that were not up to date.

    Raises:
        MissingAssets: a package is not installed, or lacks a file; nothing is written then.
    """
    missing = _missing(node_modules)
    if missing:
        raise MissingAssets(f"Not found in {node_modules}: {', '.join(missing)}. Run: npm install")
    sources = {name: node_modules / path for name, path in FILES.items()}
    icons = _written(target / SPRITE, sprite(node_modules / TABLER_ICONS).encode())
    boundaries = [path for name, content in made(node_modules) for path in _written(target / MAPS / name, content)]
    return [*_copied(sources, target), *icons, *boundaries]


def _missing(node_modules: Path) -> list[str]:
    paths = [*FILES.values(), *(path for path, _ in SOURCES.values())]
    packages = {package_of(path) for path in paths if not (node_modules / path).is_file()}
    icons = [name for name in ICONS if not (node_modules / TABLER_ICONS / f"{name}.svg").is_file()]
    if icons:
        packages.add(f"{package_of(TABLER_ICONS)} ({', '.join(icons[:5])})")
    return sorted(packages)


def _copied(sources: Mapping[str, Path], target: Path) -> Iterator[Path]:
    for name, source in sources.items():
        yield from _written(target / name, source.read_bytes())


def _written(path: Path, content: bytes) -> Iterator[Path]:
    """Writes the file and its compressed sibling where they differ from `content`."""
    if not path.is_file() or path.read_bytes() != content:
        _replace(path, content)
        yield path
    compressed = path.with_name(f"{path.name}.gz")
    if len(content) >= COMPRESSED_FROM and not _holds(compressed, content):
        _replace(compressed, gzip.compress(content, compresslevel=9, mtime=0))
        yield compressed


def _holds(compressed: Path, content: bytes) -> bool:
    try:
        return gzip.decompress(compressed.read_bytes()) == content
    except (FileNotFoundError, EOFError, gzip.BadGzipFile, zlib.error):
        return False


def _replace(path: Path, content: bytes) -> None:
    """A server that is running never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.part")
    draft.write_bytes(content)
    draft.replace(path)


def main(node_modules: Path = NODE_MODULES, target: Path = VENDOR) -> int:
    """Brings the assets up to date and says what changed; 1 when a package is missing."""
    try:
        changed = vendor(node_modules, target)
    except MissingAssets as error:
        print(error, file=sys.stderr)  # noqa: T201 - The output of a command.
        return 1
    names = ", ".join(path.name for path in changed) or "nothing to do"
    print(f"Browser assets in {os.path.relpath(target)}: {names}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
