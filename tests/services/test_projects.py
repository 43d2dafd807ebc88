"""Projects: creating, sharing, describing by a file and deleting, against the document server."""

import asyncio
from typing import Any

import msgspec
import polars as pl
import pytest

from domain.access import Role
from domain.description import ProjectDescription
from domain.errors import Conflict, Invalid, NotFound
from domain.projects import Project, ProjectType
from persistence.leases import Leases
from tests.services.conftest import person


async def owner_access(world: Any) -> Any:
    return await world.services.projects.open(world.actors["owner"], world.project_id)


async def roles(world: Any) -> dict[str, Role]:
    members = await world.services.projects.members(await owner_access(world))
    return {member.user.email: member.role for member in members}


async def test_a_created_project_is_its_makers(world: Any) -> None:
    """Read back whole: the maker owns it, nobody else sees it, and it is listed by name."""
    projects, outsider = world.services.projects, world.actors["outsider"]
    made = [await projects.create(outsider, name, " About it. ") for name in (" beta ", "Alpha")]
    assert [project.name for project in await projects.visible(outsider)] == ["Alpha", "beta"]
    opened = await projects.open(outsider, made[0].id)
    assert opened.project == made[0]
    assert (made[0].name, made[0].description, made[0].project_type) == ("beta", "About it.", ProjectType.BASIC)
    assert (made[0].audience, made[0].version) == ((f"user:{outsider.user_id}",), 1)
    for project in made:
        await projects.delete(await projects.open(outsider, project.id))


async def test_a_name_is_unique_for_its_maker(world: Any) -> None:
    """Another may use the same name; the maker may not, neither when creating nor when renaming."""
    projects, owner, editor = world.services.projects, world.actors["owner"], world.actors["editor"]
    first = await projects.create(owner, f"Twice {world.project_id}")
    await projects.create(editor, first.name)
    with pytest.raises(Conflict, match="You have a project named"):
        await projects.create(owner, first.name)
    with pytest.raises(Conflict, match="has that name already"):
        await projects.rename(await owner_access(world), first.name)


async def test_members_are_listed_owners_first(world: Any) -> None:
    members = await world.services.projects.members(await owner_access(world))
    assert [(member.user.email, member.role) for member in members] == [
        ("owner@example.org", Role.OWNER),
        ("editor@example.org", Role.EDITOR),
        ("viewer@example.org", Role.VIEWER),
    ]


async def test_a_new_member_sees_the_project_at_once_and_a_former_one_no_more(world: Any) -> None:
    projects, outsider = world.services.projects, world.actors["outsider"]
    await projects.add_member(await owner_access(world), " Outsider@example.org ", Role.VIEWER)
    assert world.project_id in [project.id for project in await projects.visible(outsider)]
    await world.services.sharing.withdraw(await owner_access(world), person(outsider.user_id))
    assert world.project_id not in [project.id for project in await projects.visible(outsider)]
    with pytest.raises(NotFound):
        await projects.open(outsider, world.project_id)


async def test_adding_says_why_it_did_not(world: Any) -> None:
    """Nobody of that address, a member already, something that is no address."""
    projects, access = world.services.projects, await owner_access(world)
    with pytest.raises(NotFound, match="Nobody has an account"):
        await projects.add_member(access, "nobody@example.org", Role.VIEWER)
    with pytest.raises(Conflict, match="member already"):
        await projects.add_member(access, "viewer@example.org", Role.EDITOR)
    with pytest.raises(Invalid):
        await projects.add_member(access, "no address", Role.VIEWER)
    assert (await roles(world))["viewer@example.org"] is Role.VIEWER


async def test_a_stranger_cannot_be_taken_out(world: Any) -> None:
    with pytest.raises(NotFound, match="not a member"):
        await world.services.sharing.withdraw(await owner_access(world), person(world.actors["outsider"].user_id))


async def test_last_owner_cannot_be_removed_or_demoted(world: Any) -> None:
    """Not even by themselves or an administrator; two owners who remove each other at once leave one."""
    projects, owner = world.services.projects, world.actors["owner"]
    for who in ("owner", "admin"):
        access = await projects.open(world.actors[who], world.project_id)
        with pytest.raises(Conflict, match="at least one owner"):
            await world.services.sharing.withdraw(access, person(owner.user_id))
        with pytest.raises(Conflict, match="at least one owner"):
            await world.services.sharing.share(access, person(owner.user_id), Role.VIEWER)
    other = world.actors["editor"]
    await world.services.sharing.share(await owner_access(world), person(other.user_id), Role.OWNER)
    mine, theirs = [await projects.open(actor, world.project_id) for actor in (owner, other)]
    results = await asyncio.gather(
        world.services.sharing.withdraw(mine, person(other.user_id)),
        world.services.sharing.withdraw(theirs, person(owner.user_id)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, Project) for result in results) == 1
    left = (await projects.open(world.actors["admin"], world.project_id)).project
    assert [grant.role for grant in left.grants].count(Role.OWNER) == 1


