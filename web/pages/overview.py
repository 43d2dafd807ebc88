"""All projects, groups, ingests and live sessions of a site, for its administrators."""

from typing import Any

from litestar import Controller, get
from litestar.di import NamedDependency, Provide

from domain.access import Actor
from domain.listing import Listing, Wanted
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
        return _listed("projects", wanted, part)

    @get("/groups")
    async def groups(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], wanted: NamedDependency[Wanted]
    ) -> Page:
        part = await services.overview.groups(actor, wanted)
        return _listed("groups", wanted, part)

    @get("/ingests")
    async def ingests(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], wanted: NamedDependency[Wanted]
    ) -> Page:
        running = await services.overview.running(actor)
        part = await services.overview.failed(actor, wanted)
        return _listed("ingests", wanted, part, running=running)

    @get("/sessions")
    async def sessions(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], wanted: NamedDependency[Wanted]
    ) -> Page:
        part = await services.overview.sessions(actor, wanted)
        return _listed("sessions", wanted, part)


def _listed(name: str, wanted: Wanted, part: Listing[Any], **more: object) -> Page:
    context = {"part": part, "wanted": wanted, "around": around(f"/admin/{name}", wanted, part), **more}
    return Page(f"admin/{name}.html", context, block="listed")
