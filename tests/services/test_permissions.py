"""Every use case of projects, dashboards and collections, asked for by every kind of actor."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from domain.access import Actor, Role
from domain.collections import DataCollection
from domain.dashboards import Dashboard
from domain.description import ProjectDescription
from domain.errors import DomainError
from domain.projects import Access
from domain.tiles import Box, TextTile
from services.collections import Collections
from services.dashboards import Dashboards
from services.projects import Projects

TEXT = TextTile(id="text", body="hello")


class Asked(msgspec.Struct, frozen=True):
    """What a use case is tried on: a fresh project with a dashboard of one tile, and the actor who asks."""

    world: Any
    actor: Actor
    dashboard: Dashboard
    collection: DataCollection

    @property
    def projects(self) -> Projects:
        return self.world.services.projects

    @property
    def dashboards(self) -> Dashboards:
        return self.world.services.dashboards

    @property
    def collections(self) -> Collections:
        return self.world.services.collections

    async def access(self) -> Access:
        return await self.projects.open(self.actor, self.world.project_id)

    def user_id(self, name: str) -> str:
        return self.world.actors[name].user_id or ""


Act = Callable[[Asked], Awaitable[object]]


async def rename(asked: Asked) -> object:
    return await asked.projects.rename(await asked.access(), f"Renamed {asked.dashboard.id}")


async def describe(asked: Asked) -> object:
    return await asked.projects.describe(await asked.access(), "described")


async def set_public(asked: Asked) -> object:
    access = await asked.access()
    return await asked.projects.set_public(access, is_public=not access.project.is_public)


async def add_member(asked: Asked) -> object:
    return await asked.projects.add_member(await asked.access(), "outsider@example.org", Role.OWNER)


async def set_role(asked: Asked) -> object:
    return await asked.projects.set_role(await asked.access(), asked.user_id("viewer"), Role.OWNER)


async def remove_member(asked: Asked) -> object:
    return await asked.projects.remove_member(await asked.access(), asked.user_id("viewer"))


async def register(asked: Asked) -> object:
    """With the project's id: bringing it up to date without changing what an editor may not."""
    stored = await asked.projects.open(asked.world.actors["owner"], asked.world.project_id)
    description = ProjectDescription(name=stored.project.name, id=stored.project.id)
    return await asked.projects.register(asked.actor, description)


async def register_changed(asked: Asked) -> object:
    """The file gives the project another name and description."""
    return await asked.projects.register(
        asked.actor,
        ProjectDescription(name=f"Of file {asked.dashboard.id}", description="new", id=asked.world.project_id),
    )


PROJECTS: dict[str, Act] = {
    "open": lambda asked: asked.access(),
    "rename": rename,
    "describe": describe,
    "set_public": set_public,
    "add_member": add_member,
    "set_role": set_role,
    "remove_member": remove_member,
    "register": register,
    "register (changed)": register_changed,
}


async def of_access(asked: Asked, method: Callable[..., Awaitable[object]], *given: object) -> object:
    return await method(await asked.access(), *given)


PROJECTS |= {
    "members": lambda a: of_access(a, a.projects.members),
    "delete": lambda a: of_access(a, a.projects.delete),
    "visible": lambda a: found(a.projects.visible(a.actor), a.world.project_id, lambda project: project.id),
    "create": lambda a: a.projects.create(a.actor, f"New {a.dashboard.id}"),
}


async def found(question: Awaitable[list[Any]], wanted: str, id_of: Callable[[Any], str]) -> object:
    """Lists fail for nobody; what is not theirs is not in them."""
    if wanted not in map(id_of, await question):
        raise NotListedError("not in the list")
    return None


class NotListedError(DomainError):
    pass


