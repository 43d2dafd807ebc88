"""Share links in the document store; they are found by the hash of their secret."""

from datetime import datetime

from domain.share_links import ShareLink
from domain.wording import tr
from persistence.documents import Collection
from persistence.mongo import Documents


class ShareLinkRepository:
    """The links. A revoked one is removed: what is not there opens nothing."""

    def __init__(self, documents: Documents) -> None:
        self._links = Collection(documents, "share_links", ShareLink, tr("share link"))

    async def find_by_token(self, token_hash: str) -> ShareLink | None:
        return await self._links.find({"token_hash": token_hash})

    async def find(self, link_id: str) -> ShareLink | None:
        return await self._links.find({"_id": link_id})

    async def of_dashboard(self, dashboard_id: str) -> list[ShareLink]:
        return await self._links.many({"dashboard_id": dashboard_id})

    async def of_project(self, project_id: str) -> list[ShareLink]:
        return await self._links.many({"project_id": project_id})

    async def add(self, link: ShareLink) -> ShareLink:
        return await self._links.add(link, taken=tr("This link exists already."))

    async def count(self, link_id: str, at: datetime) -> None:
        """Note one use; of a link that was revoked meanwhile there is nothing to note."""
        await self._links.update({"_id": link_id}, {"$inc": {"uses": 1}, "$set": {"last_used_at": at}})

    async def remove(self, link_id: str) -> None:
        await self._links.remove({"_id": link_id})

    async def remove_of_project(self, project_id: str) -> None:
        await self._links.remove({"project_id": project_id})
