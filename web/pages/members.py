"""With whom a project is shared: adding people, groups and addresses, roles changed in place, removal."""

import msgspec
from litestar import Controller, HttpMethod, delete, get, post, route
from litestar.di import NamedDependency, Provide
from litestar.params import URLEncodedBody

from domain.access import Capability, Principal, PrincipalKind, Role
from domain.accounts import Registration, Waiting
from domain.errors import Conflict, Invalid, NotFound, Problem
from domain.projects import Access
from domain.sharing import Shares
from domain.wording import tr
from services.invitations import Invited
from services.system import Services
from web.formats import word
from web.pages.invitations import invitation_link
from web.pages.projects import refused
from web.provide import provide_principal
from web.render import Done, Page
from web.security.cookies import Notice
from web.security.identity import signed_in

MEMBERS = "projects/members.html"
ONE = ["/{user_id:str}", "/groups/{group_id:str}"]
"""The addresses of a person and of a group with whom the project is shared."""


class NewMemberForm(msgspec.Struct, frozen=True):
    """Whom to share with: an address, or `kind:id` of somebody who was found as a name was typed."""

    email: str = ""
    role: Role = Role.VIEWER
    principal: str = ""


class RoleForm(msgspec.Struct, frozen=True):
    role: Role


class MembersPage(Controller):
    """`/projects/{project_id}/members`."""

    path = "/projects/{project_id:str}/members"
    guards = [signed_in]  # noqa: RUF012 -- Litestar reads class attributes.
    dependencies = {"principal": Provide(provide_principal, sync_to_thread=False)}  # noqa: RUF012

    @get("/")
    async def index(self, access: NamedDependency[Access], services: NamedDependency[Services]) -> Page:
        return Page(MEMBERS, await sharing_context(services, access), block="members")

    @post("/")
    async def add(
        self, data: URLEncodedBody[NewMemberForm], access: NamedDependency[Access], services: NamedDependency[Services]
    ) -> Page:
        access.require(Capability.PROJECT_SHARE)
        try:
            said, made = await _add(services, access, data)
        except NotFound as error:
            invalid = Invalid(error.message, (Problem("email", error.message),))
            return refused(MEMBERS, data, invalid, **await sharing_context(services, access))
        except (Invalid, Conflict) as error:
            return refused(MEMBERS, data, error, **await sharing_context(services, access))
        return await (changed(services, access, said) if made is None else shown_link(services, access, made))

    @route(ONE, http_method=[HttpMethod.PUT, HttpMethod.POST], status_code=200)
    async def set_role(
        self,
        data: URLEncodedBody[RoleForm],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        principal: NamedDependency[Principal],
    ) -> Page:
        await services.sharing.share(access, principal, data.role)
        name = await _name(services, principal)
        return await changed(services, access, tr("{name} is now {role}.", name=name, role=word(data.role)))

    @delete(ONE, status_code=200)
    async def remove(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        principal: NamedDependency[Principal],
    ) -> Page:
        return await _removed(services, access, principal)

    @post([f"{path}/remove" for path in ONE])
    async def remove_by_form(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        principal: NamedDependency[Principal],
    ) -> Page:
        """Remove, for browsers without scripts: their forms know no DELETE."""
        return await _removed(services, access, principal)


async def _add(services: Services, access: Access, data: NewMemberForm) -> tuple[str, Invited | None]:
    """Share as the form says; what is said when it is done, and the invitation when that is what it takes."""
    if data.principal:
        await services.sharing.share(access, read_principal(data.principal), data.role)
        return tr("The project is shared with them as {role}.", role=word(data.role)), None
    address = data.email.strip()
    invited = await services.invitations.share_or_invite(access, address, data.role)
    return tr("{address} is now {role} of the project.", address=address, role=word(data.role)), invited


async def shown_link(services: Services, access: Access, made: Invited) -> Page:
    """The members with the link of a new invitation, which is in this answer and nowhere else."""
    context = await sharing_context(services, access)
    context |= {"made": made.invitation.email, "link": invitation_link(services, made)}
    said = tr(
        "{email} has no account yet. It will be {role} of the project once there is one.",
        email=made.invitation.email,
        role=word(made.invitation.role or ""),
    )
    return Page(MEMBERS, context, block="members", notice=Notice(said))


def read_principal(text: str) -> Principal:
    """The user or group of a form's `kind:id`.

    Raises:
        NotFound: when it is neither.
    """
    kind, _, id_ = text.partition(":")
    if kind not in set(PrincipalKind) or not id_:
        raise NotFound(tr("There is no such account or group."))
    return Principal(PrincipalKind(kind), id_)


async def sharing_context(services: Services, access: Access) -> dict[str, object]:
    """What the sharing page shows; what is public only for those who may change it."""
    shares = await services.sharing.shares(access)
    exposure = await services.sharing.exposure(access) if access.may(Capability.PROJECT_SHARE) else None
    links = await services.share_links.of_project(access) if access.may(Capability.DASHBOARD_PUBLISH) else []
    context: dict[str, object] = {"access": access, "shares": shares, "members": shares.members, "exposure": exposure}
    context |= {"links": links, "now": services.share_links.now(), "made": "", "link": ""}
    context["invites"] = (await services.accounts.admission()).rule is not Registration.OFF
    context["waiting"] = await _waiting(services, access, shares)
    return context | {"form": NewMemberForm(), "problems": {}, "message": "", "found": [], "asked": ""}


async def _waiting(services: Services, access: Access, shares: Shares) -> list[Waiting]:
    """Who is invited and did not become a member otherwise meanwhile."""
    if not access.may(Capability.PROJECT_SHARE):
        return []
    there = {member.user.email for member in shares.members}
    return [one for one in await services.invitations.pending_to(access) if one.invitation.email not in there]


async def _name(services: Services, principal: Principal) -> str:
    if principal.kind is PrincipalKind.GROUP:
        groups = await services.groups.with_ids([principal.id])
        return groups[principal.id].name if principal.id in groups else tr("The group")
    users = await services.people.users([principal.id])
    return users[principal.id].display_name if principal.id in users else tr("The member")


async def _removed(services: Services, access: Access, principal: Principal) -> Page:
    name = await _name(services, principal)
    await services.sharing.withdraw(access, principal)
    return await changed(services, access, tr("{name} is removed from the project.", name=name))


async def changed(services: Services, access: Access, text: str) -> Page:
    """The members as they are now; who took away their own access is led to the projects."""
    try:
        now = await services.projects.open(access.actor, access.project.id)
    except NotFound:
        return Done("/projects", tr("You have left the project."))
    location = f"/projects/{access.project.id}/members"
    return Done(location, text, MEMBERS, await sharing_context(services, now), block="members")
