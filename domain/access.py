"""Who may do what: roles, capabilities and the one table that joins them (DESIGN.md chapter 4)."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from domain.filters import FilterState


class Role(StrEnum):
    """What a user or a group holds in one project."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"


class Capability(StrEnum):
    """One thing that may be done; the only permission vocabulary of the code."""

    PROJECT_VIEW = "project:view"
    DASHBOARD_VIEW = "dashboard:view"
    DATA_VIEW = "data:view"
    DATA_EXPORT = "data:export"
    DASHBOARD_CREATE = "dashboard:create"
    DASHBOARD_EDIT = "dashboard:edit"
    DASHBOARD_DUPLICATE = "dashboard:duplicate"
    VIEW_SAVE = "view:save"
    VIEW_KEEP = "view:keep"
    COMMENT_VIEW = "comment:view"
    COMMENT_WRITE = "comment:write"
    DASHBOARD_DELETE = "dashboard:delete"
    DASHBOARD_PUBLISH = "dashboard:publish"
    DATA_INGEST = "data:ingest"
    DATA_UPLOAD = "data:upload"
    LINK_EDIT = "link:edit"
    JOIN_EDIT = "join:edit"
    PROJECT_EDIT = "project:edit"
    PROJECT_SHARE = "project:share"
    PROJECT_DELETE = "project:delete"
    DATA_DELETE = "data:delete"
    ADMIN_USERS = "admin:users"
    ADMIN_GROUPS = "admin:groups"
    ADMIN_PROJECTS = "admin:projects"
    ADMIN_AUDIT = "admin:audit"
    ADMIN_BACKUP = "admin:backup"
    ADMIN_SITE = "admin:site"


VIEWING = frozenset(
    {Capability.PROJECT_VIEW, Capability.DASHBOARD_VIEW, Capability.DATA_VIEW, Capability.DATA_EXPORT},
)
COMMENTING = VIEWING | {Capability.COMMENT_VIEW, Capability.COMMENT_WRITE, Capability.VIEW_KEEP}
"""What a member may do at least; a visitor of a public project does not see what its members say to each other."""
EDITING = COMMENTING | {
    Capability.DASHBOARD_CREATE,
    Capability.DASHBOARD_EDIT,
    Capability.DASHBOARD_DUPLICATE,
    Capability.VIEW_SAVE,
    Capability.DATA_INGEST,
    Capability.DATA_UPLOAD,
    Capability.LINK_EDIT,
    Capability.JOIN_EDIT,
}
OWNING = EDITING | {
    Capability.DASHBOARD_DELETE,
    Capability.DASHBOARD_PUBLISH,
    Capability.PROJECT_EDIT,
    Capability.PROJECT_SHARE,
    Capability.PROJECT_DELETE,
    Capability.DATA_DELETE,
}
ADMINISTERING = frozenset(Capability)

ROLE_CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.OWNER: OWNING,
    Role.EDITOR: EDITING,
    Role.VIEWER: COMMENTING,
}


class PrincipalKind(StrEnum):
    """What a grant can be given to."""

    USER = "user"
    GROUP = "group"


class Principal(msgspec.Struct, frozen=True):
    """A user or a group, as grants name them; written `user:ID` where one string is needed."""

    kind: PrincipalKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


class Grant(msgspec.Struct, frozen=True):
    """One role in one project, held by one principal."""

    principal: Principal
    role: Role


class Invited(msgspec.Struct, frozen=True):
    """One role in one project that waits for the account of an address, which is in normal form."""

    email: str
    role: Role

    @property
    def audience(self) -> str:
        """The key under which the project is found when that account is made; no actor has it."""
        return f"invited:{self.email}"


class LinkScope(msgspec.Struct, frozen=True, kw_only=True):
    """What a share link shows: one dashboard with the tables behind it, of these only the rows that `fixed` leaves."""

    link_id: str
    project_id: str
    dashboard_id: str
    collections: frozenset[str] = frozenset()
    fixed: FilterState = ()
    may_export: bool = True

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What a visitor may do within the scope; the project itself they do not see."""
        seeing = frozenset({Capability.DASHBOARD_VIEW, Capability.DATA_VIEW})
        return seeing | {Capability.DATA_EXPORT} if self.may_export else seeing


class Origin(msgspec.Struct, frozen=True):
    """Where a request comes from, for the audit: the network address, and the request's id in the log."""

    address: str = ""
    request_id: str = ""


class Actor(msgspec.Struct, frozen=True):
    """Who asks. An anonymous visitor has no `user_id`; `groups` are group ids. Who has a `link` has nothing else."""

    user_id: str | None = None
    email: str = ""
    display_name: str = ""
    is_admin: bool = False
    groups: frozenset[str] = frozenset()
    link: LinkScope | None = None
    origin: Origin = Origin()

    @property
    def principals(self) -> frozenset[Principal]:
        """Every principal whose grants count for this actor."""
        groups = {Principal(PrincipalKind.GROUP, group) for group in self.groups}
        return frozenset(groups if self.user_id is None else {*groups, Principal(PrincipalKind.USER, self.user_id)})

    @property
    def audience(self) -> list[str]:
        """The keys under which projects visible to this actor are indexed (see `Project.audience`)."""
        if self.link is not None:
            return []
        return sorted([PUBLIC_AUDIENCE, *map(str, self.principals)])


ANONYMOUS = Actor()
PUBLIC_AUDIENCE = "public"


def capabilities(actor: Actor, grants: Iterable[Grant], *, is_public: bool) -> frozenset[Capability]:
    """All that `actor` may do in a project with these grants: the union over every grant that names them.

    Public visibility adds viewing and nothing else. A site administrator may do everything. A share link shows no
    project, not even a public one: see `domain.projects.linked_access`.
    """
    if actor.link is not None:
        return frozenset()
    if actor.is_admin:
        return ADMINISTERING
    held = VIEWING if is_public else frozenset[Capability]()
    for grant in grants:
        if grant.principal in actor.principals:
            held |= ROLE_CAPABILITIES[grant.role]
    return held
