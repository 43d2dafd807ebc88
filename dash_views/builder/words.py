"""What the builder says, in one place, and the words under which each kind of tile is found."""

from collections.abc import Mapping

ADD = "Add a tile"
CHANGE = "Show it as something else"
SEARCH = "Search the kinds of tile"
NO_KIND = "No kind of tile is called like that."
DATA = "Data"
COLUMNS = "Columns"
SUGGESTED = "Suggested"
SUGGESTED_FOR = "What these columns could be"
CHOOSE = "Choose columns, and what could show them stands here as it would look."
BIND = "Drag a column onto a field, or press Enter on it and choose the field."
NOTHING_FITS = "No kind of tile shows these columns together. Choose fewer."
NO_ROWS = "The project has no data yet. Ingest some with: depictio run project.yaml"
OTHER_KIND = "Other kind"
NO_COLUMN = "This table has no columns to choose."
GONE = "This data collection is gone, or has no rows yet."

FOUND_BY: Mapping[str, str] = {
    "scatter": "dots points correlation pca umap volcano",
    "bar": "column count compare",
    "line": "time series trend curve",
    "area": "time series stacked cumulative",
    "histogram": "distribution frequency spread bins",
    "box": "distribution quartile median outlier whisker",
    "violin": "distribution density",
    "strip": "dots jitter swarm",
    "ecdf": "cumulative distribution",
    "density_heatmap": "2d histogram bins",
    "density_contour": "2d kde isolines",
    "heatmap": "matrix clustering correlation expression",
    "pie": "share part donut composition",
    "sunburst": "hierarchy taxonomy ring share",
    "treemap": "hierarchy taxonomy share",
    "icicle": "hierarchy taxonomy share",
    "funnel": "stages attrition",
    "timeline": "gantt duration",
    "scatter_matrix": "splom pairs correlation",
    "parallel_coordinates": "dimensions many",
    "parallel_categories": "sankey alluvial flow",
    "scatter_map": "geo places latitude longitude sites",
    "density_map": "geo heat places latitude longitude",
    "choropleth_map": "geo countries states regions",
    "card": "number kpi metric mean count value",
    "table": "rows list grid",
    "image": "pictures gallery photos microscopy gel plate scan",
    "text": "markdown note heading words",
    "MultiSelect": "dropdown choice category values",
    "RangeSlider": "numbers between from to",
    "DateRangePicker": "calendar time days",
    "Select": "dropdown choice category",
    "SegmentedControl": "buttons choice radio",
    "Checkbox": "tick choice",
    "Switch": "on off boolean",
    "Slider": "number up to",
    "TextInput": "search contains words",
    "Timeline": "time brush strip dates days",
}


def distinct(number: int) -> str:
    """How many different values a column has."""
    return f"{number:,} value" if number == 1 else f"{number:,} values"


def dropped(label: str, column: str, kind: str) -> str:
    """A column that the new kind has no place for."""
    return f"{column} ({label}) has no place in: {kind}"
