"""What is stored with tiles in words of its own, as people read it: choices of forms, kinds of columns and figures."""

from collections.abc import Mapping

from domain.tiles import Visu
from domain.wording import tr

TERMS: Mapping[str, str] = {
    # Fields without a choice, and switches with three places.
    "usual": tr("usual"), "yes": tr("yes"), "no": tr("no"),
    # Aggregations.
    "count": tr("count"), "nunique": tr("nunique"), "sum": tr("sum"), "mean": tr("mean"), "median": tr("median"),
    "min": tr("min"), "max": tr("max"), "range": tr("range"), "variance": tr("variance"), "std_dev": tr("std_dev"),
    "skewness": tr("skewness"), "kurtosis": tr("kurtosis"), "percentile": tr("percentile"), "mode": tr("mode"),
    # Layouts of cards.
    "compact": tr("compact"), "vertical": tr("vertical"), "grid": tr("grid"), "top_n": tr("top_n"),
    "concentration": tr("concentration"), "composition": tr("composition"), "donut": tr("donut"),
    "box_plot": tr("box_plot"), "trend": tr("trend"), "threshold": tr("threshold"), "attrition": tr("attrition"),
    "coverage": tr("coverage"), "gauge": tr("gauge"), "completeness": tr("completeness"),
    "uniqueness": tr("uniqueness"),
    # Texts, sliders and maps.
    "left": tr("left"), "center": tr("center"), "right": tr("right"), "top": tr("top"), "bottom": tr("bottom"),
    "auto": tr("auto"), "linear": tr("linear"), "log10": tr("log10"), "boundaries": tr("boundaries"),
    "countries": tr("countries"), "us-states": tr("us-states"), "geometry": tr("geometry"),
    # Kinds of columns.
    "number": tr("number"), "text": tr("text"), "boolean": tr("boolean"), "date": tr("date"),
    "datetime": tr("datetime"), "other": tr("other"),
    # What parameters of Plotly Express take.
    "box": tr("box"), "histogram": tr("histogram"), "rug": tr("rug"), "violin": tr("violin"), "trace": tr("trace"),
    "overall": tr("overall"), "group": tr("group"), "overlay": tr("overlay"), "relative": tr("relative"),
    "spline": tr("spline"), "fraction": tr("fraction"), "percent": tr("percent"), "density": tr("density"),
    "probability": tr("probability"), "probability density": tr("probability density"), "all": tr("all"),
    "outliers": tr("outliers"), "suspectedoutliers": tr("suspectedoutliers"), "standard": tr("standard"),
    "complementary": tr("complementary"), "reversed": tr("reversed"), "clockwise": tr("clockwise"),
    "counterclockwise": tr("counterclockwise"), "avg": tr("avg"),
}  # fmt: skip
"""What has no entry is a name, such as that of a colour scale, and stays as it is."""
FIGURES: Mapping[Visu, str] = {
    Visu.SCATTER: tr("Scatter"), Visu.BAR: tr("Bar"), Visu.LINE: tr("Line"), Visu.HISTOGRAM: tr("Histogram"),
    Visu.BOX: tr("Box"), Visu.AREA: tr("Area"), Visu.VIOLIN: tr("Violin"), Visu.STRIP: tr("Strip"),
    Visu.ECDF: tr("Ecdf"), Visu.DENSITY_HEATMAP: tr("Density heatmap"), Visu.DENSITY_CONTOUR: tr("Density contour"),
    Visu.HEATMAP: tr("Heatmap"), Visu.PIE: tr("Pie"), Visu.SUNBURST: tr("Sunburst"), Visu.TREEMAP: tr("Treemap"),
    Visu.ICICLE: tr("Icicle"), Visu.FUNNEL: tr("Funnel"), Visu.FUNNEL_AREA: tr("Funnel area"),
    Visu.SCATTER_3D: tr("Scatter 3d"), Visu.SCATTER_MATRIX: tr("Scatter matrix"),
    Visu.PARALLEL_COORDINATES: tr("Parallel coordinates"), Visu.PARALLEL_CATEGORIES: tr("Parallel categories"),
    Visu.SCATTER_POLAR: tr("Scatter polar"), Visu.LINE_POLAR: tr("Line polar"), Visu.BAR_POLAR: tr("Bar polar"),
    Visu.SCATTER_TERNARY: tr("Scatter ternary"), Visu.TIMELINE: tr("Timeline"),
}  # fmt: skip
"""The kinds of figures."""


def term(word: str) -> str:
    """What people read for a word that a tile is stored with."""
    return TERMS.get(word, word)
