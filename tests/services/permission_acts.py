"""What `test_permissions.py` tries: every use case, asked for by one actor on one project."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any

import msgspec
import polars as pl

from domain.access import Actor, Capability, Principal, PrincipalKind, Role
from domain.collections import DataCollection, Origin
from domain.dashboards import Dashboard, retitle
from domain.description import (
    CollectionConfig,
    CollectionDescription,
    DataLocation,
    Engine,
    ProjectDescription,
    Scan,
    ScanParameters,
    TableProperties,
    WorkflowDescription,
)
from domain.discussions import Thread
from domain.errors import Conflict, DomainError, Invalid, NotFound
from domain.exports import Wanted
from domain.groups import GroupAccess
from domain.history import Stamp
from domain.image_files import ImageFile
from domain.images import image_path
from domain.ingests import Ledger, LedgerFile
from domain.jobs import JobKind
from domain.listing import Wanted as Paged
from domain.looks import Look
from domain.projects import Access
from domain.projects import describe as described
from domain.questions import DashboardQuestion, ProjectQuestion
from domain.run_lists import RunsWanted
from domain.saved_views import ViewState
from domain.share_links import WantedLink
from domain.tabs import Breakpoint, Home, Section, Tab
from domain.tiles import Box, FilterTile, FilterWidget, TableTile, TextTile, Tile
from domain.uploaded import Reading
from domain.uploaded import described as uploaded
from persistence.collections import CollectionRepository
from persistence.tables import Change as TableChange
from persistence.tables import Tables
from services.arrangement import Arrangement
from services.batches import Batches
from services.collections import Collections
from services.copies import Copies
from services.dashboards import DashboardAccess, Dashboards
from services.discussions import Discussions, Notes
from services.exports import Exports
from services.history import History
from services.ingestion import Ingestion
from services.job_kinds import JoinsOrder
from services.jobs import Jobs
from services.pictures import Pictures
from services.pins import Pins
from services.previews import Previews
from services.projects import Projects
from services.queries import Queries
from services.questions import Questions
from services.remap import Remap
from services.saved_views import Change, SavedViews, ShownView
from services.upkeep import Upkeep
from services.uploaded import Order, Sent, UploadedTables

TEXT = TextTile(id="text", body="hello")


class Asked(msgspec.Struct, frozen=True):
    """What a use case is tried on: a fresh project with a dashboard of one tile, and the actor who asks."""

    world: Any
    actor: Actor
    dashboard: Dashboard
    collection: DataCollection
    name: str

    @property
    def projects(self) -> Projects:
        return self.world.services.projects

    @property
    def dashboards(self) -> Dashboards:
        return self.world.services.dashboards

    @property
    def history(self) -> History:
        return self.world.services.history

    @property
    def collections(self) -> Collections:
        return self.world.services.collections

    @property
    def previews(self) -> Previews:
        return self.world.services.previews

    @property
    def queries(self) -> Queries:
        return self.world.services.queries

    @property
    def questions(self) -> Questions:
        return self.world.services.questions

    @property
    def copies(self) -> Copies:
        return self.world.services.copies

    @property
    def pictures(self) -> Pictures:
        return self.world.services.pictures

    @property
    def exports(self) -> Exports:
        return self.world.services.exports

    @property
    def ingestion(self) -> Ingestion:
        return self.world.services.ingestion

    @property
    def remap(self) -> Remap:
        return self.world.services.remap

    @property
    def pins(self) -> Pins:
        return self.world.services.pins

    @property
    def upkeep(self) -> Upkeep:
        return self.world.services.upkeep

    @property
    def uploaded(self) -> UploadedTables:
        return self.world.services.uploaded

    @property
    def batches(self) -> Batches:
        return self.world.services.batches

    @property
    def jobs(self) -> Jobs:
        return self.world.services.jobs

    @property
    def description(self) -> ProjectDescription:
        """A project file for the project, with the collection as it is stored."""
        scan = Scan("single", ScanParameters(filename="table.csv"))
        config = CollectionConfig(
            type="table", metatype="aggregate", scan=scan, dc_specific_properties=TableProperties(format="csv")
        )
        collection = CollectionDescription(data_collection_tag=self.collection.tag, config=config)
        workflow = WorkflowDescription(
            name=self.collection.workflow,
            engine=Engine("nextflow"),
            data_location=DataLocation(locations=("/data",)),
            data_collections=(collection,),
        )
        return ProjectDescription(name=self.name, id=self.world.project_id, workflows=(workflow,))

    def shown(self, tile: Tile) -> Any:
        return msgspec.structs.replace(tile, collection_id=self.collection.id)

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


async def register(asked: Asked) -> object:
    """With the project's id: bringing it up to date without changing what an editor may not."""
    return await asked.projects.register(asked.actor, ProjectDescription(name=asked.name, id=asked.world.project_id))


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
    "register": register,
    "find_described": lambda a: a.projects.find_described(
        a.actor, ProjectDescription(name=a.name, id=a.world.project_id)
    ),
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
    "duplicate": lambda a: of_access(a, a.dashboards.duplicate, a.dashboard.id, "Another"),
    "edit": lambda a: of_access(a, a.dashboards.edit, a.dashboard.id, lambda stored: retitle(stored, "T", "")),
    "at": lambda a: of_access(a, a.dashboards.at, a.dashboard.id, 1),
    "stored": lambda a: of_access(a, a.dashboards.stored, a.dashboard.id),
    "open (version)": lambda a: a.dashboards.open(a.actor, f"{a.dashboard.id}@1"),
    "place_tiles": lambda a: of_access(a, a.dashboards.place_tiles, a.dashboard.id, {"text": Box(1, 1, 1, 1)}),
}


