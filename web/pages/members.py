"""The members of a project: adding by address, roles changed in place, removal."""

import msgspec
from litestar import Controller, HttpMethod, delete, get, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from domain.access import Capability, Role
from domain.errors import Conflict, Invalid, NotFound, Problem
from domain.projects import Access
from services.system import Services
from web.pages.projects import refused
from web.render import Done, Page
from web.security.identity import signed_in

MEMBERS = "projects/members.html"


class NewMemberForm(msgspec.Struct, frozen=True):
    email: str = ""
    role: Role = Role.VIEWER


class RoleForm(msgspec.Struct, frozen=True):
    role: Role


class MembersPage(Controller):
    """`/projects/{project_id}/members`."""

    path = "/projects/{project_id:str}/members"
    guards = [signed_in]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/")
    async def index(self, access: NamedDependency[Access], services: NamedDependency[Services]) -> Page:
        return Page(MEMBERS, await _context(services, access), block="members")

    @post("/")
    async def add(
        self, data: URLEncodedBody[NewMemberForm], access: NamedDependency[Access], services: NamedDependency[Services]
    ) -> Page:
        access.require(Capability.PROJECT_SHARE)
        try:
            await services.projects.add_member(access, data.email, data.role)
        except NotFound as error:
            invalid = Invalid(error.message, (Problem("email", error.message),))
            return refused(MEMBERS, data, invalid, **await _context(services, access))
        except (Invalid, Conflict) as error:
            return refused(MEMBERS, data, error, **await _context(services, access))
        return await _changed(services, access, f"{data.email.strip()} is now {data.role} of the project.")

    @route("/{user_id:str}", http_method=[HttpMethod.PUT, HttpMethod.POST], status_code=200)
    async def set_role(
        self,
        data: URLEncodedBody[RoleForm],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        user_id: FromPath[str],
    ) -> Page:
        await services.projects.set_role(access, user_id, data.role)
        return await _changed(services, access, f"{await _name(services, user_id)} is now {data.role}.")

    @delete("/{user_id:str}", status_code=200)
    async def remove(
        self, access: NamedDependency[Access], services: NamedDependency[Services], user_id: FromPath[str]
    ) -> Page:
        return await _removed(services, access, user_id)

    @post("/{user_id:str}/remove")
    async def remove_by_form(
        self, access: NamedDependency[Access], services: NamedDependency[Services], user_id: FromPath[str]
    ) -> Page:
        """Remove, for browsers without scripts: their forms know no DELETE."""
        return await _removed(services, access, user_id)


async def _context(services: Services, access: Access) -> dict[str, object]:
    members = await services.projects.members(access)
    return {"access": access, "members": members, "form": NewMemberForm(), "problems": {}, "message": ""}


async def _name(services: Services, user_id: str) -> str:
    users = await services.people.users([user_id])
    return users[user_id].display_name if user_id in users else "The member"


async def _removed(services: Services, access: Access, user_id: str) -> Page:
    await services.projects.remove_member(access, user_id)
    return await _changed(services, access, f"{await _name(services, user_id)} is removed from the project.")


async def _changed(services: Services, access: Access, text: str) -> Page:
    """The members as they are now; who took away their own access is led to the projects."""
    try:
        now = await services.projects.open(access.actor, access.project.id)
    except NotFound:
        return Done("/projects", "You have left the project.")
    location = f"/projects/{access.project.id}/members"
    return Done(location, text, MEMBERS, await _context(services, now), block="members")
