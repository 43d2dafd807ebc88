"""The capability table of DESIGN.md chapter 4, written again by hand."""

from datetime import UTC, datetime

import pytest

from domain.access import ANONYMOUS, Actor, Capability, Grant, Principal, PrincipalKind, Role, capabilities
from domain.errors import Forbidden, NotFound
from domain.projects import Project, access, with_grants

TABLE = """
capability            owner editor viewer visitor admin
project:view          yes   yes    yes    yes     yes
dashboard:view        yes   yes    yes    yes     yes
data:view             yes   yes    yes    yes     yes
data:export           yes   yes    yes    yes     yes
dashboard:create      yes   yes    no     no      yes
dashboard:edit        yes   yes    no     no      yes
dashboard:duplicate   yes   yes    no     no      yes
view:save             yes   yes    no     no      yes
view:keep             yes   yes    yes    no      yes
comment:view          yes   yes    yes    no      yes
comment:write         yes   yes    yes    no      yes
dashboard:delete      yes   no     no     no      yes
dashboard:publish     yes   no     no     no      yes
data:ingest           yes   yes    no     no      yes
data:upload           yes   yes    no     no      yes
link:edit             yes   yes    no     no      yes
join:edit             yes   yes    no     no      yes
project:edit          yes   no     no     no      yes
project:share         yes   no     no     no      yes
project:delete        yes   no     no     no      yes
data:delete           yes   no     no     no      yes
admin:users           no    no     no     no      yes
admin:groups          no    no     no     no      yes
admin:projects        no    no     no     no      yes
admin:audit           no    no     no     no      yes
admin:backup          no    no     no     no      yes
project:create        no    no     no     no      yes
account:edit          no    no     no     no      yes
admin:site            no    no     no     no      yes
"""
HEADER, *ROWS = (line.split() for line in TABLE.strip().splitlines())
USER = Actor(user_id="u1", groups=frozenset({"g1"}))
ME = Principal(PrincipalKind.USER, "u1")
MY_GROUP = Principal(PrincipalKind.GROUP, "g1")
HELD = {
    "owner": capabilities(USER, [Grant(ME, Role.OWNER)], is_public=False),
    "editor": capabilities(USER, [Grant(ME, Role.EDITOR)], is_public=False),
    "viewer": capabilities(USER, [Grant(ME, Role.VIEWER)], is_public=False),
    "visitor": capabilities(ANONYMOUS, [], is_public=True),
    "admin": capabilities(Actor(user_id="a", is_admin=True), [], is_public=False),
}


def a_project(*grants: Grant, is_public: bool = False) -> Project:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    project = Project(id="p", name="P", created_by="u1", created_at=at, updated_at=at, is_public=is_public)
    return with_grants(project, grants)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_each_capability_is_held_by_whom_the_table_says(row: list[str]) -> None:
    """One row of the table: who holds this capability, and who does not."""
    capability = Capability(row[0])
    assert {who: "yes" if capability in held else "no" for who, held in HELD.items()} == dict(
        zip(HEADER[1:], row[1:], strict=True)
    )


def test_the_table_names_every_capability_once() -> None:
    assert [row[0] for row in ROWS] == [str(capability) for capability in Capability]


def test_the_most_permissive_grant_wins() -> None:
    """A viewer who is in a group of owners may do what owners may."""
    grants = [Grant(ME, Role.VIEWER), Grant(MY_GROUP, Role.OWNER)]
    assert capabilities(USER, grants, is_public=False) == HELD["owner"]


def test_grants_of_others_give_nothing() -> None:
    """Neither another user's grant nor a group whose id is that of the user counts."""
    others = [
        Grant(Principal(PrincipalKind.USER, "u2"), Role.OWNER),
        Grant(Principal(PrincipalKind.GROUP, "u1"), Role.OWNER),
    ]
    assert capabilities(USER, others, is_public=False) == frozenset()
    assert capabilities(ANONYMOUS, others, is_public=False) == frozenset()


def test_public_visibility_adds_viewing_only() -> None:
    """A signed-in outsider in a public project holds what a visitor holds."""
    assert capabilities(USER, [], is_public=True) == HELD["visitor"]


def test_invisible_is_not_found_and_lacking_is_forbidden() -> None:
    """404 for who may not see the project, 403 with the reason for who may see it and lacks the capability."""
    with pytest.raises(NotFound):
        access(ANONYMOUS, a_project())
    proof = access(USER, a_project(Grant(ME, Role.VIEWER)))
    with pytest.raises(Forbidden, match=r"project:share.*'P'"):
        proof.require(Capability.PROJECT_SHARE)
    proof.require(Capability.DATA_VIEW)


def test_only_members_and_administrators_are_members() -> None:
    """A visitor of a public project holds a viewer's capabilities and is no member all the same."""
    project = a_project(Grant(MY_GROUP, Role.VIEWER), is_public=True)
    assert access(USER, project).is_member
    assert access(Actor(user_id="a", is_admin=True), project).is_member
    assert not access(ANONYMOUS, project).is_member
    assert not access(Actor(user_id="u2"), project).is_member


def test_the_audience_of_an_actor_names_all_that_they_are() -> None:
    """The keys of the query for visible projects; anonymous visitors have the public one."""
    assert USER.audience == ["group:g1", "public", "user:u1"]
    assert ANONYMOUS.audience == ["public"]
