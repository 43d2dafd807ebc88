"""What our own Dash components have in common."""

from pathlib import Path

import pytest
from dash.development.base_component import Component, ComponentRegistry

from dash_views import card, fold, grid, icons, picture, plot, spread, timeline, toggle
from dash_views.component import OwnComponent, own_files
from dash_views.toggle import Toggle

PACKAGES = (card, fold, grid, icons, picture, plot, spread, timeline, toggle)


def test_a_component_is_named_like_its_class_and_has_its_properties() -> None:
    """As Dash's renderer gets it; a property that it does not have is refused by Dash itself."""
    made = Toggle({"role": "live"}, label="Live", value=True)
    props = {"id": {"role": "live"}, "label": "Live", "value": True}
    assert made.to_plotly_json() == {"props": props, "type": "Toggle", "namespace": "dash_views"}

    class Plain(OwnComponent):
        properties = ("name",)

    with pytest.raises(TypeError, match="unexpected keyword argument: `nmae`"):
        Plain(nmae="x")


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_each_package_lists_the_scripts_of_its_components(package: object) -> None:
    """Dash finds them there, and every one of them is beside the package."""
    name = str(package.__name__)  # type: ignore[attr-defined]
    assert name in ComponentRegistry.registry
    listed = [one["relative_package_path"] for one in package._js_dist if "namespace" in one]  # type: ignore[attr-defined]
    assert listed
    folder = package.__path__[0]  # type: ignore[attr-defined]
    scripts = "".join((Path(folder) / one).read_text("utf-8") for one in listed)
    for exported in package.__all__:  # type: ignore[attr-defined]
        found = getattr(package, exported)
        if isinstance(found, type) and issubclass(found, Component):
            assert f"function {found.__name__}(" in scripts


def test_only_what_shows_children_has_them() -> None:
    """The others are no containers to Dash."""
    assert grid.TileGrid._base_nodes == ["children"]
    assert Toggle._base_nodes == []
    assert own_files("dash_views.toggle", "a.js") == [
        {"relative_package_path": "a.js", "namespace": "dash_views.toggle"}
    ]
