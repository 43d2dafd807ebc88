"""Projects, the unit of sharing, and the rules of membership."""

from datetime import datetime
from enum import StrEnum

import msgspec

from domain.access import (
    PUBLIC_AUDIENCE,
    Actor,
    Capability,
    Grant,
    LinkScope,
    Principal,
    PrincipalKind,
    Role,
    capabilities,
)
from domain.description import ProjectDescription
from domain.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from domain.people import User
from domain.pins import Pin
from domain.text import IDENTIFIER, line, paragraphs
from domain.wording import tr

NAME_MAX_LENGTH = 120


class ProjectType(StrEnum):
    """How data gets in: uploaded files, or scanned workflow outputs."""

    BASIC = "basic"
    ADVANCED = "advanced"


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A project document. `audience` repeats who may see it as strings, so that visibility is one indexed query."""

    id: str
    name: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    description: str = ""
    project_type: ProjectType = ProjectType.ADVANCED
    is_public: bool = False
    grants: tuple[Grant, ...] = ()
    audience: tuple[str, ...] = ()
    source: ProjectDescription | None = None
    """The project file (DESIGN.md chapter 5) as last ingested; none for a project made in the browser."""
    version: int = 1


class Member(msgspec.Struct, frozen=True):
    """A user and their role in one project."""

    user: User
    role: Role


class Access(msgspec.Struct, frozen=True):
    """The proof that `actor` may see `project`, with what else they may do there. Made by `Projects.open` only."""

    actor: Actor
    project: Project
    capabilities: frozenset[Capability]
    only: LinkScope | None = None
    """To what a share link narrows the proof: one dashboard and the tables behind it."""
    pins: dict[str, Pin] = {}
    """By what the dashboard through which they look is pinned: every table is read at that version of it."""

    @property
    def is_member(self) -> bool:
        """Whether the actor is more than a visitor of a public project."""
        return self.actor.is_admin or any(grant.principal in self.actor.principals for grant in self.project.grants)

    def may(self, capability: Capability) -> bool:
        """Whether the capability is held; for pages that show or hide a control."""
        return capability in self.capabilities

    def require(self, capability: Capability) -> None:
        """Let pass who holds the capability.

        Raises:
            Forbidden: with the name of the missing capability.
        """
        if capability in self.capabilities:
            return
        if self.only is not None:
            raise Forbidden(tr("This link does not give the permission {capability}.", capability=capability))
        raise Forbidden(
            tr(
                "This needs the permission {capability} in the project {name!r}.",
                capability=capability,
                name=self.project.name,
            )
        )


def access(actor: Actor, project: Project) -> Access:
    """Resolve what `actor` may do in `project`.

    Raises:
        NotFound: when they may not even see it.
    """
    held = capabilities(actor, project.grants, is_public=project.is_public)
    if Capability.PROJECT_VIEW not in held:
        raise NotFound(tr("There is no such project, or it is not shared with you."))
    return Access(actor, project, held)


def linked_access(actor: Actor, project: Project, dashboard_id: str) -> Access:
    """Resolve what a visitor by share link may do: in this one dashboard, and nowhere else.

    Raises:
        NotFound: for any other dashboard or project.
    """
    link = actor.link
    if link is None or (link.project_id, link.dashboard_id) != (project.id, dashboard_id):
        raise NotFound(tr("There is no such dashboard, or it is not shared with you."))
    return Access(actor, project, link.capabilities, only=link)


def checked_name(name: str) -> str:
    """The name, trimmed.

    Raises:
        Invalid: when it is empty, longer than 120 characters or not one line.
    """
    return line(name, "name", most=NAME_MAX_LENGTH, least=1)


def with_grants(project: Project, grants: tuple[Grant, ...]) -> Project:
    """The project with these grants and the audience that follows from them."""
    audience = [str(grant.principal) for grant in grants]
    if project.is_public:
        audience.append(PUBLIC_AUDIENCE)
    return msgspec.structs.replace(project, grants=grants, audience=tuple(sorted(audience)))


def set_role(project: Project, principal: Principal, role: Role) -> Project:
    """Give `principal` this role, whether or not they had another.

    Raises:
        Conflict: when that would leave the project without an owner.
    """
    others = tuple(grant for grant in project.grants if grant.principal != principal)
    return _owned(with_grants(project, (*others, Grant(principal, role))))


def remove_member(project: Project, principal: Principal) -> Project:
    """Take `principal` out of the project.

    Raises:
        NotFound: when they hold no role in it.
        Conflict: when they are the last owner.
    """
    others = tuple(grant for grant in project.grants if grant.principal != principal)
    if len(others) == len(project.grants):
        raise NotFound(_no_member(principal))
    return _owned(with_grants(project, others))


def set_public(project: Project, *, is_public: bool) -> Project:
    """Let everybody view the project, or only its members."""
    return with_grants(msgspec.structs.replace(project, is_public=is_public), project.grants)


def describe(project: Project, description: str) -> Project:
    """The project under another description.

    Raises:
        Invalid: when it is too long.
    """
    return msgspec.structs.replace(project, description=paragraphs(description, "description"))


def rename(project: Project, name: str) -> Project:
    """The project under another name.

    Raises:
        Invalid: when the name cannot be used.
    """
    return msgspec.structs.replace(project, name=checked_name(name))


def checked_id(wanted: str) -> str:
    """An id that a project file asks for.

    Raises:
        Invalid: when it cannot be one.
    """
    if not IDENTIFIER.fullmatch(wanted):
        raise Invalid(
            tr("The project's id cannot be used."),
            (Problem("id", tr("use 1 to 64 letters, digits, - and _, a letter or digit first")),),
        )
    return wanted


def redescribe(project: Project, source: ProjectDescription) -> Project:
    """The project after its file was read again.

    What the file says otherwise than when it was last read is taken over; what was changed in the browser since, and
    is the same in the file as before, stays.

    Raises:
        Invalid: when the name, the type or the description cannot be used.
    """
    before = project.source or ProjectDescription(name=project.name)
    changed = msgspec.structs.replace(project, source=source)
    if source.name != before.name:
        changed = rename(changed, source.name)
    if source.description != before.description:
        changed = describe(changed, source.description)
    if source.project_type != before.project_type:
        changed = msgspec.structs.replace(changed, project_type=checked_type(source.project_type))
    return changed if source.is_public == before.is_public else set_public(changed, is_public=source.is_public)


def checked_type(text: str) -> ProjectType:
    """The project type of that name.

    Raises:
        Invalid: when there is none.
    """
    try:
        return ProjectType(text)
    except ValueError:
        problem = Problem(
            "project_type", tr("{text!r} is none; use {known}", text=text, known=tr(" or ").join(ProjectType))
        )
        raise Invalid(tr("The project's type is not known."), (problem,)) from None


def needed_to_change(before: Project, after: Project) -> frozenset[Capability]:
    """The capabilities without which a project file may not turn `before` into `after`."""
    needed = {Capability.DATA_INGEST}
    if (before.name, before.description, before.project_type) != (after.name, after.description, after.project_type):
        needed.add(Capability.PROJECT_EDIT)
    if before.is_public != after.is_public:
        needed.add(Capability.PROJECT_SHARE)
    return frozenset(needed)


def _no_member(principal: Principal) -> str:
    if principal.kind is PrincipalKind.USER:
        return tr("That person is not a member of the project.")
    return tr("That group is not a member of the project.")


def _owned(project: Project) -> Project:
    """A group does not count: whoever administers it could leave the project without an owner."""
    owners = [g for g in project.grants if g.role is Role.OWNER and g.principal.kind is PrincipalKind.USER]
    if not owners:
        raise Conflict(tr("A project keeps at least one owner. Make somebody else an owner first."))
    return project