DASHBOARDS: dict[str, Act] = {
    "open": lambda a: a.dashboards.open(a.actor, a.dashboard.id),
    "of_project": lambda a: of_access(a, a.dashboards.of_project),
    "visible": lambda a: found(a.dashboards.visible(a.actor), a.dashboard.id, lambda pair: pair[1].id),
    "create": lambda a: of_access(a, a.dashboards.create, "Another"),
    "rename": lambda a: of_access(a, a.dashboards.rename, a.dashboard.id, "T", "", a.dashboard.version),
    "delete": lambda a: of_access(a, a.dashboards.delete, a.dashboard.id),
    "replace": lambda a: of_access(a, a.dashboards.replace, msgspec.structs.replace(a.dashboard, title="T")),
    "add_tile": lambda a: of_access(a, a.dashboards.add_tile, a.dashboard.id, TextTile(body="new")),
    "replace_tile": lambda a: of_access(a, a.dashboards.replace_tile, a.dashboard.id, TEXT),
    "remove_tile": lambda a: of_access(a, a.dashboards.remove_tile, a.dashboard.id, "text"),
    "duplicate_tile": lambda a: of_access(a, a.dashboards.duplicate_tile, a.dashboard.id, "text"),
    "place_tiles": lambda a: of_access(a, a.dashboards.place_tiles, a.dashboard.id, {"text": Box(1, 1, 1, 1)}),
}
COLLECTIONS: dict[str, Act] = {
    "all": lambda a: of_access(a, a.collections.all),
    "get": lambda a: of_access(a, a.collections.get, a.collection.id),
    "rows": lambda a: of_access(a, a.collections.rows, a.collection.id),
    "versions": lambda a: of_access(a, a.collections.versions, a.collection.id),
}
ACTS = {
    f"{service}.{name}": act
    for service, acts in (("projects", PROJECTS), ("dashboards", DASHBOARDS), ("collections", COLLECTIONS))
    for name, act in acts.items()
}

WHO = ("owner", "editor", "viewer", "outsider", "anonymous", "admin")
YES, NO, HIDDEN = "yes", "Forbidden", "NotFound"
SEEING = (YES, YES, YES, HIDDEN, HIDDEN, YES), (YES, YES, YES, YES, YES, YES)
LISTED = (YES, YES, YES, "NotListedError", "NotListedError", YES), (YES, YES, YES, YES, YES, YES)
EDITING = (YES, YES, NO, HIDDEN, HIDDEN, YES), (YES, YES, NO, NO, NO, YES)
OWNING = (YES, NO, NO, HIDDEN, HIDDEN, YES), (YES, NO, NO, NO, NO, YES)
MEMBERS = (YES, YES, YES, HIDDEN, HIDDEN, YES), (YES, YES, YES, NO, NO, YES)
SIGNED_IN = (YES, YES, YES, YES, "Unauthenticated", YES)
EXPECTED = {
    "projects.open": SEEING,
    "projects.visible": LISTED,
    "projects.create": (SIGNED_IN, SIGNED_IN),
    "projects.register": EDITING,
    "projects.register (changed)": OWNING,
    "projects.rename": OWNING,
    "projects.describe": OWNING,
    "projects.set_public": OWNING,
    "projects.members": MEMBERS,
    "projects.add_member": OWNING,
    "projects.set_role": OWNING,
    "projects.remove_member": OWNING,
    "projects.delete": OWNING,
    "dashboards.open": SEEING,
    "dashboards.of_project": SEEING,
    "dashboards.visible": LISTED,
    "dashboards.create": EDITING,
    "dashboards.rename": EDITING,
    "dashboards.delete": OWNING,
    "dashboards.replace": EDITING,
    "dashboards.add_tile": EDITING,
    "dashboards.replace_tile": EDITING,
    "dashboards.remove_tile": EDITING,
    "dashboards.duplicate_tile": EDITING,
    "dashboards.place_tiles": EDITING,
    "collections.all": SEEING,
    "collections.get": SEEING,
    "collections.rows": SEEING,
    "collections.versions": SEEING,
}


async def asked_by(world: Any, name: str, *, is_public: bool) -> Asked:
    services, owner = world.services, world.actors["owner"]
    access = await services.projects.open(owner, world.project_id)
    if is_public:
        await services.projects.set_public(access, is_public=True)
    dashboard = await services.dashboards.create(access, "Dashboard")
    dashboard = await services.dashboards.add_tile(access, dashboard.id, TEXT)
    collection = await world.add_collection()
    return Asked(world, world.actors[name], dashboard, collection)


async def outcome(act: Act, asked: Asked) -> str:
    try:
        await act(asked)
    except DomainError as error:
        return type(error).__name__
    return YES


