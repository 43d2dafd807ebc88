"""Membership and the merging of a project file: plain values, and hypothesis over sequences of changes."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access import Capability, Grant, Principal, PrincipalKind, Role
from domain.description import ProjectDescription
from domain.errors import Conflict, Invalid, NotFound
from domain.projects import (
    Project,
    ProjectType,
    checked_id,
    needed_to_change,
    redescribe,
    remove_member,
    rename,
    set_public,
    set_role,
    with_grants,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)


def user(name: str) -> Principal:
    return Principal(PrincipalKind.USER, name)


def a_project(**roles: Role) -> Project:
    project = Project(id="p", name="P", created_by="ada", created_at=AT, updated_at=AT)
    return with_grants(project, tuple(Grant(user(name), role) for name, role in roles.items()))


def roles_of(project: Project) -> dict[str, Role]:
    return {grant.principal.id: grant.role for grant in project.grants}


def test_a_member_is_given_a_role_and_another_one() -> None:
    """The last role given is the one held; nobody holds two."""
    project = set_role(a_project(ada=Role.OWNER), user("bea"), Role.VIEWER)
    project = set_role(project, user("bea"), Role.EDITOR)
    assert roles_of(project) == {"ada": Role.OWNER, "bea": Role.EDITOR}
    assert project.audience == ("user:ada", "user:bea")


def test_last_owner_cannot_be_removed_or_demoted() -> None:
    """A project keeps at least one owner; a group as owner does not count, it may be empty."""
    group = Grant(Principal(PrincipalKind.GROUP, "g"), Role.OWNER)
    project = with_grants(a_project(), (Grant(user("ada"), Role.OWNER), group, Grant(user("bea"), Role.EDITOR)))
    with pytest.raises(Conflict, match="at least one owner"):
        remove_member(project, user("ada"))
    with pytest.raises(Conflict, match="at least one owner"):
        set_role(project, user("ada"), Role.EDITOR)


def test_an_owner_can_go_when_another_stays() -> None:
    project = a_project(ada=Role.OWNER, bea=Role.OWNER)
    assert roles_of(remove_member(project, user("ada"))) == {"bea": Role.OWNER}


def test_removing_a_stranger_is_not_found() -> None:
    with pytest.raises(NotFound):
        remove_member(a_project(ada=Role.OWNER), user("eve"))


def test_the_audience_follows_visibility() -> None:
    """Public projects are found by everybody; taking that back leaves the members."""
    project = set_public(a_project(ada=Role.OWNER), is_public=True)
    assert (project.is_public, project.audience) == (True, ("public", "user:ada"))
    project = set_public(project, is_public=False)
    assert (project.is_public, project.audience) == (False, ("user:ada",))


CHANGES = st.lists(
    st.tuples(st.sampled_from(["ada", "bea", "cyd"]), st.one_of(st.none(), st.sampled_from(Role), st.booleans())),
    max_size=20,
)


@given(CHANGES)
def test_any_sequence_of_changes_keeps_an_owner_and_the_audience(changes: list[tuple[str, Role | bool | None]]) -> None:
    """None removes, a role is given, a boolean sets the visibility; refused changes leave everything as it was."""
    project = a_project(ada=Role.OWNER)
    for name, change in changes:
        before = project
        try:
            if change is None:
                project = remove_member(project, user(name))
            elif isinstance(change, bool):
                project = set_public(project, is_public=change)
            else:
                project = set_role(project, user(name), change)
        except (Conflict, NotFound):
            assert project is before
        assert Role.OWNER in roles_of(project).values()
        assert len({grant.principal for grant in project.grants}) == len(project.grants)
        expected = {f"user:{member}" for member in roles_of(project)} | ({"public"} if project.is_public else set())
        assert set(project.audience) == expected
        assert len(project.audience) == len(expected)


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "two\nlines", "nul\0"])
def test_a_name_is_one_line_of_120_characters(name: str) -> None:
    with pytest.raises(Invalid):
        rename(a_project(ada=Role.OWNER), name)


@pytest.mark.parametrize("wanted", ["", "x" * 65, "a/b", "a.b", "$x", "ä", "a\n"])
def test_an_id_of_a_file_is_plain(wanted: str) -> None:
    with pytest.raises(Invalid):
        checked_id(wanted)
    assert checked_id("646b0f3c1e4a2d7f8e5b8c9a") == "646b0f3c1e4a2d7f8e5b8c9a"


FILE = ProjectDescription(name="P", description="of the file", is_public=True)


def test_a_file_describes_a_new_project() -> None:
    project = redescribe(a_project(ada=Role.OWNER), FILE)
    expected = msgspec.structs.replace(
        a_project(ada=Role.OWNER),
        source=FILE,
        description="of the file",
        is_public=True,
        audience=("public", "user:ada"),
    )
    assert project == expected


def test_an_unchanged_file_leaves_what_was_changed_in_the_browser() -> None:
    """The file says what it said before, so the newer description and visibility stay."""
    project = redescribe(a_project(ada=Role.OWNER), FILE)
    project = set_public(msgspec.structs.replace(project, description="of the browser"), is_public=False)
    assert redescribe(project, FILE) == project


def test_a_changed_file_is_taken_over() -> None:
    project = redescribe(a_project(ada=Role.OWNER), FILE)
    newer = msgspec.structs.replace(FILE, name="Q", project_type="basic")
    changed = redescribe(project, newer)
    assert (changed.name, changed.project_type, changed.description) == ("Q", ProjectType.BASIC, "of the file")
    assert needed_to_change(project, changed) == {Capability.DATA_INGEST, Capability.PROJECT_EDIT}


def test_what_a_file_changes_decides_what_is_needed() -> None:
    """Ingesting alone is an editor's; making public is an owner's."""
    project = redescribe(a_project(ada=Role.OWNER), FILE)
    assert needed_to_change(project, project) == {Capability.DATA_INGEST}
    hidden = redescribe(project, msgspec.structs.replace(FILE, is_public=False))
    assert needed_to_change(project, hidden) == {Capability.DATA_INGEST, Capability.PROJECT_SHARE}


def test_an_unknown_project_type_is_named() -> None:
    with pytest.raises(Invalid) as raised:
        redescribe(a_project(ada=Role.OWNER), ProjectDescription(name="P", project_type="fancy"))
    assert "'fancy' is none; use basic or advanced" in str(raised.value.problems[0])
