"""Groups: the list of one's own, and one group with its members."""

import msgspec
from litestar import Controller, HttpMethod, delete, get, post, route
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, URLEncodedBody

from domain.access import Actor
from domain.errors import Conflict, Invalid, NotFound, Problem
from domain.groups import GroupAccess
from domain.wording import tr
from services.system import Services
from web.pages.paging import matches
from web.pages.projects import refused
from web.render import Done, Page
from web.security.identity import signed_in

INDEX, GROUP = "groups/index.html", "groups/group.html"


class GroupForm(msgspec.Struct, frozen=True):
    """What a group is called, or who shall be in it: by address, or by the id of somebody who was found."""

    name: str = ""
    description: str = ""
    email: str = ""
    user_id: str = ""


class AdministratorForm(msgspec.Struct, frozen=True):
    administrator: str = ""


async def provide_group(
    services: NamedDependency[Services], actor: NamedDependency[Actor], group_id: FromPath[str]
) -> GroupAccess:
    """Open the group of the address; one that the actor is not in is NotFound."""
    return await services.groups.open(actor, group_id)


class GroupsPage(Controller):
    """`/groups`."""

    path = "/groups"
    guards = [signed_in]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/")
    async def index(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], q: FromQuery[str] = ""
    ) -> Page:
        return Page(INDEX, await _list_context(services, actor, q), block="group_list")

    @post("/")
    async def create(
        self, data: URLEncodedBody[GroupForm], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Page:
        try:
            group = await services.groups.create(actor, data.name, data.description)
        except (Invalid, Conflict) as error:
            return refused(INDEX, data, error, **await _list_context(services, actor))
        return Done(f"/groups/{group.id}", tr("The group {name} is ready for its members.", name=group.name))


class GroupPage(Controller):
    """`/groups/{group_id}`."""

    path = "/groups/{group_id:str}"
    guards = [signed_in]  # noqa: RUF012 -- Litestar reads class attributes.
    dependencies = {"opened": Provide(provide_group)}  # noqa: RUF012

    @get("/")
    async def index(self, opened: NamedDependency[GroupAccess], services: NamedDependency[Services]) -> Page:
        return Page(GROUP, await _context(services, opened))

    @post("/")
    async def rename(
        self,
        data: URLEncodedBody[GroupForm],
        opened: NamedDependency[GroupAccess],
        services: NamedDependency[Services],
    ) -> Page:
        try:
            await services.groups.rename(opened, data.name, data.description)
        except (Invalid, Conflict) as error:
            return refused(GROUP, data, error, **await _context(services, opened))
        return Done(f"/groups/{opened.group.id}", tr("The group is saved."))

    @get("/people")
    async def people(
        self, opened: NamedDependency[GroupAccess], services: NamedDependency[Services], email: FromQuery[str] = ""
    ) -> Page:
        """Find people as their name or address is typed."""
        found = await services.directory.for_group(opened, email)
        return Page(GROUP, await _context(services, opened) | {"found": found, "asked": email}, block="found")

    @post("/members")
    async def add(
        self,
        data: URLEncodedBody[GroupForm],
        opened: NamedDependency[GroupAccess],
        services: NamedDependency[Services],
    ) -> Page:
        opened.require_managing()
        try:
            if data.user_id:
                await services.groups.add_user(opened, data.user_id)
            else:
                await services.groups.add_member(opened, data.email)
        except NotFound as error:
            invalid = Invalid(error.message, (Problem("email", error.message),))
            return refused(GROUP, data, invalid, **await _context(services, opened))
        except (Invalid, Conflict) as error:
            return refused(GROUP, data, error, **await _context(services, opened))
        return await _changed(services, opened, tr("They are in the group now."))

    @route("/members/{user_id:str}", http_method=[HttpMethod.PUT, HttpMethod.POST], status_code=200)
    async def set_administrator(
        self,
        data: URLEncodedBody[AdministratorForm],
        opened: NamedDependency[GroupAccess],
        services: NamedDependency[Services],
        user_id: FromPath[str],
    ) -> Page:
        """Let a member administer the group, or no longer."""
        wanted = data.administrator == "yes"
        await services.groups.set_administrator(opened, user_id, is_administrator=wanted)
        text = tr("They administer the group now.") if wanted else tr("They no longer administer the group.")
        return await _changed(services, opened, text)

    @delete("/members/{user_id:str}", status_code=200)
    async def remove(
        self, opened: NamedDependency[GroupAccess], services: NamedDependency[Services], user_id: FromPath[str]
    ) -> Page:
        return await _removed(services, opened, user_id)

    @post("/members/{user_id:str}/remove")
    async def remove_by_form(
        self, opened: NamedDependency[GroupAccess], services: NamedDependency[Services], user_id: FromPath[str]
    ) -> Page:
        """Remove, for browsers without scripts: their forms know no DELETE."""
        return await _removed(services, opened, user_id)

    @post("/delete")
    async def delete_group(self, opened: NamedDependency[GroupAccess], services: NamedDependency[Services]) -> Page:
        await services.groups.delete(opened)
        return Done("/groups", tr("The group {name} is deleted.", name=opened.group.name))


async def _list_context(services: Services, actor: Actor, q: str = "") -> dict[str, object]:
    mine = await services.groups.mine(actor)
    groups = [group for group in mine if matches(q, group.name, group.description)]
    return {"groups": groups, "any": bool(mine), "q": q, "form": GroupForm(), "problems": {}, "message": ""}


async def _context(services: Services, opened: GroupAccess) -> dict[str, object]:
    members = await services.groups.members(opened)
    context: dict[str, object] = {"opened": opened, "group": opened.group, "members": members, "form": GroupForm()}
    return context | {"problems": {}, "message": "", "found": [], "asked": ""}


async def _removed(services: Services, opened: GroupAccess, user_id: str) -> Page:
    await services.groups.remove_member(opened, user_id)
    return await _changed(services, opened, tr("They have left the group."))


async def _changed(services: Services, opened: GroupAccess, text: str) -> Page:
    """The group as it is now; who has left it is led to the others."""
    try:
        now = await services.groups.open(opened.actor, opened.group.id)
    except NotFound:
        return Done("/groups", tr("You have left the group."))
    location = f"/groups/{now.group.id}"
    return Done(location, text, GROUP, await _context(services, now), block="members")
