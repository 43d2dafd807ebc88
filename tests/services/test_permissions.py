"""Every use case of projects, dashboards, data and accounts, asked for by every kind of actor."""

import inspect
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import polars as pl
import pytest

from domain.access import Actor, Role, Scope, by_token
from domain.bulk import BulkAct
from domain.errors import DomainError, NotFound
from domain.listing import Wanted
from domain.share_links import WantedLink
from services.arrangement import Arrangement
from services.collections import Collections
from services.copies import Copies
from services.dashboards import Dashboards
from services.directory import Directory
from services.discussions import Discussions, Notes
from services.exports import Exports
from services.groups import Groups
from services.history import History
from services.image_sets import ImageSets
from services.images import Images
from services.ingestion import Ingestion
from services.jobs import Jobs
from services.lineage import Lineages
from services.live import Live
from services.pictures import Pictures
from services.pins import Pins
from services.previews import Previews
from services.projects import Projects
from services.queries import Queries
from services.questions import Questions
from services.remap import Remap
from services.runs import Runs
from services.saved_views import SavedViews
from services.sessions import session_id
from services.share_links import ShareLinks
from services.sharing import Sharing
from services.system import Services
from services.upkeep import Upkeep
from services.uploaded import UploadedTables
from tests.services.conftest import person
from tests.services.permission_acts import (
    ACTS,
    BATCHES,
    COLLECTIONS,
    DASHBOARDS,
    PINS,
    REMAP,
    TEXT,
    UPKEEP,
    UPLOADED,
    Asked,
    shown_table,
)

