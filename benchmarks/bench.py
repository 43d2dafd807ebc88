"""The benchmark: `make bench`, or with more options as below.

    python -m benchmarks.bench --scale 0.01 --tiles 4 30 --gestures filter page

Ingests the reference workload with the command line, starts the real server, and makes each gesture twice: as an HTTP
client and in Chromium, each on a server just started. Prints a table, and writes `build/bench.json` and
`build/bench.md`. With `--compare CHECKOUT` another build is measured in the same run, turn about, and ratios follow.
"""

import argparse
import asyncio
import os
import platform
import random
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import msgspec

from benchmarks import baseline, painted, reference, server_side
from benchmarks.builds import Build
from benchmarks.client import Page
from benchmarks.dashboards import SIZES
from benchmarks.measures import POLARS, SIDES, Measure, Sample, Taken, markdown, ratios, write_json
from benchmarks.memory import held

ROOT = Path(__file__).parents[1]
GESTURES = ("filter", "brush", "open_warm", "open_cold", "page", "ingest", "crowd")
SOAK_SECONDS = 120.0
SOAK_MARKS = 10
MAX_FAILURES = 20


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What to measure."""

    scale: float = 1.0
    tiles: tuple[int, ...] = SIZES
    gestures: frozenset[str] = frozenset(GESTURES)
    sides: frozenset[str] = frozenset(SIDES)
    compare: Path | None = None
    polars: bool = True
    soak: int = 500
    output: Path = ROOT / "build" / "bench.json"
    cache: Path = reference.CACHE


class Outcome(msgspec.Struct, frozen=True):
    """All that a run found; `soak` are (changes, MiB) and `kinds` the tile kinds beside plain polars."""

    measures: list[Measure]
    kinds: tuple[baseline.Kind, ...]
    soak: list[tuple[int, float]]
    load: float
    """How many processes wanted a core before the run: what else the machine was doing."""
    ready: float | None = None
    """Seconds in which a server that had just started made the tables ready; None when it did not say so."""


class Prepared(msgspec.Struct, frozen=True):
    """A build that has the data and the dashboards, by number of tiles."""

    build: Build
    dashboards: dict[int, str]


async def run(options: Options) -> Outcome:
    """Measure one build or two, each step of the one followed by the same step of the other."""
    load = os.getloadavg()[0]
    project_file = reference.project_file(options.scale, options.cache)
    rows = reference.rows_of(options.scale)
    checkouts = {"here": ROOT} | ({"there": options.compare} if options.compare else {})
    measures: list[Measure] = []
    prepared = []
    ready: dict[str, float | None] = {}
    for name, checkout in checkouts.items():
        build = Build(name, checkout, options.cache.parent / "work" / name)
        seconds, peak = await asyncio.to_thread(build.ingest, project_file)
        ms = seconds * 1000
        done = Taken((Sample(first=ms, all=ms, bytes=_bytes(project_file.parent)),), 1)
        measures.append(
            Measure(build=name, rows=rows, tiles=0, gesture="ingest", side="server", peak_mib=peak, taken=done)
        )
        _tell(f"{name}: ingested {rows:,} rows in {seconds:.1f} s, {rows / seconds:,.0f} rows/s")
        project = f"Reference workload {options.scale:g}"
        made = await asyncio.to_thread(build.dashboards, project, list(options.tiles))
        prepared.append(Prepared(build, made))
        ready[name] = await build.prepared()
        _tell(f"{name}: made ready in {ready[name]} s")
    for size in options.tiles:
        for side in SIDES:
            if side in options.sides:
                for one in prepared:
                    found = await _measured(one, size, side, rows, options)
                    measures += found
                    _tell("\n".join(f"{m.build}: {m.row()}" for m in found))
    kinds: tuple[baseline.Kind, ...] = ()
    if options.polars:
        report = await _plain(prepared[0])
        kinds = report.kinds
        measures += [_of_group(group, rows) for group in report.groups if group.gesture in options.gestures]
    soak = await _soak(prepared[0], options) if options.soak else []
    return Outcome(measures, kinds, soak, load, ready["here"])


async def _measured(one: Prepared, size: int, side: str, rows: int, options: Options) -> list[Measure]:
    def record(gesture: str, taken: Taken, of: str = side) -> Measure:
        return Measure(
            build=one.build.name, rows=rows, tiles=size, gesture=gesture, side=of,
            peak_mib=server.peak.mib, taken=taken,
        )  # fmt: skip

    gestures = set(options.gestures)
    async with one.build.serve() as server:
        if side == "server":
            return await server_side.measure(server, one.dashboards[size], rows, record, gestures)
        async with painted.chromium() as browser:
            return await painted.measure(server, browser, one.dashboards[size], rows, record, gestures)


async def _plain(one: Prepared) -> baseline.Report:
    run = partial(one.build.run, "-m", "benchmarks.baseline", *one.dashboards.values())
    said = await asyncio.to_thread(run)
    return msgspec.json.decode(said.splitlines()[-1], type=baseline.Report)


def _of_group(group: baseline.Group, rows: int) -> Measure:
    return Measure(
        build=POLARS, rows=rows, tiles=group.tiles, gesture=group.gesture, side=POLARS,
        peak_mib=group.peak_mib, taken=group.taken,
    )  # fmt: skip


async def _soak(one: Prepared, options: Options) -> list[tuple[int, float]]:
    """Memory of the server's processes after some of many random filter changes on the largest dashboard."""
    source = random.Random(4)  # noqa: S311 -- the same changes in every run.
    found = []
    end = time.perf_counter() + SOAK_SECONDS
    async with one.build.serve() as server, server_side.signed_in(server.address) as http:
        page, _ = await Page.open(http, one.dashboards[max(one.dashboards)])
        for change in range(1, options.soak + 1):
            await page.ask(server_side.drawn_wishes(source))
            if change % max(1, options.soak // SOAK_MARKS) == 0:
                found.append((change, held(server.peak.pid)))
            if time.perf_counter() > end:
                _tell(f"Stopped after {change} of {options.soak} changes: {SOAK_SECONDS:g} s are over.")
                break
    return found


def report(outcome: Outcome, options: Options) -> str:
    """Everything as Markdown."""
    here = [one for one in outcome.measures if one.build in ("here", POLARS)]
    rows = reference.rows_of(options.scale)
    load = f"load {outcome.load:.1f} before the run"
    made = "" if outcome.ready is None else f" Made ready in {outcome.ready:.0f} s."
    parts = [f"{rows:,} rows (SCALE={options.scale:g}), {machine()}, {load}.{made}", "", markdown(here)]
    failures = Counter(
        f"{one.build}, {one.tiles} tiles, {one.gesture} {one.side}: {failure}"
        for one in outcome.measures for sample in one.samples for failure in sample.failures
    )  # fmt: skip
    if failures:
        parts.append("".join(f"- {text} ({count} times)\n" for text, count in failures.most_common(MAX_FAILURES)))
    if outcome.kinds:
        lines = [
            f"| {one.kind} | {one.title} | {one.engine:.1f} | {one.plain:.1f} | {one.engine / one.plain:.2f} |"
            for one in outcome.kinds
        ]
        head = "| kind | tile | engine ms | plain polars ms | engine / polars |\n|---|---|---|---|---|"
        parts.append("\n".join([head, *lines, ""]))
    if outcome.soak:
        cells = [f"| {change} | {mib:,.0f} |" for change, mib in outcome.soak]
        parts.append("\n".join(["| filter changes | MiB of all processes |", "|---|---|", *cells, ""]))
    there = [one for one in outcome.measures if one.build == "there"]
    if there:
        parts.append(ratios(here, there, "there"))
    return "\n".join(parts)


def machine() -> str:
    """What it ran on."""
    info = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    model = next((line.partition(": ")[2] for line in info if line.startswith("model name")), platform.machine())
    cores = sum(line.startswith("processor") for line in info)
    memory = int(Path("/proc/meminfo").read_text("utf-8").split()[1]) / 1024 / 1024
    return f"{cores} cores ({model}), {memory:.0f} GiB, Linux {platform.release()}, Python {platform.python_version()}"


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*.csv"))


def _tell(text: str) -> None:
    print(text, flush=True)


def options_of(arguments: Sequence[str] | None = None) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench", description="Measure how long people wait.")
    parser.add_argument("--scale", type=float, default=1.0, help="1: 12 011 000 rows; 0.01 is the quick one")
    parser.add_argument("--tiles", type=int, nargs="+", choices=SIZES, default=SIZES)
    parser.add_argument("--gestures", nargs="+", choices=GESTURES, default=GESTURES)
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=SIDES)
    parser.add_argument("--compare", type=Path, metavar="CHECKOUT", help="another build, set up with `make setup`")
    parser.add_argument("--no-polars", action="store_false", dest="polars", help="leave the baseline out")
    parser.add_argument("--soak", type=int, default=500, metavar="N", help="random filter changes; 0 for none")
    given = vars(parser.parse_args(arguments))
    return msgspec.convert(given, Options)


def main() -> None:
    options = options_of()
    outcome = asyncio.run(run(options))
    here = [one for one in outcome.measures if one.build == "here"]
    # The second is for `scales`, which compares runs.
    for path in (options.output, options.cache.parent / f"scale-{options.scale:g}.json"):
        write_json(path, here)
    text = report(outcome, options)
    options.output.with_suffix(".md").write_text(text, "utf-8")
    _tell(f"\n{text}\nWritten to {options.output} and {options.output.with_suffix('.md')}.")


if __name__ == "__main__":
    main()
