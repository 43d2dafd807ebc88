"""The icons of the product: which outline icons of Tabler it uses, and the SVG sprite that holds them and the logo.

A template writes `<svg class="icon"><use href="/static/vendor/icons.svg#trash"></use></svg>`.
"""

import re
from pathlib import Path

SPRITE = "icons.svg"
TABLER_ICONS = "@tabler/icons/icons/outline"

ICONS = (
    "abc",
    "activity",
    "adjustments",
    "adjustments-horizontal",
    "alert-circle",
    "alert-triangle",
    "arrow-back-up",
    "arrow-down",
    "arrow-forward-up",
    "arrow-left",
    "arrow-right",
    "arrow-up",
    "arrows-maximize",
    "arrows-minimize",
    "arrows-sort",
    "bell",
    "bookmark",
    "books",
    "box-multiple",
    "calendar",
    "calendar-stats",
    "cards",
    "chart-arcs",
    "chart-area",
    "chart-bar",
    "chart-candle",
    "chart-circles",
    "chart-donut",
    "chart-donut-4",
    "chart-dots",
    "chart-dots-3",
    "chart-funnel",
    "chart-grid-dots",
    "chart-histogram",
    "chart-line",
    "chart-pie",
    "chart-ppf",
    "chart-radar",
    "chart-sankey",
    "chart-scatter",
    "chart-scatter-3d",
    "chart-treemap",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "circle-check",
    "clipboard-plus",
    "clock",
    "copy",
    "cursor-text",
    "database",
    "device-desktop",
    "device-floppy",
    "dna",
    "dots",
    "dots-vertical",
    "download",
    "external-link",
    "eye",
    "eye-off",
    "file",
    "file-export",
    "file-import",
    "file-text",
    "filter",
    "filter-off",
    "folder",
    "folder-plus",
    "gauge",
    "git-merge",
    "grid-4x4",
    "grid-dots",
    "grip-horizontal",
    "grip-vertical",
    "heart-rate-monitor",
    "help-circle",
    "history",
    "home",
    "id",
    "info-circle",
    "key",
    "lasso",
    "layout-align-left",
    "layout-dashboard",
    "layout-distribute-vertical",
    "layout-grid",
    "layout-rows",
    "link",
    "list",
    "list-check",
    "lock",
    "lock-open",
    "login",
    "logout",
    "mail",
    "map",
    "map-2",
    "markdown",
    "menu-2",
    "message",
    "minus",
    "moon",
    "notes",
    "number-123",
    "pencil",
    "pin",
    "photo",
    "plus",
    "presentation",
    "printer",
    "refresh",
    "report-analytics",
    "ripple",
    "route",
    "search",
    "server",
    "settings",
    "share",
    "shield",
    "sort-ascending",
    "sort-descending",
    "stack-2",
    "star",
    "sun",
    "table",
    "tag",
    "text-size",
    "timeline",
    "trash",
    "triangle-inverted",
    "typography",
    "upload",
    "user",
    "users",
    "users-group",
    "vector-triangle",
    "versions",
    "world",
    "layout-columns",
    "checkbox",
    "toggle-left",
    "x",
    "zoom-in",
)

# Our own: a tile with a bar chart.
LOGO = (
    '<symbol id="logo" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" '
    'stroke-linejoin="round"><rect x="3" y="3" width="18" height="18" rx="4"/><path d="M8 16v-3M12 16V8M16 16v-5"/>'
    "</symbol>"
)

_STROKED = 'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
_ROUND = 'stroke-linecap="round" stroke-linejoin="round"'
_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_BOUNDS = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


def symbol(name: str, svg: str) -> str:
    """One icon of the sprite, without Tabler's invisible bounding path and line breaks."""
    found = _BODY.search(svg)
    if found is None:
        raise ValueError(f"The icon {name} is not an SVG document")
    lines = (line.strip() for line in _BOUNDS.sub("", found[1]).splitlines())
    return f'<symbol id="{name}" {_STROKED} {_ROUND}>{"".join(lines)}</symbol>'


def sprite(folder: Path) -> str:
    """All icons in one document, read from Tabler's folder of outline icons."""
    symbols = (symbol(name, (folder / f"{name}.svg").read_text(encoding="utf-8")) for name in ICONS)
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', LOGO, *symbols, "</svg>", ""])
