"""The share links of a dashboard, for the owners of its project: made, listed with their use, and revoked."""

from html import escape
from http import HTTPStatus

import msgspec
from litestar import Controller, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, URLEncodedBody

from domain.access import Actor, Capability
from domain.errors import Conflict, Invalid
from domain.share_links import WantedLink, said_of
from domain.wording import tr, trn
from services.dashboards import DashboardAccess
from services.share_links import Made
from services.system import Services
from web.pages.projects import refused
from web.render import Done, Page
from web.security.cookies import Notice
from web.security.identity import signed_in

LINKS = "dashboards/links.html"
PERIODS = (
    *((days, trn("{n} day", "{n} days", days)) for days in (1, 7, 30, 90)),
    (365, trn("{n} year", "{n} years", 1)),
    (0, tr("without an end")),
)


class LinkForm(msgspec.Struct, frozen=True):
    name: str = ""
    days: int = 30
    password: str = ""
    search: str = ""
    filters: str = "free"
    may_export: str = ""
    origins: str = ""

    def wanted(self) -> WantedLink:
        """`filters` is `none` to leave them out, `free` to begin with them, `fixed` to bind visitors to them."""
        return WantedLink(
            name=self.name,
            days=self.days or None,
            password=self.password,
            search="" if self.filters == "none" else self.search,
            is_fixed=self.filters == "fixed",
            may_export=bool(self.may_export),
            origins=tuple(self.origins.replace(",", " ").split()),
        )


async def provide_dashboard(
    services: NamedDependency[Services], actor: NamedDependency[Actor], dashboard_id: FromPath[str]
) -> DashboardAccess:
    """Open the dashboard of the address; an invisible one is NotFound."""
    return await services.dashboards.open(actor, dashboard_id)


class ShareLinksPage(Controller):
    """`/dashboards/{dashboard_id}/links`."""

    path = "/dashboards/{dashboard_id:str}/links"
    guards = [signed_in]  # noqa: RUF012 -- Litestar reads class attributes.
    dependencies = {"board": Provide(provide_dashboard)}  # noqa: RUF012

    @get("/")
    async def index(
        self, board: NamedDependency[DashboardAccess], services: NamedDependency[Services], search: FromQuery[str] = ""
    ) -> Page:
        return Page(LINKS, await _context(services, board, LinkForm(search=search, may_export="on")), block="links")

    @post("/")
    async def create(
        self,
        data: URLEncodedBody[LinkForm],
        board: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
    ) -> Page:
        """Make a link. Its address is in this answer and nowhere else."""
        board.access.require(Capability.DASHBOARD_PUBLISH)
        try:
            made = await services.share_links.create(board, data.wanted())
        except (Invalid, Conflict) as error:
            page = refused(LINKS, data, error, **await _context(services, board, data))
            page.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
            return page
        context = await _context(services, board, LinkForm(search=data.search, may_export="on"), made)
        return Page(LINKS, context, notice=Notice(tr("The link is made. Copy it now.")))

    @delete("/{link_id:str}", status_code=200)
    async def revoke(
        self,
        board: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        link_id: FromPath[str],
    ) -> Page:
        return await _revoked(services, board, link_id)

    @post("/{link_id:str}/revoke")
    async def revoke_by_form(
        self,
        board: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        link_id: FromPath[str],
    ) -> Page:
        """Revoke, for browsers without scripts: their forms know no DELETE."""
        return await _revoked(services, board, link_id)


async def _revoked(services: Services, board: DashboardAccess, link_id: str) -> Page:
    await services.share_links.revoke(board.access, link_id)
    location = f"/dashboards/{board.dashboard.id}/links"
    context = await _context(services, board, LinkForm(may_export="on"))
    return Done(location, tr("The link opens nothing any more."), LINKS, context, block="links")


async def _context(
    services: Services, board: DashboardAccess, form: LinkForm, made: Made | None = None
) -> dict[str, object]:
    links = await services.share_links.of_dashboard(board)
    address = f"{services.settings.address}/shared/{made.secret}" if made else ""
    return {
        "access": board.access,
        "dashboard": board.dashboard,
        "links": links,
        "form": form,
        "filters": await _filters(services, board, form.search),
        "fixed": {link.id: [said_of(clause) for clause in link.fixed] for link in links},
        "periods": PERIODS,
        "made": made,
        "address": address,
        "frame": _frame(address, board.dashboard.title),
        "problems": {},
        "message": "",
        "now": services.share_links.now(),
    }


def _frame(address: str, title: str) -> str:
    """The element by which another site shows the dashboard."""
    return f'<iframe src="{address}/embed" width="100%" height="800" title="{escape(title)}"></iframe>'


async def _filters(services: Services, board: DashboardAccess, search: str) -> list[str]:
    """The filters that the author has come with, in words; none when they do not fit, which making the link says."""
    try:
        return [said_of(clause) for clause in await services.share_links.taken_along(board, search)]
    except Invalid:
        return []
