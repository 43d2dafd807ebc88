"""Server processes as others see them: that they live, and what they do."""

from datetime import datetime, timedelta

import msgspec

SILENT_AFTER = timedelta(seconds=20)


class Worker(msgspec.Struct, frozen=True, kw_only=True):
    """A process of a server; `seen_at` is when it said last that it lives."""

    id: str
    machine: str
    pid: int
    role: str
    started_at: datetime
    seen_at: datetime
    expires_at: datetime
    computes: str = ""
    """Where it has jobs computed; empty of a process that runs none."""
    doing: tuple[str, ...] = ()

    def is_silent(self, at: datetime) -> bool:
        """Whether it should have been heard of since: it hangs, was killed, or its machine is gone."""
        return at - self.seen_at > SILENT_AFTER
