"""The page of members beyond its lists: finding people, invitations, visibility, the owner, and why."""

import msgspec
from litestar import Controller, HttpMethod, delete, get, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect

from domain.access import Actor, Capability
from domain.errors import Invalid, NotFound
from domain.projects import Access
from domain.wording import tr
from services.system import Services
from web.formats import word
from web.pages.members import MEMBERS, RoleForm, changed, sharing_context, shown_link
from web.render import Page
from web.security.identity import signed_in

WHY = "projects/why.html"


class VisibilityForm(msgspec.Struct, frozen=True):
    public: str = ""


class OwnerForm(msgspec.Struct, frozen=True):
    user_id: str = ""


@get("/projects/{project_id:str}/sharing", guards=[signed_in])
async def sharing_address(access: NamedDependency[Access]) -> Redirect:
    """Who looks for the sharing page under this name, as REST has it, finds it."""
    return Redirect(f"/projects/{access.project.id}/members", status_code=303)


class SharingPage(Controller):
    """Below `/projects/{project_id}/members`."""

    path = "/projects/{project_id:str}/members"
    guards = [signed_in]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/people")
    async def people(
        self, access: NamedDependency[Access], services: NamedDependency[Services], email: FromQuery[str] = ""
    ) -> Page:
        """Find people and groups as their name or address is typed."""
        found = await services.directory.for_project(access, email)
        return Page(MEMBERS, await sharing_context(services, access) | {"found": found, "asked": email}, block="found")

    @route("/invitations/{email:str}", http_method=[HttpMethod.PUT, HttpMethod.POST], status_code=200)
    async def set_invited_role(
        self,
        data: URLEncodedBody[RoleForm],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        email: FromPath[str],
    ) -> Page:
        await services.invitations.set_role(access, email, data.role)
        return await changed(services, access, tr("{email} will be {role}.", email=email, role=word(data.role)))

    @post("/invitations/{email:str}/link", status_code=200)
    async def renew_link(
        self,
        data: URLEncodedBody[RoleForm],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        email: FromPath[str],
    ) -> Page:
        """Make another link for who is invited, which is in this answer and nowhere else; the earlier one ends."""
        return await shown_link(services, access, await services.invitations.invite_to(access, email, data.role))

    @delete("/invitations/{email:str}", status_code=200)
    async def uninvite(
        self, access: NamedDependency[Access], services: NamedDependency[Services], email: FromPath[str]
    ) -> Page:
        return await _uninvited(services, access, email)

    @post("/invitations/{email:str}/remove")
    async def uninvite_by_form(
        self, access: NamedDependency[Access], services: NamedDependency[Services], email: FromPath[str]
    ) -> Page:
        """Withdraw an invitation, for browsers without scripts."""
        return await _uninvited(services, access, email)

    @route("/visibility", http_method=[HttpMethod.PUT, HttpMethod.POST], status_code=200)
    async def set_visibility(
        self,
        data: URLEncodedBody[VisibilityForm],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
    ) -> Page:
        """Let everybody view the project, or only those with whom it is shared."""
        is_public = data.public == "yes"
        await services.projects.set_public(access, is_public=is_public)
        said = (
            tr("Everybody can see the project now.")
            if is_public
            else tr("Only those it is shared with see the project now.")
        )
        return await changed(services, access, said)

    @route("/owner", http_method=[HttpMethod.PUT, HttpMethod.POST], status_code=200)
    async def transfer(
        self,
        data: URLEncodedBody[OwnerForm],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
    ) -> Page:
        """Give the project to another member."""
        await services.sharing.transfer(access, data.user_id)
        return await changed(services, access, tr("The project has a new owner. You can still edit it."))

    @get("/why")
    async def why(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        user: FromQuery[str] = "",
        email: FromQuery[str] = "",
    ) -> Page:
        """Which grants give somebody which permissions: a member, or whoever has an address."""
        asked, problem = user or actor.user_id or "", ""
        if email.strip():
            access.require(Capability.PROJECT_SHARE)
            try:
                asked = (await services.people.user_by_email(email)).id
            except (NotFound, Invalid) as error:
                problem = error.message
        found = None if problem else await services.sharing.why(access, asked)
        context = {"access": access, "why": found, "email": email, "problem": problem}
        return Page(WHY, context, status_code=422 if problem else 200)


async def _uninvited(services: Services, access: Access, email: str) -> Page:
    await services.invitations.withdraw_from(access, email)
    return await changed(services, access, tr("{email} is no longer invited.", email=email))