async def undo(asked: Asked) -> object:
    """What the actor did in this editor, if they may; another one has nothing to take back."""
    access, history = await asked.access(), asked.history.stamped(Stamp("s"))
    if access.may(Capability.DASHBOARD_EDIT):
        await asked.dashboards.stamped(Stamp("s")).remove_tile(access, asked.dashboard.id, "text")
    return await history.undo(access, asked.dashboard.id)


async def redo(asked: Asked) -> object:
    """The same, done again."""
    access, history = await asked.access(), asked.history.stamped(Stamp("s"))
    if access.may(Capability.DASHBOARD_EDIT):
        await undo(asked)
    return await history.redo(access, asked.dashboard.id)


async def take_back(asked: Asked) -> object:
    owner = await asked.world.services.projects.open(asked.world.actors["owner"], asked.world.project_id)
    edit = await asked.history.edit_of(owner, asked.dashboard.id, asked.dashboard.version)
    return await asked.history.take_back(await asked.access(), edit)


HISTORY: dict[str, Act] = {
    "versions": lambda a: of_access(a, a.history.versions, a.dashboard.id),
    "edit_of": lambda a: of_access(a, a.history.edit_of, a.dashboard.id, 2),
    "compare": lambda a: of_access(a, a.history.compare, a.dashboard.id, 1),
    "restore": lambda a: of_access(a, a.history.restore, a.dashboard.id, 1),
    "stacks": lambda a: of_access(a, a.history.stacks, a.dashboard.id),
    "undo": undo,
    "redo": redo,
    "last_remapping": lambda a: of_access(a, a.history.last_remapping, a.dashboard.id),
    "take_back": take_back,
}
LIVE: dict[str, Act] = {
    "pulse": lambda a: a.world.services.live.pulse(a.actor, a.dashboard.id),
    "pulse_of_editor": lambda a: a.world.services.live.pulse_of_editor(a.actor, a.dashboard.id, "s", "text"),
    "leave": lambda a: a.world.services.live.leave(a.actor, a.dashboard.id, "s"),
}


def arranged(act: Callable[[Arrangement, DashboardAccess], Awaitable[object]]) -> Act:
    """An act on the dashboard as the actor opens it, which has a second tab and a section."""

    async def ask(asked: Asked) -> object:
        owner = await asked.dashboards.open(asked.world.actors["owner"], asked.dashboard.id)
        use: Arrangement = asked.world.services.arrangement
        if all(tab.id != "other" for tab in owner.dashboard.tabs):
            await use.add_section(owner, "grid_sections", Section(name="S"))
            await use.add_tab(owner, "Other")
        return await act(use, await asked.dashboards.open(asked.actor, asked.dashboard.id))

    return ask


