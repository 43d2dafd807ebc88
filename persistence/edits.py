"""The log of what the saves of each dashboard changed, bounded for each."""

import msgspec

from domain.history import Edit, How, Stamp, Step, edit_id
from domain.wording import tr
from persistence.documents import Collection
from persistence.mongo import Documents

KEPT = 500
TRIMS = 10
"""So often, while so many edits are added as are kept, the older ones are removed."""
DIGITS = 9


class KeptEdit(Edit, frozen=True, kw_only=True):
    """An edit with what it is found by.

    `place` orders the edits of a dashboard: what follows it is a bounded range of this one field. `author` is a person
    in one opened editor. `token` stands for one request; it is empty when the request had no key.
    """

    place: str
    author: str
    token: str


class KeptStep(msgspec.Struct, frozen=True):
    """What undo reads of an edit."""

    number: int
    how: How
    of: int | None = None


class EditRepository:
    """The edits, at least the newest `kept` of each dashboard.

    There is one for each version, because both have the same number and the id is made of it.
    """

    def __init__(self, documents: Documents, kept: int = KEPT) -> None:
        self._kept = kept
        self._edits = Collection(documents, "edits", KeptEdit, tr("edit"))

    async def add(self, edit: Edit) -> None:
        """Append an edit, which may be there already, and from time to time forget those that are too many."""
        kept = KeptEdit(
            **msgspec.structs.asdict(edit),
            place=_place(edit.dashboard_id, edit.number),
            author=_author(edit.dashboard_id, edit.by, edit.stamp),
            token=_token(edit.dashboard_id, edit.by, edit.stamp),
        )
        await self._edits.add(kept, taken=tr("This version is recorded already."))
        if edit.number % max(self._kept // TRIMS, 1) == 0:
            await self._edits.remove(_range(edit.dashboard_id, 0, edit.number - self._kept))

    async def has(self, dashboard_id: str, number: int) -> bool:
        """Whether the edit that made this version is in the log."""
        return bool(await self._edits.many({"_id": edit_id(dashboard_id, number)}, projection=KeptStep))

    async def find(self, dashboard_id: str, number: int) -> Edit | None:
        kept = await self._edits.find({"_id": edit_id(dashboard_id, number)})
        return None if kept is None else _edit(kept)

    async def between(self, dashboard_id: str, after: int, last: int) -> list[Edit]:
        """Those with a number above `after` and up to `last`, the newest first."""
        found = await self._edits.many(_range(dashboard_id, after + 1, last))
        return [_edit(kept) for kept in sorted(found, key=lambda kept: -kept.number)]

    async def of_session(self, dashboard_id: str, user_id: str, session: str) -> list[Step]:
        """What this person has done in this opened editor, the first first."""
        author = _author(dashboard_id, user_id, Stamp(session=session))
        found = await self._edits.many({"author": author}, projection=KeptStep)
        return [Step(one.number, one.how, one.of) for one in sorted(found, key=lambda one: one.number)]

    async def has_token(self, dashboard_id: str, user_id: str, stamp: Stamp) -> bool:
        """Whether the request of this stamp was applied already."""
        token = _token(dashboard_id, user_id, stamp)
        return bool(token and await self._edits.many({"token": token}, projection=KeptStep))

    async def remove_of(self, dashboard_id: str) -> None:
        await self._edits.remove(_range(dashboard_id, 0, 10**DIGITS - 1))


def _place(dashboard_id: str, number: int) -> str:
    return f"{dashboard_id}/{number:0{DIGITS}d}"


def _range(dashboard_id: str, first: int, last: int) -> dict[str, dict[str, str]]:
    """The edits from `first` to `last`; none when that is empty."""
    return {"place": {"$gte": _place(dashboard_id, first), "$lte": _place(dashboard_id, max(last, 0))}}


def _author(dashboard_id: str, user_id: str, stamp: Stamp) -> str:
    return f"{dashboard_id}/{user_id}/{stamp.session}" if stamp.session else ""


def _token(dashboard_id: str, user_id: str, stamp: Stamp) -> str:
    return f"{dashboard_id}/{user_id}/{stamp.key}" if stamp.key else ""


def _edit(kept: KeptEdit) -> Edit:
    return Edit(**{name: getattr(kept, name) for name in Edit.__struct_fields__})