async def test_changes_at_once_all_count(world: Any) -> None:
    """A description, a role and the visibility, changed at the same moment by the same owner."""
    projects, access = world.services.projects, await owner_access(world)
    await asyncio.gather(
        projects.describe(access, "new"),
        world.services.sharing.share(access, person(world.actors["viewer"].user_id), Role.EDITOR),
        projects.set_public(access, is_public=True),
    )
    stored = (await owner_access(world)).project
    assert (stored.description, stored.is_public) == ("new", True)
    assert (await roles(world))["viewer@example.org"] is Role.EDITOR
    assert stored.version == access.project.version + 3


async def test_a_change_to_the_same_writes_nothing(world: Any) -> None:
    projects, access = world.services.projects, await owner_access(world)
    assert await projects.rename(access, access.project.name) == access.project
    viewer = person(world.actors["viewer"].user_id)
    assert await world.services.sharing.share(access, viewer, Role.VIEWER) == access.project


async def test_a_file_creates_its_project_once(world: Any) -> None:
    """A second run with the same file changes nothing; ten runs at once make one project."""
    projects, actor = world.services.projects, world.actors["outsider"]
    description = ProjectDescription(name=f"From file {world.project_id}", description="d", is_public=True)
    found = await asyncio.gather(*(projects.register(actor, description) for _ in range(10)))
    assert len({access.project.id for access in found}) == 1
    again = await projects.register(actor, description)
    assert again.project == found[0].project
    assert (again.project.source, again.project.is_public, again.project.version) == (description, True, 1)
    changed = await projects.register(actor, msgspec.structs.replace(description, description="newer"))
    assert (changed.project.description, changed.project.version) == ("newer", 2)


async def test_a_files_id_is_kept_and_is_no_way_in(world: Any) -> None:
    """It finds the project whoever made it; an outsider with somebody's id finds nothing and makes nothing."""
    projects, owner, outsider = world.services.projects, world.actors["owner"], world.actors["outsider"]
    description = ProjectDescription(name=f"With id {world.project_id}", id=f"id-{world.project_id}")
    made = await projects.register(owner, description)
    assert made.project.id == description.id
    with pytest.raises(NotFound):
        await projects.register(outsider, description)
    with pytest.raises(Invalid):
        await projects.register(outsider, msgspec.structs.replace(description, id="../etc"))


async def test_the_list_leaves_the_project_file_out(world: Any) -> None:
    projects, actor = world.services.projects, world.actors["viewer"]
    made = await projects.register(actor, ProjectDescription(name=f"Listed {world.project_id}"))
    [listed] = [project for project in await projects.visible(actor) if project.id == made.project.id]
    assert listed == msgspec.structs.replace(made.project, source=None)


async def test_deleting_takes_everything_of_the_project_and_nothing_else(new_world: Any) -> None:
    """Dashboards, collection documents and the objects of tables are gone; another project's are there."""
    gone, kept = await new_world(), await new_world()
    rows = pl.DataFrame({"x": [1, 2, 3]})
    collections = [await world.add_collection(rows, tag="t") for world in (gone, kept)]
    services, owner = gone.services, gone.actors["owner"]
    dashboards = [
        await services.dashboards.create(await services.projects.open(owner, world.project_id), "D")
        for world in (gone, kept)
    ]
    await services.projects.delete(await services.projects.open(owner, gone.project_id))
    for actor in (owner, gone.actors["admin"]):
        with pytest.raises(NotFound):
            await services.projects.open(actor, gone.project_id)
        with pytest.raises(NotFound):
            await services.dashboards.open(actor, dashboards[0].id)
    assert await gone.objects.list(collections[0].table_path) == []
    assert await gone.documents["collections"].find_one({"_id": collections[0].id}) is None
    access = await services.projects.open(owner, kept.project_id)
    assert await services.dashboards.of_project(access) == [dashboards[1]]
    assert (await services.collections.rows(access, collections[1].id)).rows == rows.to_dicts()


async def test_a_project_is_not_deleted_under_a_running_ingest(world: Any) -> None:
    """Its owner is told to wait, and nothing is gone; later all is, even what a killed ingest had written."""
    collection, leases = await world.add_collection(pl.DataFrame({"x": [1]})), Leases(world.documents)
    await world.objects.put(f"tables/{world.project_id}/unpublished/part.parquet", b"rows")
    access = await owner_access(world)
    dashboard = await world.services.dashboards.create(access, "Kept")
    async with leases.held(f"ingest:{collection.id}", "busy"):
        with pytest.raises(Conflict, match="is being ingested"):
            await world.services.projects.delete(access)
    assert await world.services.dashboards.of_project(access) == [dashboard]
    await world.services.projects.delete(access)
    assert await world.objects.list(f"tables/{world.project_id}") == []
    assert await world.objects.list(collection.table_path) == []
