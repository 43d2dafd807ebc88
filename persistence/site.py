"""The settings that change at run time: one document."""

import msgspec

from domain.errors import Conflict
from domain.site import SITE, SiteSettings
from domain.wording import tr
from persistence.documents import Collection
from persistence.mongo import Documents


class SiteRepository:
    """There is no document until something is changed."""

    def __init__(self, documents: Documents) -> None:
        self._site = Collection(documents, "site", SiteSettings, tr("settings document of the site"))

    async def find(self) -> SiteSettings:
        return await self._site.find({"_id": SITE}) or SiteSettings(version=0)

    async def replace(self, site: SiteSettings) -> SiteSettings:
        """Keep them; `Conflict` when they were changed since the version that was read."""
        if site.version:
            return await self._site.replace(site)
        try:
            return await self._site.add(_first(site), taken="")
        except Conflict:
            raise Conflict(tr("Somebody else set the site meanwhile. Reload and try again.")) from None


def _first(site: SiteSettings) -> SiteSettings:
    return msgspec.structs.replace(site, version=SiteSettings().version)
