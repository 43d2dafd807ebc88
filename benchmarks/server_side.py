"""The gestures as an HTTP client makes them: how long the server takes to answer."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any, Protocol

import httpx

from benchmarks.builds import ADMIN, PASSWORD, Server
from benchmarks.client import Page, Reply, Wishes
from benchmarks.dashboards import TABLE_TILE
from benchmarks.measures import Measure, Sample, Taken, repeated
from benchmarks.reference import CHROMOSOMES, CLASSES, CONDITIONS, METRICS, TIMEPOINTS, TISSUES, TOOLS

NINE: tuple[tuple[str, str], ...] = (
    *(("condition", value) for value in CONDITIONS),
    *(("tool", value) for value in (TOOLS[0][0], TOOLS[0][2], TOOLS[1][3])),
    *(("feature_class", value) for value in CLASSES),
)
"""Filter values, none of which the server has met before: of samples, of metrics and of features."""
BRUSH = ("expression", tuple(500 * step / 41 for step in range(1, 21)))
"""The range slider that is dragged, and the 20 places of its lower end."""
WARM_OPENS = 5
PAGES = 10
PAGE_ROWS = 100
SORTED_BY = "expression"
PEOPLE = 20
EVERY = 2.0
CHANGES = 5
CHOICES = {
    "condition": CONDITIONS, "tool": tuple(dict.fromkeys(TOOLS[0] + TOOLS[1])), "feature_class": CLASSES,
    "timepoint": TIMEPOINTS, "tissue": TISSUES, "metric": METRICS, "chr": CHROMOSOMES,
}  # fmt: skip


class Record(Protocol):
    """How a gesture's samples become a measure: `of` is the side, unless it is that which is measured anyway."""

    def __call__(self, gesture: str, taken: Taken, of: str = ...) -> Measure: ...


@asynccontextmanager
async def signed_in(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client with an access token."""
    async with httpx.AsyncClient(base_url=address, timeout=60.0) as http:
        answer = await http.post("/api/v1/tokens", json={"email": ADMIN, "password": PASSWORD})
        answer.raise_for_status()
        http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        yield http


async def measure(server: Server, dashboard_id: str, rows: int, record: Record, gestures: set[str]) -> list[Measure]:
    """Every gesture on one dashboard of a server that has just started."""
    found: list[Measure] = []

    async def take(gesture: str, make: Awaitable[Taken]) -> None:
        server.peak.reset()
        taken = await make
        if gesture in gestures:
            found.append(record(gesture, taken))

    async with signed_in(server.address) as http:
        await take("open_cold", opens(http, dashboard_id, 1))
        await take("open_warm", opens(http, dashboard_id, WARM_OPENS if "open_warm" in gestures else 1))
        page, _ = await Page.open(http, dashboard_id)
        for gesture, make in (("filter", filters), ("brush", brush)):
            if gesture in gestures:
                await take(gesture, make(page))
        if "page" in gestures:
            await take("page", pages(page, rows))
        if "crowd" in gestures:
            await take("crowd", crowd(http, dashboard_id))
    return found


async def opens(http: httpx.AsyncClient, dashboard_id: str, times: int) -> Taken:
    async def opened(_time: int) -> Sample:
        return sample((await Page.open(http, dashboard_id))[1])

    return await repeated(opened, range(times))


async def filters(page: Page) -> Taken:
    """The nine values, each from the unfiltered dashboard."""

    async def chosen(pair: tuple[str, str]) -> Sample:
        column, value = pair
        reply = await page.ask({column: [["in", [value]]]})
        await page.ask({})
        return sample(reply)

    return await repeated(chosen, NINE)


async def brush(page: Page) -> Taken:
    """The lower end of a range slider moves to 20 places, one after the other, and rests at the last."""
    column, places = BRUSH

    async def moved(place: float) -> Sample:
        return sample(await page.ask({column: [["between", [place, None]]]}, is_moving=place != places[-1]))

    return await repeated(moved, places)


async def pages(page: Page, rows: int) -> Taken:
    """Pages of the features sorted by a column: the first, then some anywhere."""
    last = max(rows - PAGE_ROWS, 0)
    anywhere = random.Random(1)  # noqa: S311 -- the same places in every run.
    places = [0, *(anywhere.randrange(last + 1) for _ in range(PAGES - 1))]

    async def shown(first: int) -> Sample:
        return sample(await page.rows(TABLE_TILE, first, PAGE_ROWS, SORTED_BY))

    return await repeated(shown, places)


async def crowd(http: httpx.AsyncClient, dashboard_id: str) -> Taken:
    """20 people on the same dashboard, each changing a filter every 2 s."""
    people = [(await Page.open(http, dashboard_id))[0] for _ in range(PEOPLE)]
    found = await asyncio.gather(*(person(number, page) for number, page in enumerate(people)))
    return Taken(tuple(one for own in found for one in own.samples), sum(own.planned for own in found))


async def person(number: int, page: Page) -> Taken:
    """One of the crowd: who waits longer than 2 s for an answer makes the next change at once."""
    own = random.Random(number)  # noqa: S311 -- the same changes in every run.
    start = time.perf_counter() + EVERY * number / PEOPLE

    async def changed(turn: int) -> Sample:
        await asyncio.sleep(max(0.0, start + turn * EVERY - time.perf_counter()))
        return sample(await page.ask(drawn_wishes(own)))

    return await repeated(changed, range(CHANGES))


def drawn_wishes(source: random.Random) -> Wishes:
    """One to three values of one filter, and in half of the cases a range of expression."""
    column = source.choice(list(CHOICES))
    wishes: dict[str, list[Any]] = {column: [["in", source.sample(CHOICES[column], source.randint(1, 3))]]}
    if source.random() < 0.5:  # noqa: PLR2004
        wishes["expression"] = [["between", [round(source.uniform(0, 400), 2), None]]]
    return wishes


def sample(reply: Reply) -> Sample:
    """The first tile and the visible ones have their answer with the first step, all with the second."""
    return Sample(
        first=reply.first_ms, all=reply.ms, bytes=reply.bytes, failures=reply.failures, visible=reply.first_ms,
        tiles=len(reply.tiles),
    )  # fmt: skip
