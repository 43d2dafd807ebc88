"""Comments on tiles, in threads that can be resolved, and the notes of a dashboard: structs and pure rules."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from domain.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from domain.text import BODY_MAX_LENGTH, paragraphs
from domain.wording import tr

REMARK_MAX_LENGTH = 10_000
MAX_REMARKS = 200
MAX_THREADS = 500
MAX_MENTIONS = 50
KEPT_REVISIONS = 100
ONE_REVISION = timedelta(minutes=5)
"""What one person writes within this time is one revision: notes are saved at every pause."""


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote; `mentions` are ids of members whose names stand in it as `@Name`."""

    id: str
    author_id: str
    author_name: str
    at: datetime
    body: str
    mentions: tuple[str, ...] = ()


class Resolution(msgspec.Struct, frozen=True):
    """Who closed a thread, and when."""

    by_id: str
    by_name: str
    at: datetime


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """Remarks on one tile, the oldest first; the first one opens it. The tile may be gone."""

    id: str
    project_id: str
    dashboard_id: str
    tile_id: str
    started_at: datetime
    remarks: tuple[Remark, ...] = ()
    resolution: Resolution | None = None
    version: int = 1


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """The notes of one dashboard, in Markdown; the id is the dashboard's. `revision` counts what its history lists."""

    id: str
    project_id: str
    body: str
    by_id: str
    by_name: str
    at: datetime
    revision: int = 1
    begun_at: datetime
    version: int = 1


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """Notes as they were; `id` is made from the dashboard and the number, so that each is kept once."""

    id: str
    project_id: str
    dashboard_id: str
    number: int
    body: str
    by_name: str
    at: datetime


class Voice(msgspec.Struct, frozen=True):
    """Who speaks, and when; `moderates` when they may edit the dashboard."""

    id: str
    name: str
    at: datetime
    moderates: bool = False


def remark(remark_id: str, voice: Voice, body: str, mentions: Iterable[str], members: Iterable[str]) -> Remark:
    """A remark as it is kept.

    Raises:
        Invalid: when it is empty or too long, or mentions somebody who is no member of the project.
    """
    text = paragraphs(body, "body", most=REMARK_MAX_LENGTH)
    mentioned = tuple(dict.fromkeys(mentions))
    problems = []
    if not text:
        problems.append(Problem("body", tr("write something")))
    if len(mentioned) > MAX_MENTIONS:
        problems.append(
            Problem(
                "mentions",
                tr("has {count} entries; at most {most} are allowed", count=len(mentioned), most=MAX_MENTIONS),
            )
        )
    strangers = sorted(set(mentioned) - set(members))
    if strangers:
        problems.append(Problem("mentions", tr("{stranger} is no member of the project", stranger=strangers[0])))
    if problems:
        raise Invalid(tr("The comment cannot be saved."), tuple(problems))
    return Remark(id=remark_id, author_id=voice.id, author_name=voice.name, at=voice.at, body=text, mentions=mentioned)


def reply(thread: Thread, new: Remark) -> Thread:
    """The thread with one more remark; one that was resolved is open again.

    Raises:
        Invalid: when it is full.
    """
    if len(thread.remarks) >= MAX_REMARKS:
        raise Invalid(
            tr("A thread holds at most {most} comments.", most=MAX_REMARKS),
            (Problem("thread", tr("begin another one")),),
        )
    return msgspec.structs.replace(thread, remarks=(*thread.remarks, new), resolution=None)


def resolve(thread: Thread, voice: Voice, *, resolved: bool) -> Thread:
    """The thread closed, or open again; one that is so already stays as it is."""
    if resolved == (thread.resolution is not None):
        return thread
    return msgspec.structs.replace(thread, resolution=Resolution(voice.id, voice.name, voice.at) if resolved else None)


def without(thread: Thread, remark_id: str, voice: Voice) -> Thread:
    """The thread without that remark; when it was the last one, nothing is left to be kept.

    Raises:
        NotFound: when it is gone.
        Forbidden: when it is another's, and the actor may not edit the dashboard.
    """
    found = next((one for one in thread.remarks if one.id == remark_id), None)
    if found is None:
        raise NotFound(tr("That comment is gone."))
    if found.author_id != voice.id and not voice.moderates:
        raise Forbidden(tr("Only who wrote a comment, or who may edit the dashboard, deletes it."))
    return msgspec.structs.replace(thread, remarks=tuple(one for one in thread.remarks if one != found))


def noted(note: Note, body: str, voice: Voice, version: int, *, restores: bool = False) -> Note:
    """The notes with another text, written over what `version` said.

    What a text that was there before takes the place of is always kept: it `restores`, and goes on with nothing.

    Raises:
        Conflict: when somebody saved them since.
        Invalid: when they are too long.
    """
    if note.version != version:
        raise Conflict(
            tr("The notes were changed by {by_name} meanwhile. Look at both before you save.", by_name=note.by_name)
        )
    text = checked_notes(body)
    if text == note.body:
        return note
    is_same = not restores and note.by_id == voice.id and voice.at - note.begun_at < ONE_REVISION
    return msgspec.structs.replace(
        note,
        body=text,
        by_id=voice.id,
        by_name=voice.name,
        at=voice.at,
        revision=note.revision if is_same else note.revision + 1,
        begun_at=note.begun_at if is_same else voice.at,
    )


def checked_notes(body: str) -> str:
    """Notes that can be kept; blanks at their end are, so that somebody can go on writing after them.

    Raises:
        Invalid: when they are too long, or hold control characters.
    """
    paragraphs(body, "body", most=BODY_MAX_LENGTH)
    return body


def revision_of(note: Note) -> Revision:
    """The notes as an entry of their history."""
    return Revision(
        id=f"{note.id}.{note.revision}",
        project_id=note.project_id,
        dashboard_id=note.id,
        number=note.revision,
        body=note.body,
        by_name=note.by_name,
        at=note.at,
    )
