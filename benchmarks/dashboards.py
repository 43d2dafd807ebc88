"""The dashboards of the reference workload: 4, 8, 16 and 30 tiles, each with 4 cards and 12 filters.

    python benchmarks/dashboards.py PROJECT_NAME SIZE…

Run by the benchmark with the Python of the build that is measured, while no server runs on its data directory: makes
the dashboards through that build's services and prints their ids as JSON, by number of tiles. So this file imports
nothing of the benchmark, and says tiles as a dashboard file does, which every build can read.
"""

import asyncio
import json
import os
import sys
from typing import Any

SIZES = (4, 8, 16, 30)
COLUMNS = ("sample_id", "feature_id", "expression", "effect_size", "neg_log10_p", "feature_class", "chr")
TABLE_TILE = "t04"
"""The table over features that every dashboard has; its pages are measured."""

Component = dict[str, Any]


def figure(collection: str, visu: str, x: str, **bound: Any) -> Component:
    return {"component_type": "figure", "data_collection_tag": collection, "visu_type": visu, "x": x, **bound}


def table(collection: str, *columns: str) -> Component:
    return {"component_type": "table", "data_collection_tag": collection, "columns": list(columns)}


def card(collection: str, column: str, aggregation: str) -> Component:
    return {
        "component_type": "card", "data_collection_tag": collection, "column_name": column, "aggregation": aggregation,
    }  # fmt: skip


def control(collection: str, column: str, widget: str) -> Component:
    return {
        "component_type": "interactive", "data_collection_tag": collection, "column_name": column,
        "interactive_component_type": widget,
    }  # fmt: skip


# A dashboard of N tiles has the first N: each of them a mixture of kinds and collections.
TILES: tuple[tuple[str, Component], ...] = (
    ("Volcano", figure("features", "scatter", "effect_size", y="neg_log10_p", color="feature_class")),
    ("Values by tool", figure("metrics", "box", "tool", y="value")),
    ("Expression", figure("features", "histogram", "expression", color="feature_class")),
    ("Features", table("features", *COLUMNS)),
    ("Samples by condition", figure("metadata", "bar", "condition", color="sex", aggregation="count")),
    ("Values by metric", figure("metrics", "line", "metric", y="value", color="tool", aggregation="mean")),
    ("MA", figure("features", "scatter", "mean_expression", y="effect_size", color="feature_class")),
    ("Samples", table("metadata")),
    ("Manhattan", figure("features", "scatter", "position", y="neg_log10_p", color="chr")),
    ("Expression by chromosome", figure("features", "bar", "chr", y="expression", aggregation="mean")),
    ("Duplication", figure("metrics", "histogram", "duplication_pct", color="tool")),
    ("Expression by rank", figure("features", "box", "rank", y="expression", color="feature_class")),
    ("GC and mapping", figure("metrics", "scatter", "gc_pct", y="mapped_pct", color="tool")),
    ("Expressing by rank", figure("features", "line", "rank", y="frac_expressing", color="feature_class")),
    ("Age", figure("metadata", "histogram", "age", color="condition")),
    ("Metrics", table("metrics")),
    ("Age by condition", figure("metadata", "box", "condition", y="age", color="sex")),
    ("Features by chromosome", figure("features", "bar", "chr", color="feature_class", aggregation="count")),
    ("Expression and share", figure("features", "scatter", "expression", y="frac_expressing")),
    ("P values", figure("features", "histogram", "neg_log10_p", log_y=True)),
    ("Mapping by tool", figure("metrics", "bar", "tool", y="mapped_pct", color="metric", aggregation="mean")),
    ("GC by metric", figure("metrics", "line", "metric", y="gc_pct", color="tool", aggregation="median")),
    ("Effects by class", figure("features", "box", "feature_class", y="effect_size")),
    ("Share of expressing cells", figure("features", "histogram", "frac_expressing", color="rank")),
    ("Effects by class and rank", figure("features", "bar", "feature_class", y="effect_size", color="rank")),
    ("Duplication and value", figure("metrics", "scatter", "duplication_pct", y="value", color="metric")),
    ("Positions", figure("features", "histogram", "position", nbins=200)),
    ("P values by sample", figure("features", "line", "sample_id", y="neg_log10_p", aggregation="mean")),
    ("Samples by tissue", figure("metadata", "bar", "tissue", color="batch", aggregation="count")),
    ("Duplication by metric", figure("metrics", "box", "metric", y="duplication_pct", color="tool")),
)
CARDS: tuple[tuple[str, Component], ...] = (
    ("Features seen", card("features", "feature_id", "count")),
    ("Mean expression", card("features", "expression", "mean")),
    ("Mean mapping", card("metrics", "mapped_pct", "mean")),
    ("Samples seen", card("metadata", "sample_id", "nunique")),
)
FILTERS: dict[str, Component] = {
    "condition": control("metadata", "condition", "MultiSelect"),
    "tool": control("metrics", "tool", "MultiSelect"),
    "feature_class": control("features", "feature_class", "MultiSelect"),
    "expression": control("features", "expression", "RangeSlider"),
    "timepoint": control("metadata", "timepoint", "MultiSelect"),
    "tissue": control("metadata", "tissue", "MultiSelect"),
    "sex": control("metadata", "sex", "MultiSelect"),
    "age": control("metadata", "age", "RangeSlider"),
    "metric": control("metrics", "metric", "MultiSelect"),
    "mapped_pct": control("metrics", "mapped_pct", "RangeSlider"),
    "chr": control("features", "chr", "MultiSelect"),
    "neg_log10_p": control("features", "neg_log10_p", "RangeSlider"),
}


