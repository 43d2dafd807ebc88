"""All projects, ingests and live sessions of a site, for its administrators."""

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import URLEncodedBody

from domain.access import Actor
from domain.listing import Wanted
from services.system import Services
from web.listed import around, provide_wanted
from web.render import Done, Page
from web.security.identity import administrator


class EndForm(msgspec.Struct, frozen=True):
    user_id: str = ""
    session_id: str = ""


class OverviewPages(Controller):
    """`/admin/projects`, `/admin/ingests` and `/admin/sessions`."""

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

    @post("/sessions/end")
    async def end_session(
        self, data: URLEncodedBody[EndForm], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Page:
        """Sign out that browser."""
        await services.overview.end_session(actor, data.user_id, data.session_id)
        return Done("/admin/sessions", "That browser is signed out.")