HOME, SECTION, MORE = Home("main"), Home("main", "S"), Section(name="N", tab="main")
ARRANGEMENT: dict[str, Act] = {
    "add_tab": arranged(lambda use, opened: use.add_tab(opened, "New")),
    "set_tab": arranged(lambda use, opened: use.set_tab(opened, Tab(id="other", title="Renamed"))),
    "move_tab": arranged(lambda use, opened: use.move_tab(opened, "other", 0)),
    "remove_tab": arranged(lambda use, opened: use.remove_tab(opened, "other")),
    "add_section": arranged(
        lambda use, opened: use.add_section(opened, "grid_sections", Section(name="N", tab="main"))
    ),
    "set_section": arranged(lambda use, opened: use.set_section(opened, "grid_sections", SECTION, Section(name="N"))),
    "move_section": arranged(lambda use, opened: use.move_section(opened, "grid_sections", SECTION, 0)),
    "remove_section": arranged(lambda use, opened: use.remove_section(opened, "grid_sections", SECTION)),
    "set_breakpoints": arranged(lambda use, opened: use.set_breakpoints(opened, [Breakpoint(0, 8)])),
    "move_tiles": arranged(lambda use, opened: use.move_tiles(opened, ["text"], SECTION)),
    "remove_tiles": arranged(lambda use, opened: use.remove_tiles(opened, ["text"])),
    "duplicate_tiles": arranged(lambda use, opened: use.duplicate_tiles(opened, ["text"])),
    "align_tiles": arranged(lambda use, opened: use.align_tiles(opened, ["text"], "left")),
    "distribute_tiles": arranged(lambda use, opened: use.distribute_tiles(opened, ["text"])),
    "arrange_section": arranged(lambda use, opened: use.arrange_section(opened, HOME)),
    "paste_tiles": arranged(lambda use, opened: use.paste_tiles(opened, opened, ["text"], HOME)),
}


def said(act: Callable[[Discussions, DashboardAccess, Thread], Awaitable[object]]) -> Act:
    """An act on a thread that the owner began."""

    async def ask(asked: Asked) -> object:
        use: Discussions = asked.world.services.discussions
        owner = await asked.dashboards.open(asked.world.actors["owner"], asked.dashboard.id)
        thread = await use.start(owner, "text", "Look at this.")
        return await act(use, await asked.dashboards.open(asked.actor, asked.dashboard.id), thread)

    return ask


def written(act: Callable[[Notes, DashboardAccess], Awaitable[object]]) -> Act:
    async def ask(asked: Asked) -> object:
        return await act(asked.world.services.notes, await asked.dashboards.open(asked.actor, asked.dashboard.id))

    return ask


DISCUSSIONS: dict[str, Act] = {
    "threads": said(lambda use, opened, _: use.threads(opened)),
    "people": said(lambda use, opened, _: use.people(opened)),
    "start": said(lambda use, opened, _: use.start(opened, "text", "Why?")),
    "reply": said(lambda use, opened, thread: use.reply(opened, thread.id, "Because.")),
    "resolve": said(lambda use, opened, thread: use.resolve(opened, thread.id, resolved=True)),
    "remove": said(lambda use, opened, thread: use.remove(opened, thread.id, thread.remarks[0].id)),
}
NOTES: dict[str, Act] = {
    "read": written(lambda use, opened: use.read(opened)),
    "write": written(lambda use, opened: use.write(opened, "# Notes", 0)),
    "revisions": written(lambda use, opened: use.revisions(opened)),
}


def viewed(act: Callable[[SavedViews, DashboardAccess, ShownView], Awaitable[object]], *, own: bool = False) -> Act:
    """An act on a view that the owner shares, or that the actor keeps."""

    async def ask(asked: Asked) -> object:
        use: SavedViews = asked.world.services.saved_views
        opened = await asked.dashboards.open(asked.actor, asked.dashboard.id)
        maker = opened if own else await asked.dashboards.open(asked.world.actors["owner"], asked.dashboard.id)
        view = await use.add(maker, "Mine" if own else "Shared", ViewState(), shared=not own)
        return await act(use, opened, view)

    return ask


