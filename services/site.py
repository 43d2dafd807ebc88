"""The settings that administrators change while the server runs, read from the store every few seconds at most."""

import time
from datetime import timedelta

from domain.access import Actor, Capability, permit
from domain.settings import Settings
from domain.site import Admission, SiteSettings, admission, checked, shows_public
from domain.wording import tr
from persistence.audit import AuditRepository
from persistence.site import SiteRepository
from services.audit import Audit, recorded
from services.called import Called
from services.clock import Clock

FRESH_SECONDS = 5.0
"""After so long every server process knows of a change."""


class Site:
    """Use cases of the site as a whole. Makes the audit too, since that asks how long to keep a row."""

    def __init__(
        self, site: SiteRepository, rows: AuditRepository, settings: Settings, now: Clock, called: Called | None = None
    ) -> None:
        self._site = site
        self._settings = settings
        self._known: SiteSettings | None = None
        self._read_at = 0.0
        self.audit = Audit(rows, self._retention, now, called)

    async def settings(self) -> SiteSettings:
        """How the site is set; for everybody, as everybody's requests go by it."""
        if self._known is None or time.monotonic() - self._read_at > FRESH_SECONDS:
            await self._read()
        return self._known or SiteSettings()

    async def admission(self) -> Admission:
        """Who may register, as it is stored now: no process lets in whom another one has just shut out."""
        return admission(await self._read(), self._settings)

    async def shows_public(self) -> bool:
        """Whether visitors who are not signed in see public projects."""
        return shows_public(await self.settings(), self._settings)

    async def upload_max_mib(self) -> int:
        """The largest file that may be sent, in MiB."""
        return (await self.settings()).upload_max_mib or self._settings.upload_max_mib

    async def lengths(self) -> tuple[timedelta, timedelta]:
        """After how long an unused session ends, and after how long any: by the site, else by the environment."""
        site = await self.settings()
        idle = site.session_idle_hours or self._settings.session_idle_hours
        return timedelta(hours=idle), timedelta(days=site.session_max_days or self._settings.session_max_days)

    @recorded(Capability.ADMIN_SITE, "set the site", "site")
    async def set(self, actor: Actor, site: SiteSettings) -> SiteSettings:
        """Set the site; `site.version` is the version that was read.

        Raises:
            Forbidden: when the actor is no administrator.
            Invalid: when something cannot be so.
            Conflict: when somebody else set it since.
        """
        permit(actor, Capability.ADMIN_SITE, tr("see or change how the site is set up"))
        self._known = await self._site.replace(checked(site, self._settings))
        self._read_at = time.monotonic()
        return self._known

    async def _read(self) -> SiteSettings:
        self._known, self._read_at = await self._site.find(), time.monotonic()
        return self._known

    async def _retention(self) -> timedelta:
        return timedelta(days=(await self.settings()).audit_days)
