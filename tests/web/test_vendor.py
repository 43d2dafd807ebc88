"""The assets that the server delivers from its own origin."""

import gzip
import json
import os
import re
from pathlib import Path

import pytest
from lxml import etree

from web.boundaries import SOURCES
from web.icons import ICONS, SPRITE, TABLER_ICONS, symbol
from web.vendor import FILES, MAPS, VENDOR, MissingAssets, main, package_of, vendor

TOPOLOGY = {"transform": {"scale": [1, 1], "translate": [0, 0]}, "arcs": []}
BOUNDARIES = {f"{MAPS}/{boundaries}.geojson" for boundaries in SOURCES}
SVG = "{http://www.w3.org/2000/svg}"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def node_modules(tmp_path: Path) -> Path:
    """A small stand-in for what npm installs."""
    root = tmp_path / "node_modules"
    for path in FILES.values():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(f"/* {path} */")
    (root / FILES["htmx.min.js"]).write_text("var htmx;" * 1000)
    for path, regions in SOURCES.values():
        (root / path).write_text(json.dumps(TOPOLOGY | {"objects": {regions: {"geometries": []}}}))
    (root / TABLER_ICONS).mkdir(parents=True)
    for name in ICONS:
        (root / TABLER_ICONS / f"{name}.svg").write_text('<svg class="icon">\n  <path d="M1 1h2" />\n</svg>')
    return root


def test_every_asset_is_copied_as_it_is(node_modules: Path, tmp_path: Path) -> None:
    """The folder holds exactly the listed files, the sprite, and the compressed siblings of large files."""
    target = tmp_path / "vendor"
    vendor(node_modules, target)
    copied = contents(target)
    assert set(copied) == {*FILES, *BOUNDARIES, SPRITE, "htmx.min.js.gz", f"{SPRITE}.gz"}
    assert {name: copied[name] for name in FILES} == {
        name: (node_modules / path).read_bytes() for name, path in FILES.items()
    }
    assert gzip.decompress(copied["htmx.min.js.gz"]) == copied["htmx.min.js"]


def test_second_run_writes_nothing(node_modules: Path, tmp_path: Path) -> None:
    """The compression of five megabytes is not repeated, and caches by modification time stay valid."""
    target = tmp_path / "vendor"
    vendor(node_modules, target)
    for name in contents(target):
        os.utime(target / name, (1, 1))
    assert vendor(node_modules, target) == []
    assert {(target / name).stat().st_mtime for name in contents(target)} == {1}


def test_changed_source_replaces_copy_and_compressed_sibling(node_modules: Path, tmp_path: Path) -> None:
    """An upgrade of a package reaches the browser in both forms."""
    target = tmp_path / "vendor"
    vendor(node_modules, target)
    (node_modules / FILES["htmx.min.js"]).write_text("var htmx = 2;" * 1000)
    assert vendor(node_modules, target) == [target / "htmx.min.js", target / "htmx.min.js.gz"]
    assert gzip.decompress((target / "htmx.min.js.gz").read_bytes()) == b"var htmx = 2;" * 1000


def test_damaged_compressed_sibling_is_written_again(node_modules: Path, tmp_path: Path) -> None:
    """A run that was interrupted does not leave the server with half a file."""
    target = tmp_path / "vendor"
    vendor(node_modules, target)
    whole = (target / "htmx.min.js.gz").read_bytes()
    for damaged in (whole[:-9], b"", whole[:10] + b"\xff" * 40):
        (target / "htmx.min.js.gz").write_bytes(damaged)
        assert vendor(node_modules, target) == [target / "htmx.min.js.gz"]
        assert (target / "htmx.min.js.gz").read_bytes() == whole