SAVED_VIEWS: dict[str, Act] = {
    "all": viewed(lambda use, opened, _: use.all(opened)),
    "get": viewed(lambda use, opened, view: use.get(opened, view.name)),
    "opening": viewed(lambda use, opened, view: use.opening(opened, view.name)),
    "add": viewed(lambda use, opened, _: use.add(opened, "Mine", ViewState())),
    "add (shared)": viewed(lambda use, opened, _: use.add(opened, "Ours", ViewState(), shared=True)),
    "change": viewed(lambda use, opened, view: use.change(opened, view.id, Change(version=1, name="Ours"))),
    "change (own)": viewed(
        lambda use, opened, view: use.change(opened, view.id, Change(version=1, name="My own")), own=True
    ),
    "change (share)": viewed(
        lambda use, opened, view: use.change(opened, view.id, Change(version=1, shared=True)), own=True
    ),
    "remove": viewed(lambda use, opened, view: use.remove(opened, view.id)),
    "remove (own)": viewed(lambda use, opened, view: use.remove(opened, view.id), own=True),
    "set_default": viewed(lambda use, opened, view: use.set_default(opened, view.id)),
    "set_own_default": viewed(lambda use, opened, view: use.set_own_default(opened, view.id)),
}
COLLECTIONS: dict[str, Act] = {
    "all": lambda a: of_access(a, a.collections.all),
    "get": lambda a: of_access(a, a.collections.get, a.collection.id),
    "rows": lambda a: of_access(a, a.collections.rows, a.collection.id),
    "versions": lambda a: of_access(a, a.collections.versions, a.collection.id),
    "runs": lambda a: of_access(a, a.collections.runs, a.collection.id),
    "compare": lambda a: of_access(a, a.collections.compare, a.collection.id, 0, 0),
}
PREVIEWS: dict[str, Act] = {
    "page": lambda a: of_access(a, partial(a.previews.page, offset=0, limit=1), a.collection.id, Look(sort="x")),
}
TABLE = TableTile(id="table", collection_id="")
FILTER = FilterTile(
    id="filter", collection_id="", column_name="x", interactive_component_type=FilterWidget.MULTI_SELECT
)
QUERIES: dict[str, Act] = {
    "answer": lambda a: of_access(a, a.queries.answer, [a.shown(TABLE)], ()),
    "table_page": lambda a: of_access(a, partial(a.queries.table_page, offset=0, limit=1), a.shown(TABLE), ()),
    "filter_options": lambda a: of_access(a, a.queries.filter_options, a.shown(FILTER), ()),
    "brush": lambda a: of_access(a, a.queries.brush, a.shown(FILTER), [0.0, 1.0], [a.shown(TABLE)], ()),
    "profile": lambda a: of_access(a, a.queries.profile, a.collection.id),
    "sketches": lambda a: of_access(a, a.queries.sketches, a.collection.id),
    "categories": lambda a: of_access(a, a.queries.categories, a.collection.id, "x"),
    "tables": lambda a: of_access(a, a.queries.tables),
    "prepare": lambda a: of_access(a, a.queries.prepare, [a.shown(TABLE), a.shown(FILTER)]),
}


async def of_dashboard(asked: Asked) -> object:
    return await asked.questions.of_dashboard(await shown_table(asked), TABLE.id, DashboardQuestion())


async def of_project(asked: Asked) -> object:
    component = {"component_type": "table", "data_collection_tag": asked.collection.tag}
    return await asked.questions.of_project(await asked.access(), ProjectQuestion(component=component))


async def shown_table(asked: Asked) -> DashboardAccess:
    """The dashboard with a table that the owner has put on it, as the actor opens it."""
    owner = await asked.projects.open(asked.world.actors["owner"], asked.world.project_id)
    if TABLE.id not in (await asked.dashboards.stored(owner, asked.dashboard.id)).tiles:
        await asked.dashboards.add_tile(owner, asked.dashboard.id, asked.shown(TABLE))
    return await asked.dashboards.open(asked.actor, asked.dashboard.id)


async def state(asked: Asked) -> object:
    return await asked.questions.state(await shown_table(asked), TABLE.id, DashboardQuestion())


async def of_tile(asked: Asked) -> object:
    return await asked.exports.of_tile(await shown_table(asked), TABLE.id, Wanted())


QUESTIONS: dict[str, Act] = {"of_dashboard": of_dashboard, "of_project": of_project, "state": state}
EXPORTS: dict[str, Act] = {"of_tile": of_tile}


async def of_opened(asked: Asked, method: Callable[..., Awaitable[object]], *given: object, **named: object) -> object:
    return await method(await asked.dashboards.open(asked.actor, asked.dashboard.id), *given, **named)


async def plan(asked: Asked) -> object:
    opened = await asked.dashboards.open(asked.actor, asked.dashboard.id)
    return await asked.copies.plan(opened, await asked.access())


async def copy(asked: Asked, *, move: bool = False) -> object:
    opened = await asked.dashboards.open(asked.actor, asked.dashboard.id)
    return await asked.copies.copy(opened, await asked.access(), {}, move=move)


async def move(asked: Asked) -> object:
    return await copy(asked, move=True)


COPIES: dict[str, Act] = {
    "file": lambda a: of_opened(a, a.copies.file),
    "read": lambda a: of_access(a, a.copies.read, "title: T"),
    "duplicate": lambda a: of_opened(a, a.copies.duplicate),
    "targets": lambda a: found(a.copies.targets(a.actor), a.world.project_id, lambda project: project.id),
    "plan": plan,
    "copy": copy,
    "copy (move)": move,
}


async def receive(asked: Asked) -> object:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"x"

    return await asked.ingestion.receive(await asked.access(), sha256(b"x").hexdigest(), chunks())


async def sent_files(asked: Asked) -> object:
    return await asked.ingestion.sent_files(await asked.access(), [])


