"""Every act that changes permissions, shares, tokens, accounts or data is one row of the audit, done or not."""

from collections.abc import AsyncIterator, Awaitable, Callable
from secrets import token_hex
from typing import Any, NamedTuple

import pytest
from msgspec import structs

from domain.access import Actor, Origin, Role
from domain.audit import AuditFilter, AuditRow, Outcome
from domain.errors import DomainError
from domain.groups import GroupAccess
from domain.projects import Access
from domain.saved_views import ViewState
from domain.share_links import WantedLink
from domain.tiles import CardTile, TextTile
from domain.uploaded import Mode
from services.audit import STRANGERS_A_MINUTE
from services.dashboards import DashboardAccess
from services.oidc import Returned
from services.saved_views import Change
from services.system import Services
from services.uploaded import Order
from tests.services.conftest import PASSWORD, Opener, Watch, World, person

NEW = "another good passphrase"
NOBODY = "f" * 24


class Scene(NamedTuple):
    """What acts are done on: the owner's project, a dashboard in it, a group, and an account of nobody else."""

    world: World
    access: Access
    opened: DashboardAccess
    group: GroupAccess
    user_id: str
    email: str

    @property
    def services(self) -> Services:
        return self.world.services

    @property
    def owner(self) -> Actor:
        return self.world.actors["owner"]

    @property
    def admin(self) -> Actor:
        return self.world.actors["admin"]

    def id_of(self, name: str) -> str:
        return self.world.actors[name].user_id or ""


@pytest.fixture(scope="module")
async def services(open_quickly: Opener) -> AsyncIterator[Services]:
    """Services of a site where everybody may register."""
    async with open_quickly(registration="open") as services:
        yield services


@pytest.fixture
async def scene(world: World) -> Scene:
    services, owner = world.services, world.actors["owner"]
    access = await services.projects.open(owner, world.project_id)
    dashboard = await services.dashboards.create(access, "Board")
    await services.dashboards.add_tile(access, dashboard.id, TextTile(body="x"))
    opened = await services.dashboards.open(owner, dashboard.id)
    group = await services.groups.create(owner, f"Group {token_hex(6)}")
    email = f"{token_hex(6)}@example.org"
    user = await services.people.create_user(email, PASSWORD, "Somebody")
    return Scene(world, access, opened, await services.groups.open(owner, group.id), user.id, email)


Act = Callable[[Scene], Awaitable[object]]
Prepared = Callable[[Scene], Awaitable[Any]]


def address(scene: Scene) -> str:
    return f"new-{scene.user_id}@example.org"


async def nothing(_: Scene) -> None:
    return None


async def sent(scene: Scene) -> Any:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"site,n\nA,1\n"

    return await scene.services.uploaded.receive(scene.access, "sites.csv", chunks())


async def job(scene: Scene) -> str:
    return (await scene.services.jobs.upload(scene.access, await sent(scene), Order(tag="sites"))).id


async def cancelled_job(scene: Scene) -> str:
    return (await scene.services.jobs.cancel(scene.access, await job(scene))).id


async def two_versions(scene: Scene) -> str:
    """An uploaded table whose first version can be restored."""
    collection, _ = await scene.services.uploaded.ingest(scene.access, await sent(scene), Order(tag="sites"))

    async def more() -> AsyncIterator[bytes]:
        yield b"site,n\nB,2\n"

    file = await scene.services.uploaded.receive(scene.access, "more.csv", more())
    await scene.services.uploaded.ingest(scene.access, file, Order(tag="sites", mode=Mode.APPEND))
    return collection.id


async def on_board(scene: Scene) -> DashboardAccess:
    """The dashboard with a tile of an uploaded table."""
    tile = CardTile(collection_id=await two_versions(scene), column_name="n")
    await scene.services.dashboards.add_tile(scene.access, scene.opened.dashboard.id, tile)
    return await scene.services.dashboards.open(scene.owner, scene.opened.dashboard.id)


async def remapped(scene: Scene) -> DashboardAccess:
    opened = await on_board(scene)
    await scene.services.remap.apply(opened, next(iter(ids(opened))), {"n": "site"})
    return opened


