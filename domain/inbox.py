"""What an inbox holds: that somebody was mentioned, answered, or had a thread resolved in which they wrote."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from domain.dashboards import Dashboard
from domain.discussions import Remark, Thread, Voice

Why = Literal["mentioned", "answered", "resolved"]
KEPT_FOR = timedelta(days=180)
KEPT_AT_MOST = 200
"""So many messages one person has at most; the oldest go."""
PAGE_LENGTH = 30
PAGE_MAX_LENGTH = 100
EXCERPT = 200
"""So many characters of a comment stand in a message."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of somebody's inbox, about one thread. `title` and `tile` are what board and tile were called then.

    `order` sorts the messages of one person by time and tells them apart; `unread_by` is empty once it was read.
    """

    id: str
    order: str
    user_id: str
    unread_by: str
    why: Why
    project_id: str
    dashboard_id: str
    thread_id: str
    tile_id: str
    title: str
    tile: str
    by_id: str
    by_name: str
    at: datetime
    excerpt: str = ""
    expires_at: datetime


class InboxPage(msgspec.Struct, frozen=True):
    """Messages, the newest first; `next` is the order before which the next page begins, None on the last one."""

    messages: tuple[Message, ...]
    next: str | None = None


def excerpt(said: str) -> str:
    """What of a comment stands in a message, on one line."""
    text = " ".join(said.split())
    return text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1]}\N{HORIZONTAL ELLIPSIS}"


def order_of(user_id: str, at: datetime, message_id: str) -> str:
    """What sorts the messages of one person."""
    return f"{user_id} {at.isoformat(timespec='microseconds')} {message_id}"


def told_of_remark(thread: Thread, new: Remark) -> dict[str, Why]:
    """Whom a new remark concerns: those it mentions, and those who have written in the thread before."""
    before = [one.author_id for one in thread.remarks if one.id != new.id]
    found: dict[str, Why] = dict.fromkeys(before, "answered")
    found |= dict.fromkeys(new.mentions, "mentioned")
    return {who: why for who, why in found.items() if who != new.author_id}


def told_of_resolution(thread: Thread, voice: Voice) -> dict[str, Why]:
    """Whom it concerns that a thread was resolved: those who have written in it."""
    return {one.author_id: "resolved" for one in thread.remarks if one.author_id != voice.id}


def messages_about(
    dashboard: Dashboard, thread: Thread, voice: Voice, concerned: dict[str, Why], said: str, ids: Iterable[str]
) -> list[Message]:
    """One message for each person whom it concerns; `ids` are theirs."""
    tile = dashboard.tiles.get(thread.tile_id)
    return [
        Message(
            id=message_id,
            order=order_of(who, voice.at, message_id),
            user_id=who,
            unread_by=who,
            why=why,
            project_id=thread.project_id,
            dashboard_id=thread.dashboard_id,
            thread_id=thread.id,
            tile_id=thread.tile_id,
            title=dashboard.title,
            tile=(tile.title if tile else "") or thread.tile_id,
            by_id=voice.id,
            by_name=voice.name,
            at=voice.at,
            excerpt=excerpt(said),
            expires_at=voice.at + KEPT_FOR,
        )
        for message_id, (who, why) in zip(ids, concerned.items(), strict=False)
    ]
