"""Groups and what is shared with them: pure rules."""

from datetime import UTC, datetime

import msgspec
import pytest

from domain.access import (
    ADMINISTERING,
    ROLE_CAPABILITIES,
    VIEWING,
    Actor,
    Grant,
    Principal,
    PrincipalKind,
    Role,
    Scope,
    by_token,
)
from domain.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from domain.groups import (
    MAX_MEMBERS,
    Group,
    group_access,
    named,
    with_administrator,
    with_member,
    without_account,
    without_member,
)
from domain.people import User
from domain.projects import Project, access, remove_member, with_grants
from domain.sharing import Why, granted, transferred, welcomed, why
from domain.text import search_key

AT = datetime(2026, 1, 1, tzinfo=UTC)
GROUP = Group(
    id="lab", name="Lab", name_key="lab", created_by="ann", created_at=AT, updated_at=AT,
    members=("ann", "bob"), administrators=("ann",),
)  # fmt: skip
PROJECT = with_grants(
    Project(id="p", name="P", created_by="ann", created_at=AT, updated_at=AT),
    (Grant(Principal(PrincipalKind.USER, "ann"), Role.OWNER),),
)
LAB = Principal(PrincipalKind.GROUP, "lab")
BOB = Principal(PrincipalKind.USER, "bob")


def test_who_sees_and_who_manages_a_group() -> None:
    """Members see it, its administrators and the site's manage it, to others it is not there."""
    assert group_access(Actor("ann"), GROUP).manages
    assert group_access(Actor("root", is_admin=True), GROUP).manages
    member = group_access(Actor("bob"), GROUP)
    with pytest.raises(Forbidden, match="'Lab'"):
        member.require_managing()
    for stranger in (Actor("eve"), Actor()):
        with pytest.raises(NotFound):
            group_access(stranger, GROUP)


def test_a_group_keeps_an_administrator() -> None:
    """Neither by leaving nor by handing it in; after another was made one, both go."""
    for act in (without_member, lambda group, who: with_administrator(group, who, is_administrator=False)):
        with pytest.raises(Conflict, match="at least one administrator"):
            act(GROUP, "ann")
    both = with_administrator(GROUP, "bob", is_administrator=True)
    assert without_member(both, "ann") == msgspec.structs.replace(GROUP, members=("bob",), administrators=("bob",))


def test_a_token_does_to_groups_what_its_scope_says() -> None:
    """One that reads sees them and changes nothing, leaving included; one that ingests does not see them."""
    reads, admin = (
        group_access(by_token(Actor("ann"), frozenset({scope})), GROUP) for scope in (Scope.READ, Scope.ADMIN)
    )
    assert (reads.manages, admin.manages) == (False, True)
    admin.require_leaving()
    with pytest.raises(Forbidden, match="scope admin"):
        reads.require_leaving()
    with pytest.raises(Forbidden, match="scope read"):
        group_access(by_token(Actor("ann"), frozenset({Scope.INGEST})), GROUP)


def test_a_deleted_account_leaves_its_groups() -> None:
    """Who has been in longest then administers it; a group of nobody is none."""
    left = without_account(GROUP, "ann")
    assert left == msgspec.structs.replace(GROUP, members=("bob",), administrators=("bob",))
    assert without_account(GROUP, "bob") == msgspec.structs.replace(GROUP, members=("ann",))
    assert without_account(left, "bob") is None


def test_members_come_once_and_not_without_end() -> None:
    with pytest.raises(Conflict):
        with_member(GROUP, "bob")
    with pytest.raises(NotFound):
        without_member(GROUP, "eve")
    with pytest.raises(NotFound):
        with_administrator(GROUP, "eve", is_administrator=True)
    full = msgspec.structs.replace(GROUP, members=tuple(map(str, range(MAX_MEMBERS))))
    with pytest.raises(Invalid, match="full"):
        with_member(full, "eve")


