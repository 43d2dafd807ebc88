"""Panels with distributions along their axes: each beside the points that it is of, on scales that they share."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from dash_views.figures import figure
from dash_views.figures.colours import palette
from dash_views.figures.layout import LEGEND
from dash_views.figures.panels import TITLES
from domain.tiles import FigureTile, Visu
from persistence.frames.query import query
from services.queries import Frame

SIZE = 90
BIRDS = pl.DataFrame(
    {
        "island": [f"island {number % 3}" for number in range(SIZE)],
        "sex": ["f" if number % 2 else "m" for number in range(SIZE)],
        "mass": [3000.0 + 7 * number for number in range(SIZE)],
        "krill": [10 ** (number % 30 / 10) for number in range(SIZE)],
    }
)


def drawn(visu: Visu, color: str | None = "sex", birds: pl.DataFrame = BIRDS, **options: Any) -> dict[str, Any]:
    """The figure of these birds."""
    own = {"x": "mass", "y": "krill", "log_y": True} if visu is Visu.SCATTER else {"x": "mass"}
    tile = FigureTile(id="t", collection_id="c", visu_type=visu, color=color, options=options, **own)  # type: ignore[arg-type]
    answer = query([tile], {"c": birds})["t"]
    assert isinstance(answer, Frame), answer
    return figure(tile, answer, palette(["f", "m"]))


def axes(trace: dict[str, Any]) -> tuple[str, str]:
    return trace["xaxis"], trace["yaxis"]


def test_panels_have_log_axes_trends_and_marginals_together() -> None:
    """Above and beside the points of each panel; the parts of a panel do not overlap."""
    found = drawn(Visu.SCATTER, facet_col="island", trendline="ols", marginal_x="histogram", marginal_y="box")
    layout, kinds = found["layout"], {}
    for trace in found["data"]:
        kinds.setdefault(axes(trace), set()).add(trace["type"])
    assert kinds == {
        ("x", "y"): {"scatter"}, ("x2", "y2"): {"scatter"}, ("x3", "y3"): {"scatter"},
        ("x", "y4"): {"bar"}, ("x2", "y5"): {"bar"}, ("x3", "y6"): {"bar"},
        ("x4", "y"): {"box"}, ("x5", "y2"): {"box"}, ("x6", "y3"): {"box"},
    }  # fmt: skip
    for number in ("", "2", "3"):
        spare = str(int(number or 1) + 3)
        for axis in "xy":
            points, beside = layout[f"{axis}axis{number}"], layout[f"{axis}axis{spare}"]
            assert points["domain"][1] < beside["domain"][0] < beside["domain"][1]
        assert layout[f"yaxis{number}"]["type"] == "log"
        assert layout[f"yaxis{spare}"]["anchor"] == f"x{number}"
    assert layout["xaxis"]["domain"][1] < layout["xaxis4"]["domain"][1] < layout["xaxis2"]["domain"][0]
    assert [layout[f"yaxis{number}"].get("matches") for number in (2, 3, 4, 5, 6)] == ["y", "y", None, "y4", "y4"]


def test_a_marginal_is_of_the_rows_of_its_panel() -> None:
    """As many as the panel has points, in the colours of the whole figure."""
    found = drawn(Visu.SCATTER, facet_row="island", marginal_x="histogram")
    bars = [trace for trace in found["data"] if trace["type"] == "bar"]
    assert [trace["name"] for trace in bars] == ["f", "m"] * 3
    assert [int(np.frombuffer(trace["y"].data, trace["y"].dtype).sum()) for trace in bars] == [15] * 6
    assert len({(trace["name"], trace["marker"]["color"]) for trace in found["data"]}) == 2


@pytest.mark.parametrize(("visu", "kind"), [(Visu.HISTOGRAM, "box"), (Visu.ECDF, "violin")])
def test_distributions_in_panels_have_theirs(visu: Visu, kind: str) -> None:
    found = drawn(visu, None, facet_col="sex", facet_col_wrap=1, marginal=kind)
    assert [trace["type"] for trace in found["data"]].count(kind) == 2


def test_the_legend_has_one_order_whatever_the_first_panel_lacks() -> None:
    """That of all panels; of one figure without panels the order of its traces is enough."""
    first = BIRDS.filter((pl.col("island") != "island 0") | (pl.col("sex") == "m"))
    tile = FigureTile(
        id="t", collection_id="c", visu_type=Visu.SCATTER, x="mass", y="krill", color="sex",
        options={"facet_col": "island"},
    )  # fmt: skip
    answer = query([tile], {"c": first})["t"]
    assert isinstance(answer, Frame), answer
    found = [(one["name"], one["legendrank"]) for one in figure(tile, answer, palette(["f", "m"]))["data"]]
    assert found == [("m", 2), ("f", 1), ("m", 2), ("f", 1), ("m", 2)]
    assert "legendrank" not in drawn(Visu.SCATTER)["data"][0]


def test_long_titles_side_by_side_stand_in_two_lines() -> None:
    """Below the legend, which makes room; where two panels or several rows have room for them, in one."""
    long, short = (drawn(Visu.SCATTER, facet_col=name)["layout"] for name in ("island", "sex"))
    assert [note["text"] for note in long["annotations"]] == [f"island<br>island {number}" for number in range(3)]
    assert [note["text"] for note in short["annotations"]] == ["sex f", "sex m"]
    assert long["margin"]["t"] > short["margin"]["t"]
    assert long["meta"]["titles"] > short["meta"]["titles"]
    rows = drawn(Visu.SCATTER, facet_row="island")["layout"]["annotations"]
    assert rows[0]["text"] == "island island 0"


def test_columns_are_named_on_top_and_rows_at_the_right() -> None:
    """Once each, also where a panel has no rows; the scale of colours makes room."""
    made = drawn(Visu.SCATTER, "krill", facet_row="sex", facet_col="island")
    notes = [(note["text"], note.get("textangle", 0)) for note in made["layout"]["annotations"]]
    columns = [(f"island<br>island {number}", 0) for number in range(3)]
    assert notes == [*columns, ("sex f", 90), ("sex m", 90)]
    assert all(note["x"] == 1 for note in made["layout"]["annotations"][3:])
    plain = drawn(Visu.SCATTER, "krill", facet_col="island")["layout"]["margin"]
    room = made["layout"]["margin"]["r"] - plain["r"]
    assert {trace["marker"]["colorbar"]["xpad"] for trace in made["data"]} == {room}


def test_the_title_of_all_panels_stands_below_one_that_ends_at_the_bottom() -> None:
    """Beneath a shorter column it would lie over its neighbours."""
    birds = BIRDS.filter((pl.col("island") != "island 1") | (pl.col("sex") == "f"))
    made = drawn(Visu.SCATTER, birds=birds, facet_row="sex", facet_col="island")["layout"]
    axes = [made[f"xaxis{number}"] for number in ("", "2", "3", "4", "5")]
    assert [axis["showticklabels"] for axis in axes] == [False, True, False, True, True]
    assert [axis["title"]["text"] for axis in axes] == ["", "", "", "mass", ""]


def test_a_legend_stands_above_whatever_is_written_on_top() -> None:
    """At the top of the tile, whose height nobody knows here, and with pixels for titles beneath it."""
    plain, panels = drawn(Visu.SCATTER)["layout"], drawn(Visu.SCATTER, facet_col="sex")["layout"]
    for layout in (plain, panels):
        assert layout["legend"].items() >= LEGEND.items()
    assert panels["meta"] == {"titles": TITLES, "top": panels["margin"]["t"]}
    assert panels["margin"]["t"] == plain["margin"]["t"] + TITLES
    assert "meta" not in plain


def test_a_range_is_that_of_the_points_alone() -> None:
    found = drawn(Visu.SCATTER, facet_col="sex", marginal_x="histogram", range_y=[1, 100])["layout"]
    ranges = {key: axis.get("range") for key, axis in found.items() if key.startswith("yaxis")}
    assert ranges == {"yaxis": [0, 2], "yaxis2": [0, 2], "yaxis3": None, "yaxis4": None}
