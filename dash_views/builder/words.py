"""What the builder says, in one place, and the words under which each kind of tile is found."""

from collections.abc import Mapping

from domain.wording import tr, trn

ADD = tr("Add a tile")
CHANGE = tr("Show it as something else")
SEARCH = tr("Search the kinds of tile")
NO_KIND = tr("No kind of tile is called like that.")
DATA = tr("Data")
COLUMNS = tr("Columns")
SUGGESTED = tr("Suggested")
SUGGESTED_FOR = tr("What these columns could be")
CHOOSE = tr("Choose columns, and what could show them stands here as it would look.")
BIND = tr("Drag a column onto a field, or press Enter on it and choose the field.")
NOTHING_FITS = tr("No kind of tile shows these columns together. Choose fewer.")
NO_ROWS = tr("The project has no data yet. Ingest some with: depictio run project.yaml")
OTHER_KIND = tr("Other kind")
NO_COLUMN = tr("This table has no columns to choose.")
GONE = tr("This data collection is gone, or has no rows yet.")
GROUPS: Mapping[str, str] = {
    "Figures": tr("Figures"),
    "Maps": tr("Maps"),
    "Numbers, rows and words": tr("Numbers, rows and words"),
    "Filters": tr("Filters"),
}
"""The groups of the gallery."""

GROUP_FOUND_BY: Mapping[str, str] = {"Figures": tr("plot chart graph"), "Filters": tr("control widget")}

FOUND_BY: Mapping[str, str] = {
    "scatter": tr("dots points correlation pca umap volcano"),
    "bar": tr("column count compare"),
    "line": tr("time series trend curve"),
    "area": tr("time series stacked cumulative"),
    "histogram": tr("distribution frequency spread bins"),
    "box": tr("distribution quartile median outlier whisker"),
    "violin": tr("distribution density"),
    "strip": tr("dots jitter swarm"),
    "ecdf": tr("cumulative distribution"),
    "density_heatmap": tr("2d histogram bins"),
    "density_contour": tr("2d kde isolines"),
    "heatmap": tr("matrix clustering correlation expression"),
    "pie": tr("share part donut composition"),
    "sunburst": tr("hierarchy taxonomy ring share"),
    "treemap": tr("hierarchy taxonomy share"),
    "icicle": tr("hierarchy taxonomy share"),
    "funnel": tr("stages attrition"),
    "timeline": tr("gantt duration"),
    "scatter_matrix": tr("splom pairs correlation"),
    "parallel_coordinates": tr("dimensions many"),
    "parallel_categories": tr("sankey alluvial flow"),
    "scatter_map": tr("geo places latitude longitude sites"),
    "density_map": tr("geo heat places latitude longitude"),
    "choropleth_map": tr("geo countries states regions"),
    "card": tr("number kpi metric mean count value"),
    "table": tr("rows list grid"),
    "image": tr("pictures gallery photos microscopy gel plate scan"),
    "text": tr("markdown note heading words"),
    "MultiSelect": tr("dropdown choice category values"),
    "RangeSlider": tr("numbers between from to"),
    "DateRangePicker": tr("calendar time days"),
    "Select": tr("dropdown choice category"),
    "SegmentedControl": tr("buttons choice radio"),
    "Checkbox": tr("tick choice"),
    "Switch": tr("on off boolean"),
    "Slider": tr("number up to"),
    "TextInput": tr("search contains words"),
    "Timeline": tr("time brush strip dates days"),
}


def distinct(number: int) -> str:
    """How many different values a column has."""
    return trn("{n:,} value", "{n:,} values", number)


def rows(table: str, number: int) -> str:
    """A table among others, and how large it is."""
    return trn("{table} ({n:,} row)", "{table} ({n:,} rows)", number, table=table)


def dropped(label: str, column: str, kind: str) -> str:
    """A column that the new kind has no place for."""
    return tr("{column} ({field}) has no place in: {kind}", column=column, field=label, kind=kind)
