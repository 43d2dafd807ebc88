"""The parameters of figures: what each kind takes, what is wrong with others, and files that keep them."""

from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from domain.copies import used_columns
from domain.dashboard_file import component_tile, dashboard_file, written
from domain.dashboards import Dashboard
from domain.errors import Invalid
from domain.express import SIGNATURES
from domain.figure_parameters import FIELDS, GROUPS, REQUIRED, Parameter, function_of, parameters, problems
from domain.figure_refusals import idle
from domain.figure_roles import canonical, coloured_by, missing_role
from domain.tile_rules import tile_problems
from domain.tiles import Aggregation, FigureTile, Visu


def figure(visu: Visu, **more: Any) -> FigureTile:
    return FigureTile(id="t", collection_id="c", visu_type=visu, **more)


def said(visu: Visu, **options: Any) -> list[str]:
    return [str(one) for one in problems(visu, options)]


@pytest.mark.parametrize("visu", Visu)
def test_every_parameter_is_one_of_the_function(visu: Visu) -> None:
    """Except error bars, which bars that are means have here; what must be chosen comes first in its group."""
    found = parameters(visu)
    assert set(found) - set(SIGNATURES[function_of(visu)].split()) <= {"error_bars"}
    assert set(REQUIRED.get(visu, ())) <= set(found)
    assert [GROUPS.index(one.group) for one in found.values()] == sorted(
        GROUPS.index(one.group) for one in found.values()
    )
    assert all(one.group == "core" for one in found.values() if one.required)


@pytest.mark.parametrize(
    ("visu", "options", "expected"),
    [
        (
            Visu.SCATTER,
            {"facet_colu": "a"},
            "options.facet_colu: is not a parameter of scatter; did you mean facet_col?",
        ),
        (
            Visu.SCATTER,
            {"trendline": "rolling"},
            "options.trendline: is 'rolling'; known are lowess, ols",
        ),
        (
            Visu.BAR,
            {"title": "x"},
            (
                "options.title: belongs to plotly.express.bar, but dashboards do not use it; "
                "write the component's own `title`"
            ),
        ),
        (Visu.BAR, {"opacity": 3}, "options.opacity: is 3; must be 0 to 1"),
        (Visu.BAR, {"opacity": True}, "options.opacity: is true or false; write a number"),
        (Visu.BAR, {"barmode": "groups"}, "options.barmode: is 'groups'; did you mean group?"),
        (Visu.BAR, {"x": "a"}, "options.x: is the tile's own `x`; write it there"),
        (Visu.BAR, {"facet_col": 3}, "options.facet_col: is a number; name one column"),
        (Visu.BAR, {"facet_col_wrap": 2.5}, "options.facet_col_wrap: is a number; write a whole number"),
        (Visu.BAR, {"range_y": [1]}, "options.range_y: must be two ends, as in [0, 10]"),
        (Visu.BAR, {"template": "plotly_drk"}, "options.template: is 'plotly_drk'; did you mean plotly_dark?"),
        (
            Visu.BAR,
            {"color_discrete_map": {"a": "#12"}},
            "options.color_discrete_map: '#12' is not a colour; write one as #0072b2",
        ),
        (
            Visu.SCATTER,
            {"color_continuous_scale": "virids"},
            "options.color_continuous_scale: is 'virids'; did you mean Viridis?",
        ),
        (Visu.TREEMAP, {"path": []}, "options.path: must be a list of 1 to 6 columns"),
        (
            Visu.SCATTER,
            {"trendline_options": {"frac": 1}},
            "options.trendline_options: 'frac' is not an option of ols; known are log_x, log_y",
        ),
        (
            Visu.PIE,
            {"category_orders": {"a": "b"}},
            "options.category_orders: must give a list of categories for each column",
        ),
        (Visu.BAR, {"text_auto": "<b>"}, "options.text_auto: must be true, or a format such as .2f"),
    ],
)  # fmt: skip
def test_a_fault_names_the_key_and_the_remedy(visu: Visu, options: dict[str, Any], expected: str) -> None:
    assert said(visu, **options) == [expected]
    tile = figure(visu, x="a", y="b", options={**options, **{name: ["a"] for name in ("path",) if name not in options}})
    assert any(expected.removeprefix("options.") in str(one) for one in tile_problems(tile))


def board(tile: FigureTile) -> Dashboard:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    return Dashboard(
        id="d", project_id="p", title="T", created_by="u", created_at=now, updated_at=now, tiles={"t": tile}
    )


def example(parameter: Parameter) -> Any:
    """A value that fits."""
    named = {
        "template": "plotly_white+xgridoff", "text_auto": True, "trendline_options": {"log_x": True},
        "trendline_color_override": "red", "hole": 0.4, "color_continuous_scale": "Plasma_r",
        "symbol_sequence": ["circle"], "points": "all",
    }  # fmt: skip
    by_type = {
        "column": "a.b", "columns": ["a", "b"], "switch": True, "integer": 3, "number": 0.2, "range": [0, 1],
        "words": ["#112233", "red"], "mapping": {"a.b": "#112233"}, "orders": {"a.b": ["x", "y"]},
    }  # fmt: skip
    if parameter.name in named:
        return named[parameter.name]
    return parameter.words[0] if parameter.words else by_type[parameter.type]