WHO = ("owner", "editor", "viewer", "outsider", "anonymous", "admin")
YES, NO, HIDDEN = "yes", "Forbidden", "NotFound"
SEEING = (YES, YES, YES, HIDDEN, HIDDEN, YES), (YES, YES, YES, YES, YES, YES)
LISTED = (YES, YES, YES, "NotListedError", "NotListedError", YES), (YES, YES, YES, YES, YES, YES)
EDITING = (YES, YES, NO, HIDDEN, HIDDEN, YES), (YES, YES, NO, NO, NO, YES)
OWNING = (YES, NO, NO, HIDDEN, HIDDEN, YES), (YES, NO, NO, NO, NO, YES)
MEMBERS = (YES, YES, YES, HIDDEN, HIDDEN, YES), (YES, YES, YES, NO, NO, YES)
SIGNED_IN = (YES, YES, YES, YES, "Unauthenticated", YES)
MAKING = (YES, YES, *["NotListedError"] * 3, YES), (YES, YES, *["NotListedError"] * 3, YES)
ANYBODY = (YES,) * 6, (YES,) * 6
IN_GROUP = ((YES, HIDDEN, YES, HIDDEN, HIDDEN, YES),) * 2
OF_GROUP = ((YES, HIDDEN, NO, HIDDEN, HIDDEN, YES),) * 2
"""The owner administers the group and the viewer is in it; a project that is public changes nothing."""
ABOUT_VIEWER = (YES, NO, YES, HIDDEN, HIDDEN, YES), (YES, NO, YES, NO, NO, YES)
EXPECTED = {
    "projects.open_dashboard": SEEING,
    "projects.change": OWNING,
    "projects.let_in": OWNING,
    "projects.withdraw": ANYBODY,
    "groups.joined": ANYBODY,
    "groups.with_ids": ANYBODY,
    "groups.forget": ANYBODY,
    "groups.mine": (SIGNED_IN, SIGNED_IN),
    "groups.create": (SIGNED_IN, SIGNED_IN),
    "groups.open": IN_GROUP,
    "groups.members": IN_GROUP,
    "groups.remove_member": IN_GROUP,
    "groups.rename": OF_GROUP,
    "groups.add_member": OF_GROUP,
    "groups.add_user": OF_GROUP,
    "groups.set_administrator": OF_GROUP,
    "groups.delete": OF_GROUP,
    "directory.for_project": OWNING,
    "directory.for_group": OF_GROUP,
    "sharing.shares": MEMBERS,
    "sharing.share": OWNING,
    "sharing.withdraw": OWNING,
    "sharing.transfer": OWNING,
    "sharing.exposure": OWNING,
    "sharing.why": ABOUT_VIEWER,
    "invitations.invite_to": OWNING,
    "invitations.share_or_invite": OWNING,
    "invitations.pending_to": OWNING,
    "invitations.set_role": OWNING,
    "invitations.withdraw_from": OWNING,
    "sharelinks.of_dashboard": OWNING,
    "sharelinks.of_project": OWNING,
    "sharelinks.create": OWNING,
    "sharelinks.taken_along": OWNING,
    "sharelinks.revoke": OWNING,
    "sharelinks.find": ANYBODY,
    "sharelinks.open": ANYBODY,
    "sharelinks.unlock": ANYBODY,
    "sharelinks.count": ANYBODY,
    "projects.open": SEEING,
    "projects.visible": LISTED,
    "projects.create": (SIGNED_IN, SIGNED_IN),
    "projects.register": EDITING,
    "projects.register (changed)": OWNING,
    "projects.find_described": EDITING,
    "projects.rename": OWNING,
    "projects.describe": OWNING,
    "projects.set_public": OWNING,
    "projects.members": MEMBERS,
    "projects.add_member": OWNING,
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
    "dashboards.duplicate": EDITING,
    "dashboards.edit": EDITING,
    "dashboards.at": EDITING,
    "dashboards.stored": SEEING,
    "dashboards.open (version)": EDITING,
    "history.versions": EDITING,
    "history.edit_of": EDITING,
    "history.compare": EDITING,
    "history.restore": EDITING,
    "history.stacks": EDITING,
    "history.undo": EDITING,
    "history.redo": EDITING,
    "history.last_remapping": EDITING,
    "history.take_back": EDITING,
    "live.pulse": SEEING,
    "live.pulse_of_editor": EDITING,
    "live.leave": ((YES,) * 6, (YES,) * 6),
    "arrangement.add_tab": EDITING,
    "arrangement.set_tab": EDITING,
    "arrangement.move_tab": EDITING,
    "arrangement.remove_tab": EDITING,
    "arrangement.add_section": EDITING,
    "arrangement.set_section": EDITING,
    "arrangement.move_section": EDITING,
    "arrangement.remove_section": EDITING,
    "arrangement.set_breakpoints": EDITING,
    "arrangement.move_tiles": EDITING,
    "arrangement.remove_tiles": EDITING,
    "arrangement.duplicate_tiles": EDITING,
    "arrangement.align_tiles": EDITING,
    "arrangement.distribute_tiles": EDITING,
    "arrangement.arrange_section": EDITING,
    "arrangement.paste_tiles": EDITING,
    "discussions.threads": MEMBERS,
    "discussions.people": MEMBERS,
    "discussions.start": MEMBERS,
    "discussions.reply": MEMBERS,
    "discussions.resolve": MEMBERS,
    "discussions.remove": EDITING,
    "notes.read": SEEING,
    "notes.write": EDITING,
    "notes.revisions": EDITING,
    "savedviews.all": SEEING,
    "savedviews.get": SEEING,
    "savedviews.opening": SEEING,
    "savedviews.add": MEMBERS,
    "savedviews.add (shared)": EDITING,
    "savedviews.change": EDITING,
    "savedviews.change (own)": MEMBERS,
    "savedviews.change (share)": EDITING,
    "savedviews.remove": EDITING,
    "savedviews.remove (own)": MEMBERS,
    "savedviews.set_default": EDITING,
    "savedviews.set_own_default": MEMBERS,
    "collections.all": SEEING,
    "collections.get": SEEING,
    "collections.rows": SEEING,
    "collections.versions": SEEING,
    "collections.runs": SEEING,
    "collections.compare": SEEING,
    "lineages.of": SEEING,
    "runs.workflows": SEEING,
    "imagesets.of": SEEING,
    **{f"imagesets.{name}": EDITING for name in ("commit", "check", "put", "set_column")},
    "runs.page": SEEING,
    "runs.get": SEEING,
    "queries.answer": SEEING,
    "queries.table_page": SEEING,
    "queries.filter_options": SEEING,
    "previews.page": SEEING,
    "queries.profile": SEEING,
    "queries.sketches": SEEING,
    "queries.categories": SEEING,
    "queries.brush": SEEING,
    "queries.prepare": SEEING,
    "queries.tables": SEEING,
    "questions.of_dashboard": SEEING,
    "questions.of_project": SEEING,
    "questions.state": SEEING,
    "exports.of_tile": SEEING,
    "pictures.name": SEEING,
    "pictures.find": SEEING,
    "pictures.keep": SEEING,
    "images.of_row": SEEING,
    "images.small_of_row": SEEING,
    "copies.file": SEEING,
    "copies.read": EDITING,
    "copies.duplicate": EDITING,
    "copies.targets": MAKING,
    "copies.plan": EDITING,
    "copies.copy": EDITING,
    "copies.copy (move)": OWNING,
    "ingestion.register": EDITING,
    "ingestion.find_described": EDITING,
    "ingestion.known_files": EDITING,
    "ingestion.plan": EDITING,
    "ingestion.commit": EDITING,
    "ingestion.receive": EDITING,
    "ingestion.sent_files": EDITING,
    "ingestion.claim": EDITING,
    "ingestion.discard": EDITING,
    "ingestion.run_joins": EDITING,
    "ingestion.fail": EDITING,
    "ingestion.log": MEMBERS,
    **{f"jobs.{name}": EDITING for name in ("upload", "joins", "start", "order", "cancel", "retry")},
    "jobs.get": MEMBERS,
    "jobs.ended": MEMBERS,
    "jobs.of_project": MEMBERS,
    "jobs.live": SEEING,
    "jobs.of_site": ((NO, NO, NO, NO, "Unauthenticated", YES),) * 2,
    **{f"uploadedtables.{name}": EDITING for name in UPLOADED},
    **{f"batches.{name}": EDITING for name in BATCHES},
    **{f"upkeep.{name}": EDITING for name in UPKEEP},
    **{f"pins.{name}": EDITING for name in PINS},
    **{f"remap.{name}": EDITING for name in REMAP},
}
ABOUT_ALL = ("close", "stamped", "now", "capability")
"""Methods that end a service, which are the composition root's; the one that only notes where saves come from; and
the one that names a permission."""
PREPARING = ("savedviews.", "runs.get")
"""Their acts first put something into the project, so each of them needs one of its own."""