async def run_of(asked: Asked) -> Any:
    """Read the run of the one file that the table is made of, by its newest version."""
    file = LedgerFile(path="r1/a.csv", run="r1", size=1, mtime_ns=1, sha256="0", rows=0, schema=0)
    said = {"ledger": msgspec.to_builtins(Ledger(reading="", files=(file,)))}
    tables, path = Tables(asked.world.objects), asked.collection.table_path
    change = TableChange(schema=tables.schema(path), frames=[], stored=said, rows_added=0)
    version = tables.commit(path, tables.version(path), change)
    kept = msgspec.structs.replace(asked.collection, table_version=version)
    await CollectionRepository(asked.world.documents).replace(kept)
    return await of_access(asked, asked.world.services.runs.get, kept.workflow, "r1")


PICTURE = b"\x89PNG\r\n\x1a\n"


async def picture() -> AsyncIterator[bytes]:
    yield PICTURE


async def image_set(asked: Asked, method: str, *arguments: Any) -> Any:
    """One of the use cases of image sets, on an uploaded table of one image, which its owner has sent."""
    images = asked.ingestion.images
    made = await asked.world.add_collection(pl.DataFrame({"x": ["a.png"]}))
    source = uploaded("table", "", Reading())
    made = msgspec.structs.replace(made, kind="image", image_column="x", origin=Origin.UPLOAD, source=source)
    await CollectionRepository(asked.world.documents).replace(made)
    owner = await asked.projects.open(asked.world.actors["owner"], made.project_id)
    await images.put(owner, made.id, "a.png", picture())
    return await of_access(asked, getattr(images, method), made.id, *arguments)


LISTED = [ImageFile(name="a.png", size=len(PICTURE), sha256=sha256(PICTURE).hexdigest())]
IMAGESETS: dict[str, Act] = {
    "of": lambda a: image_set(a, "of"),
    "commit": lambda a: image_set(a, "commit", LISTED, Path),
    "check": lambda a: image_set(a, "check", LISTED),
    "put": lambda a: image_set(a, "put", "a.png", picture()),
    "set_column": lambda a: image_set(a, "set_column", "x"),
}
RUNS: dict[str, Act] = {
    "workflows": lambda a: of_access(a, a.world.services.runs.workflows),
    "page": lambda a: of_access(a, a.world.services.runs.page, a.collection.workflow, RunsWanted()),
    "get": run_of,
}
LINEAGES: dict[str, Act] = {"of": lambda a: of_access(a, a.world.services.lineages.of)}
INGESTION: dict[str, Act] = {
    "register": lambda a: a.ingestion.register(a.actor, a.description),
    "find_described": lambda a: a.ingestion.find_described(a.actor, a.description),
    "known_files": lambda a: of_access(a, a.ingestion.known_files, a.collection.id),
    "plan": lambda a: of_access(a, a.ingestion.plan, a.collection.id, []),
    "commit": lambda a: of_access(a, a.ingestion.commit, a.collection.id, [], Path),
    "receive": receive,
    "sent_files": sent_files,
    "claim": lambda a: of_access(a, a.ingestion.claim, [], "job"),
    "discard": lambda a: of_access(a, a.ingestion.discard, [], "job"),
    "run_joins": lambda a: of_access(a, a.ingestion.run_joins),
    "fail": lambda a: of_access(a, a.ingestion.fail, a.collection.id, Invalid("no files")),
    "log": lambda a: of_access(a, a.ingestion.log),
}


async def upkept(asked: Asked, act: Callable[..., Awaitable[object]], *more: object) -> object:
    """The act on the collection; it has no table, which whoever may try is told."""
    try:
        return await act(await asked.access(), asked.collection.id, *more)
    except Conflict:
        return None


async def unmade(asked: Asked, act: Callable[..., Awaitable[object]]) -> object:
    """Pin the collection; it has no such version, which only whoever may pin is told."""
    try:
        return await of_opened(asked, act, asked.collection.id, 7)
    except NotFound as error:
        if "has no version 7" not in error.message:
            raise
        return None


PINS: dict[str, Act] = {
    "choices": lambda a: of_opened(a, a.pins.choices),
    "pin": lambda a: unmade(a, a.pins.pin),
    "unpin": lambda a: of_opened(a, a.pins.unpin, a.collection.id),
}


async def refused(asked: Asked, act: Callable[..., Awaitable[object]], *more: object) -> object:
    """Nothing is lost and nothing to be taken back, which only whoever may edit is told."""
    try:
        return await of_opened(asked, act, *more)
    except NotFound as error:
        if "No tile uses" not in error.message:
            raise
    except Conflict:
        pass
    return None