def document(size: int) -> dict[str, Any]:
    """The dashboard file of this many tiles: cards on top, then tiles of the size that a new one has, two abreast."""
    cards = [
        {"tag": f"k{number}", "title": title, **what, "layout": {"x": 2 * number, "y": 0, "w": 2, "h": 1}}
        for number, (title, what) in enumerate(CARDS)
    ]
    tiles = [
        {"tag": f"t{number + 1:02}", "title": title, **what,
         "layout": {"x": number % 2 * 4, "y": 1 + number // 2 * 4, "w": 4, "h": 4}}
        for number, (title, what) in enumerate(TILES[:size])
    ]  # fmt: skip
    filters = [
        {"tag": column, "title": column, **what, "layout": {"y": place}}
        for place, (column, what) in enumerate(FILTERS.items())
    ]
    return {"title": f"{size} tiles", "components": [*cards, *tiles, *filters]}


async def make(project_name: str, sizes: list[int]) -> dict[int, str]:
    """Make a dashboard of each size, as the administrator."""
    import msgspec  # noqa: PLC0415 -- these come from the build that is measured.

    from domain.dashboard_file import dashboard_file  # noqa: PLC0415
    from domain.settings import settings_from  # noqa: PLC0415
    from services.examples import by_tag  # noqa: PLC0415

    try:
        from services.opening import open_services  # noqa: PLC0415
    except ModuleNotFoundError:  # A build of before.
        from services.system import open_services  # type: ignore[attr-defined, no-redef]  # noqa: PLC0415

    settings = settings_from(os.environ)
    made = {}
    async with open_services(settings) as services:
        actor = (await services.people.user_by_email(settings.admin_email)).actor()
        project = next(one for one in await services.projects.visible(actor) if one.name == project_name)
        access = await services.projects.open(actor, project.id)
        tags = by_tag(await services.collections.all(access))
        for size in sizes:
            found = dashboard_file(document(size), tags)
            empty = await services.dashboards.create(access, found.title)
            await services.dashboards.replace(access, msgspec.structs.replace(empty, tiles=found.tiles))
            made[size] = empty.id
    return made


if __name__ == "__main__":
    print(json.dumps(asyncio.run(make(sys.argv[1], [int(size) for size in sys.argv[2:]]))))
