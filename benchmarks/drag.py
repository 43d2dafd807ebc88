"""How smooth a drag is: the frames of Chromium while a tile is pulled over the board of thirty tiles, in the editor.

    python -m benchmarks.drag [ROUNDS] [--scale SCALE]

Ingests the reference workload (a hundredth of it unless told otherwise: a drag asks the server for nothing), opens the
dashboard of 30 tiles, and pulls the heading of a tile along the same way, one move for each frame. The browser's own
tracing says which frames it showed, which it dropped, and what the page did between them. Prints a table, and writes
`build/drag.json`. Processor times hold on a busy machine too; times between frames only where nothing else runs.
"""

import argparse
import asyncio
import json
import math
import statistics
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
from playwright.async_api import Browser, CDPSession, Page

from benchmarks import painted, reference
from benchmarks.builds import Build, Server

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "build" / "drag.json"
TILES = 30
TILE = "t01"
FRAME = 1000 / 60
"""Milliseconds of a frame at 60 a second."""
LATE = 1.5 * FRAME
"""A frame that comes later has missed at least one before it."""
MOVES = 240
CATEGORIES = ("toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline.frame", "cc", "benchmark")
PAINTED = "() => document.querySelectorAll('.tile[data-kind=figure] .main-svg').length > 3"


class Frames(msgspec.Struct, frozen=True, kw_only=True):
    """What the browser's tracing says of one drag; times in ms."""

    between: tuple[float, ...]
    """From each frame that was shown to the next one."""
    work: tuple[float, ...]
    """Processor time of the page's main thread for each frame that it made."""
    tasks: tuple[float, ...]
    """Processor time of each of its tasks."""
    dropped: int
    """Frames that the browser gave up by its own account."""

    def row(self, rows: int) -> dict[str, Any]:
        """The row of `build/drag.json`."""
        return {
            "rows": rows,
            "tiles": TILES,
            "gesture": "drag",
            "side": "painted",
            "frames": len(self.between) + 1,
            "median_ms": round(statistics.median(self.between), 2),
            "p95_ms": round(_p95(self.between), 2),
            "worst_ms": round(max(self.between), 2),
            "late": sum(time > LATE for time in self.between),
            "dropped": self.dropped,
            "work_median_ms": round(statistics.median(self.work), 2),
            "work_p95_ms": round(_p95(self.work), 2),
            "longest_task_ms": round(max(self.tasks), 2),
        }


def frames_of(events: Sequence[dict[str, Any]]) -> Frames:
    """Read a trace: frames by its `DrawFrame` marks, the page's work by the tasks of the main thread that drew it.

    Raises:
        ValueError: when the trace holds no drag.
    """
    shown, made = _named(events, "DrawFrame"), _named(events, "BeginMainThreadFrame")
    if len(shown) < 2 or not made:  # noqa: PLR2004 -- between two frames lies one time.
        raise ValueError("The trace holds no frames.")
    main = (made[0]["pid"], made[0]["tid"])
    tasks = sorted(
        (one["ts"], one.get("tdur", one["dur"]) / 1000)
        for one in events
        if one["name"].endswith("RunTask") and one.get("ph") == "X" and (one["pid"], one["tid"]) == main
    )
    starts = sorted({one["ts"] for one in made})
    times = sorted({one["ts"] for one in shown})
    return Frames(
        between=tuple((after - before) / 1000 for before, after in pairwise(times)),
        work=tuple(_work(starts, tasks)),
        tasks=tuple(time for _, time in tasks),
        dropped=len(_named(events, "DroppedFrame")),
    )


