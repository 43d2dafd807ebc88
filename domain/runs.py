"""The runs that a table was made of, as its page and its project's page tell them: counted from the ledger."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from domain.ingests import LedgerFile

BILLION = 1_000_000_000


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run: its files in a table, their rows and bytes, and when the newest of them was changed."""

    name: str
    files: tuple[LedgerFile, ...]
    rows: int
    size: int
    changed_at: datetime


def runs_of(files: Iterable[LedgerFile]) -> list[Run]:
    """The runs by name, the files of each by path."""
    found: dict[str, list[LedgerFile]] = defaultdict(list)
    for file in files:
        found[file.run].append(file)
    return [
        Run(
            name=name,
            files=tuple(sorted(held, key=lambda file: file.path)),
            rows=sum(file.rows for file in held),
            size=sum(file.size for file in held),
            changed_at=datetime.fromtimestamp(max(file.mtime_ns for file in held) / BILLION, UTC),
        )
        for name, held in sorted(found.items())
    ]