@pytest.mark.parametrize("is_public", [False, True], ids=["private", "public"])
@pytest.mark.parametrize("name", EXPECTED)
async def test_everybody_may_what_the_table_says(name: str, is_public: bool, new_world: Any) -> None:
    """One use case on a fresh project for each kind of actor: done, forbidden, or not even seen."""
    outcomes = [await outcome(ACTS[name], await asked_by(await new_world(), who, is_public=is_public)) for who in WHO]
    assert dict(zip(WHO, outcomes, strict=True)) == dict(zip(WHO, EXPECTED[name][is_public], strict=True))


@pytest.mark.parametrize("service", [Projects, Dashboards, Collections])
def test_no_use_case_is_left_out(service: type) -> None:
    """A public method that is added to a service must be added here too."""
    methods = {name for name, _ in inspect.getmembers(service, inspect.isfunction) if not name.startswith("_")}
    tried = {name.partition(".")[2] for name in EXPECTED if name.startswith(service.__name__.lower())}
    assert {name.partition(" ")[0] for name in tried} == methods


@pytest.mark.parametrize(
    "name", [name for name in DASHBOARDS if name not in {"of_project", "visible", "create", "open"}]
)
async def test_a_dashboard_of_another_project_is_not_there(name: str, new_world: Any) -> None:
    """The proof of an own project opens no dashboard of another one, whatever id the browser sends."""
    theirs = await asked_by(await new_world(), "owner", is_public=False)
    mine = await new_world()
    crossed = Asked(mine, mine.actors["owner"], theirs.dashboard, theirs.collection)
    assert await outcome(DASHBOARDS[name], crossed) == HIDDEN
    opened = await theirs.dashboards.open(theirs.actor, theirs.dashboard.id)
    assert opened.dashboard == theirs.dashboard


@pytest.mark.parametrize("name", ["get", "rows", "versions"])
async def test_a_collection_of_another_project_is_not_there(name: str, new_world: Any) -> None:
    theirs = await asked_by(await new_world(), "owner", is_public=False)
    mine = await new_world()
    crossed = Asked(mine, mine.actors["owner"], theirs.dashboard, theirs.collection)
    assert await outcome(COLLECTIONS[name], crossed) == HIDDEN


async def test_missing_and_invisible_are_not_told_apart(world: Any) -> None:
    """The same words for a project or a dashboard that is another's and for one that never was."""
    asked = await asked_by(world, "outsider", is_public=False)
    messages = []
    for question in (
        asked.projects.open(asked.actor, asked.world.project_id),
        asked.projects.open(asked.actor, "0" * 24),
        asked.dashboards.open(asked.actor, asked.dashboard.id),
        asked.dashboards.open(asked.actor, "0" * 24),
    ):
        with pytest.raises(DomainError) as raised:
            await question
        messages.append((type(raised.value).__name__, raised.value.message))
    assert messages[0] == messages[1]
    assert messages[2] == messages[3]


async def test_a_proof_that_is_out_of_date_changes_no_project(world: Any) -> None:
    """The stored grants decide: an owner who was demoted meanwhile is refused, though the proof says owner."""
    services, owner, editor = world.services, world.actors["owner"], world.actors["editor"]
    access = await services.projects.open(owner, world.project_id)
    await services.projects.set_role(access, editor.user_id, Role.OWNER)
    proof = await services.projects.open(editor, world.project_id)
    await services.projects.set_role(access, editor.user_id, Role.VIEWER)
    for question in (
        lambda: services.projects.rename(proof, "Mine"),
        lambda: services.projects.set_public(proof, is_public=True),
        lambda: services.projects.set_role(proof, owner.user_id, Role.VIEWER),
        lambda: services.projects.delete(proof),
    ):
        with pytest.raises(DomainError, match="needs the permission"):
            await question()


async def test_a_document_that_names_another_project_changes_nothing_there(new_world: Any) -> None:
    """A submitted dashboard is authorised as it is stored: project and author are not the submitter's choice."""
    mine, theirs = await new_world(), await new_world()
    asked = await asked_by(mine, "editor", is_public=False)
    submitted = msgspec.structs.replace(asked.dashboard, project_id=theirs.project_id, created_by="eve", title="Moved")
    saved = await asked.dashboards.replace(await asked.access(), submitted)
    assert (saved.project_id, saved.created_by, saved.title) == (mine.project_id, asked.dashboard.created_by, "Moved")
