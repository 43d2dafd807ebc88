"""Whom a project is shared with: the wanted state of one grant, the next owner, and why somebody may."""

from collections.abc import Mapping, Sequence

import msgspec

from domain.access import (
    ADMINISTERING,
    ROLE_CAPABILITIES,
    ROLE_WORDS,
    SIGNED_IN,
    VIEWING,
    Actor,
    Capability,
    Grant,
    Principal,
    PrincipalKind,
    Role,
)
from domain.errors import Conflict, NotFound
from domain.groups import Group
from domain.people import User
from domain.projects import Member, Project, set_role, with_grants
from domain.wording import tr

ORDER = list(Role)


class GroupShare(msgspec.Struct, frozen=True):
    """A group and its role in one project."""

    group: Group
    role: Role


class Shares(msgspec.Struct, frozen=True):
    """Everybody with whom a project is shared, owners first."""

    members: tuple[Member, ...]
    groups: tuple[GroupShare, ...]


class Found(msgspec.Struct, frozen=True):
    """Somebody, or a group, that a project can be shared with; of an address only what tells two people apart."""

    principal: Principal
    name: str
    detail: str


class Reason(msgspec.Struct, frozen=True):
    """One grant that gives somebody capabilities, in words, and which those are."""

    origin: str
    capabilities: frozenset[Capability]
    role: Role | None = None


class Why(msgspec.Struct, frozen=True):
    """What a user may do in a project, and through which grants."""

    user_id: str
    name: str
    reasons: tuple[Reason, ...]

    @property
    def capabilities(self) -> frozenset[Capability]:
        """All of them: the most permissive grant wins, because they add up."""
        return frozenset().union(*(reason.capabilities for reason in self.reasons))

    @property
    def table(self) -> list[tuple[Capability, list[bool]]]:
        """A line for each capability of projects, with whether each reason gives it."""
        asked = [one for one in Capability if not one.startswith("admin:") and one not in SIGNED_IN]
        return [(one, [one in reason.capabilities for reason in self.reasons]) for one in asked]


def role_of(project: Project, principal: Principal) -> Role | None:
    """The role that is granted to this principal itself."""
    return next((grant.role for grant in project.grants if grant.principal == principal), None)


def granted(project: Project, principal: Principal, role: Role) -> Project:
    """The project in which `principal` has this role, whether or not it had another.

    Raises:
        Conflict: when that would leave the project without an owner.
    """
    return project if role_of(project, principal) is role else set_role(project, principal, role)


def without_group(project: Project, principal: Principal) -> Project:
    """The project without a group that is about to be deleted. No project hangs on one: see the last-owner rule."""
    return with_grants(project, tuple(grant for grant in project.grants if grant.principal != principal))


def welcomed(project: Project, principal: Principal, role: Role) -> Project:
    """The project in which who was invited has this role; a stronger one that they hold already is not taken."""
    held = role_of(project, principal)
    if held is not None and ORDER.index(held) <= ORDER.index(role):
        return project
    return set_role(project, principal, role)


def transferred(project: Project, owner_id: str | None, next_id: str) -> Project:
    """The project whose owner is `next_id`; who gives it away, when they own it themselves, stays as an editor.

    Raises:
        NotFound: when the next owner is not a member.
        Conflict: when that is who owns it already.
    """
    heir = Principal(PrincipalKind.USER, next_id)
    if role_of(project, heir) is None:
        raise NotFound(tr("That person is not a member of the project. Add them first."))
    if owner_id == next_id:
        raise Conflict(tr("The project is yours already."))
    changed = granted(project, heir, Role.OWNER)
    giver = Principal(PrincipalKind.USER, owner_id or "")
    return granted(changed, giver, Role.EDITOR) if role_of(changed, giver) is Role.OWNER else changed


def why(project: Project, actor: Actor, groups: Mapping[str, Group]) -> tuple[Reason, ...]:
    """Each grant that counts for `actor`, the strongest first; `groups` has the names of those in the project."""
    reasons = [_reason(grant, groups) for grant in project.grants if grant.principal in actor.principals]
    reasons.sort(key=lambda reason: -len(reason.capabilities))
    if actor.is_admin:
        reasons.insert(0, Reason(tr("Administrator of this installation"), ADMINISTERING))
    if project.is_public:
        reasons.append(Reason(tr("The project is public"), VIEWING))
    return tuple(reasons)


def shares(project: Project, users: Sequence[User], groups: Mapping[str, Group]) -> Shares:
    """Everybody in `project.grants` who is among `users` and `groups`, owners first."""
    roles = {str(grant.principal): grant.role for grant in project.grants}
    members = [Member(user, roles[f"user:{user.id}"]) for user in users]
    held = [GroupShare(group, roles[f"group:{group.id}"]) for group in groups.values()]
    return Shares(
        tuple(sorted(members, key=lambda one: (ORDER.index(one.role), one.user.email))),
        tuple(sorted(held, key=lambda one: (ORDER.index(one.role), one.group.name_key))),
    )


def _reason(grant: Grant, groups: Mapping[str, Group]) -> Reason:
    held, role = ROLE_CAPABILITIES[grant.role], ROLE_WORDS[grant.role]
    if grant.principal.kind is PrincipalKind.USER:
        return Reason(tr("Shared with them as {role}", role=role), held, grant.role)
    group = groups.get(grant.principal.id)
    if group is None:
        return Reason(tr("Shared with a group that is gone as {role}", role=role), held, grant.role)
    origin = tr("Shared with the group {group} as {role}", group=group.name, role=role)
    return Reason(origin, held, grant.role)