def _named(events: Sequence[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [one for one in events if one["name"] == name]


def _work(starts: Sequence[float], tasks: Sequence[tuple[float, float]]) -> Iterator[float]:
    """What the page did from the beginning of a frame to that of the next: the frame itself and all that follows it."""
    for before, after in pairwise(starts):
        yield sum(time for at, time in tasks if before <= at < after)


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[round(0.95 * (len(times) - 1))]


async def drag(page: Page, network: CDPSession) -> Frames:
    """Pull the tile over the board and back to where it was, and trace it."""
    handle = page.locator(f'[data-tile="{TILE}"] .tile-title')
    box = await handle.bounding_box()
    if box is None:
        raise RuntimeError(f"The heading of {TILE} is not on the screen.")
    x, y = box["x"] + 20, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    # The first moves tell a drag from a click; what they cost is not a frame of the drag.
    for step in range(1, 6):
        await page.mouse.move(x + step, y + step)
    events = await _traced(network, _pull(page, x, y))
    await page.mouse.move(x, y)
    await page.mouse.up()
    await page.keyboard.press("Control+z")
    return frames_of(events)


async def _pull(page: Page, x: float, y: float) -> None:
    """Twice around an ellipse over the tiles that are in sight: right, down, and back."""
    clock = asyncio.get_running_loop().time
    start = clock()
    for step in range(MOVES):
        turn = 4 * math.pi * step / MOVES
        await page.mouse.move(x + 320 * (1 - math.cos(turn)), y + 190 * (1 - math.cos(turn + math.sin(turn))))
        await asyncio.sleep(max(0.0, start + (step + 1) * FRAME / 1000 - clock()))


async def _traced(network: CDPSession, act: Any) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    done = asyncio.Event()
    network.on("Tracing.dataCollected", lambda found: events.extend(found["value"]))
    network.on("Tracing.tracingComplete", lambda _found: done.set())
    config = {"includedCategories": list(CATEGORIES), "excludedCategories": ["*"]}
    await network.send("Tracing.start", {"traceConfig": config, "transferMode": "ReportEvents"})
    await act
    await network.send("Tracing.end")
    await done.wait()
    return events


async def measure(server: Server, browser: Browser, dashboard_id: str, rounds: int) -> list[Frames]:
    """So many drags, after one that warms up."""
    context = await browser.new_context(viewport=painted.SIZE)  # type: ignore[arg-type]  # Playwright's own dict type.
    await painted.sign_in(context, server)
    page = await context.new_page()
    await page.goto(f"{server.address}/dashboards/{dashboard_id}/edit")
    await page.wait_for_function(PAINTED)
    await page.wait_for_load_state("networkidle")
    network = await context.new_cdp_session(page)
    found = []
    for _ in range(rounds + 1):
        found.append(await drag(page, network))
        await page.wait_for_load_state("networkidle")
    await context.close()
    return found[1:]


async def run(scale: float, rounds: int, cache: Path = reference.CACHE, output: Path = OUTPUT) -> list[Frames]:
    """Everything from the data to `build/drag.json`."""
    project_file = reference.project_file(scale, cache)
    build = Build("drag", ROOT, cache.parent / "work" / "drag")
    await asyncio.to_thread(build.ingest, project_file)
    made = await asyncio.to_thread(build.dashboards, f"Reference workload {scale:g}", [TILES])
    async with build.serve() as server, painted.chromium() as browser:
        found = await measure(server, browser, made[TILES], rounds)
    write(output, [one.row(reference.rows_of(scale)) for one in found])
    return found


def write(output: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Write the rows as `bench.json` has them."""
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n", "utf-8")


HEAD = (
    ("frames", "frames"),
    ("median ms", "median_ms"),
    ("p95 ms", "p95_ms"),
    ("worst ms", "worst_ms"),
    ("late", "late"),
    ("dropped", "dropped"),
    ("work, median ms", "work_median_ms"),
    ("work, p95 ms", "work_p95_ms"),
    ("longest task ms", "longest_task_ms"),
)


def table(found: Sequence[Frames]) -> str:
    """One line for each drag, as Markdown."""
    lines = [[name for name, _ in HEAD], ["---"] * len(HEAD)]
    lines += [[str(one.row(0)[key]) for _, key in HEAD] for one in found]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drag", description="Measure how smooth a drag is.")
    parser.add_argument("rounds", type=int, nargs="?", default=5)
    parser.add_argument("--scale", type=float, default=0.01, help="of the reference workload")
    given = parser.parse_args()
    print(table(asyncio.run(run(given.scale, given.rounds))))
