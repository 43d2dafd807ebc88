"""REST: the share links of a dashboard."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from domain.listing import Wanted
from domain.share_links import ShareLink, WantedLink, said_of
from services.dashboards import DashboardAccess
from services.system import Services
from web.api.lists import Part, part_of
from web.api.problems import WRITING
from web.security.identity import signed_in


class NewLink(WantedLink, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A link to make. `days` is how long it holds, null for no end; `search` is the query of the dashboard's address.

    With `is_fixed` the filters in `search` bind every visitor.
    """


class LinkDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A share link, without what opens it."""

    id: str
    dashboard_id: str
    name: str
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    has_password: bool
    may_export: bool
    search: str
    fixed: list[str]
    origins: list[str]
    uses: int
    last_used_at: datetime | None


class MadeLink(LinkDetails, frozen=True, kw_only=True):
    """A new link with its address, which is shown this once."""

    url: str


class ShareLinksApi(Controller):
    """`/dashboards/{dashboard_id}/links`."""

    path = "/dashboards/{dashboard_id:str}/links"
    tags = ["Share links"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [signed_in]  # noqa: RUF012

    @get("/", summary="List share links", responses=WRITING)
    async def index(
        self,
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        asked: NamedDependency[Wanted],
    ) -> Part[LinkDetails]:
        """List the links of a dashboard, the newest first, with how often each was opened."""
        found = await services.share_links.of_dashboard(opened)
        return part_of([LinkDetails(**_fields(link)) for link in found], asked)

    @post("/", summary="Make a share link", responses=WRITING)
    async def create(
        self,
        data: JSONBody[NewLink],
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
    ) -> MadeLink:
        """Make a link to the dashboard, for people without an account. Its address is in this answer only."""
        made = await services.share_links.create(opened, data)
        return MadeLink(**_fields(made.link), url=f"{services.settings.address}/shared/{made.secret}")

    @delete("/{link_id:str}", summary="Revoke a share link", responses=WRITING)
    async def revoke(
        self,
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        link_id: FromPath[str],
    ) -> None:
        """End a link at once, for pages that are open too."""
        await services.share_links.revoke(opened.access, link_id)


def _fields(link: ShareLink) -> dict[str, Any]:
    same = ("id", "dashboard_id", "name", "created_at", "created_by", "expires_at", "may_export", "search", "uses")
    return {
        **{name: getattr(link, name) for name in (*same, "last_used_at")},
        "has_password": bool(link.password_hash),
        "fixed": [said_of(clause) for clause in link.fixed],
        "origins": list(link.origins),
    }
