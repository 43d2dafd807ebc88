"""Thumbnails: what a dashboard shows, drawn small, as SVG that any browser reads."""

import math
import re
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash_views.figures.arrays import packed
from dash_views.thumbnails.drawing import HEIGHT, WIDTH, thumbnails
from dash_views.thumbnails.traces import Area, drawn, scale
from domain.map_tile import MapKind
from domain.tiles import Aggregation, Box, CardTile, FigureTile, ImageTile, MapTile, TableTile, TextTile, Tile, Visu
from persistence.frames.query import query
from services.queries import Failure

DATA = pl.DataFrame(
    {"g": ["a", "b", "c", "a"] * 25, "x": [float(n) for n in range(100)], "y": [n % 7 for n in range(100)]}
)
NUMBERS = re.compile(r"-?\d+\.?\d*")


def figure(name: Visu, **more: object) -> FigureTile:
    given_tile = {"x": "x", "y": "y", "color": "g", **more}
    return FigureTile(id=name.value, collection_id="c", visu_type=name, **given_tile)  # type: ignore[arg-type]


TILES: list[Tile] = [
    figure(Visu.SCATTER),
    figure(Visu.BAR, x="g", color=None),
    figure(Visu.LINE, aggregation=Aggregation.SUM),
    figure(Visu.HISTOGRAM, y=None),
    figure(Visu.BOX, x="g"),
]


def picture(*tiles: Tile, scheme: str = "light") -> ET.Element:
    answers = query(tiles, {"c": DATA})
    return ET.fromstring(thumbnails(tiles, answers, {})[scheme])  # type: ignore[arg-type]  # noqa: S314 -- our own SVG.


@pytest.mark.parametrize("tile", TILES, ids=lambda tile: tile.id)
def test_every_kind_is_drawn_within_its_tile(tile: Tile) -> None:
    """Paths in the colours of its traces, and none of them outside the picture."""
    (group,) = picture(tile).findall("{*}g")
    paths = group.findall("{*}path")
    assert paths
    for path in paths:
        places = re.findall(r"[ML] ?(-?[\d.]+) (-?[\d.]+)", path.attrib["d"])
        assert places
        assert all(0 <= float(x) <= WIDTH and 0 <= float(y) <= HEIGHT for x, y in places)


def test_regions_and_images_are_drawn_as_what_they_are() -> None:
    """Within their tiles; the outlines and the images themselves are not at hand here."""
    regions = MapTile(
        id="r", collection_id="c", map_type=MapKind.CHOROPLETH, locations_column="g", layout=Box(0, 0, 4, 3)
    )
    images = ImageTile(id="i", collection_id="c", image_column="g", layout=Box(4, 0, 4, 3))
    drawing = ET.fromstring(thumbnails([regions, images], {}, {})["light"])  # noqa: S314 -- our own SVG.
    parts = drawing.findall("{*}g/{*}path")
    assert len(parts) == 4
    frames, _ = [path for path in drawing.findall("{*}path") if path.get("opacity")]
    for path, low, high in [*((one, 0.0, WIDTH / 2) for one in parts), (frames, WIDTH / 2, WIDTH)]:
        starts = [float(x) for x in re.findall(r"M(-?\d+\.?\d*)", str(path.get("d")))]
        assert starts
        assert all(low <= x <= high for x in starts)


def test_marks_are_brighter_in_the_dark() -> None:
    """As the page shows them."""
    dark, light = (picture(TILES[0], scheme=scheme).find("{*}g").attrib for scheme in ("dark", "light"))  # type: ignore[union-attr]
    assert (dark, light) == ({"style": "filter:brightness(1.25)"}, {})


def test_cards_say_their_number_and_long_titles_are_cut() -> None:
    """Markup in a title is text."""
    card = CardTile(id="c", collection_id="c", column_name="x", unit="<g>", layout=Box(0, 0, 2, 1))
    long = CardTile(id="d", title="word " * 40, collection_id="c", column_name="x", layout=Box(2, 0, 2, 1))
    texts = [text.text or "" for text in picture(card, long).findall("{*}text")]
    assert texts[:2] == ["x (mean)", "49.50 <g>"]
    assert texts[2].endswith("…")
    assert len(texts[2]) < 40


def test_what_fails_or_is_far_below_is_left_out() -> None:
    """A tile that cannot be computed keeps its frame."""
    tile = figure(Visu.SCATTER)
    below = TextTile(id="below", layout=Box(0, 50, 4, 4))
    found = ET.fromstring(thumbnails([tile, below], {tile.id: Failure("no")}, {})["dark"])  # noqa: S314
    assert len(found.findall("{*}rect")) == 1
    assert len(found.findall("{*}path")) == 1


def test_tables_and_texts_are_lines_and_both_schemes_differ() -> None:
    tiles: list[Tile] = [TableTile(id="t", collection_id="c"), TextTile(id="w", layout=Box(4, 0, 4, 4))]
    light, dark = (ET.tostring(picture(*tiles, scheme=scheme)) for scheme in ("light", "dark"))
    assert light != dark
    assert len(picture(*tiles).findall("{*}path")) == 3


VALUES = st.lists(st.none() | st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=30)


@given(VALUES, VALUES)
def test_any_numbers_can_be_drawn(xs: list[float | None], ys: list[float | None]) -> None:
    """Missing and infinite ones have no place."""
    count = min(len(xs), len(ys))
    trace = {
        "type": "scatter", "mode": "markers",
        "x": packed(pl.Series(xs[:count], dtype=pl.Float64)), "y": packed(pl.Series(ys[:count], dtype=pl.Float64)),
    }  # fmt: skip
    found = drawn([trace], {}, Area(0, 0, 100, 100))
    assert "nan" not in found
    assert "inf" not in found
    assert all(-1 <= float(number) <= 101 for number in NUMBERS.findall(found.partition('d="')[2].partition('"')[0]))


def test_a_scale_spans_its_values() -> None:
    """Categories stand side by side; a single number stands in the middle."""
    words = scale(["b", "a", "b"])
    assert [words.at(word) for word in ("a", "b", "c")] == [0.25, 0.75, None]
    assert scale([5.0]).at(5.0) == 0.5
    assert scale([0, 10], from_zero=True).at(0) == 0.0
    assert scale([]).at(math.nan) is None


def test_thousands_of_bars_and_parts_make_a_small_picture() -> None:
    """Every so many bars, as wide as those that are left out; the smallest parts of a pie as one."""
    numbers = packed(pl.Series(range(2000), dtype=pl.Float64))
    words = [f"k{number:04}" for number in range(2000)]
    bars = drawn([{"type": "bar", "x": words, "y": numbers}], {}, Area(0, 0, 160, 90))
    assert 100 <= bars.count("M") <= 120
    pie = {"type": "pie", "values": numbers, "marker": {"colors": ["#123456"] * 2000}}
    assert drawn([pie], {}, Area(0, 0, 160, 90)).count("<path") == 41
