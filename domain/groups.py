"""Groups of users, with which projects are shared as with one person, and the rules of membership."""

from datetime import datetime

import msgspec

from domain.access import Actor, Capability, Scope, capabilities
from domain.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from domain.people import User
from domain.text import line, paragraphs, search_key
from domain.wording import tr

NAME_MAX_LENGTH = 120
MAX_MEMBERS = 1_000
INVISIBLE = tr("There is no such group, or you are not in it.")


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A group document. `members` are ids of users, its administrators among them; `name_key` is unique."""

    id: str
    name: str
    name_key: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    description: str = ""
    members: tuple[str, ...] = ()
    administrators: tuple[str, ...] = ()
    version: int = 1


class GroupMember(msgspec.Struct, frozen=True):
    """A user in a group."""

    user: User
    is_administrator: bool


class GroupAccess(msgspec.Struct, frozen=True):
    """The proof that `actor` may see `group`. Made by `Groups.open` only."""

    actor: Actor
    group: Group
    manages: bool

    def require_managing(self) -> None:
        """Let pass who administers the group.

        Raises:
            Forbidden: for its other members.
        """
        if not self.manages:
            raise Forbidden(tr("Only an administrator of the group {name!r} may do this.", name=self.group.name))

    def require_leaving(self) -> None:
        """Let pass who may leave the group: everybody, but not by a token that only reads or ingests.

        Raises:
            Forbidden: for such a token.
        """
        if not _changes(self.actor):
            raise Forbidden(tr("This token may not leave a group: it needs the scope admin."))


def check_reading(actor: Actor) -> None:
    """Let pass who may see groups: not a token that only ingests.

    Raises:
        Forbidden: for such a token.
    """
    if actor.scopes is not None and not actor.scopes & {Scope.READ, Scope.ADMIN}:
        raise Forbidden(tr("This token may not see groups: it needs the scope read."))


def _changes(actor: Actor) -> bool:
    """Whether a token lets its user change groups; whoever asks without one may."""
    return actor.scopes is None or Scope.ADMIN in actor.scopes


def group_access(actor: Actor, group: Group) -> GroupAccess:
    """Resolve what `actor` may do in `group`: its members see it, its administrators and the site's manage it.

    Raises:
        NotFound: for everybody else.
        Forbidden: for a token that only ingests.
    """
    rules_all = Capability.ADMIN_GROUPS in capabilities(actor, (), is_public=False)
    if not rules_all and (actor.user_id is None or actor.user_id not in group.members):
        raise NotFound(INVISIBLE)
    check_reading(actor)
    return GroupAccess(actor, group, rules_all or (_changes(actor) and actor.user_id in group.administrators))


def named(group: Group, name: str, description: str) -> Group:
    """The group under another name and description.

    Raises:
        Invalid: when one of them cannot be used.
    """
    checked = line(name, "name", most=NAME_MAX_LENGTH, least=1)
    told = paragraphs(description, "description")
    return msgspec.structs.replace(group, name=checked, name_key=search_key(checked), description=told)


def with_member(group: Group, user_id: str) -> Group:
    """The group with this user in it.

    Raises:
        Conflict: when they are in it already.
        Invalid: when it is full.
    """
    if user_id in group.members:
        raise Conflict(tr("That person is in the group already."))
    if len(group.members) >= MAX_MEMBERS:
        message = tr("has {most} members, which is the most; make a second group", most=MAX_MEMBERS)
        raise Invalid(tr("The group is full."), (Problem("members", message),))
    return msgspec.structs.replace(group, members=(*group.members, user_id))


def with_administrator(group: Group, user_id: str, *, is_administrator: bool) -> Group:
    """The group in which this member administers it, or does not.

    Raises:
        NotFound: when they are not in it.
        Conflict: when they are its last administrator.
    """
    if user_id not in group.members:
        raise NotFound(tr("That person is not in the group."))
    others = tuple(one for one in group.administrators if one != user_id)
    return _administered(group, (*others, user_id) if is_administrator else others)


def without_member(group: Group, user_id: str) -> Group:
    """The group without this user.

    Raises:
        NotFound: when they are not in it.
        Conflict: when they are its last administrator.
    """
    if user_id not in group.members:
        raise NotFound(tr("That person is not in the group."))
    left = msgspec.structs.replace(group, members=tuple(one for one in group.members if one != user_id))
    return _administered(left, tuple(one for one in group.administrators if one != user_id))


def without_account(group: Group, user_id: str) -> Group | None:
    """The group after the account of this member is deleted; None when nobody is left.

    Of a group that loses its last administrator, who has been in it longest becomes one.
    """
    members = tuple(one for one in group.members if one != user_id)
    administrators = tuple(one for one in group.administrators if one != user_id) or members[:1]
    return msgspec.structs.replace(group, members=members, administrators=administrators) if members else None


def _administered(group: Group, administrators: tuple[str, ...]) -> Group:
    if not administrators:
        raise Conflict(
            tr("A group keeps at least one administrator. Make somebody else one first, or delete the group.")
        )
    return msgspec.structs.replace(group, administrators=administrators)