REMAP: dict[str, Act] = {
    "lost": lambda a: of_opened(a, a.remap.lost),
    "linked": lambda a: of_opened(a, a.remap.linked),
    "left": lambda a: of_opened(a, a.remap.left),
    "kept_by_others": lambda a: of_opened(a, a.remap.kept_by_others),
    "preview": lambda a: refused(a, a.remap.preview, a.collection.id, {}),
    "apply": lambda a: refused(a, a.remap.apply, a.collection.id, {}),
    "may_undo": lambda a: of_opened(a, a.remap.may_undo),
    "undo": lambda a: refused(a, a.remap.undo),
}
UPKEEP: dict[str, Act] = {
    "tag": lambda a: of_access(a, a.upkeep.tag, a.collection.id),
    "plan_restore": lambda a: upkept(a, a.upkeep.plan_restore, 0),
    "restore": lambda a: upkept(a, a.upkeep.restore, 0),
    "plan_optimize": lambda a: upkept(a, a.upkeep.plan_optimize),
    "optimize": lambda a: upkept(a, a.upkeep.optimize),
    "plan_vacuum": lambda a: upkept(a, a.upkeep.plan_vacuum),
    "vacuum": lambda a: upkept(a, a.upkeep.vacuum),
}


async def table_text() -> AsyncIterator[bytes]:
    yield b"site,n\nA,1\n"


async def workbook() -> AsyncIterator[bytes]:
    content = BytesIO()
    pl.DataFrame({"site": ["A"]}).write_excel(content)
    yield content.getvalue()


async def with_sent(
    asked: Asked,
    act: Callable[[Access, Sent], Awaitable[object]],
    content: Callable[[], AsyncIterator[bytes]] = table_text,
) -> object:
    """The act on a file that the owner has sent."""
    owner = await asked.projects.open(asked.world.actors["owner"], asked.world.project_id)
    sent = await asked.uploaded.receive(owner, "sites.csv", content())
    return await act(await asked.access(), sent)


UPLOADED: dict[str, Act] = {
    "receive": lambda a: of_access(a, a.uploaded.receive, "sites.csv", table_text()),
    "guess": lambda a: with_sent(a, a.uploaded.guess),
    "look": lambda a: with_sent(a, lambda access, sent: a.uploaded.look(access, sent, Reading())),
    "sheets": lambda a: with_sent(a, a.uploaded.sheets, workbook),
    "collections": lambda a: of_access(a, a.uploaded.collections),
    "reading_of": lambda a: of_access(a, a.uploaded.reading_of, "sites"),
    "check": lambda a: with_sent(a, lambda access, sent: a.uploaded.check(access, sent, Order(tag="sites"))),
    "ingest": lambda a: with_sent(a, lambda access, sent: a.uploaded.ingest(access, sent, Order(tag="sites"))),
    "abandon": lambda a: of_access(a, a.uploaded.abandon, Order(tag="sites"), "0" * 24),
    "forget": lambda a: with_sent(a, a.uploaded.forget),
}


async def with_batch(asked: Asked, act: Callable[[Access, str], Awaitable[object]]) -> object:
    """The act on a list of one file, which the owner has sent."""
    owner = await asked.projects.open(asked.world.actors["owner"], asked.world.project_id)
    sent = await asked.uploaded.receive(owner, "sites.csv", table_text())
    return await act(await asked.access(), await asked.batches.keep(owner, [sent]))


BATCHES: dict[str, Act] = {
    "keep": lambda a: with_sent(a, lambda access, sent: a.batches.keep(access, [sent])),
    "files": lambda a: with_batch(a, a.batches.files),
    "sorted": lambda a: with_sent(a, lambda access, sent: a.batches.sorted(access, [sent])),
    "reading": lambda a: with_sent(a, lambda access, sent: a.batches.reading(access, [sent])),
    "forget": lambda a: with_sent(a, lambda access, sent: a.batches.forget(access, [sent])),
}


async def with_job(asked: Asked, act: Callable[[Access, str], Awaitable[object]], *, ended: bool = False) -> object:
    """The act on a job that the owner has started, or cancelled again."""
    owner = await asked.projects.open(asked.world.actors["owner"], asked.world.project_id)
    sent = await asked.uploaded.receive(owner, "sites.csv", table_text())
    job = await asked.jobs.upload(owner, sent, Order(tag="sites"))
    if ended:
        await asked.jobs.cancel(owner, job.id)
    return await act(await asked.access(), job.id)


