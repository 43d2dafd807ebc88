"""REST: the saved views of a dashboard, and with which one it opens."""

import msgspec
from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from domain.saved_views import ViewState
from services.dashboards import DashboardAccess
from services.saved_views import Change, ShownView, Views
from services.system import Services
from web.api.problems import READING, WRITING


class NewView(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A view to keep; `filters` of its state are `[operator, values]` lists by tile, as links have them in JSON."""

    name: str
    # A factory: the OpenAPI document hashes defaults, and a state holds a dictionary.
    state: ViewState = msgspec.field(default_factory=ViewState)
    shared: bool = False


class ChosenDefault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The view to open with; null takes the choice back."""

    view_id: str | None


class SavedViewsApi(Controller):
    """`/dashboards/{dashboard_id}/views`."""

    path = "/dashboards/{dashboard_id:str}/views"
    tags = ["Saved views"]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/", summary="List saved views", responses=READING)
    async def index(self, opened: NamedDependency[DashboardAccess], services: NamedDependency[Services]) -> Views:
        """List the shared views and those that you keep, and what you may do with views."""
        return await services.saved_views.all(opened)

    @post("/", summary="Save a view", responses=WRITING)
    async def add(
        self,
        data: JSONBody[NewView],
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
    ) -> ShownView:
        """Keep a state under a name, for yourself or shared; a name that is taken is a conflict."""
        return await services.saved_views.add(opened, data.name, data.state, shared=data.shared)

    @get("/{view:str}", summary="Read a saved view", responses=READING)
    async def read(
        self,
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        view: FromPath[str],
    ) -> ShownView:
        """Show the view of an id or a name, with what it names and the dashboard no longer has."""
        return await services.saved_views.get(opened, view)

    @put("/{view:str}", summary="Change a saved view", responses=WRITING)
    async def change(
        self,
        data: JSONBody[Change],
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        view: FromPath[str],
    ) -> ShownView:
        """Change name, state or who sees it; what is left out stays, and a stale `version` is a conflict."""
        return await services.saved_views.change(opened, view, data)

    @delete("/{view:str}", summary="Delete a saved view", responses=WRITING)
    async def remove(
        self,
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        view: FromPath[str],
    ) -> None:
        """Delete a view; where it was the default one there is none then."""
        await services.saved_views.remove(opened, view)


class DefaultViewsApi(Controller):
    """`/dashboards/{dashboard_id}/default-view`."""

    path = "/dashboards/{dashboard_id:str}/default-view"
    tags = ["Saved views"]  # noqa: RUF012 -- Litestar reads class attributes.

    @put("/", summary="Set everybody's default view", responses=WRITING)
    async def set_default(
        self,
        data: JSONBody[ChosenDefault],
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
    ) -> Views:
        """Choose the shared view with which the dashboard opens for everybody."""
        return await services.saved_views.set_default(opened, data.view_id)

    @put("/own", summary="Set your default view", responses=WRITING)
    async def set_own_default(
        self,
        data: JSONBody[ChosenDefault],
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
    ) -> Views:
        """Choose the view with which the dashboard opens for you; an empty text says: with none."""
        return await services.saved_views.set_own_default(opened, data.view_id)