def ids(opened: DashboardAccess) -> set[str]:
    return {tile.collection_id for tile in opened.dashboard.tiles.values()} - {""}


def strange(opened: DashboardAccess) -> DashboardAccess:
    """The proof for a dashboard that is not there any more."""
    return DashboardAccess(opened.access, structs.replace(opened.dashboard, id=NOBODY))


async def view(scene: Scene) -> str:
    return (await scene.services.saved_views.add(scene.opened, "Mine", ViewState(), shared=True)).id


async def token(scene: Scene) -> Any:
    for held in await scene.services.api_tokens.all(scene.owner):
        await scene.services.api_tokens.revoke(scene.owner, held.id)
    return await scene.services.api_tokens.create(scene.owner, "pipeline", ("ingest",), 7)


async def let_in_by_viewer(scene: Scene) -> None:
    access = await scene.services.projects.open(scene.world.actors["viewer"], scene.world.project_id)
    await scene.services.projects.let_in(access, scene.user_id, Role.VIEWER)


async def deleted_twice(scene: Scene) -> None:
    await scene.services.groups._groups.remove(scene.group.group.id)
    await scene.services.groups.delete(scene.group)


async def failed_ingest(scene: Scene) -> None:
    """The file was never sent, so its ingest fails."""
    file = await sent(scene)
    await scene.services.uploaded.forget(scene.access, file)
    await scene.services.uploaded.ingest(scene.access, file, Order(tag="sites"))


async def elsewhere(scene: Scene) -> Access:
    made = await scene.services.projects.create(scene.owner, f"Elsewhere {token_hex(6)}")
    return await scene.services.projects.open(scene.owner, made.id)


async def copied_without_data(scene: Scene) -> None:
    await scene.services.copies.copy(await on_board(scene), await elsewhere(scene), {}, move=False)


