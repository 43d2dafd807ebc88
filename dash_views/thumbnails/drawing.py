"""The picture of a dashboard: its grid from afar, each tile with what it shows, in light or dark colours."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Literal

from dash_views.answers import figure_of, number_of
from dash_views.figures.colours import Palette
from dash_views.thumbnails.traces import Area, drawn
from domain.headings import heading
from domain.tiles import CardTile, FigureTile, MapTile, TableTile, TextTile, Tile
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
        case FigureTile() | MapTile() if answer is not None:
            body = f"<g{SHADES[scheme]}>{plot}</g>"
        case CardTile() if answer is not None and (number := number_of(tile, answer)) is not None:
            body = _words(f"{number.value} {number.unit}", x + 4, y + 18, 9, w - 8, ink, weight=600)
        case TableTile():
            body = _lines(inside, soft, (0.9, 0.95), step=5.0)
        case TextTile():
            body = _lines(inside, soft, (0.8, 0.95, 0.6), step=6.0)
        case _:
            body = ""
    return frame + title + body


def _words(text: str, x: float, y: float, size: float, width: float, colour: str, *, weight: int) -> str:
    """Words cut to what has room, by the mean width of a character."""
    most = max(int(width / (0.56 * size)), 1)
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" font-weight="{weight}" fill="{colour}">{escape(cut)}</text>'


def _lines(area: Area, colour: str, shares: Sequence[float], *, step: float) -> str:
    count = max(int(area.h // step), 1)
    path = "".join(
        f"M{area.x:g} {area.y + 2 + step * number:g}h{area.w * shares[number % len(shares)]:.1f}"
        for number in range(count)
    )
    return f'<path d="{path}" stroke="{colour}" stroke-width="1.2" opacity=".35" stroke-linecap="round"/>'