JOBS: dict[str, Act] = {
    "upload": lambda a: with_sent(a, lambda access, sent: a.jobs.upload(access, sent, Order(tag="sites"))),
    "joins": lambda a: done_or_invalid(of_access(a, a.jobs.joins)),
    "start": lambda a: done_or_invalid(of_access(a, a.jobs.start, JobKind.JOINS, JoinsOrder())),
    "order": lambda a: done_or_invalid(of_access(a, a.jobs.order, JobKind.JOINS, {})),
    "get": lambda a: with_job(a, a.jobs.get),
    "ended": lambda a: with_job(a, lambda access, job_id: a.jobs.ended(access, job_id, 0)),
    "cancel": lambda a: with_job(a, a.jobs.cancel),
    "retry": lambda a: with_job(a, a.jobs.retry, ended=True),
    "of_project": lambda a: of_access(a, a.jobs.of_project, Paged()),
    "live": lambda a: of_access(a, a.jobs.live),
    "of_site": lambda a: a.jobs.of_site(a.actor, Paged()),
}


async def done_or_invalid(act: Awaitable[object]) -> object:
    """Who is let through is told that the project has no joins."""
    try:
        return await act
    except Invalid:
        return None


PICTURES: dict[str, Act] = {
    "name": lambda a: of_opened(a, a.pictures.name),
    "find": lambda a: of_opened(a, a.pictures.find, "name", "light"),
    "keep": lambda a: of_opened(a, a.pictures.keep, "name", "light", b"<svg/>"),
}


def grouped(act: Callable[[Any, GroupAccess, Asked], Awaitable[object]]) -> Act:
    """An act on a group that the owner administers and the viewer is in, as the actor opens it."""

    async def ask(asked: Asked) -> object:
        use = asked.world.services.groups
        owner = asked.world.actors["owner"]
        group = await use.create(owner, f"Group {token_hex(6)}")
        await use.add_user(await use.open(owner, group.id), asked.user_id("viewer"))
        return await act(use, await use.open(asked.actor, group.id), asked)

    return ask


GROUPS: dict[str, Act] = {
    "joined": lambda a: a.world.services.groups.joined(a.actor),
    "mine": lambda a: a.world.services.groups.mine(a.actor),
    "create": lambda a: a.world.services.groups.create(a.actor, f"Own {token_hex(6)}"),
    "with_ids": lambda a: a.world.services.groups.with_ids(["none"]),
    "open": grouped(lambda _use, _proof, asked: asked.world.services.groups.with_ids([])),
    "rename": grouped(lambda use, proof, _: use.rename(proof, f"Renamed {token_hex(6)}", "")),
    "members": grouped(lambda use, proof, _: use.members(proof)),
    "add_member": grouped(lambda use, proof, _: use.add_member(proof, "outsider@example.org")),
    "add_user": grouped(lambda use, proof, asked: use.add_user(proof, asked.user_id("outsider"))),
    "set_administrator": grouped(
        lambda use, proof, asked: use.set_administrator(proof, asked.user_id("viewer"), is_administrator=True)
    ),
    "remove_member": grouped(lambda use, proof, asked: use.remove_member(proof, asked.user_id("viewer"))),
    "delete": grouped(lambda use, proof, _: use.delete(proof)),
    "forget": lambda a: a.world.services.groups.forget("nobody"),
}
DIRECTORY: dict[str, Act] = {
    "for_project": lambda a: of_access(a, a.world.services.directory.for_project, "outsider"),
    "for_group": grouped(lambda _, proof, asked: asked.world.services.directory.for_group(proof, "outsider")),
}


def of_user(asked: Asked, name: str) -> Principal:
    return Principal(PrincipalKind.USER, asked.user_id(name))


async def invited(asked: Asked) -> None:
    """The owner has invited an address."""
    owner = await asked.projects.open(asked.world.actors["owner"], asked.world.project_id)
    await asked.world.services.invitations.invite_to(owner, "new@example.org", Role.VIEWER)


async def invited_role(asked: Asked) -> object:
    await invited(asked)
    return await of_access(asked, asked.world.services.invitations.set_role, "new@example.org", Role.OWNER)


async def uninvite(asked: Asked) -> object:
    await invited(asked)
    return await of_access(asked, asked.world.services.invitations.withdraw_from, "new@example.org")


SHARING: dict[str, Act] = {
    "shares": lambda a: of_access(a, a.world.services.sharing.shares),
    "share": lambda a: of_access(a, a.world.services.sharing.share, of_user(a, "outsider"), Role.OWNER),
    "withdraw": lambda a: of_access(a, a.world.services.sharing.withdraw, of_user(a, "viewer")),
    "transfer": lambda a: of_access(a, a.world.services.sharing.transfer, a.user_id("viewer")),
    "why": lambda a: of_access(a, a.world.services.sharing.why, a.user_id("viewer")),
    "exposure": lambda a: of_access(a, a.world.services.sharing.exposure),
}

