"""What administrators see of the whole site: projects with what they store, groups, ingests, and who is signed in."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from domain.access import Actor, Capability, PrincipalKind, Role, permit
from domain.groups import Group
from domain.images import folder_of
from domain.ingests import IngestRecord, Outcome
from domain.listing import Listing, Wanted, listing
from domain.people import BrowserSession, User
from domain.projects import Project
from domain.wording import tr
from persistence.collections import CollectionRepository, IngestRepository
from persistence.groups import GroupRepository
from persistence.leases import Leases, holder_of
from persistence.objects import ObjectStore
from persistence.people import SessionRepository, UserRepository
from persistence.projects import ProjectRepository
from services.audit import Audit, recorded
from services.clock import Clock
from services.sessions import Sessions

LEASE = "ingest:"
SEEN = timedelta(days=30)
"""So far back failed ingests are listed; the log of a project has the older ones."""


class ProjectUse(msgspec.Struct, frozen=True, kw_only=True):
    """A project with its owners, and what it stores: rows of the newest tables, and bytes of all their versions."""

    id: str
    name: str
    owners: tuple[str, ...]
    is_public: bool
    updated_at: datetime
    collections: int
    rows: int
    bytes: int


class GroupUse(msgspec.Struct, frozen=True, kw_only=True):
    """A group with the addresses of its administrators, how many are in it, and with how many projects it shares."""

    id: str
    name: str
    administrators: tuple[str, ...]
    members: int
    projects: int
    created_at: datetime


class RunningIngest(msgspec.Struct, frozen=True, kw_only=True):
    """A data collection that is being ingested now; `holder` is the machine and the process that does it."""

    collection_id: str
    tag: str
    project_id: str
    project: str
    holder: str


class FailedIngest(msgspec.Struct, frozen=True, kw_only=True):
    """An ingest that failed, by whom and why."""

    id: str
    project_id: str
    project: str
    tag: str
    by: str
    at: datetime
    message: str


class LiveSession(msgspec.Struct, frozen=True, kw_only=True):
    """A browser that is signed in, whose it is, and when that ends unless it is used."""

    id: str
    user_id: str
    email: str
    address: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    ends_at: datetime


class Overview:
    """The use cases of looking after a site; each is for administrators."""

    def __init__(
        self,
        projects: ProjectRepository,
        collections: CollectionRepository,
        ingests: IngestRepository,
        leases: Leases,
        objects: ObjectStore,
        users: UserRepository,
        groups: GroupRepository,
        sessions: SessionRepository,
        ending: Sessions,
        now: Clock,
        *,
        audit: Audit,
    ) -> None:
        self.audit = audit
        self._projects = projects
        self._collections = collections
        self._ingests = ingests
        self._leases = leases
        self._objects = objects
        self._users = users
        self._groups = groups
        self._sessions = sessions
        self._ending = ending
        self._now = now

    async def projects(self, actor: Actor, wanted: Wanted) -> Listing[ProjectUse]:
        """All projects by `name` or `updated`; storage is counted for those of the page, as it is now.

        Raises:
            Forbidden: for all but administrators.
            Invalid: for a page that cannot be.
        """
        permit(actor, Capability.ADMIN_PROJECTS, tr("list all projects"))
        found = await self._projects.visible_to(actor)
        part = listing(
            found,
            wanted,
            lambda one: f"{one.name} {one.description}",
            {"name": lambda one: (one.name.casefold(), one.id), "updated": lambda one: (one.updated_at, one.id)},
        )
        names = await self._owners(part.items)
        used = await asyncio.gather(*(self._use(project, names) for project in part.items))
        return Listing(tuple(used), part.total, part.offset, part.next)

    async def running(self, actor: Actor) -> list[RunningIngest]:
        """The ingests of this moment; one whose process was killed is here until its lease ends, a few seconds."""
        permit(actor, Capability.ADMIN_PROJECTS, tr("see the ingests of all projects"))
        holders = {lease.id.removeprefix(LEASE): lease.owner for lease in await self._leases.live(LEASE)}
        collections = await self._collections.with_ids(holders)
        names = await self._names(actor)
        found = [
            RunningIngest(
                collection_id=one.id,
                tag=one.tag,
                project_id=one.project_id,
                project=names.get(one.project_id, ""),
                holder=holder_of(holders[one.id]),
            )
            for one in collections
        ]
        return sorted(found, key=lambda one: (one.project, one.tag))

    async def failed(self, actor: Actor, wanted: Wanted) -> Listing[FailedIngest]:
        """The failed ingests of the last 30 days, the newest first without `sort`; errors as for `projects`."""
        permit(actor, Capability.ADMIN_PROJECTS, tr("see the ingests of all projects"))
        records = await self._ingests.since(self._now() - SEEN)
        names = await self._names(actor)
        failed = [_failed(one, names) for one in records if one.report.outcome is Outcome.FAILED]
        wanted = msgspec.structs.replace(wanted, sort=wanted.sort or "-at")
        return listing(
            failed,
            wanted,
            lambda one: f"{one.project} {one.tag} {one.by} {one.message}",
            {"at": lambda one: (one.at, one.id), "project": lambda one: (one.project.casefold(), one.tag, one.id)},
        )

    async def sessions(self, actor: Actor, wanted: Wanted) -> Listing[LiveSession]:
        """The signed-in browsers of everybody, the last used first without `sort`; errors as for `projects`."""
        permit(actor, Capability.ADMIN_USERS, tr("see everybody's sessions"))
        shown = await self._live()
        wanted = msgspec.structs.replace(wanted, sort=wanted.sort or "-used")
        return listing(
            shown,
            wanted,
            lambda one: f"{one.email} {one.address} {one.user_agent}",
            {"used": lambda one: (one.last_seen_at, one.id), "email": lambda one: (one.email, one.id)},
        )

    async def live(self, actor: Actor, ids: Iterable[str]) -> list[LiveSession]:
        """Those with these ids that are not over, by address; `Forbidden` for all but administrators."""
        permit(actor, Capability.ADMIN_USERS, tr("see everybody's sessions"))
        wanted = set(ids)
        return sorted((one for one in await self._live() if one.id in wanted), key=lambda one: (one.email, one.id))

    @recorded(Capability.ADMIN_USERS, "end somebody's session", on="user:user_id")
    async def end_session(self, actor: Actor, user_id: str, session_id: str) -> None:
        """Sign out one of somebody's browsers; `NotFound` when it is another's, or over."""
        permit(actor, Capability.ADMIN_USERS, tr("end others' sessions"))
        await self._ending.revoke(user_id, session_id)

    async def users(self, actor: Actor, wanted: Wanted) -> Listing[User]:
        """Accounts by `email`, `name` or `created`, or only those of a search; errors as `projects`."""
        permit(actor, Capability.ADMIN_USERS, tr("list the accounts"))
        return listing(
            await self._users.all(),
            wanted,
            lambda one: f"{one.email} {one.display_name}",
            {
                "email": lambda one: one.email,
                "name": lambda one: (one.display_name.casefold(), one.id),
                "created": lambda one: (one.created_at, one.id),
            },
        )

    async def groups(self, actor: Actor, wanted: Wanted) -> Listing[GroupUse]:
        """All groups by `name`, `members` or `created`; errors as for `projects`."""
        permit(actor, Capability.ADMIN_USERS, tr("list all groups"))
        part = listing(
            await self._groups.all(),
            wanted,
            lambda one: f"{one.name} {one.description}",
            {
                "name": lambda one: (one.name_key, one.id),
                "members": lambda one: (len(one.members), one.id),
                "created": lambda one: (one.created_at, one.id),
            },
        )
        users = await self._users.with_ids({id_ for group in part.items for id_ in group.administrators})
        emails = {user.id: user.email for user in users}
        shared = Counter(
            grant.principal.id for project in await self._projects.visible_to(actor) for grant in project.grants
        )
        used = (_used(group, emails, shared[group.id]) for group in part.items)
        return Listing(tuple(used), part.total, part.offset, part.next)

    async def _live(self) -> list[LiveSession]:
        at = self._now()
        live = [one for one in await self._sessions.live(at) if at < one.idle_expires_at]
        users = {user.id: user for user in await self._users.with_ids({one.user_id for one in live})}
        return [_live(one, users[one.user_id]) for one in live if one.user_id in users]

    async def _names(self, actor: Actor) -> dict[str, str]:
        return {project.id: project.name for project in await self._projects.visible_to(actor)}

    async def _owners(self, projects: tuple[Project, ...]) -> dict[str, str]:
        """What people call each owner of these projects, by principal."""
        owners = [grant.principal for project in projects for grant in project.grants if grant.role is Role.OWNER]
        users = await self._users.with_ids({one.id for one in owners if one.kind is PrincipalKind.USER})
        groups = await self._groups.with_ids({one.id for one in owners if one.kind is PrincipalKind.GROUP})
        found = {f"{PrincipalKind.USER}:{user.id}": user.email for user in users}
        return found | {f"{PrincipalKind.GROUP}:{group.id}": group.name for group in groups}

    async def _use(self, project: Project, names: dict[str, str]) -> ProjectUse:
        collections = await self._collections.of_project(project.id)
        folders = {f"tables/{project.id}", f"pictures/{project.id}"}
        folders |= {folder_of(one.id) for one in collections} | {one.table_path for one in collections}
        stored = {one.path: one.size for folder in folders - {""} for one in await self._objects.list(folder)}
        owners = [str(grant.principal) for grant in project.grants if grant.role is Role.OWNER]
        return ProjectUse(
            id=project.id,
            name=project.name,
            owners=tuple(sorted(names[one] for one in owners if one in names)),
            is_public=project.is_public,
            updated_at=project.updated_at,
            collections=len(collections),
            rows=sum(one.rows for one in collections),
            bytes=sum(stored.values()),
        )


def _used(group: Group, emails: dict[str, str], projects: int) -> GroupUse:
    return GroupUse(
        id=group.id,
        name=group.name,
        administrators=tuple(sorted(emails[one] for one in group.administrators if one in emails)),
        members=len(group.members),
        projects=projects,
        created_at=group.created_at,
    )


def _failed(record: IngestRecord, names: dict[str, str]) -> FailedIngest:
    return FailedIngest(
        id=record.id,
        project_id=record.project_id,
        project=names.get(record.project_id, ""),
        tag=record.report.tag,
        by=record.user_email,
        at=record.finished_at,
        message=record.report.message,
    )


def _live(session: BrowserSession, user: User) -> LiveSession:
    return LiveSession(
        id=session.id,
        user_id=user.id,
        email=user.email,
        address=session.address,
        user_agent=session.user_agent,
        created_at=session.created_at,
        last_seen_at=session.last_seen_at,
        ends_at=min(session.idle_expires_at, session.expires_at),
    )