async def asked_by(world: Any, name: str, *, is_public: bool) -> Asked:
    services, owner = world.services, world.actors["owner"]
    access = await services.projects.open(owner, world.project_id)
    if is_public:
        await services.projects.set_public(access, is_public=True)
    dashboard = await services.dashboards.create(access, "Dashboard")
    dashboard = await services.dashboards.add_tile(access, dashboard.id, TEXT)
    collection = await world.add_collection(pl.DataFrame({"x": ["a", "b"]}), tag="table")
    return Asked(world, world.actors[name], dashboard, collection, access.project.name)


async def described_for(asked: Asked) -> Asked:
    """The same after its owner registered a project file, which says what can be ingested."""
    await asked.ingestion.register(asked.world.actors["owner"], asked.description)
    return asked


async def outcome(act: Callable[[Any], Awaitable[object]], asked: Any) -> str:
    try:
        await act(asked)
    except DomainError as error:
        return type(error).__name__
    return YES


@pytest.mark.parametrize("is_public", [False, True], ids=["private", "public"])
@pytest.mark.parametrize("name", EXPECTED)
async def test_everybody_may_what_the_table_says(name: str, is_public: bool, new_world: Any) -> None:
    """One use case for each kind of actor, on a project where it was refused at most: done, forbidden, or not seen."""
    expected = dict(zip(WHO, EXPECTED[name][is_public], strict=True))
    fresh: Asked | None = None
    outcomes = {}
    for who in sorted(WHO, key=lambda who: expected[who] == YES):
        if fresh is None:
            fresh = await asked_by(await new_world(), "owner", is_public=is_public)
            fresh = await described_for(fresh) if "ingestion" in name else fresh
        outcomes[who] = await outcome(ACTS[name], msgspec.structs.replace(fresh, actor=fresh.world.actors[who]))
        read_only = EXPECTED[name] in (SEEING, LISTED, ANYBODY)
        if (outcomes[who] == YES and not read_only) or name.startswith(PREPARING):
            fresh = None
    assert outcomes == expected


