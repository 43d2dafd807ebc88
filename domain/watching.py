"""When a run is complete: a marker says so, or nothing in its folder has changed for a while."""

import msgspec


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a look at a run's folder shows.

    `content` stands for the names, sizes and times of its files, `changed_at` is the latest time among them (seconds
    of the epoch), and `marker` stands for the newest marker file; it is empty when there is none.
    """

    content: str
    changed_at: float
    marker: str = ""


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A run as it is known. `since` is when its content was last seen to change; `ingested` is what was ingested."""

    seen: Seen
    since: float
    ingested: Seen | None = None
    is_failed: bool = False


def looked_at(before: Watched | None, seen: Seen, at: float) -> Watched:
    """The run after a look at it at that time.

    At first sight the times of its files say how long it has been quiet, unless they lie in the future; later only what
    is seen counts, since the clocks of file servers differ.
    """
    if before is None:
        return Watched(seen=seen, since=min(seen.changed_at, at))
    if before.seen.content == seen.content:
        return msgspec.structs.replace(before, seen=seen)
    return msgspec.structs.replace(before, seen=seen, since=at)


def is_new(run: Watched) -> bool:
    """Whether it holds something else than what was ingested, or was tried in vain."""
    return run.ingested is None or run.ingested.content != run.seen.content


def is_complete(run: Watched, at: float, quiet: float) -> bool:
    """Whether a marker has come since the last ingest, or nothing has changed for `quiet` seconds; 0 waits for markers.

    A marker of before the last ingest says nothing about what has come since: a pipeline writes it anew.
    """
    known = "" if run.ingested is None else run.ingested.marker
    if run.seen.marker and run.seen.marker != known:
        return True
    return quiet > 0 and at - run.since >= quiet


def is_ready(run: Watched, at: float, quiet: float) -> bool:
    """Whether it is to be ingested now."""
    return is_new(run) and is_complete(run, at, quiet)


def ingested(run: Watched, seen: Seen, *, is_failed: bool) -> Watched:
    """The run after an ingest of what was seen before that; what has changed meanwhile is still to be ingested."""
    return msgspec.structs.replace(run, ingested=seen, is_failed=is_failed)
