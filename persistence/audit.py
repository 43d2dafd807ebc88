"""The audit in the document store: rows are added and read, and never changed or removed by this code."""

from collections.abc import AsyncGenerator
from datetime import datetime

import msgspec

from domain.audit import ORDER_LENGTH, AuditFilter, AuditPage, AuditRow, keys, order_at, spans, time_of
from domain.wording import tr
from persistence.documents import Collection
from persistence.mongo import Documents


class _Kept(AuditRow, frozen=True, kw_only=True):
    keys: tuple[str, ...]
    expires_at: datetime


class AuditRepository:
    """The rows. The store removes those whose `expires_at` is over by itself."""

    def __init__(self, documents: Documents) -> None:
        self._rows = Collection(documents, "audit", _Kept, tr("row of the audit"))

    async def add(self, row: AuditRow, expires_at: datetime) -> None:
        kept = _Kept(**msgspec.structs.asdict(row), keys=keys(row), expires_at=expires_at)
        await self._rows.add(kept, taken=tr("This row of the audit is there already."))

    async def page(
        self, wanted: AuditFilter, before: str | None, until: datetime, since: datetime, size: int
    ) -> AuditPage:
        """The `size` newest rows that are wanted, of those before the order `before` and the time `until`.

        Raises:
            Invalid: when `before` is no order.
        """
        end = order_at(until)
        if before is not None and time_of(before) < until:
            end = before
        found: list[AuditRow] = []
        for start, _ in spans(time_of(end.ljust(ORDER_LENGTH, "0")), since):
            found += await self._between(wanted.key, order_at(start), end, size + 1 - len(found))
            if len(found) > size:
                return AuditPage(tuple(found[:size]), found[size - 1].order)
            end = order_at(start)
        return AuditPage(tuple(found), None)

    async def all(
        self, wanted: AuditFilter, until: datetime, since: datetime, size: int
    ) -> AsyncGenerator[tuple[AuditRow, ...]]:
        """All rows that are wanted, page by page."""
        before = None
        while True:
            page = await self.page(wanted, before, until, since, size)
            yield page.rows
            if page.next is None:
                return
            before = page.next

    async def _between(self, key: str, start: str, end: str, most: int) -> list[AuditRow]:
        query = {"keys": key, "order": {"$gte": start, "$lt": end}}
        return await self._rows.many(query, sort=[("order", -1)], limit=most, projection=AuditRow)
