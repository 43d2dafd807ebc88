"""What was measured: one `Measure` for each gesture, side and dashboard, and its forms as JSON and Markdown."""

import json
import statistics
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

SIDES = ("server", "painted")
GESTURE_SECONDS = 90.0
"""So long a gesture is repeated; what is not made by then counts as not complete."""
T = TypeVar("T")
POLARS = "polars"
"""The side of the baseline: plain polars in a process of its own, without a server."""
BROWSER = "browser"
"""The side of the tiles that the browser answers by itself: see `brush.js`."""
MOVING = "moving"
"""The side of a slider that is dragged on and on: from one update to the next of what the server answers."""
MOVING_BROWSER = "moving, browser"
"""The same of the tiles that the browser answers by itself."""


class Target(msgspec.Struct, frozen=True):
    """What DESIGN.md chapter 8 and the issue ask for, in ms, on two cores at SCALE 1; None: nothing is said."""

    median: float | None = None
    worst: float | None = None
    p95: float | None = None
    first: float | None = None
    visible: float | None = None

    def __str__(self) -> str:
        parts = {"first ": self.first, "visible ": self.visible, "": self.median, "p95 ": self.p95}
        parts["worst "] = self.worst
        return ", ".join(f"{name}≤ {value:,.0f}" for name, value in parts.items() if value is not None)


TARGETS: dict[tuple[str, str], Target] = {
    ("filter", "server"): Target(median=150, worst=500),
    ("filter", "painted"): Target(visible=300, median=1000),
    ("brush", "server"): Target(median=100),
    ("brush", "painted"): Target(median=100),
    ("brush", MOVING): Target(median=100),
    ("brush", MOVING_BROWSER): Target(median=33),
    ("brush", BROWSER): Target(median=33),
    ("open_warm", "server"): Target(median=300),
    ("open_cold", "server"): Target(first=300, median=3000),
    ("page", "server"): Target(median=50, worst=600),
    ("ingest", "server"): Target(median=8000),
    ("crowd", "server"): Target(p95=1000),
}


class Sample(msgspec.Struct, frozen=True):
    """One gesture: when the first tile, the visible ones and all had their answer (or were painted), in ms."""

    first: float
    all: float
    bytes: int
    failures: tuple[str, ...] = ()
    visible: float | None = None
    tiles: int = 0
    """How many tiles changed."""


class Taken(msgspec.Struct, frozen=True):
    """A gesture made several times; fewer than `planned` when its time was over."""

    samples: tuple[Sample, ...]
    planned: int


async def repeated(act: Callable[[T], Awaitable[Sample]], over: Sequence[T]) -> Taken:
    """Act once for each of `over`, for at most `GESTURE_SECONDS` and at least once."""
    end = time.perf_counter() + GESTURE_SECONDS
    samples: list[Sample] = []
    for one in over:
        if samples and time.perf_counter() > end:
            break
        samples.append(await act(one))
    return Taken(tuple(samples), len(over))


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """A gesture made several times on one dashboard of one build."""

    build: str
    rows: int
    tiles: int
    gesture: str
    side: str
    peak_mib: float
    taken: Taken

    @property
    def samples(self) -> tuple[Sample, ...]:
        return self.taken.samples

    @property
    def times(self) -> list[float]:
        return sorted(one.all for one in self.samples)

    @property
    def median_ms(self) -> float:
        return statistics.median(self.times)

    @property
    def p95_ms(self) -> float:
        times = self.times
        return times[min(len(times) - 1, round(0.95 * (len(times) - 1)))]

    @property
    def changed(self) -> float:
        """How many tiles a gesture changed, as the median."""
        return statistics.median(one.tiles for one in self.samples)

    @property
    def complete(self) -> int:
        """Gestures without any failure."""
        return sum(not one.failures for one in self.samples)

    @property
    def place(self) -> tuple[int, str, str]:
        return self.tiles, self.gesture, self.side

    def row(self) -> dict[str, Any]:
        """The row of `build/bench.json`."""
        return {
            "rows": self.rows,
            "tiles": self.tiles,
            "gesture": self.gesture,
            "side": self.side,
            "median_ms": round(self.median_ms, 1),
            "worst_ms": round(self.times[-1], 1),
            "complete": self.complete,
            "of": self.taken.planned,
            "peak_mib": round(self.peak_mib, 1),
            "bytes": round(statistics.median(one.bytes for one in self.samples)),
        }


def write_json(path: Path, measures: Iterable[Measure]) -> None:
    """Write the rows of server and painted; those of other sides stand in the Markdown table alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [one.row() for one in measures if one.side in SIDES]
    path.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n", "utf-8")


HEAD = ("tiles", "gesture", "side", "first tile", "visible tiles", "all tiles", "p95", "worst", "target", "complete",
        "tiles changed", "peak MiB", "KiB")  # fmt: skip


def markdown(measures: Sequence[Measure]) -> str:
    """The table: times in ms, medians where nothing else is said."""
    order = {"ingest": 0, "open_cold": 1, "open_warm": 2, "filter": 3, "brush": 4, "page": 5, "crowd": 6}
    sides = {side: place for place, side in enumerate((*SIDES, MOVING, MOVING_BROWSER, BROWSER, POLARS))}
    found = sorted(measures, key=lambda one: (one.tiles, order[one.gesture], sides[one.side]))
    return _table(HEAD, [_cells(one) for one in found])


def ratios(ours: Sequence[Measure], others: Sequence[Measure], name: str) -> str:
    """How long the other build takes against this one: 2.00 means that this one is twice as fast."""
    by_place = {one.place: one for one in others}
    head = ("tiles", "gesture", "side", "here", name, f"{name} / here", "worst / worst", "MiB / MiB", "bytes / bytes",
            "tiles changed", "complete")  # fmt: skip
    cells = []
    for one in ours:
        other = by_place.get(one.place)
        if other is None:
            continue
        here, there = one.row(), other.row()
        pairs = [(there[key], here[key]) for key in ("median_ms", "worst_ms", "peak_mib", "bytes")]
        quotients = [f"{a / b:.2f}" if b else "-" for a, b in pairs]
        # Builds whose filters reach different tiles did not do the same work.
        work = [f"{other.changed:.0f} / {one.changed:.0f}", f"{other.complete} / {one.complete} of {one.taken.planned}"]
        cells.append([*map(str, one.place), _ms(one.median_ms), _ms(other.median_ms), *quotients, *work])
    return _table(head, cells)


def _cells(one: Measure) -> list[str]:
    row = one.row()
    visible = [sample.visible for sample in one.samples if sample.visible is not None]
    return [
        str(one.tiles or "-"),
        one.gesture,
        one.side,
        _ms(statistics.median(sample.first for sample in one.samples)),
        _ms(statistics.median(visible)) if visible else "-",
        _ms(one.median_ms),
        _ms(one.p95_ms),
        _ms(one.times[-1]),
        str(TARGETS.get((one.gesture, one.side), "")) or "-",
        f"{one.complete} of {one.taken.planned}",
        f"{one.changed:.0f}",
        f"{one.peak_mib:,.0f}",
        f"{row['bytes'] / 1024:,.0f}",
    ]


def _ms(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"  # noqa: PLR2004 -- below it the tenth matters.


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