# Each act: what is there before, how it is done, how it fails, and what the audit calls it.
ACTS: dict[str, tuple[Prepared, Callable[[Scene, Any], Awaitable[object]], Act]] = {
    "make a group": (
        nothing,
        lambda s, _: s.services.groups.create(s.owner, f"Own {token_hex(6)}"),
        lambda s: s.services.groups.create(s.owner, s.group.group.name),
    ),
    "copy the dashboard to another project": (
        elsewhere,
        lambda s, target: s.services.copies.copy(s.opened, target, {}, move=False),
        copied_without_data,
    ),
    "rename the group": (
        nothing,
        lambda s, _: s.services.groups.rename(s.group, f"Other {token_hex(6)}", ""),
        lambda s: s.services.groups.rename(s.group, "", ""),
    ),
    "add a member to the group": (
        nothing,
        lambda s, _: s.services.groups.add_user(s.group, s.user_id),
        lambda s: s.services.groups.add_member(s.group, "nobody@example.org"),
    ),
    "set who administers the group": (
        lambda s: s.services.groups.add_user(s.group, s.user_id),
        lambda s, _: s.services.groups.set_administrator(s.group, s.user_id, is_administrator=True),
        lambda s: s.services.groups.set_administrator(s.group, s.id_of("owner"), is_administrator=False),
    ),
    "remove a member from the group": (
        lambda s: s.services.groups.add_member(s.group, s.email),
        lambda s, _: s.services.groups.remove_member(s.group, s.user_id),
        lambda s: s.services.groups.remove_member(s.group, s.id_of("owner")),
    ),
    "delete the group": (
        nothing,
        lambda s, _: s.services.groups.delete(s.group),
        deleted_twice,
    ),
    "share the project": (
        nothing,
        lambda s, _: s.services.sharing.share(s.access, person(s.user_id), Role.VIEWER),
        lambda s: s.services.sharing.share(s.access, person(NOBODY), Role.VIEWER),
    ),
    "share the project no longer": (
        nothing,
        lambda s, _: s.services.sharing.withdraw(s.access, person(s.id_of("viewer"))),
        lambda s: s.services.sharing.withdraw(s.access, person(s.id_of("owner"))),
    ),
    "let in who was invited": (
        nothing,
        lambda s, _: s.services.projects.let_in(s.access, s.user_id, Role.VIEWER),
        let_in_by_viewer,
    ),
    "set the role of who is invited": (
        lambda s: s.services.invitations.invite_to(s.access, address(s), Role.VIEWER),
        lambda s, _: s.services.invitations.set_role(s.access, address(s), Role.EDITOR),
        lambda s: s.services.invitations.set_role(s.access, s.email, Role.EDITOR),
    ),
    "transfer the project": (
        nothing,
        lambda s, _: s.services.sharing.transfer(s.access, s.id_of("editor")),
        lambda s: s.services.sharing.transfer(s.access, NOBODY),
    ),
    "make a share link": (
        nothing,
        lambda s, _: s.services.share_links.create(s.opened, WantedLink(name="Poster", password=NEW)),
        lambda s: s.services.share_links.create(s.opened, WantedLink(password="short")),
    ),
    "revoke a share link": (
        lambda s: s.services.share_links.create(s.opened, WantedLink()),
        lambda s, made: s.services.share_links.revoke(s.access, made.link.id),
        lambda s: s.services.share_links.revoke(s.access, NOBODY),
    ),
    "register": (
        nothing,
        lambda s, _: s.services.accounts.register(address(s), NEW, "New", address=s.user_id),
        lambda s: s.services.accounts.register(s.email, NEW, "New", address=s.user_id),
    ),
    "set who is an administrator": (
        nothing,
        lambda s, _: s.services.accounts.set_administrator(s.admin, s.user_id, is_admin=True),
        lambda s: s.services.accounts.set_administrator(s.admin, NOBODY, is_admin=True),
    ),
    "vouch for an address": (
        nothing,
        lambda s, _: s.services.accounts.vouch(s.admin, s.user_id),
        lambda s: s.services.accounts.vouch(s.admin, NOBODY),
    ),
    "make a reset link": (
        nothing,
        lambda s, _: s.services.accounts.make_reset_link(s.admin, s.user_id),
        lambda s: s.services.accounts.make_reset_link(s.admin, NOBODY),
    ),
    "set a password by a link": (
        lambda s: s.services.accounts.make_reset_link(s.admin, s.user_id),
        lambda s, made: s.services.accounts.reset_password(made[1], NEW),
        lambda s: s.services.accounts.reset_password("no such secret", NEW),
    ),
    "delete the account": (
        nothing,
        lambda s, _: s.services.accounts.delete(s.admin, s.user_id),
        lambda s: s.services.accounts.delete(s.admin, NOBODY),
    ),
    "end all access of an account": (
        nothing,
        lambda s, _: s.services.people.revoke_access(s.admin, s.user_id),
        lambda s: s.services.people.revoke_access(s.admin, NOBODY),
    ),
    "change the own name": (
        nothing,
        lambda s, _: s.services.people.rename(s.owner, "Owner"),
        lambda s: s.services.people.rename(s.owner, "x" * 500),
    ),
    "sign out everywhere": (
        nothing,
        lambda s, _: s.services.people.sign_out_everywhere(s.owner),
        lambda s: s.services.people.sign_out_everywhere(s.world.actors["anonymous"]),
    ),
    "invite somebody": (
        nothing,
        lambda s, _: s.services.invitations.invite(s.admin, address(s)),
        lambda s: s.services.invitations.invite(s.admin, s.email),
    ),
    "invite somebody to the project": (
        nothing,
        lambda s, _: s.services.invitations.invite_to(s.access, address(s), Role.VIEWER),
        lambda s: s.services.invitations.invite_to(s.access, s.email, Role.VIEWER),
    ),
    "withdraw an invitation": (
        lambda s: s.services.invitations.invite(s.admin, address(s)),
        lambda s, _: s.services.invitations.withdraw(s.admin, address(s)),
        lambda s: s.services.invitations.withdraw(s.admin, s.email),
    ),
    "withdraw an invitation to the project": (
        lambda s: s.services.invitations.invite_to(s.access, address(s), Role.VIEWER),
        lambda s, _: s.services.invitations.withdraw_from(s.access, address(s)),
        lambda s: s.services.invitations.withdraw_from(s.access, s.email),
    ),
    "open an account by an invitation": (
        lambda s: s.services.invitations.invite(s.admin, address(s)),
        lambda s, made: s.services.invitations.accept(made.secret, NEW, "New"),
        lambda s: s.services.invitations.accept("no such secret", NEW, "New"),
    ),
    "accept an invitation": (
        lambda s: s.services.invitations.invite(s.admin, address(s)),
        lambda s, made: joined(s, made.secret),
        lambda s: s.services.invitations.join(s.owner, "no such secret"),
    ),
    "make an API token": (
        nothing,
        lambda s, _: token(s),
        lambda s: s.services.api_tokens.create(s.owner, "pipeline", (), 7),
    ),
    "revoke an API token": (
        token,
        lambda s, made: s.services.api_tokens.revoke(s.owner, made.token.id),
        lambda s: s.services.api_tokens.revoke(s.owner, NOBODY),
    ),
    "give a token back": (
        token,
        lambda s, made: s.services.people.give_back(made.secret, by=s.owner),
        lambda s: s.services.people.give_back("no.such.token", by=s.owner),
    ),
    "ingest a sent file": (
        sent,
        lambda s, file: s.services.uploaded.ingest(s.access, file, Order(tag="sites")),
        failed_ingest,
    ),
    "start a job": (
        sent,
        lambda s, file: s.services.jobs.upload(s.access, file, Order(tag="sites")),
        lambda s: s.services.jobs.joins(s.access),
    ),
    "cancel a job": (
        job,
        lambda s, id_: s.services.jobs.cancel(s.access, id_),
        lambda s: s.services.jobs.cancel(s.access, NOBODY),
    ),
    "begin a job again": (
        cancelled_job,
        lambda s, id_: s.services.jobs.retry(s.access, id_),
        lambda s: s.services.jobs.retry(s.access, NOBODY),
    ),
    "pin a collection": (
        on_board,
        lambda s, opened: s.services.pins.pin(opened, next(iter(ids(opened))), 0),
        lambda s: s.services.pins.pin(s.opened, NOBODY, 0),
    ),
    "unpin a collection": (
        on_board,
        lambda s, opened: s.services.pins.unpin(opened, next(iter(ids(opened)))),
        lambda s: s.services.pins.unpin(strange(s.opened), NOBODY),
    ),
    "remap lost columns": (
        on_board,
        lambda s, opened: s.services.remap.apply(opened, next(iter(ids(opened))), {"n": "site"}),
        lambda s: s.services.remap.apply(s.opened, NOBODY, {"n": "site"}),
    ),
    "take a remapping back": (
        remapped,
        lambda s, opened: s.services.remap.undo(opened),
        lambda s: s.services.remap.undo(strange(s.opened)),
    ),
    "restore a table version": (
        two_versions,
        lambda s, id_: s.services.upkeep.restore(s.access, id_, 0),
        lambda s: s.services.upkeep.restore(s.access, NOBODY, 0),
    ),
    "optimize a table": (
        two_versions,
        lambda s, id_: s.services.upkeep.optimize(s.access, id_),
        lambda s: s.services.upkeep.optimize(s.access, NOBODY),
    ),
    "vacuum a table": (
        two_versions,
        lambda s, id_: s.services.upkeep.vacuum(s.access, id_),
        lambda s: s.services.upkeep.vacuum(s.access, NOBODY),
    ),
    "keep a view": (
        nothing,
        lambda s, _: s.services.saved_views.add(s.opened, "Mine", ViewState()),
        lambda s: s.services.saved_views.add(s.opened, "", ViewState()),
    ),
    "change a view": (
        view,
        lambda s, id_: s.services.saved_views.change(s.opened, id_, Change(version=1, name="Ours")),
        lambda s: s.services.saved_views.change(s.opened, NOBODY, Change(version=1, shared=False)),
    ),
    "delete a view": (
        view,
        lambda s, id_: s.services.saved_views.remove(s.opened, id_),
        lambda s: s.services.saved_views.remove(s.opened, NOBODY),
    ),
    "set everybody's default view": (
        view,
        lambda s, id_: s.services.saved_views.set_default(s.opened, id_),
        lambda s: s.services.saved_views.set_default(s.opened, NOBODY),
    ),
    "set the own default view": (
        view,
        lambda s, id_: s.services.saved_views.set_own_default(s.opened, id_),
        lambda s: s.services.saved_views.set_own_default(s.opened, NOBODY),
    ),
}