INVITATIONS: dict[str, Act] = {
    "invite_to": lambda a: of_access(a, a.world.services.invitations.invite_to, "new@example.org", Role.OWNER),
    "share_or_invite": lambda a: of_access(
        a, a.world.services.invitations.share_or_invite, "outsider@example.org", Role.OWNER
    ),
    "pending_to": lambda a: of_access(a, a.world.services.invitations.pending_to),
    "set_role": invited_role,
    "withdraw_from": uninvite,
}


async def link_of(asked: Asked) -> Any:
    """A link that the owner has made to the dashboard."""
    owner = await asked.dashboards.open(asked.world.actors["owner"], asked.dashboard.id)
    return await asked.world.services.share_links.create(owner, WantedLink(password="a password"))


def linked(act: Callable[[Any, Any], Awaitable[object]]) -> Act:
    """An act on a link for whoever has its address, which asks for no actor."""

    async def ask(asked: Asked) -> object:
        return await act(asked.world.services.share_links, await link_of(asked))

    return ask


async def open_link(use: Any, made: Any) -> Any:
    return await use.open(made.secret, await use.unlock(made.secret, "a password", token_hex(4)))


async def count_link(use: Any, made: Any) -> object:
    return await use.count(await open_link(use, made))


async def revoke_link(asked: Asked) -> object:
    made = await link_of(asked)
    return await asked.world.services.share_links.revoke(await asked.access(), made.link.id)


SHARELINKS: dict[str, Act] = {
    "of_dashboard": lambda a: of_opened(a, a.world.services.share_links.of_dashboard),
    "of_project": lambda a: of_access(a, a.world.services.share_links.of_project),
    "create": lambda a: of_opened(a, a.world.services.share_links.create, WantedLink()),
    "taken_along": lambda a: of_opened(a, a.world.services.share_links.taken_along, "?where=1"),
    "revoke": revoke_link,
    "find": linked(lambda use, made: use.find(made.secret)),
    "open": linked(open_link),
    "unlock": linked(lambda use, made: use.unlock(made.secret, "a password", "somewhere")),
    "count": linked(count_link),
}


async def change(asked: Asked) -> object:
    return await asked.projects.change(
        await asked.access(), Capability.PROJECT_SHARE, lambda project: described(project, "changed")
    )


PROJECTS |= {
    "open_dashboard": lambda a: a.projects.open_dashboard(a.actor, a.world.project_id, a.dashboard.id),
    "change": change,
    "let_in": lambda a: of_access(a, a.projects.let_in, a.user_id("outsider"), Role.OWNER),
    "withdraw": lambda a: a.projects.withdraw(Principal(PrincipalKind.GROUP, "none")),
}


GIF = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"


async def of_row(asked: Asked) -> object:
    await asked.world.objects.put(image_path(asked.collection.id, "a"), b"GIF89a")
    return await asked.world.services.images.of_row(await asked.access(), asked.collection.id, "x", "a")


async def small_of_row(asked: Asked) -> object:
    await asked.world.objects.put(image_path(asked.collection.id, "a"), GIF)
    return await asked.world.services.images.small_of_row(await asked.access(), asked.collection.id, "x", "a", 160)


IMAGES: dict[str, Act] = {"of_row": of_row, "small_of_row": small_of_row}
ACTS = {
    f"{service}.{name}": act
    for service, acts in (
        ("projects", PROJECTS),
        ("groups", GROUPS),
        ("directory", DIRECTORY),
        ("sharing", SHARING),
        ("invitations", INVITATIONS),
        ("sharelinks", SHARELINKS),
        ("dashboards", DASHBOARDS),
        ("history", HISTORY),
        ("live", LIVE),
        ("arrangement", ARRANGEMENT),
        ("discussions", DISCUSSIONS),
        ("notes", NOTES),
        ("savedviews", SAVED_VIEWS),
        ("collections", COLLECTIONS),
        ("previews", PREVIEWS),
        ("queries", QUERIES),
        ("questions", QUESTIONS),
        ("exports", EXPORTS),
        ("copies", COPIES),
        ("pictures", PICTURES),
        ("images", IMAGES),
        ("ingestion", INGESTION),
        ("lineages", LINEAGES),
        ("runs", RUNS),
        ("imagesets", IMAGESETS),
        ("uploadedtables", UPLOADED),
        ("batches", BATCHES),
        ("jobs", JOBS),
        ("upkeep", UPKEEP),
        ("pins", PINS),
        ("remap", REMAP),
    )
    for name, act in acts.items()
}
