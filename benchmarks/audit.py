"""What a page of the audit costs when the audit is short and when it is long, on the embedded document server.

`python -m benchmarks.audit` fills a database of its own with 500 and then 50 000 rows and exits with 1 when a page of
the long audit costs more than three times a page of the short one, with no filter or with any.
"""

import asyncio
import secrets
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from domain.access import Actor, Origin
from domain.audit import AuditFilter, AuditRow, Entry, keys, row_of
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
START = now() - LONG * EVERY
FILTERS = {
    "no filter": AuditFilter(),
    "actor": AuditFilter(actor="user1@example.org"),
    "capability": AuditFilter(capability="project:share"),
    "object": AuditFilter(object="project:2"),
    "outcome": AuditFilter(outcome="refused"),
    "actor and outcome": AuditFilter(actor="user2@example.org", outcome="refused"),
    "all four": AuditFilter(actor="user1@example.org", capability="data:ingest", object="project:1", outcome="done"),
}


def row(number: int) -> AuditRow:
    """Row `number`, some half a minute after the one before; every filter finds more than a page in the short audit."""
    actor = Actor(str(number % 3), f"user{number % 3}@example.org", origin=Origin("10.0.0.1", secrets.token_hex(16)))
    entry = Entry(
        actor=actor, capability=CAPABILITIES[number % 3], act="try", object=f"project:{number % 3}", name="Project"
    )
    error = Forbidden("This needs another permission.") if number % 2 == 0 else None
    return row_of(entry, error, START + number * EVERY, secrets.token_hex(12))


async def fill(documents: Documents, first: int, last: int) -> None:
    """Add the rows from `first` to `last`, as the repository keeps them."""
    for start in range(first, last, BATCH):
        made = [row(number) for number in range(start, min(start + BATCH, last))]
        expiry = {"expires_at": now() + timedelta(days=365)}
        await documents["audit"].insert_many([{**to_document(one), "keys": list(keys(one)), **expiry} for one in made])


async def cost(rows: AuditRepository, wanted: AuditFilter, newest: int) -> float:
    """The median of a page from the newest row on, in milliseconds."""
    until = START + newest * EVERY
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        page = await rows.page(wanted, None, until, until - timedelta(days=3650), SIZE)
        taken.append(time.perf_counter() - began)
        assert len(page.rows) == SIZE, wanted  # noqa: S101 -- only pages of as many rows can be compared.
    return statistics.median(taken) * 1000


async def measure(folder: Path) -> bool:
    """Print what pages cost; whether all are cheap enough."""
    server = await EmbeddedServer.start(folder, "depictio")
    try:
        documents = await connect(server.url, "depictio")
        await migrate(documents)
        rows = AuditRepository(documents)
        await fill(documents, 0, SHORT)
        short = {name: await cost(rows, wanted, SHORT) for name, wanted in FILTERS.items()}
        await fill(documents, SHORT, LONG)
        long = {name: await cost(rows, wanted, LONG) for name, wanted in FILTERS.items()}
        documents.close()
    finally:
        await server.stop()
    print(f"{'filter':20} {SHORT:>8} rows {LONG:>8} rows")
    for name in FILTERS:
        print(f"{name:20} {short[name]:>10.1f} ms {long[name]:>10.1f} ms   {long[name] / short[name]:.2f} times")
    return all(long[name] <= MOST * short[name] for name in FILTERS)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(0 if asyncio.run(measure(Path(folder))) else 1)


if __name__ == "__main__":
    main()
