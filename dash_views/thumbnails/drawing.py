"""The picture of a dashboard: its grid from afar, each tile with what it shows, in light or dark colours."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Literal

from dash_views.answers import figure_of, number_of
from dash_views.figures.colours import Palette
from dash_views.thumbnails.traces import Area, drawn
from domain.headings import heading
from domain.map_tile import MapKind
from domain.tiles import CardTile, FigureTile, ImageTile, MapTile, TableTile, TextTile, Tile
from services.queries import Answer

Scheme = Literal["light", "dark"]
COLUMN, ROW = 40.0, 29.0
ROWS = 7
"""So many rows of the grid are in the picture."""
GAP = 2.0
WIDTH, HEIGHT = 8 * COLUMN, ROWS * ROW
COLOURS: dict[Scheme, tuple[str, str, str, str, str]] = {
    "light": ("#f5f7f8", "#ffffff", "#dde4e8", "#14232a", "#4c5f69"),
    "dark": ("#0f1518", "#171f23", "#29353b", "#e5edf0", "#9eb0b8"),
}
"""Canvas, surface, lines, ink and soft ink, as in tokens.css."""
REGIONS: dict[str, tuple[tuple[int, int], ...]] = {
    "#0e7286": ((4, 4), (38, 4), (46, 46), (4, 46)),
    "#7fb9c4": ((42, 4), (96, 4), (96, 34), (50, 46)),
    "#4c9cab": ((4, 51), (46, 51), (38, 96), (4, 96)),
    "#b9dbe1": ((50, 51), (96, 39), (96, 96), (42, 96)),
}
"""Corners in percent of their area, by colour."""
IMAGE = (28.0, 22.0)
SHADES: dict[Scheme, str] = {"light": "", "dark": ' style="filter:brightness(1.25)"'}
"""How marks are shown, as in board.css: the colours of categories are made for white paper."""


def shown(tiles: Sequence[Tile]) -> list[Tile]:
    """The tiles of which something is in the picture."""
    return [tile for tile in tiles if tile.layout.y < ROWS]


def thumbnails(
    tiles: Sequence[Tile], answers: Mapping[str, Answer], palettes: Mapping[str, Palette]
) -> dict[Scheme, str]:
    """The picture in each scheme as an SVG document; plots, most of the work, are drawn once for both."""
    plots = {tile.id: _plot(tile, answers.get(tile.id), palettes.get(tile.id, Palette())) for tile in shown(tiles)}
    return {scheme: _picture(tiles, answers, plots, scheme) for scheme in COLOURS}


def _plot(tile: Tile, answer: Answer | None, palette: Palette) -> str:
    if answer is None or not isinstance(tile, FigureTile | MapTile):
        return ""
    figure = figure_of(tile, answer, palette)
    return drawn(figure["data"], figure["layout"], _inside(tile))


def _inside(tile: Tile) -> Area:
    """Where the content of a tile is, below its title."""
    box = tile.layout
    w, h = box.w * COLUMN - 2 * GAP, box.h * ROW - 2 * GAP
    return Area(box.x * COLUMN + GAP + 5, box.y * ROW + GAP + 11, max(w - 10, 1), max(h - 15, 1))


def _picture(tiles: Sequence[Tile], answers: Mapping[str, Answer], plots: Mapping[str, str], scheme: Scheme) -> str:
    canvas, *_ = COLOURS[scheme]
    parts = [_tile(tile, answers.get(tile.id), plots[tile.id], scheme) for tile in shown(tiles)]
    size = f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}" width="{2 * WIDTH:g}" height="{2 * HEIGHT:g}"'
    font = 'font-family="system-ui, -apple-system, Segoe UI, Roboto, sans-serif"'
    ground = f'<path d="M0 0h{WIDTH:g}v{HEIGHT:g}H0z" fill="{canvas}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font}>{ground}{"".join(parts)}</svg>'


def _tile(tile: Tile, answer: Answer | None, plot: str, scheme: Scheme) -> str:
    _, surface, line, ink, soft = COLOURS[scheme]
    box = tile.layout
    x, y = box.x * COLUMN + GAP, box.y * ROW + GAP
    w, h = box.w * COLUMN - 2 * GAP, box.h * ROW - 2 * GAP
    frame = (
        f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="2.5" fill="{surface}" stroke="{line}"'
        ' stroke-width=".6"/>'
    )
    title = _words(heading(tile), x + 4, y + 7.5, 4.5, w - 8, ink, weight=600)
    inside = _inside(tile)
    match tile:
        case MapTile(map_type=MapKind.CHOROPLETH):
            body = f"<g{SHADES[scheme]}>{_regions(inside)}</g>"
        case FigureTile() | MapTile() if answer is not None:
            body = f"<g{SHADES[scheme]}>{plot}</g>"
        case CardTile() if answer is not None and (number := number_of(tile, answer)) is not None:
            body = _words(f"{number.value} {number.unit}", x + 4, y + 18, 9, w - 8, ink, weight=600)
        case TableTile():
            body = _lines(inside, soft, (0.9, 0.95), step=5.0)
        case TextTile():
            body = _lines(inside, soft, (0.8, 0.95, 0.6), step=6.0)
        case ImageTile():
            body = _images(inside, soft)
        case _:
            body = ""
    return frame + title + body


def _words(text: str, x: float, y: float, size: float, width: float, colour: str, *, weight: int) -> str:
    """Words cut to what has room, by the mean width of a character."""
    most = max(int(width / (0.56 * size)), 1)
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" font-weight="{weight}" fill="{colour}">{escape(cut)}</text>'


def _regions(area: Area) -> str:
    """Four neighbours, for regions: the outlines of countries are the browser's alone."""
    across, down = area.w / 100, area.h / 100
    paths = []
    for colour, corners in REGIONS.items():
        places = (f"{area.x + x * across:.1f} {area.y + y * down:.1f}" for x, y in corners)
        paths.append(f'<path d="M{"L".join(places)}z" fill="{colour}"/>')
    return "".join(paths)


def _images(area: Area, colour: str) -> str:
    """As many frames side by side as have room, a hill in each."""
    columns, rows = max(int(area.w // IMAGE[0]), 1), max(int(area.h // IMAGE[1]), 1)
    w, h = area.w / columns - 2, area.h / rows - 2
    frames, hills = "", ""
    for number in range(columns * rows):
        x, y = area.x + number % columns * (w + 2), area.y + number // columns * (h + 2)
        frames += f"M{x:.1f} {y:.1f}h{w:.1f}v{h:.1f}h{-w:.1f}z"
        peaks = f"l{w / 3:.1f} {-h * 0.6:.1f}l{w / 4:.1f} {h * 0.3:.1f}l{w / 6:.1f} {-h * 0.2:.1f}"
        hills += f"M{x:.1f} {y + h:.1f}{peaks}L{x + w:.1f} {y + h:.1f}z"
    return f'<path d="{frames}" fill="{colour}" opacity=".2"/><path d="{hills}" fill="{colour}" opacity=".35"/>'


def _lines(area: Area, colour: str, shares: Sequence[float], *, step: float) -> str:
    count = max(int(area.h // step), 1)
    path = "".join(
        f"M{area.x:g} {area.y + 2 + step * number:g}h{area.w * shares[number % len(shares)]:.1f}"
        for number in range(count)
    )
    return f'<path d="{path}" stroke="{colour}" stroke-width="1.2" opacity=".35" stroke-linecap="round"/>'