@pytest.mark.parametrize(
    "service",
    [
        *(Groups, Directory, Sharing, ShareLinks),
        *(Projects, Dashboards, History, Live, Arrangement, Discussions, Notes, SavedViews),
        *(
            Collections,
            Previews,
            Queries,
            Questions,
            Exports,
            Copies,
            Pictures,
            Images,
            Ingestion,
            UploadedTables,
            *(Jobs, Lineages, Runs, ImageSets),
        ),
        *(Pins, Remap, Upkeep),
    ],
)
def test_no_use_case_is_left_out(service: type) -> None:
    """A public method that is added to a service must be added here too."""
    methods = {name for name, _ in inspect.getmembers(service, inspect.isfunction) if not name.startswith("_")}
    tried = {name.partition(".")[2] for name in EXPECTED if name.startswith(f"{service.__name__.lower()}.")}
    assert {name.partition(" ")[0] for name in tried} == methods - set(ABOUT_ALL)


@pytest.mark.parametrize(
    "name", [name for name in DASHBOARDS if name not in {"of_project", "visible", "create", "open", "open (version)"}]
)
async def test_a_dashboard_of_another_project_is_not_there(name: str, new_world: Any) -> None:
    """The proof of an own project opens no dashboard of another one, whatever id the browser sends."""
    theirs = await asked_by(await new_world(), "owner", is_public=False)
    mine = await new_world()
    crossed = Asked(mine, mine.actors["owner"], theirs.dashboard, theirs.collection, theirs.name)
    assert await outcome(DASHBOARDS[name], crossed) == HIDDEN
    opened = await theirs.dashboards.open(theirs.actor, theirs.dashboard.id)
    assert opened.dashboard == theirs.dashboard


