"""Sharing a project: with people and groups; its owner; what is public; and why somebody may."""

import msgspec

from domain.access import Capability, Principal, PrincipalKind, Role
from domain.errors import Forbidden, NotFound
from domain.groups import Group
from domain.projects import Access, Project, remove_member
from domain.sharing import Reason, Shares, Why, granted, role_of, shares, transferred, why
from domain.wording import tr
from services.audit import Audit, recorded
from services.collections import Collections
from services.dashboards import Dashboards
from services.groups import Groups
from services.people import People
from services.projects import Projects

GONE = tr("There is no such account or group.")


class Exposure(msgspec.Struct, frozen=True):
    """What everybody sees of a project when it is public: its dashboards, and its tables with their rows."""

    dashboards: tuple[str, ...]
    collections: tuple[tuple[str, int], ...]

    @property
    def rows(self) -> int:
        """All rows together."""
        return sum(rows for _, rows in self.collections)


class Sharing:
    """The use cases of the sharing page. Every change is authorised anew, against the project as it is stored."""

    def __init__(
        self,
        projects: Projects,
        people: People,
        groups: Groups,
        dashboards: Dashboards,
        collections: Collections,
        *,
        audit: Audit,
    ) -> None:
        self.audit = audit
        self._projects = projects
        self._people = people
        self._groups = groups
        self._dashboards = dashboards
        self._collections = collections

    async def shares(self, access: Access) -> Shares:
        """Everybody with whom the project is shared; for its members only, because it shows their addresses."""
        access.require(Capability.PROJECT_VIEW)
        if not access.is_member:
            raise Forbidden(tr("Only its members see who shares the project {name!r}.", name=access.project.name))
        users = await self._people.users(_ids(access.project, PrincipalKind.USER))
        return shares(access.project, list(users.values()), await self._groups_of(access.project))

    @recorded(Capability.PROJECT_SHARE, "share the project", "principal", "role")
    async def share(self, access: Access, principal: Principal, role: Role) -> Project:
        """Give a user or a group this role, whether or not they had another.

        Raises:
            NotFound: when there is no such account or group.
            Conflict: when that would leave the project without an owner.
        """
        access.require(Capability.PROJECT_SHARE)
        if role_of(access.project, principal) is None:
            await self._check_there(principal)
        return await self._projects.change(
            access, Capability.PROJECT_SHARE, lambda project: granted(project, principal, role)
        )

    @recorded(Capability.PROJECT_SHARE, "share the project no longer", "principal")
    async def withdraw(self, access: Access, principal: Principal) -> Project:
        """Take a user or a group out; `NotFound` when they are not in, `Conflict` for the last owner."""
        return await self._projects.change(
            access, Capability.PROJECT_SHARE, lambda project: remove_member(project, principal)
        )

    @recorded(Capability.PROJECT_SHARE, "transfer the project", "user_id")
    async def transfer(self, access: Access, user_id: str) -> Project:
        """Make a member the owner; who gives the project away stays as an editor, if they owned it themselves.

        Raises:
            NotFound: when the next owner is not a member.
            Conflict: when that is the actor.
        """
        giver = access.actor.user_id
        return await self._projects.change(
            access, Capability.PROJECT_SHARE, lambda project: transferred(project, giver, user_id)
        )

    async def why(self, access: Access, user_id: str) -> Why:
        """Which grants give a user which capabilities here; everybody may ask about themselves.

        Raises:
            Forbidden: when somebody asks about another without `project:share`.
            NotFound: when there is no such account.
        """
        if user_id != access.actor.user_id:
            access.require(Capability.PROJECT_SHARE)
        user = (await self._people.users([user_id])).get(user_id)
        if user is None:
            raise NotFound(GONE)
        reasons: tuple[Reason, ...] = ()
        if user.is_active:
            actor = await self._groups.joined(user.actor())
            reasons = why(access.project, actor, await self._groups_of(access.project))
        return Why(user.id, user.display_name or user.email, reasons)

    async def exposure(self, access: Access) -> Exposure:
        """What becomes visible to everybody when the project is made public."""
        access.require(Capability.PROJECT_SHARE)
        dashboards = await self._dashboards.of_project(access)
        collections = await self._collections.all(access)
        return Exposure(
            tuple(dashboard.title for dashboard in dashboards),
            tuple((collection.tag, collection.rows) for collection in collections),
        )

    async def _groups_of(self, project: Project) -> dict[str, Group]:
        return await self._groups.with_ids(_ids(project, PrincipalKind.GROUP))

    async def _check_there(self, principal: Principal) -> None:
        if principal.kind is PrincipalKind.GROUP:
            there = principal.id in await self._groups.with_ids([principal.id])
        else:
            user = (await self._people.users([principal.id])).get(principal.id)
            there = user is not None and user.is_active
        if not there:
            raise NotFound(GONE)


def _ids(project: Project, kind: PrincipalKind) -> list[str]:
    return [grant.principal.id for grant in project.grants if grant.principal.kind is kind]
