"""REST: pinning a dashboard to versions of its data collections."""

import msgspec
from litestar import Controller, delete, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from domain.dashboards import Dashboard
from services.dashboards import DashboardAccess
from services.system import Services
from web.api.problems import WRITING


class WantedPin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The version of the table that is to be shown."""

    version: int


class PinsApi(Controller):
    """`/dashboards/{dashboard_id}/pins`."""

    path = "/dashboards/{dashboard_id:str}/pins/{collection_id:str}"
    tags = ["Dashboards"]  # noqa: RUF012 -- Litestar reads class attributes.

    @put("/", summary="Pin a data collection", responses=WRITING)
    async def pin(
        self,
        data: JSONBody[WantedPin],
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
    ) -> Dashboard:
        """Show the collection at that version of its table, whatever is ingested since."""
        return await services.pins.pin(opened, collection_id, data.version)

    @delete("/", summary="Unpin a data collection", status_code=200, responses=WRITING)
    async def unpin(
        self,
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
    ) -> Dashboard:
        """Show the collection as it is again."""
        return await services.pins.unpin(opened, collection_id)
