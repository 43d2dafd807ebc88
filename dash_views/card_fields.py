"""The fields of a card: its number, what it is compared with, and what its layout needs."""

from dash_views.fields import ORDERED, Field, column
from domain.aggregations import Aggregation
from domain.card_tile import LEVELS, LISTS, MAX_PARTS, PARTS, CardLayout
from domain.wording import tr

AGGREGATION = Field("aggregation", tr("Aggregation"), "choice", choices=tuple(Aggregation))
LAYOUT = "secondary_layout"


def _with(*layouts: CardLayout) -> tuple[str, tuple[str, ...]]:
    return LAYOUT, tuple(sorted(layouts))


CARD_FIELDS = (
    column("column_name", tr("Column"), required=True),
    AGGREGATION,
    Field("q", tr("Share of the percentile"), "number", help=tr("0.9: nine of ten values are lower.")),
    Field("decimals", tr("Decimals"), "number"),
    Field("unit", tr("Unit"), "text"),
    Field("compare", tr("Compare with all rows"), "switch"),
    Field(LAYOUT, tr("Below the number"), "choice", choices=tuple(CardLayout)),
    Field("aggregations", tr("Further aggregations"), "choices", choices=tuple(Aggregation), only_for=_with(*LISTS)),
    Field(
        "breakdown_col", tr("Values of"), "column", only_for=_with(*PARTS), help=tr("Empty: the column of the card."),
    ),
    Field(
        "top_n_count", tr("How many values"), "number", only_for=_with(*PARTS), help=tr("1 to {most}", most=MAX_PARTS),
    ),
    Field(
        "coverage_max", tr("The whole"), "number", only_for=_with(*LEVELS),
        help=tr("The number that means everything."),
    ),
    Field("threshold_value", tr("Limit"), "number", least=None, only_for=_with(CardLayout.THRESHOLD)),
    Field(
        "threshold_direction", tr("The limit is"), "choice", choices=("min", "max"),
        only_for=_with(CardLayout.THRESHOLD), help=tr("min: values pass from it upward; max: up to it."),
    ),
    Field(
        "threshold_warn", tr("Warn until"), "number", least=None, only_for=_with(CardLayout.THRESHOLD),
        help=tr("A softer limit, on the failing side."),
    ),
    Field(
        "attrition_cols", tr("Later stages"), "columns", only_for=_with(CardLayout.ATTRITION),
        help=tr("In their order."),
    ),
    column("trend_col", tr("Along"), ORDERED, only_for=_with(CardLayout.TREND)),
)  # fmt: skip