@pytest.mark.parametrize("name", ["get", "rows", "versions"])
async def test_a_collection_of_another_project_is_not_there(name: str, new_world: Any) -> None:
    theirs = await asked_by(await new_world(), "owner", is_public=False)
    mine = await new_world()
    crossed = Asked(mine, mine.actors["owner"], theirs.dashboard, theirs.collection, theirs.name)
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
    await services.sharing.share(access, person(editor.user_id), Role.OWNER)
    proof = await services.projects.open(editor, world.project_id)
    await services.sharing.share(access, person(editor.user_id), Role.VIEWER)
    for question in (
        lambda: services.projects.rename(proof, "Mine"),
        lambda: services.projects.set_public(proof, is_public=True),
        lambda: services.sharing.share(proof, person(owner.user_id), Role.VIEWER),
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


async def end_session(services: Services, actor: Actor, user_id: str) -> None:
    user = (await services.people.users([user_id]))[user_id]
    token, _ = await services.people.begin_session(user, "10.0.0.1", "")
    await services.overview.end_session(actor, user_id, session_id(token))


ACCOUNTS: dict[str, Callable[[Services, Actor, str], Awaitable[object]]] = {
    "everyone": lambda services, actor, _: services.people.everyone(actor),
    "account": lambda services, actor, other: services.people.account(actor, other),
    "open_account": lambda services, actor, other: services.people.open_account(
        actor, f"{other}@example.org", PASSWORD, "New"
    ),
    "open_account_by_link": lambda services, actor, other: services.administrators.open_account(
        actor, f"by-link-{other}@example.org", "New"
    ),
    "set_active": lambda services, actor, other: services.people.set_active(actor, other, is_active=False),
    "revoke_access": lambda services, actor, other: services.people.revoke_access(actor, other),
    "set_administrator": lambda services, actor, other: services.accounts.set_administrator(
        actor, other, is_admin=True
    ),
    "vouch": lambda services, actor, other: services.accounts.vouch(actor, other),
    "make_reset_link": lambda services, actor, other: services.accounts.make_reset_link(actor, other),
    "heirs": lambda services, actor, other: services.accounts.heirs(actor, other),
    "delete": lambda services, actor, other: services.accounts.delete(actor, other),
    "invite": lambda services, actor, other: services.invitations.invite(actor, f"{other}@example.org"),
    "pending": lambda services, actor, _: services.invitations.pending(actor),
    "withdraw": lambda services, actor, other: services.invitations.withdraw(actor, f"waiting-{other}@example.org"),
    "all_projects": lambda services, actor, _: services.overview.projects(actor, Wanted()),
    "all_groups": lambda services, actor, _: services.overview.groups(actor, Wanted()),
    "all_users": lambda services, actor, _: services.overview.users(actor, Wanted()),
    "all_sessions": lambda services, actor, _: services.overview.sessions(actor, Wanted()),
    "end_session": end_session,
    "bulk_plan": lambda services, actor, other: services.bulk.plan(actor, BulkAct.CLOSE, [other]),
    "bulk_accounts": lambda services, actor, other: services.bulk.accounts(actor, BulkAct.CLOSE, [other]),
    "bulk_sessions": lambda services, actor, other: services.bulk.sessions(actor, [other]),
    "bulk_end_sessions": lambda services, actor, other: services.bulk.end_sessions(actor, [other]),
    "live_sessions": lambda services, actor, other: services.overview.live(actor, [other]),
    "running_ingests": lambda services, actor, _: services.overview.running(actor),
    "processes": lambda services, actor, _: services.workers.all(actor),
    "failed_ingests": lambda services, actor, _: services.overview.failed(actor, Wanted()),
    "sessions": lambda services, actor, _: services.people.sessions(actor),
    "revoke_other_sessions": lambda services, actor, other: services.people.revoke_other_sessions(actor, other),
    "sign_out_everywhere": lambda services, actor, _: services.people.sign_out_everywhere(actor),
    "rename": lambda services, actor, _: services.people.rename(actor, "Renamed"),
    "tokens": lambda services, actor, _: services.api_tokens.all(actor),
    "create_token": lambda services, actor, _: services.api_tokens.create(actor, "pipeline", ("ingest",), 7),
}
PASSWORD = "correct horse battery"
ADMINS_ONLY = (NO, NO, NO, NO, "Unauthenticated", YES)
OWN = {"sessions", "revoke_other_sessions", "sign_out_everywhere", "rename", "tokens", "create_token"}


@pytest.mark.parametrize("name", ACCOUNTS)
async def test_accounts_are_the_administrators_and_ones_own(name: str, world: Any) -> None:
    """Others' accounts are for administrators; one's own needs one."""
    services, outcomes = world.services, []
    for who in WHO:
        other = await services.people.create_user(f"{name}-{who}@example.org", PASSWORD, "Other")
        await services.invitations.invite(world.actors["admin"], f"waiting-{other.id}@example.org")
        outcomes.append(
            await outcome(lambda _, who=who, other=other.id: ACCOUNTS[name](services, world.actors[who], other), None)
        )
    expected = SIGNED_IN if name in OWN else ADMINS_ONLY
    assert dict(zip(WHO, outcomes, strict=True)) == dict(zip(WHO, expected, strict=True))


async def visitor_of(asked: Asked) -> Asked:
    """The same, asked by a visitor with a share link to the dashboard, which has a table."""
    await shown_table(msgspec.structs.replace(asked, actor=asked.world.actors["owner"]))
    owner = await asked.dashboards.open(asked.world.actors["owner"], asked.dashboard.id)
    links = asked.world.services.share_links
    made = await links.create(owner, WantedLink())
    return msgspec.structs.replace(asked, actor=(await links.open(made.secret)).actor)


BY_LINK = {
    "dashboards.open",
    "projects.open_dashboard",
    "live.pulse",
    "live.leave",
    "questions.of_dashboard",
    "questions.state",
    "exports.of_tile",
    "projects.withdraw",
    "groups.joined",
    "groups.with_ids",
    "groups.forget",
    "sharelinks.find",
    "sharelinks.open",
    "sharelinks.unlock",
    "sharelinks.count",
}
"""All that a visitor by share link gets done: looking at the dashboard, and what asks for no actor at all."""


@pytest.mark.parametrize("is_public", [False, True], ids=["private", "public"])
async def test_a_share_link_gives_its_dashboard_and_nothing_else(is_public: bool, new_world: Any) -> None:
    """Every use case there is, on the dashboard of the link: public projects are no more visible by it than others."""
    asked = await visitor_of(await described_for(await asked_by(await new_world(), "anonymous", is_public=is_public)))
    done = {name for name, act in ACTS.items() if await outcome(act, asked) == YES}
    assert done == BY_LINK


async def test_a_share_link_opens_no_other_dashboard_of_its_project(world: Any) -> None:
    asked = await visitor_of(await asked_by(world, "anonymous", is_public=True))
    owner = await asked.projects.open(world.actors["owner"], world.project_id)
    other = await asked.dashboards.create(owner, "Another")
    for act in ("dashboards.open", "live.pulse", "projects.open_dashboard"):
        assert await outcome(ACTS[act], msgspec.structs.replace(asked, dashboard=other)) == HIDDEN
    opened = await asked.dashboards.open(asked.actor, asked.dashboard.id)
    assert [one.id for one in await asked.dashboards.of_project(opened.access)] == [asked.dashboard.id]
    assert [one.id for one in await asked.collections.all(opened.access)] == [asked.collection.id]
    await asked.world.add_collection(tag="behind no tile")
    assert [one.id for one in await asked.collections.all(opened.access)] == [asked.collection.id]
    with pytest.raises(NotFound):
        await asked.dashboards.stored(opened.access, other.id)


@pytest.mark.parametrize("name", ACCOUNTS)
async def test_tokens_of_programs_reach_no_account(name: str, world: Any) -> None:
    """Even an administrator's token does only what its scopes say; one of the scope admin does all that they may."""
    services, admin = world.services, world.actors["admin"]
    for scopes, expected in (({Scope.READ}, NO), ({Scope.READ, Scope.INGEST}, NO), ({Scope.ADMIN}, YES)):
        other = await services.people.create_user(f"{secrets.token_hex(6)}@example.org", PASSWORD, "Other")
        await services.invitations.invite(admin, f"waiting-{other.id}@example.org")
        actor = by_token(admin, frozenset(scopes))
        assert await outcome(lambda _, a=actor, other=other.id: ACCOUNTS[name](services, a, other), None) == expected


SCOPED = {
    Scope.READ: {"projects.visible", "projects.open", "dashboards.open", "queries.answer", "exports.of_tile"},
    Scope.INGEST: {"projects.visible", "projects.open", "projects.create", "ingestion.register", "ingestion.commit"},
}
NEVER = {"projects.rename", "projects.set_public", "projects.add_member", "projects.delete", "dashboards.create"}


@pytest.mark.parametrize("scope", SCOPED)
async def test_an_owners_token_does_what_its_scope_says(scope: Scope, new_world: Any) -> None:
    """What is not in the scope is refused, although its owner may do it."""
    for name in sorted({*SCOPED[Scope.READ], *SCOPED[Scope.INGEST], *NEVER}):
        asked = await described_for(await asked_by(await new_world(), "owner", is_public=False))
        asked = msgspec.structs.replace(asked, actor=by_token(asked.actor, frozenset({scope})))
        assert await outcome(ACTS[name], asked) == (YES if name in SCOPED[scope] else NO), name