def test_names_are_compared_without_case_accents_and_blanks() -> None:
    """Two groups that people would mistake for each other have one key."""
    assert named(GROUP, " Équipe  Bleue ", "").name_key == search_key("EQUIPE BLEUE") == "equipe bleue"
    with pytest.raises(Invalid):
        named(GROUP, " ", "")


def test_a_group_that_owns_does_not_count_as_an_owner() -> None:
    """The last person stays, whatever groups own."""
    shared = granted(PROJECT, LAB, Role.OWNER)
    assert access(Actor("bob", groups=frozenset({"lab"})), shared).capabilities == ROLE_CAPABILITIES[Role.OWNER]
    with pytest.raises(Conflict):
        remove_member(shared, Principal(PrincipalKind.USER, "ann"))


@pytest.mark.parametrize("own", [None, *Role])
@pytest.mark.parametrize("through", [None, *Role])
def test_the_most_permissive_grant_wins(own: Role | None, through: Role | None) -> None:
    """Whichever way round: what a group gives is never less because of what the person has."""
    project = PROJECT
    for principal, role in ((BOB, own), (LAB, through)):
        project = project if role is None else granted(project, principal, role)
    actor = Actor("bob", groups=frozenset({"lab"}))
    given = [ROLE_CAPABILITIES[role] for role in (own, through) if role is not None]
    expected = frozenset().union(*given)
    told = Why("bob", "Bob", why(project, actor, {"lab": GROUP}))
    assert told.capabilities == expected
    assert len(told.reasons) == len(given)
    if expected:
        assert access(actor, project).capabilities == expected
    else:
        with pytest.raises(NotFound):
            access(actor, project)


def test_why_names_every_source() -> None:
    """Site administration, an own grant, a group and publicity, each with what it gives."""
    project = with_grants(msgspec.structs.replace(PROJECT, is_public=True), PROJECT.grants)
    project = granted(granted(project, BOB, Role.VIEWER), LAB, Role.EDITOR)
    found = why(project, Actor("bob", is_admin=True, groups=frozenset({"lab"})), {"lab": GROUP})
    assert [(one.origin, one.capabilities) for one in found] == [
        ("Administrator of this installation", ADMINISTERING),
        ("Shared with the group Lab as editor", ROLE_CAPABILITIES[Role.EDITOR]),
        ("Shared with them as viewer", ROLE_CAPABILITIES[Role.VIEWER]),
        ("The project is public", VIEWING),
    ]
    assert dict(Why("bob", "Bob", found[1:]).table)["project:share"] == [False, False, False]


USER = User(id="bob", email="bob@example.org", display_name="Bob", password_hash="", created_at=AT)


@pytest.mark.parametrize(
    ("held", "waiting", "then"),
    [
        (None, Role.EDITOR, Role.EDITOR),
        (Role.VIEWER, Role.EDITOR, Role.EDITOR),
        (Role.OWNER, Role.VIEWER, Role.OWNER),
    ],
)
def test_an_invitation_becomes_a_grant(held: Role | None, waiting: Role, then: Role) -> None:
    """It never takes away."""
    project = PROJECT if held is None else granted(PROJECT, BOB, held)
    assert welcomed(project, BOB, waiting) == granted(project, BOB, then)


def test_handing_over_leaves_one_owner_and_an_editor() -> None:
    shared = granted(PROJECT, BOB, Role.VIEWER)
    roles = {str(grant.principal): grant.role for grant in transferred(shared, "ann", "bob").grants}
    assert roles == {"user:bob": Role.OWNER, "user:ann": Role.EDITOR}
    by_admin = {str(grant.principal): grant.role for grant in transferred(shared, "root", "bob").grants}
    assert by_admin == {"user:bob": Role.OWNER, "user:ann": Role.OWNER}
    for giver, heir in (("ann", "ann"), ("ann", "eve")):
        with pytest.raises(DomainError):
            transferred(shared, giver, heir)
