"""Share links: made, listed and revoked by owners of the project; opened by whoever has the address."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

import msgspec

from domain.access import Actor, Capability
from domain.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Unauthenticated
from domain.filters import FilterState
from domain.people import PASSWORD_MAX_LENGTH
from domain.projects import Access
from domain.share_links import (
    MAX_LINKS,
    SECRET_BYTES,
    ShareLink,
    WantedLink,
    checked_link_name,
    checked_origins,
    clauses_of_search,
    expiry,
    has_condition,
    scope_of,
    search_of,
)
from domain.wording import tr
from persistence.dashboards import DashboardRepository
from persistence.mongo import new_id
from persistence.share_links import ShareLinkRepository
from services.audit import Audit, recorded
from services.clock import Clock
from services.dashboards import DashboardAccess
from services.passwords import Passwords
from services.pinned import BehindDashboards
from services.throttle import SignInThrottle

GONE = tr("This link opens nothing: it was revoked, it has expired, or the address is not complete.")
LOCKED = tr("This link asks for a password.")
WRONG = tr("The password is wrong.")
PASSWORD_MIN_LENGTH = 8
UNLOCKED_FOR = timedelta(hours=12)


class Visit(msgspec.Struct, frozen=True):
    """Somebody with the address of a link: the actor that they are there, and what the page says of it."""

    actor: Actor
    link: ShareLink


class Made(msgspec.Struct, frozen=True):
    """A new link with its secret, which is shown once and kept nowhere."""

    link: ShareLink
    secret: str


class ShareLinks:
    """The use cases of share links. Those who manage them need `dashboard:publish`; their visitors need nothing."""

    def __init__(
        self,
        links: ShareLinkRepository,
        dashboards: DashboardRepository,
        passwords: Passwords,
        throttle: SignInThrottle,
        behind: BehindDashboards,
        secret_key: str,
        now: Clock,
        *,
        audit: Audit,
    ) -> None:
        self.audit = audit
        self._links = links
        self._dashboards = dashboards
        self._passwords = passwords
        self._throttle = throttle
        self._behind = behind
        # A key of its own: what signs unlocked links can never sign anything else.
        self._key = hmac.digest(secret_key.encode(), b"share links", "sha256")
        self._now = now

    def now(self) -> datetime:
        """The time by which links expire."""
        return self._now()

    async def of_dashboard(self, opened: DashboardAccess) -> list[ShareLink]:
        """The links of a dashboard, the newest first; expired ones stay in the list until they are removed."""
        opened.access.require(Capability.DASHBOARD_PUBLISH)
        found = await self._links.of_dashboard(opened.dashboard.id)
        return sorted(found, key=lambda link: (link.created_at, link.id), reverse=True)

    async def of_project(self, access: Access) -> list[ShareLink]:
        """All links into a project, the newest first."""
        access.require(Capability.DASHBOARD_PUBLISH)
        found = await self._links.of_project(access.project.id)
        return sorted(found, key=lambda link: (link.created_at, link.id), reverse=True)

    async def taken_along(self, opened: DashboardAccess, search: str) -> FilterState:
        """The filters that a link made from this address would take along.

        Raises:
            Invalid: when they do not fit the dashboard.
        """
        opened.access.require(Capability.DASHBOARD_PUBLISH)
        return clauses_of_search(opened.dashboard, search, await self._behind.of(opened.dashboard))

    @recorded(
        Capability.DASHBOARD_PUBLISH,
        "make a share link",
        "wanted.name",
        "wanted.days",
        "wanted.is_fixed",
        "wanted.may_export",
        "wanted.origins",
    )
    async def create(self, opened: DashboardAccess, wanted: WantedLink) -> Made:
        """Make a link to the dashboard.

        Raises:
            Invalid: naming what cannot be used: password, days, sites, filters.
            Conflict: when the dashboard has as many links as it may.
        """
        opened.access.require(Capability.DASHBOARD_PUBLISH)
        if len(await self._links.of_dashboard(opened.dashboard.id)) >= MAX_LINKS:
            raise Conflict(tr("The dashboard has {most} links, which is the most. Revoke some first.", most=MAX_LINKS))
        _check_password(wanted.password)
        clauses = clauses_of_search(opened.dashboard, wanted.search, await self._behind.of(opened.dashboard))
        secret, actor, at = secrets.token_urlsafe(SECRET_BYTES), opened.access.actor, self._now()
        link = ShareLink(
            id=new_id(),
            token_hash=_hash(secret),
            project_id=opened.access.project.id,
            dashboard_id=opened.dashboard.id,
            name=checked_link_name(wanted.name),
            created_by=actor.user_id or "",
            created_by_name=actor.display_name or actor.email,
            created_at=at,
            expires_at=expiry(at, wanted.days),
            password_hash=await self._passwords.hash(wanted.password) if wanted.password else "",
            search="" if wanted.is_fixed else search_of(wanted.search),
            fixed=clauses if wanted.is_fixed else (),
            may_export=wanted.may_export,
            origins=checked_origins(wanted.origins),
        )
        return Made(await self._links.add(link), secret)

    @recorded(Capability.DASHBOARD_PUBLISH, "revoke a share link", "link_id")
    async def revoke(self, access: Access, link_id: str) -> None:
        """End a link of the project at once, for pages that are open too; `NotFound` when there is none."""
        access.require(Capability.DASHBOARD_PUBLISH)
        link = await self._links.find(link_id)
        if link is None or link.project_id != access.project.id:
            raise NotFound(tr("There is no such link."))
        await self._links.remove(link.id)

    async def open(self, secret: str, key: str = "") -> Visit:
        """Who has the address of a link; `key` is what `unlock` gave them.

        Raises:
            NotFound: when the link was never made, was revoked or has expired, or its dashboard is gone.
            Unauthenticated: when it asks for a password that they have not given, or no longer.
        """
        link = await self.find(secret)
        if link.password_hash and not self._is_key(link, key):
            raise Unauthenticated(LOCKED)
        dashboard = await self._dashboards.find(link.dashboard_id)
        if dashboard is None or dashboard.project_id != link.project_id:
            raise NotFound(GONE)
        # A tile that came later may show a collection on which a fixed condition did not have to hold before.
        collections = await self._behind.of(dashboard) if has_condition(link) else []
        return Visit(Actor(display_name=tr("Visitor by link"), link=scope_of(link, dashboard, collections)), link)

    async def find(self, secret: str) -> ShareLink:
        """The link of that address, locked or not; `NotFound` as for `open`."""
        link = await self._links.find_by_token(_hash(secret))
        if link is None or not link.holds(self._now()):
            raise NotFound(GONE)
        return link

    async def unlock(self, secret: str, password: str, address: str) -> str:
        """What the browser keeps to prove that the password was given; it holds for half a day.

        Raises:
            NotFound: as for `open`.
            Forbidden: when the password is wrong.
            Unavailable: with `retry_after`, after too many wrong ones from an address or for this link.
        """
        link = await self.find(secret)
        ticket = await self._throttle.enter(f"link {link.id}", address)
        if not await self._passwords.verify(password, link.password_hash or None):
            raise Forbidden(WRONG)
        await self._throttle.passed(ticket)
        until = int((self._now() + UNLOCKED_FOR).timestamp())
        return f"{until}.{self._signature(link, until)}"

    async def count(self, visit: Visit) -> None:
        """Note that the link was opened."""
        await self._links.count(visit.link.id, self._now())

    def _is_key(self, link: ShareLink, key: str) -> bool:
        until, _, signature = key.partition(".")
        if not (until.isascii() and until.isdigit()) or len(until) > len("99999999999"):
            return False
        good = hmac.compare_digest(signature.encode(), self._signature(link, int(until)).encode())
        return good and self._now().timestamp() < int(until)

    def _signature(self, link: ShareLink, until: int) -> str:
        """Of this link with this password: another password, or another link, has another one."""
        return hmac.new(self._key, f"{link.id} {until} {link.password_hash}".encode(), "sha256").hexdigest()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _check_password(password: str) -> None:
    if password and not PASSWORD_MIN_LENGTH <= len(password) <= PASSWORD_MAX_LENGTH:
        message = tr(
            "has {count} characters; use {least} to {most}, or none",
            count=len(password),
            least=PASSWORD_MIN_LENGTH,
            most=PASSWORD_MAX_LENGTH,
        )
        raise Invalid(tr("The link cannot be made."), (Problem("password", message),))
