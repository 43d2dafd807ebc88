"""What a page of the audit costs when the audit is short and when it is long, on the embedded document server.

`python -m benchmarks.audit [ROWS]` fills two databases of its own, one with 500 and one with 50 000 rows, and asks
both in turn for the newest page under every set of filters: so whatever else the machine does slows both. It prints
how many rows lie in the ranges that a page looks through, how many questions that takes, and the median time; it exits
with 1 when any of these is more than three times as much in the long audit as in the short one.
"""

import asyncio
import secrets
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import msgspec

from domain.access import Actor, Origin
from domain.audit import FIELDS, AuditFilter, AuditRow, Entry, keys, row_of
from domain.errors import Forbidden
from persistence.audit import AuditRepository
from persistence.documents import to_document
from persistence.embedded import EmbeddedServer
from persistence.migrations import migrate
from persistence.mongo import Documents, connect, now

SHORT, LONG = 500, 50_000
MOST = 3.0
TIMES = 30
SIZE = 50
BATCH = 1000
EVERY = timedelta(seconds=37)
CAPABILITIES = ("account:sign-in", "data:ingest", "project:share")
WANTED = {"actor": "user1@example.org", "capability": "data:ingest", "object": "project:1", "outcome": "done"}
FILTERS = [
    AuditFilter(**{name: WANTED[name] for name in names})
    for size in range(len(FIELDS) + 1)
    for names in combinations(FIELDS, size)
]
"""Every set of fields that somebody can filter by."""


class Cost(msgspec.Struct, frozen=True):
    """What a page costs: the rows in the ranges that were looked through, the questions, and milliseconds."""

    rows: int
    questions: int
    ms: float = 0.0

    def over(self, other: "Cost") -> float:
        """How many times as much as the other it is, in what there is most more of."""
        ms = self.ms / other.ms if other.ms else 0.0
        return max(self.rows / other.rows, self.questions / other.questions, ms)


class Counting(AuditRepository):
    """The repository, which also counts the rows that lie in each range, be they fetched or not."""

    rows, questions = 0, 0

    async def _between(self, key: str, start: str, end: str, most: int) -> list[AuditRow]:
        found = await super()._between(key, start, end, 0)
        self.rows, self.questions = self.rows + len(found), self.questions + 1
        return found[:most]


def row(number: int, newest: int) -> AuditRow:
    """Row `number`, half a minute after the one before; each filter finds a page of its own in the short audit."""
    actor = Actor(str(number % 3), f"user{number % 3}@example.org", origin=Origin("10.0.0.1", secrets.token_hex(16)))
    entry = Entry(
        actor=actor, capability=CAPABILITIES[number % 3], act="try", object=f"project:{number % 3}", name="Project"
    )
    error = Forbidden("This needs another permission.") if number % 2 == 0 else None
    return row_of(entry, error, now() - (newest - number) * EVERY, secrets.token_hex(12))


async def filled(url: str, rows: int) -> Documents:
    """A database with so many rows up to now, as the repository keeps them."""
    documents = await connect(url, f"audit_{rows}")
    await migrate(documents)
    for start in range(0, rows, BATCH):
        made = [row(number, rows) for number in range(start, min(start + BATCH, rows))]
        expiry = {"expires_at": now() + timedelta(days=365)}
        await documents["audit"].insert_many([{**to_document(one), "keys": list(keys(one)), **expiry} for one in made])
    return documents


async def counted(documents: Documents, wanted: AuditFilter) -> Cost:
    """What the newest page reads."""
    rows = Counting(documents)
    await asked(rows, wanted)
    return Cost(rows.rows, rows.questions)


async def asked(rows: AuditRepository, wanted: AuditFilter) -> float:
    """The milliseconds that the newest page takes."""
    until = now() + timedelta(milliseconds=1)
    began = time.perf_counter()
    page = await rows.page(wanted, None, until, until - timedelta(days=3650), SIZE)
    taken = time.perf_counter() - began
    assert len(page.rows) == SIZE, wanted  # noqa: S101 -- only pages of as many rows can be compared.
    return taken * 1000


async def compared(short: Documents, long: Documents, wanted: AuditFilter, times: int) -> tuple[Cost, Cost]:
    """What a page costs in the short audit and in the long one, asked in turn."""
    repositories = AuditRepository(short), AuditRepository(long)
    taken = [[await asked(rows, wanted) for rows in repositories] for _ in range(times)]
    costs = [await counted(short, wanted), await counted(long, wanted)]
    first, second = (
        msgspec.structs.replace(cost, ms=statistics.median(pair[place] for pair in taken) if taken else 0.0)
        for place, cost in enumerate(costs)
    )
    return first, second


async def measure(folder: Path, length: int, times: int = TIMES) -> bool:
    """Print what pages cost; whether all are cheap enough."""
    server = await EmbeddedServer.start(folder, "depictio")
    try:
        short, long = await filled(server.url, SHORT), await filled(server.url, length)
        costs = {_name(wanted): await compared(short, long, wanted, times) for wanted in FILTERS}
        short.close()
        long.close()
    finally:
        await server.stop()
    for name, (less, more) in costs.items():
        sys.stdout.write(
            f"{name:40} {SHORT} rows: {_said(less)}; {length} rows: {_said(more)}; {more.over(less):.2f}\n"
        )
    return all(more.over(less) <= MOST for less, more in costs.values())


def _name(wanted: AuditFilter) -> str:
    return ", ".join(name for name in FIELDS if getattr(wanted, name)) or "no filter"


def _said(cost: Cost) -> str:
    time_ = f", {cost.ms:.1f} ms" if cost.ms else ""
    return f"{cost.rows} in range, {cost.questions} questions{time_}"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        length = int(sys.argv[1]) if len(sys.argv) > 1 else LONG
        sys.exit(0 if asyncio.run(measure(Path(folder), length)) else 1)


if __name__ == "__main__":
    main()
