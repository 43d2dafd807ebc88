"""Who may do what: roles, capabilities and the one table that joins them (DESIGN.md chapter 4)."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from domain.errors import Forbidden, Unauthenticated
from domain.filters import FilterState
from domain.wording import tr


class Role(StrEnum):
    """What a user or a group holds in one project."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"


ROLE_WORDS = {Role.OWNER: tr("owner"), Role.EDITOR: tr("editor"), Role.VIEWER: tr("viewer")}
"""What people call each of them."""


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
    PROJECT_CREATE = "project:create"
    ACCOUNT_EDIT = "account:edit"
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


SIGNED_IN = frozenset({Capability.PROJECT_CREATE, Capability.ACCOUNT_EDIT})
"""What everybody with an account may do outside of projects: make one, and look after their own account."""


class Scope(StrEnum):
    """What a named API token is good for; several add up."""

    READ = "read"
    INGEST = "ingest"
    ADMIN = "admin"


SCOPE_CAPABILITIES: dict[Scope, frozenset[Capability]] = {
    Scope.READ: VIEWING | {Capability.COMMENT_VIEW},
    Scope.INGEST: frozenset(
        {
            Capability.PROJECT_VIEW,
            Capability.PROJECT_CREATE,
            Capability.DATA_INGEST,
            Capability.DATA_UPLOAD,
            Capability.LINK_EDIT,
            Capability.JOIN_EDIT,
        }
    ),
    Scope.ADMIN: ADMINISTERING,
}
"""What a token lets through of what its user may do. A pipeline that only ingests needs no right to read tables."""


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
    """Who asks. An anonymous visitor has no `user_id`; `groups` are group ids. Who has a `link` has nothing else.

    `scopes` are those of the API token that they ask by, None when they signed in themselves.
    """

    user_id: str | None = None
    email: str = ""
    display_name: str = ""
    is_admin: bool = False
    groups: frozenset[str] = frozenset()
    link: LinkScope | None = None
    scopes: frozenset[Scope] | None = None
    sees_public: bool = True
    """False for anonymous visitors of a site that shows them nothing."""
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
        public = [PUBLIC_AUDIENCE] if self.sees_public else []
        return sorted([*public, *map(str, self.principals)])


ANONYMOUS = Actor()
PUBLIC_AUDIENCE = "public"


def by_token(actor: Actor, scopes: frozenset[Scope]) -> Actor:
    """The actor that a user is when they ask by a token: an administrator only where the token says so."""
    return msgspec.structs.replace(actor, scopes=scopes, is_admin=actor.is_admin and Scope.ADMIN in scopes)


def let_through(actor: Actor) -> frozenset[Capability]:
    """What the actor's token lets through: everything when there is none."""
    if actor.scopes is None:
        return ADMINISTERING
    return frozenset().union(*(SCOPE_CAPABILITIES[scope] for scope in actor.scopes))


def capabilities(actor: Actor, grants: Iterable[Grant], *, is_public: bool) -> frozenset[Capability]:
    """All that `actor` may do in a project with these grants: the union over every grant that names them.

    Public visibility adds viewing and nothing else. A site administrator may do everything. Whoever asks by a token
    may do what its scopes let through of that. A share link shows no project, not even a public one: see
    `domain.projects.linked_access`.
    """
    if actor.link is not None:
        return frozenset()
    if actor.is_admin:
        return ADMINISTERING & let_through(actor)
    held = VIEWING if is_public and actor.sees_public else frozenset[Capability]()
    for grant in grants:
        if grant.principal in actor.principals:
            held |= ROLE_CAPABILITIES[grant.role]
    return held & let_through(actor)


def site_capabilities(actor: Actor) -> frozenset[Capability]:
    """All that `actor` may do outside of projects."""
    if actor.user_id is None:
        return frozenset()
    return (ADMINISTERING if actor.is_admin else SIGNED_IN) & let_through(actor)


def permit(actor: Actor, capability: Capability, doing: str) -> str:
    """Let pass who may do this outside of projects, and return their user id; `doing` says what it is.

    Raises:
        Unauthenticated: when nobody is signed in.
        Forbidden: when the capability is missing, to the account or to its token.
    """
    if actor.user_id is None:
        raise Unauthenticated(tr("Sign in to {doing}.", doing=doing))
    if capability in site_capabilities(actor):
        return actor.user_id
    if capability not in site_capabilities(msgspec.structs.replace(actor, scopes=None)):
        raise Forbidden(tr("Only an administrator may {doing}.", doing=doing))
    raise Forbidden(
        tr(
            "This token may not {doing}: it needs the permission {capability}, which its scopes do not give.",
            doing=doing,
            capability=capability,
        )
    )
