"""Icons of our own sprite as a Dash component: `dash.html` has no SVG, and icon packages call out to their makers."""

from dash_views.component import VERSION, OwnComponent, own_files

__version__ = VERSION
__all__ = ["Icon"]

_js_dist = own_files(__name__, "icon.js")


class Icon(OwnComponent):
    """One symbol of `/static/vendor/icons.svg`, decorative: the control around it carries the label."""

    properties = ("name", "className")

    def __init__(self, name: str, *, className: str = "dp-icon") -> None:  # noqa: N803 -- Dash's own name.
        super().__init__(name=name, className=className)