@pytest.mark.parametrize("visu", Visu)
def test_every_parameter_goes_through_a_file(visu: Visu) -> None:
    """All of them at once, by the names of Plotly Express; what comes back is what was stored."""
    given_there = {name: example(one) for name, one in parameters(visu).items()}
    for name in [name for name, _ in idle(visu, given_there)]:
        given_there.pop(name)
    options = {name: value for name, value in given_there.items() if name not in FIELDS}
    fields = {FIELDS[name]: value for name, value in given_there.items() if name in FIELDS}
    fields |= {"hover": tuple(fields["hover"])} if "hover" in fields else {}
    tile = figure(visu, options=options, **fields)
    assert tile_problems(tile) == []
    file = yaml.safe_load(yaml.safe_dump(written(board(tile), {"c": "rows"})))
    assert dashboard_file(file, {"rows": "c"}).tiles == {"t": tile}
    by_express = {
        "component_type": "figure", "tag": "t", "visu_type": visu.value, "data_collection_tag": "rows",
        "figure_params": given_there,
    }  # fmt: skip
    assert component_tile(by_express, {"rows": "c"}) == tile


def test_hover_data_may_be_what_plotly_express_takes() -> None:
    """One name, a list, or a mapping of which some are off."""
    for given_there, expected in (
        ("a", ("a",)),
        (["a", "b"], ("a", "b")),
        ({"a": True, "b": False, "c": ":.2f"}, ("a", "c")),
    ):
        component = {"component_type": "figure", "visu_type": "scatter", "data_collection_tag": "rows",
                     "dict_kwargs": {"x": "a", "y": "b", "hover_data": given_there}}  # fmt: skip
        tile = component_tile(component, {"rows": "c"})
        assert isinstance(tile, FigureTile)
        assert tile.hover == expected


def test_a_file_names_the_key_where_it_stands() -> None:
    """Of `dict_kwargs` and of `figure_params`."""
    for key in ("dict_kwargs", "figure_params"):
        component = {"component_type": "figure", "visu_type": "bar", "data_collection_tag": "rows",
                     key: {"x": "a", "barmod": "group", "opacity": 7}}  # fmt: skip
        with pytest.raises(Invalid) as raised:
            component_tile(component, {"rows": "c"})
        assert [str(one) for one in raised.value.problems] == [
            f"{key}.barmod: is not a parameter of bar; did you mean barmode?",
            f"{key}.opacity: is 7; must be 0 to 1",
        ]


def test_what_lies_is_computed_as_if_it_stood() -> None:
    """Bars on their side, funnels, angles and radii, and slices."""
    lying = figure(Visu.BAR, x="number", y="word", options={"orientation": "h"})
    assert (canonical(lying).x, canonical(lying).y) == ("word", "number")
    funnel = figure(Visu.FUNNEL, x="number", y="stage")
    assert (canonical(funnel).x, canonical(funnel).y) == ("stage", "number")
    rose = figure(Visu.BAR_POLAR, options={"theta": "wind", "r": "force"}, aggregation=Aggregation.SUM)
    assert (canonical(rose).x, canonical(rose).y) == ("wind", "force")
    pie = figure(Visu.PIE, options={"names": "word"})
    assert (canonical(pie).x, canonical(pie).y, coloured_by(pie)) == ("word", None, "word")


def test_what_a_figure_reads_is_known() -> None:
    """Options too, so that a copy in another project misses none of them."""
    tile = figure(Visu.SCATTER, x="a", y="b", options={"facet_col": "c", "error_y": "d", "opacity": 0.5})
    assert used_columns(tile) == ("a", "b", "c", "d")
    tree = figure(Visu.TREEMAP, options={"path": ["e", "f"], "values": "g"})
    assert sorted(used_columns(tree)) == ["e", "f", "g"]


@pytest.mark.parametrize("visu", Visu)
def test_a_figure_of_nothing_is_not_stored(visu: Visu) -> None:
    """It asks for the column with which it begins."""
    assert missing_role(figure(visu)) is not None
    assert [one.place for one in tile_problems(figure(visu))] == [missing_role(figure(visu))]


@given(st.dictionaries(st.text(max_size=12), st.none() | st.booleans() | st.floats() | st.text(max_size=5)
                       | st.lists(st.integers(), max_size=3) | st.dictionaries(st.text(), st.integers(), max_size=2)),
       st.sampled_from(Visu))  # fmt: skip
def test_anything_may_be_sent(options: dict[str, Any], visu: Visu) -> None:
    """Whatever it is, it is either accepted or said to be wrong."""
    known = dict(zip(parameters(visu), options.values(), strict=False))
    for given_there in (options, known):
        assert all(one.message for one in problems(visu, given_there))
