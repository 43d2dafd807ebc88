"""The fields of a card: its number, what it is compared with, and what its layout needs."""

from dash_views.fields import ORDERED, Field, column
from domain.aggregations import Aggregation
from domain.card_tile import LEVELS, LISTS, MAX_PARTS, PARTS, CardLayout

AGGREGATION = Field("aggregation", "Aggregation", "choice", choices=tuple(Aggregation))
LAYOUT = "secondary_layout"


def _with(*layouts: CardLayout) -> tuple[str, tuple[str, ...]]:
    return LAYOUT, tuple(sorted(layouts))


CARD_FIELDS = (
    column("column_name", "Column", required=True),
    AGGREGATION,
    Field("q", "Share of the percentile", "number", help="0.9: nine of ten values are lower."),
    Field("decimals", "Decimals", "number"),
    Field("unit", "Unit", "text"),
    Field("compare", "Compare with all rows", "switch"),
    Field(LAYOUT, "Below the number", "choice", choices=tuple(CardLayout)),
    Field("aggregations", "Further aggregations", "choices", choices=tuple(Aggregation), only_for=_with(*LISTS)),
    Field(
        "breakdown_col", "Values of", "column", only_for=_with(*PARTS), help="Empty: the column of the card.",
    ),
    Field("top_n_count", "How many values", "number", only_for=_with(*PARTS), help=f"1 to {MAX_PARTS}"),
    Field("coverage_max", "The whole", "number", only_for=_with(*LEVELS), help="The number that means everything."),
    Field("threshold_value", "Limit", "number", least=None, only_for=_with(CardLayout.THRESHOLD)),
    Field(
        "threshold_direction", "The limit is", "choice", choices=("min", "max"), only_for=_with(CardLayout.THRESHOLD),
        help="min: values pass from it upward; max: up to it.",
    ),
    Field(
        "threshold_warn", "Warn until", "number", least=None, only_for=_with(CardLayout.THRESHOLD),
        help="A softer limit, on the failing side.",
    ),
    Field(
        "attrition_cols", "Later stages", "columns", only_for=_with(CardLayout.ATTRITION), help="In their order.",
    ),
    column("trend_col", "Along", ORDERED, only_for=_with(CardLayout.TREND)),
)  # fmt: skip
