"""Cards: one number, what is drawn below it, and what may be said of both."""

from enum import StrEnum
from typing import Any, Literal

from domain.aggregations import Aggregation
from domain.errors import Problem
from domain.tile_base import DataTile
from domain.wording import tr

MAX_PARTS = 5
MAX_SECONDARY = 8
MAX_STAGES = 12


class CardLayout(StrEnum):
    """What a card draws below its number."""

    VERTICAL = "vertical"
    COMPACT = "compact"
    GRID = "grid"
    BOX_PLOT = "box_plot"
    TOP_N = "top_n"
    CONCENTRATION = "concentration"
    COMPOSITION = "composition"
    DONUT = "donut"
    COVERAGE = "coverage"
    GAUGE = "gauge"
    THRESHOLD = "threshold"
    ATTRITION = "attrition"
    TREND = "trend"
    HISTOGRAM = "histogram"
    COMPLETENESS = "completeness"
    UNIQUENESS = "uniqueness"


LISTS = frozenset({CardLayout.VERTICAL, CardLayout.COMPACT, CardLayout.GRID})
"""Those that write further aggregations."""
PARTS = frozenset({CardLayout.TOP_N, CardLayout.CONCENTRATION, CardLayout.COMPOSITION, CardLayout.DONUT})
"""Those that show the most frequent values of a column."""
LEVELS = frozenset({CardLayout.COVERAGE, CardLayout.GAUGE})
"""Those that show the number as a share of `coverage_max`."""


class CardTile(DataTile, frozen=True, kw_only=True, tag="card"):
    """One number; `q` is the share of a percentile, `compare` says how it differs from that of all rows."""

    column_name: str
    aggregation: Aggregation = Aggregation.MEAN
    q: float = 0.5
    compare: bool = False
    decimals: int = 2
    unit: str = ""
    secondary_layout: CardLayout = CardLayout.VERTICAL
    aggregations: tuple[Aggregation, ...] = ()
    breakdown_col: str | None = None
    top_n_count: int = 3
    coverage_max: float | None = None
    threshold_value: float | None = None
    threshold_direction: Literal["min", "max"] = "min"
    threshold_warn: float | None = None
    attrition_cols: tuple[str, ...] = ()
    trend_col: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it shows its number and nothing else."""
        return not self.compare and self.secondary_layout in LISTS and not self.aggregations

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads, each once."""
        names: list[str | None] = [self.column_name]
        if self.secondary_layout in PARTS:
            names.append(self.breakdown_col)
        if self.secondary_layout is CardLayout.TREND:
            names.append(self.trend_col)
        if self.secondary_layout is CardLayout.ATTRITION:
            names += self.attrition_cols
        return tuple(dict.fromkeys(name for name in names if name))


NEEDED: dict[CardLayout, tuple[str, str]] = {
    CardLayout.COVERAGE: ("coverage_max", tr("write the number that means everything")),
    CardLayout.GAUGE: ("coverage_max", tr("write the number that means everything")),
    CardLayout.THRESHOLD: ("threshold_value", tr("write the limit")),
    CardLayout.ATTRITION: ("attrition_cols", tr("choose the columns of the later stages")),
    CardLayout.TREND: ("trend_col", tr("choose a column of numbers or dates")),
}
"""What a layout cannot be drawn without."""


def card_problems(tile: CardTile) -> list[Problem]:
    """What is wrong with the numbers of a card, and what its layout lacks."""
    found = []
    if not 0 <= tile.q <= 1:
        found.append(Problem("q", tr("is {q:g}; must be 0 to 1", q=tile.q)))
    if not 1 <= tile.top_n_count <= MAX_PARTS:
        found.append(
            Problem("top_n_count", tr("is {number}; must be 1 to {most}", number=tile.top_n_count, most=MAX_PARTS))
        )
    for name, count, most in (
        ("aggregations", len(tile.aggregations), MAX_SECONDARY),
        ("attrition_cols", len(tile.attrition_cols), MAX_STAGES),
    ):
        if count > most:
            found.append(Problem(name, tr("has {count} entries; at most {most}", count=count, most=most)))
    if tile.coverage_max is not None and not tile.coverage_max > 0:
        found.append(Problem("coverage_max", tr("is {number:g}; must be above 0", number=tile.coverage_max)))
    place, remedy = NEEDED.get(tile.secondary_layout, ("", ""))
    if place and getattr(tile, place) in (None, ()):
        found.append(
            Problem(place, tr("{remedy}; the layout {layout} needs it", remedy=remedy, layout=tile.secondary_layout))
        )
    return found


def as_component(values: dict[str, Any]) -> dict[str, Any]:
    """The keys of a card in a file of Depictio 1.5 as this version has them.

    `box_plot_stats` among its aggregations means the layout `box_plot`; `column_type` is known from the table.
    """
    kept = {key: value for key, value in values.items() if key != "column_type" and value is not None}
    listed = kept.get("aggregations")
    if isinstance(listed, list) and "box_plot_stats" in listed:
        kept["aggregations"] = [one for one in listed if one != "box_plot_stats"]
        if not kept["aggregations"] and kept.get("secondary_layout", "vertical") in LISTS:
            kept["secondary_layout"] = CardLayout.BOX_PLOT.value
    return kept