def test_compression_is_reproducible(node_modules: Path, tmp_path: Path) -> None:
    """The same sources give the same bytes, whenever and wherever."""
    vendor(node_modules, tmp_path / "one")
    vendor(node_modules, tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_missing_packages_are_named_and_nothing_is_written(node_modules: Path, tmp_path: Path) -> None:
    """The message says which packages lack and what to do."""
    (node_modules / FILES["gridstack-all.js"]).unlink()
    (node_modules / FILES["default-css-variables.css"]).unlink()
    with pytest.raises(MissingAssets, match=r": @mantine/core, gridstack\. Run: npm install$"):
        vendor(node_modules, tmp_path / "vendor")
    assert not (tmp_path / "vendor").exists()


def test_missing_icon_is_named(node_modules: Path, tmp_path: Path) -> None:
    """A package of another version, without one of the icons, is a missing package too."""
    (node_modules / TABLER_ICONS / "trash.svg").unlink()
    with pytest.raises(MissingAssets, match=r": @tabler/icons \(trash\)\. Run: npm install$"):
        vendor(node_modules, tmp_path / "vendor")


def test_command_says_what_changed(node_modules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second time there is nothing to do."""
    assert [main(node_modules, tmp_path / "vendor") for _ in range(2)] == [0, 0]
    first, second = capsys.readouterr().out.splitlines()
    assert "htmx.min.js.gz" in first
    assert second.endswith("nothing to do")


def test_command_fails_with_the_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`make` stops when a package is missing."""
    assert main(tmp_path / "nowhere", tmp_path / "vendor") == 1
    assert "Run: npm install" in capsys.readouterr().err


@pytest.mark.parametrize(("path", "package"), [("gridstack/dist/a.js", "gridstack"), ("@a/b/c.css", "@a/b")])
def test_package_of_a_path(path: str, package: str) -> None:
    """Scoped packages have two parts."""
    assert package_of(path) == package


def test_symbol_drops_the_invisible_bounds() -> None:
    """Only what is drawn is sent."""
    bounds = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'
    svg = f'<svg\n  width="24"\n>\n  {bounds}\n  <path d="M3 3v18h18" />\n</svg>'
    assert symbol("axes", svg) == (
        '<symbol id="axes" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        'stroke-linecap="round" stroke-linejoin="round"><path d="M3 3v18h18" /></symbol>'
    )


def test_installed_packages_give_a_sprite_of_every_icon(tmp_path: Path) -> None:
    """Every listed icon exists in the pinned version and draws something."""
    vendor(target=tmp_path)
    root = etree.fromstring((tmp_path / SPRITE).read_bytes())
    assert [one.get("id") for one in root.iterfind(f"{SVG}symbol")] == ["logo", *ICONS]
    assert all(len(one) for one in root.iterfind(f"{SVG}symbol"))
    assert len(set(ICONS)) == len(ICONS)


def test_gridstack_ends_a_drag_as_the_grid_expects() -> None:
    """`handOver` in dash_views/grid/grid.js calls a private method, for which gridstack has no public one."""
    script = (VENDOR / "gridstack-all.js").read_text()
    leaves = r"cancelDrag\(\),this\._mouseUp\(this\.mouseDownEvent\)"
    ends = re.compile(rf'_keyEvent\((\w)\)\{{.{{0,200}}if\("Escape"===\1\.key\).{{0,120}}{leaves}')
    assert ends.search(script), (
        "gridstack's DDDraggable._keyEvent({ key: 'Escape' }) no longer puts the tile back and ends the drag: "
        "see handOver in dash_views/grid/grid.js, and look for a public way in this release."
    )


def test_gridstack_lets_a_dragged_tile_be_moved_otherwise() -> None:
    """`carry` in dash_views/grid/slide.js takes the place of a private method, and of what that writes."""
    script = (VENDOR / "gridstack-all.js").read_text()
    moves = re.search(r"_mouseMove\(t\)\{.{0,60}this\.dragging\)\{if\(this\._dragFollow\(t\)", script)
    writes = re.search(r"_dragFollow\(t\)\{const e=this\.helper\.style.{0,300}e\.left=.{0,120}e\.top=", script)
    restores = re.search(r'originStyleProp=\[[^\]]*"transform"[^\]]*"left"[^\]]*"top"[^\]]*"willChange"', script)
    assert all((moves, writes, restores)), (
        "gridstack's DDDraggable._dragFollow no longer writes left and top of its helper, or the styles of before are "
        "no longer put back: see carry in dash_views/grid/slide.js, and look for a public way in this release."
    )
