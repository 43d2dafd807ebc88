"""What handlers ask for by name: `services`, `actor`, and the proof of access to the project of the address."""

from typing import Any

from litestar import Request
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from domain.access import Actor, Principal, PrincipalKind
from domain.projects import Access
from services.system import Services
from web.files import Assets


def provide_actor(request: Request[Actor, str | None, Any]) -> Actor:
    """Return who asks; anonymous when nobody is signed in."""
    return request.user


async def provide_access(
    services: NamedDependency[Services], actor: NamedDependency[Actor], project_id: FromPath[str]
) -> Access:
    """Open the project of the address; an invisible one is NotFound."""
    return await services.projects.open(actor, project_id)


def provide_principal(request: Request[Actor, str | None, Any]) -> Principal:
    """The group, or else the person, whom the address names."""
    named = request.path_params
    if "group_id" in named:
        return Principal(PrincipalKind.GROUP, named["group_id"])
    return Principal(PrincipalKind.USER, named["user_id"])


def dependencies(services: Services, assets: Assets) -> dict[str, Provide]:
    """The dependencies of every handler. `access` is for addresses with a `project_id`."""
    return {
        "services": Provide(lambda: services, sync_to_thread=False),
        "assets": Provide(lambda: assets, sync_to_thread=False),
        "actor": Provide(provide_actor, sync_to_thread=False),
        "access": Provide(provide_access),
    }
