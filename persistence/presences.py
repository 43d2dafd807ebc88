"""Who has which dashboard open in an editor: one document for each opened editor, which removes itself."""

from datetime import datetime, timedelta

from domain.presence import Presence
from domain.wording import tr
from persistence.documents import Collection
from persistence.mongo import Documents

REMOVED_AFTER = timedelta(minutes=2)


class KeptPresence(Presence, frozen=True, kw_only=True):
    """A presence with the time after which the store may remove it."""

    expires_at: datetime


class PresenceRepository:
    """The presences; found by their dashboard, of which few people have an editor open at a time."""

    def __init__(self, documents: Documents) -> None:
        self._presences = Collection(documents, "presences", KeptPresence, tr("presence"))

    async def of_dashboard(self, dashboard_id: str) -> list[Presence]:
        return list(await self._presences.many({"dashboard_id": dashboard_id}))

    async def note(self, presence: Presence) -> None:
        """Somebody is there: new, or once more."""
        document = {name: getattr(presence, name) for name in presence.__struct_fields__ if name != "id"}
        document["expires_at"] = presence.seen_at + REMOVED_AFTER
        await self._presences.update({"_id": presence.id}, {"$set": document}, upsert=True)

    async def remove(self, presence_id: str) -> None:
        await self._presences.remove({"_id": presence_id})
