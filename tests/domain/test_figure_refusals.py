"""Parameters of Plotly Express that dashboards do not use: each is refused with what to do instead."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.dashboard_file import component_tile, dashboard_file, written
from domain.dashboards import Dashboard
from domain.errors import Invalid
from domain.express import SIGNATURES
from domain.figure_parameters import function_of, parameters, unknown
from domain.figure_refusals import REASONS, reason
from domain.tiles import FigureTile, Visu


def refused(visu: Visu) -> list[str]:
    return [name for name in SIGNATURES[function_of(visu)].split() if name not in parameters(visu)]


@pytest.mark.parametrize("visu", Visu)
def test_each_parameter_is_taken_or_refused_with_a_remedy(visu: Visu) -> None:
    for name in refused(visu):
        said = reason(visu, name)
        assert said, f"{visu.value}.{name} has no reason"
        assert str(unknown(visu, name)).endswith(said)


def test_no_reason_is_given_for_what_is_taken() -> None:
    """Each of them is of some kind that refuses the parameter."""
    named = {name for visu in Visu for name in refused(visu)}
    special = {f"{visu.value}.{name}" for visu in Visu for name in refused(visu)}
    assert {name for name in REASONS if "." not in name} <= named
    assert {name for name in REASONS if "." in name} <= special


def component(visu: Visu, **given: Any) -> dict[str, Any]:
    return {"component_type": "figure", "tag": "t", "visu_type": visu.value, "data_collection_tag": "rows",
            "dict_kwargs": given}  # fmt: skip


@pytest.mark.parametrize(
    ("visu", "given", "expected"),
    [
        (Visu.BOX, {"x": "g", "y": "n", "hover_data": ["a"]},
         "dict_kwargs.hover_data: is shown at single points; write `points: all` beside it"),
        (Visu.VIOLIN, {"x": "n", "hover_name": "a"},
         "dict_kwargs.hover_name: is shown at single points; write `points: all` beside it"),
        (Visu.HISTOGRAM, {"x": "n", "log_x": True},
         ("dict_kwargs.log_x: is the axis of bins or categories, which have no logarithm; "
          "write `log_y` for the other one")),
        (Visu.BOX, {"x": "n", "y": "g", "orientation": "h", "log_y": True},
         ("dict_kwargs.log_y: is the axis of bins or categories, which have no logarithm; "
          "write `log_x` for the other one")),
        (Visu.BAR, {"x": "g", "hover_data": ["a"]},
         ("dict_kwargs.hover_data: belongs to plotly.express.bar, but dashboards do not use it; a mark stands for many "
          "rows here; use a kind whose marks are rows, such as scatter or strip")),
        (Visu.BAR, {"x": "g", "size": "a"}, "dict_kwargs.size: is not a parameter of bar; did you m"),
        (Visu.LINE, {"x": "g", "animation_frame": "a"},
         ("dict_kwargs.animation_frame: belongs to plotly.express.line, but dashboards do not use it; a figure shows "
          "one state; put a Slider or Timeline on the column, or write `facet_col`")),
        (Visu.TREEMAP, {"path": ["g"], "names": "h"},
         "dict_kwargs.names: `path` names the levels already; leave one of them out"),
    ],
)  # fmt: skip
def test_nothing_in_a_file_is_left_without_effect(visu: Visu, given: dict[str, Any], expected: str) -> None:
    with pytest.raises(Invalid) as caught:
        component_tile(component(visu, **given), {"rows": "c"})
    assert [str(problem)[: len(expected)] for problem in caught.value.problems] == [expected]


@pytest.mark.parametrize(
    ("visu", "given"),
    [
        (Visu.BOX, {"x": "g", "y": "n", "points": "all", "hover": ["a"], "hover_name": "b"}),
        (Visu.BOX, {"x": "n", "y": "g", "orientation": "h", "log_x": True, "range_x": [1, 9]}),
        (Visu.BOX, {"x": "g", "y": "n", "points": "suspectedoutliers"}),
        (Visu.VIOLIN, {"x": "n", "points": "all"}),
        (Visu.SCATTER, {"x": "n", "y": "m", "marginal_x": "rug", "marginal_y": "rug"}),
        (Visu.HISTOGRAM, {"x": "n", "marginal": "rug"}),
        (Visu.ECDF, {"x": "n", "marginal": "rug"}),
        (Visu.SCATTER_POLAR, {"r": "n", "theta": "m", "text": "g"}),
    ],
)  # fmt: skip
def test_points_and_rugs_go_through_a_file(visu: Visu, given: dict[str, Any]) -> None:
    found = component_tile(component(visu, **given), {"rows": "c"})
    file = written(board(found), {"c": "rows"})
    both = {**file["components"][0], **file["components"][0]["dict_kwargs"]}
    assert {name: both[name] for name in given} == given
    assert dashboard_file(file, {"rows": "c"}).tiles["t"] == found


def test_fields_without_effect_are_not_written() -> None:
    """Tiles have been stored with them; what is written can be read again, and says the same."""
    stored = FigureTile(id="t", collection_id="c", visu_type=Visu.BAR, x="g", hover=("a",), size="b", log_y=True)
    file = written(board(stored), {"c": "rows"})
    assert file["components"][0]["dict_kwargs"] == {"x": "g"}
    assert file["components"][0]["log_y"] is True
    assert dashboard_file(file, {"rows": "c"}).tiles["t"] == FigureTile(
        id="t", collection_id="c", visu_type=Visu.BAR, x="g", log_y=True
    )


def board(tile: Any) -> Dashboard:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    return Dashboard(
        id="d", project_id="p", title="T", created_by="u", created_at=now, updated_at=now, tiles={"t": tile}
    )
