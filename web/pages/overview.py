"""All projects, groups, ingests and live sessions of a site, for its administrators."""

from litestar import Controller, get
from litestar.di import NamedDependency, Provide

from domain.access import Actor
from domain.listing import Wanted
from services.system import Services
from web.listed import around, provide_wanted
from web.render import Page
from web.security.identity import administrator


class OverviewPages(Controller):
    """`/admin/projects`, `/admin/groups`, `/admin/ingests` and `/admin/sessions`."""

    path = "/admin"
    guards = [administrator]  # noqa: RUF012 -- Litestar reads class attributes.
    dependencies = {"wanted": Provide(provide_wanted, sync_to_thread=False)}  # noqa: RUF012

    @get("/projects")
    async def projects(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], wanted: NamedDependency[Wanted]
    ) -> Page:
        part = await services.overview.projects(actor, wanted)
        context = {"part": part, "wanted": wanted, "around": around("/admin/projects", wanted, part)}
        return Page("admin/projects.html", context, block="listed")

    @get("/groups")
    async def groups(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], wanted: NamedDependency[Wanted]
    ) -> Page:
        part = await services.overview.groups(actor, wanted)
        context = {"part": part, "wanted": wanted, "around": around("/admin/groups", wanted, part)}
        return Page("admin/groups.html", context, block="listed")

    @get("/ingests")
    async def ingests(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], wanted: NamedDependency[Wanted]
    ) -> Page:
        running = await services.overview.running(actor)
        part = await services.overview.failed(actor, wanted)
        context = {"running": running, "part": part, "wanted": wanted, "around": around("/admin/ingests", wanted, part)}
        return Page("admin/ingests.html", context, block="listed")

    @get("/sessions")
    async def sessions(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], wanted: NamedDependency[Wanted]
    ) -> Page:
        part = await services.overview.sessions(actor, wanted)
        context = {"part": part, "wanted": wanted, "around": around("/admin/sessions", wanted, part)}
        return Page("admin/sessions.html", context, block="listed")
