"""Projects: finding, changing and sharing them. Here alone an `Access` is made."""

from collections.abc import Callable

import msgspec

from domain.access import Actor, Capability, Grant, Principal, PrincipalKind, Role, permit
from domain.description import ProjectDescription
from domain.errors import Conflict, Forbidden, NotFound
from domain.projects import (
    Access,
    Member,
    Project,
    ProjectType,
    access,
    checked_id,
    checked_name,
    describe,
    linked_access,
    needed_to_change,
    redescribe,
    rename,
    set_public,
    set_role,
    with_grants,
)
from domain.sharing import role_of, welcomed, without_group
from domain.wording import tr
from persistence.mongo import new_id
from persistence.projects import ProjectRepository
from services.audit import Audit, recorded
from services.clock import Clock
from services.contents import Contents
from services.people import People
from services.saving import save

INVISIBLE = tr("There is no such project, or it is not shared with you.")
ORDER = list(Role)


class Projects:
    """The use cases of projects. Every change is authorised anew, against the project as it is stored."""

    def __init__(
        self, projects: ProjectRepository, people: People, contents: Contents, now: Clock, *, audit: Audit
    ) -> None:
        self.audit = audit
        self._projects = projects
        self._people = people
        self._contents = contents
        self._now = now

    async def open(self, actor: Actor, project_id: str) -> Access:
        """The proof that the actor may see the project, and what else they may do in it.

        Raises:
            NotFound: when there is none, or it is not theirs to see; the two are not told apart.
        """
        project = await self._projects.find(project_id)
        if project is None:
            raise NotFound(INVISIBLE)
        return access(actor, project)

    async def open_dashboard(self, actor: Actor, project_id: str, dashboard_id: str) -> Access:
        """The proof for one dashboard: of a visitor by share link it reaches nothing else; of others as from `open`."""
        if actor.link is None:
            return await self.open(actor, project_id)
        project = await self._projects.find(project_id)
        if project is None:
            raise NotFound(INVISIBLE)
        return linked_access(actor, project, dashboard_id)

    async def visible(self, actor: Actor) -> list[Project]:
        """All projects that the actor may see, by name; without their project files (`source` is None)."""
        found = await self._projects.visible_to(actor)
        return sorted(found, key=lambda project: (project.name.casefold(), project.id))

    async def create(
        self, actor: Actor, name: str, description: str = "", project_type: ProjectType = ProjectType.BASIC
    ) -> Project:
        """A new project, whose owner is the actor.

        Raises:
            Unauthenticated: for a visitor who is not signed in.
            Invalid: when the name or the description cannot be used.
            Conflict: when the actor has a project of that name.
        """
        project = self._new(actor, checked_name(name))
        project = describe(msgspec.structs.replace(project, project_type=project_type), description)
        return await self._projects.add(project)

    async def register(self, actor: Actor, description: ProjectDescription) -> Access:
        """The project of a project file: created, or brought up to date with what the file says otherwise than before.

        It is the one with the file's `id`, or else the actor's own of that name.

        Raises:
            NotFound: when the id is that of a project which the actor may not see.
            Forbidden: when the file changes what the actor may not change.
        """
        found = await self._described(actor, description)
        if found is None:
            try:
                return access(actor, await self._projects.add(self._from_file(actor, description)))
            except Conflict:
                found = await self._described(actor, description)
                if found is None:
                    raise
        return access(
            actor, await self._save(access(actor, found), lambda project: _of_file(actor, project, description))
        )

    async def find_described(self, actor: Actor, description: ProjectDescription) -> Access | None:
        """The project that `register` would bring up to date; None when it would create one.

        Raises:
            NotFound: when the id is that of a project which the actor may not see.
            Forbidden: without `data:ingest`.
        """
        found = await self._described(actor, description)
        if found is None:
            return None
        held = access(actor, found)
        held.require(Capability.DATA_INGEST)
        return held

    async def rename(self, access: Access, name: str) -> Project:
        """Give the project another name; `Conflict` when its creator has one of that name."""
        return await self._change(access, Capability.PROJECT_EDIT, lambda project: rename(project, name))

    async def describe(self, access: Access, description: str) -> Project:
        """Give the project another description."""
        return await self._change(access, Capability.PROJECT_EDIT, lambda project: describe(project, description))

    @recorded(Capability.PROJECT_SHARE, "set who may view the project", "is_public")
    async def set_public(self, access: Access, *, is_public: bool) -> Project:
        """Let everybody view the project, or only its members."""
        return await self._change(
            access, Capability.PROJECT_SHARE, lambda project: set_public(project, is_public=is_public)
        )

    async def members(self, access: Access, *, most: int | None = None) -> list[Member]:
        """Who shares the project, owners first; for its members only, because it shows their addresses.

        With `most` so many, who were let in first, and no others' accounts are read.
        """
        access.require(Capability.PROJECT_VIEW)
        if not access.is_member:
            raise Forbidden(tr("Only its members see who shares the project {name!r}.", name=access.project.name))
        grants = [grant for grant in access.project.grants if grant.principal.kind is PrincipalKind.USER]
        grants.sort(key=lambda grant: ORDER.index(grant.role))
        roles = {grant.principal.id: grant.role for grant in grants[:most]}
        users = await self._people.users(roles)
        members = [Member(user, roles[user.id]) for user in users.values()]
        return sorted(members, key=lambda member: (ORDER.index(member.role), member.user.email))

    @recorded(Capability.PROJECT_SHARE, "add a member", "email", "role")
    async def add_member(self, access: Access, email: str, role: Role) -> Project:
        """Share the project with the account of that address.

        Raises:
            NotFound: when nobody has such an account.
            Conflict: when they are a member already.
        """
        access.require(Capability.PROJECT_SHARE)
        user = await self._people.user_by_email(email)

        def rule(project: Project) -> Project:
            if role_of(project, _principal(user.id)) is not None:
                raise Conflict(tr("{email} is a member already. Change the role in the list.", email=user.email))
            return set_role(project, _principal(user.id), role)

        return await self._change(access, Capability.PROJECT_SHARE, rule)

    async def change(self, proof: Access, capability: Capability, rule: Callable[[Project], Project]) -> Project:
        """Save what `rule` makes of the project as it is stored, for whoever holds the capability there.

        The audit has no row of this: whoever calls it knows what it is for.
        """
        return await self._change(proof, capability, rule)

    @recorded(Capability.PROJECT_SHARE, "let in who was invited", "user_id", "role")
    async def let_in(self, access: Access, user_id: str, role: Role) -> Project:
        """Give who was invited the role that waited for them; one that they hold already is not taken.

        Raises:
            Forbidden: when who invited may not share the project any more.
        """
        return await self._change(
            access, Capability.PROJECT_SHARE, lambda project: welcomed(project, _principal(user_id), role)
        )

    async def withdraw(self, group: Principal) -> None:
        """Take a group out of every project. Asks for no permission: `Groups.delete` has."""
        for project in await self._projects.with_audience(str(group)):
            await self._settle(project, lambda stored: without_group(stored, group))

    @recorded(Capability.PROJECT_DELETE, "delete the project")
    async def delete(self, access: Access) -> None:
        """Delete the project with its dashboards, its data collections and their tables.

        The project itself goes last: after a crash it is still there, to be deleted again.
        """
        stored = await self.open(access.actor, access.project.id)
        stored.require(Capability.PROJECT_DELETE)
        await self._contents.remove(stored.project.id)
        await self._projects.remove(stored.project.id)

    async def _settle(self, project: Project, rule: Callable[[Project], Project]) -> Project:
        """Apply a rule that nobody asked for by name; `updated_at` says when people last changed something."""

        async def read() -> Project:
            return await self._projects.get(project.id)

        return await save(read, rule, self._projects.replace)

    async def _change(self, proof: Access, capability: Capability, rule: Callable[[Project], Project]) -> Project:
        proof.require(capability)

        def authorised(project: Project) -> Project:
            access(proof.actor, project).require(capability)
            return rule(project)

        return await self._save(proof, authorised)

    async def _save(self, proof: Access, rule: Callable[[Project], Project]) -> Project:
        """Apply the rule, which asks for what it needs, to the project as it is stored."""

        async def read() -> Project:
            return (await self.open(proof.actor, proof.project.id)).project

        async def write(project: Project) -> Project:
            return await self._projects.replace(msgspec.structs.replace(project, updated_at=self._now()))

        return await save(read, rule, write)

    async def _described(self, actor: Actor, description: ProjectDescription) -> Project | None:
        if description.id is not None:
            return await self._projects.find(description.id)
        return await self._projects.find_by_name(_user_id(actor), checked_name(description.name))

    def _from_file(self, actor: Actor, description: ProjectDescription) -> Project:
        project = self._new(actor, checked_name(description.name))
        if description.id is not None:
            project = msgspec.structs.replace(project, id=checked_id(description.id))
        return redescribe(project, description)

    def _new(self, actor: Actor, name: str) -> Project:
        user_id = _user_id(actor)
        at = self._now()
        project = Project(id=new_id(), name=name, created_by=user_id, created_at=at, updated_at=at)
        return with_grants(project, (Grant(_principal(user_id), Role.OWNER),))


def _of_file(actor: Actor, project: Project, description: ProjectDescription) -> Project:
    held = access(actor, project)
    held.require(Capability.DATA_INGEST)
    changed = redescribe(project, description)
    for capability in sorted(needed_to_change(project, changed)):
        held.require(capability)
    return changed


def _principal(user_id: str) -> Principal:
    return Principal(PrincipalKind.USER, user_id)


def _user_id(actor: Actor) -> str:
    return permit(actor, Capability.PROJECT_CREATE, tr("create projects"))
