"""What stands along the axes of figures: titles that have room, ticks at whole numbers, and names of few parts."""

import polars as pl
import pytest

from dash_views.figure_fields import LABELS
from dash_views.figures import figure
from dash_views.figures.values import whole_steps
from domain.figure_parameters import parameters
from domain.tiles import Box, FigureTile, Visu
from persistence.frames.query import query
from services.queries import Frame

SIZE = 120
BIRDS = pl.DataFrame(
    {
        "year": [2007 + number % 3 for number in range(SIZE)],
        "island": [f"island {number % 4}" for number in range(SIZE)],
        "share": [400.0, 200.0] + [1.0] * (SIZE - 2),
        "ring": [f"r{number}" for number in range(SIZE)],
        "flipper_length_mm": [180.0 + number for number in range(SIZE)],
        "body_mass_g": [3000.0 + 7 * number for number in range(SIZE)],
        "bill_length_mm": [35.0 + number / 9 for number in range(SIZE)],
    }
)
NUMBERS = ["flipper_length_mm", "body_mass_g", "bill_length_mm"]
HALF = Box(0, 0, 4, 4)
TITLES = {
    "flipper_length_mm": "Flipper length (mm)",
    "body_mass_g": "Body mass (g)",
    "island": "Island",
    "ring": "The ring by which a bird is known again",
}


def drawn(visu: Visu, layout: Box = HALF, **fields: object) -> dict[str, dict[str, object]]:
    """The figure of these birds."""
    tile = FigureTile(id="t", collection_id="c", visu_type=visu, layout=layout, **fields)  # type: ignore[arg-type]
    answer = query([tile], {"c": BIRDS})["t"]
    assert isinstance(answer, Frame), answer
    return figure(tile, answer, titles=TITLES)


def titles(found: dict[str, dict[str, object]], axis: str) -> list[str]:
    return [value["title"]["text"] for key, value in found["layout"].items() if key.startswith(f"{axis}axis")]


def test_titles_of_a_matrix_have_room_beside_their_panels() -> None:
    """By description and unit, in as many lines as the height of a panel asks for; along x there is more room."""
    found = drawn(Visu.SCATTER_MATRIX, options={"dimensions": [*NUMBERS, "year"]})
    assert titles(found, "y") == ["Flipper<br>length<br>(mm)", "Body<br>mass (g)", "bill_<br>length_<br>mm", "year"]
    assert titles(found, "x") == ["Flipper length<br>(mm)", "Body mass (g)", "bill_length_mm", "year"]
    high = drawn(Visu.SCATTER_MATRIX, Box(0, 0, 8, 9), options={"dimensions": NUMBERS})
    assert titles(high, "y") == ["Flipper length (mm)", "Body mass (g)", "bill_length_mm"]


def test_scales_and_parallel_axes_are_called_by_description_and_unit() -> None:
    """As axes are; not only by the names of their columns."""
    heat = drawn(Visu.HEATMAP, x="year", y="island", options={"z": "body_mass_g"})
    assert heat["data"][0]["colorbar"]["title"]["text"] == "mean of Body mass (g)"
    lines = drawn(Visu.PARALLEL_COORDINATES, color="body_mass_g", options={"dimensions": NUMBERS})
    assert [one["label"] for one in lines["data"][0]["dimensions"]] == [
        "Flipper length (mm)", "Body mass (g)", "bill_length_mm",
    ]  # fmt: skip
    assert lines["data"][0]["line"]["colorbar"]["title"]["text"] == "Body mass (g)"


def test_legends_and_hovers_say_short_descriptions() -> None:
    """A long one has no room there; a label that the tile gives goes before both."""
    found = drawn(Visu.SCATTER, x="flipper_length_mm", y="body_mass_g", color="island")
    assert found["layout"]["legend"]["title"]["text"] == "Island"
    assert found["data"][0]["hovertemplate"].startswith("Flipper length (mm) %{x}<br>Body mass (g) %{y}")
    lines = drawn(Visu.SCATTER, x="flipper_length_mm", y="body_mass_g", color="ring")
    assert lines["layout"]["legend"]["title"]["text"] == "ring"
    own = drawn(
        Visu.SCATTER, x="flipper_length_mm", y="body_mass_g", color="island", options={"labels": {"island": "Is."}}
    )
    assert own["layout"]["legend"]["title"]["text"] == "Is."