async def joined(scene: Scene, secret: str) -> None:
    user = await scene.services.people.create_user(address(scene), NEW, "New")
    await scene.services.invitations.join(user.actor(), secret)


async def rows(scene: Scene) -> list[AuditRow]:
    return list((await scene.services.audit.page(scene.admin, AuditFilter(), size=200)).rows)


async def added(scene: Scene, act: Awaitable[object]) -> tuple[list[AuditRow], str]:
    """The rows that an act leaves, and how it failed."""
    before, error = {row.id for row in await rows(scene)}, ""
    try:
        await act
    except DomainError as failure:
        error = failure.message
    return [row for row in await rows(scene) if row.id not in before], error


@pytest.mark.parametrize("name", ACTS)
async def test_an_act_leaves_one_row(name: str, scene: Scene) -> None:
    """With its object, and neither a password nor the secret of what it makes."""
    prepare, act, _ = ACTS[name]
    prepared = await prepare(scene)
    found, error = await added(scene, act(scene, prepared))
    acts = [(row.act, row.outcome) for row in found]
    if name == "make an API token":
        acts = [one for one in acts if one[0] == name]
    assert (acts, error) == ([(name, Outcome.DONE)], "")
    text = str(found)
    secrets = [NEW, PASSWORD, getattr(prepared, "secret", NEW)]
    assert not any(secret in text for secret in secrets)
    assert name in {"sign out everywhere", "change the own name", "give a token back"} or found[0].object


