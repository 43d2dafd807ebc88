"""Who is in an editor, and in which tile."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

GONE_AFTER = timedelta(seconds=8)
"""An opened editor says about every second that it is there; a few of these may get lost."""
NOTED_EVERY = timedelta(seconds=3)


class Presence(msgspec.Struct, frozen=True, kw_only=True):
    """One opened editor; `id` is made of the dashboard, the person and the editor's session, `tile` may be empty."""

    id: str
    dashboard_id: str
    user_id: str
    name: str
    tile: str
    seen_at: datetime


def presence_id(dashboard_id: str, user_id: str, session: str) -> str:
    """The id of the presence of one opened editor: nobody can speak for somebody else."""
    return f"{dashboard_id}/{user_id}/{session}"


def there(presences: Iterable[Presence], at: datetime) -> list[Presence]:
    """Those that are still there, by name."""
    found = [one for one in presences if at - one.seen_at < GONE_AFTER]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))