def test_headings_of_parallel_axes_lean_where_they_have_no_room() -> None:
    """Within margins that hold them; so do the few numbers of a matrix."""
    asked = {"options": {"dimensions": NUMBERS}}
    low, wide = (drawn(Visu.PARALLEL_COORDINATES, Box(0, 0, w, 3), **asked) for w in (2, 6))
    assert low["data"][0]["labelangle"] < 0
    assert "labelangle" not in wide["data"][0]
    assert low["layout"]["margin"]["t"] > wide["layout"]["margin"]["t"]
    matrix = drawn(Visu.SCATTER_MATRIX, Box(0, 0, 2, 3), **asked)["layout"]
    assert {matrix[f"yaxis{number}"]["nticks"] for number in ("", "2", "3")} == {2}


@pytest.mark.parametrize(
    ("values", "steps"),
    [
        ([2007, 2009, None], {"dtick": 1}), ([2007.0, 2008.0], {"dtick": 1}), ([2007.5, 2008.0], {}),
        ([0, 13], {}), ([None], {}), (["a"], {}), ([float("inf"), 1.0], {}),
    ],
)  # fmt: skip
def test_few_whole_numbers_have_a_tick_each(values: list[object], steps: dict[str, int]) -> None:
    """There is no year 2007.5."""
    assert whole_steps(pl.Series(values)) == steps


def test_years_along_an_axis_are_whole() -> None:
    """Of lines along x alone: what is counted adds up."""
    found = drawn(Visu.LINE, x="year", y="body_mass_g")["layout"]
    assert (found["xaxis"]["dtick"], "dtick" in found["yaxis"]) == (1, False)
    points = drawn(Visu.SCATTER, x="body_mass_g", y="year")["layout"]
    assert ("dtick" in points["xaxis"], points["yaxis"]["dtick"]) == (False, 1)


def test_panels_side_by_side_have_one_title() -> None:
    """That of the middle one: on a phone titles of all would lie on each other."""
    found = drawn(Visu.SCATTER, x="body_mass_g", y="bill_length_mm", options={"facet_col": "island"})
    assert titles(found, "x") == ["", "Body mass (g)", "", ""]
    assert titles(found, "y") == ["bill_length_mm", "", "", ""]
    two = drawn(Visu.SCATTER, x="body_mass_g", y="year", options={"facet_col": "island", "facet_col_wrap": 2})
    assert titles(two, "x") == ["", "", "Body mass (g)", "Body mass (g)"]


def test_many_parts_of_a_pie_are_named_where_there_is_room() -> None:
    """Without a legend that would fill the tile."""
    many, few = drawn(Visu.PIE, options={"names": "ring"}), drawn(Visu.PIE, options={"names": "island"})
    assert (set(many["data"][0]["texttemplate"]), many["layout"]["showlegend"]) == ({""}, False)
    assert ("texttemplate" in few["data"][0], few["layout"]["showlegend"]) == (False, True)
    some = drawn(Visu.PIE, options={"names": "ring", "values": "share"})["data"][0]["texttemplate"]
    assert [bool(words) for words in some] == [True] * 2 + [False] * (SIZE - 2)


def test_the_form_calls_no_parameter_by_the_name_of_an_argument() -> None:
    """Whatever has several words in Plotly Express has words of its own here."""
    names = {name for visu in Visu for name in parameters(visu)}
    assert sorted(name for name in names if "_" in name and name not in LABELS) == ["error_x", "error_y"]
    assert [label for label in LABELS.values() if "_" in label] == []