@pytest.mark.parametrize("name", ACTS)
async def test_an_act_that_fails_leaves_one_row_that_says_why(name: str, scene: Scene) -> None:
    """Refused or failed, with the words that whoever acted is told."""
    _, _, fail = ACTS[name]
    found, error = await added(scene, prepared_failure(fail, scene))
    mine = [row for row in found if row.act == name]
    assert [row.reason for row in mine] == [error[:300]]
    assert mine[0].outcome is not Outcome.DONE
    assert error


async def prepared_failure(fail: Act, scene: Scene) -> object:
    return await fail(scene)


async def test_who_comes_from_the_provider_and_is_refused_leaves_a_row(scene: Scene) -> None:
    """This site has no provider; the row says where the stranger came from."""
    by = Actor(origin=Origin("10.0.0.7", "req-7"))
    finish = scene.services.provider_sign_in.finish("", Returned(), address="10.0.0.7", user_agent="", by=by)
    (row,), error = await added(scene, finish)
    assert (row.act, row.outcome, row.reason) == ("sign in with the provider", Outcome.REFUSED, error)
    assert (row.address, row.request_id) == ("10.0.0.7", "req-7")


async def test_a_flood_of_strangers_does_not_fill_the_audit(
    open_quickly: Opener, caplog: pytest.LogCaptureFixture
) -> None:
    """What fails for people without an account beyond sixty times a minute is in the log, which has each."""
    watch = Watch()
    async with open_quickly(now=watch) as services:
        admin = (await services.people.user_by_email(services.settings.admin_email)).actor()
        for _ in range(STRANGERS_A_MINUTE + 5):
            with pytest.raises(DomainError):
                await services.accounts.reset_password("guess", NEW)
        page = await services.audit.page(admin, AuditFilter(capability="account:edit"), size=200)
        assert len(page.rows) == STRANGERS_A_MINUTE
        assert len([one for one in caplog.records if one.name == "depictio.audit"]) == 5
        watch.move(minutes=1)
        with pytest.raises(DomainError):
            await services.accounts.reset_password("guess", NEW)
        assert len((await services.audit.page(admin, AuditFilter(), size=200)).rows) == STRANGERS_A_MINUTE + 1
