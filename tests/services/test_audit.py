"""The audit: what writes it, what it says, and how it is read."""

import csv
import inspect
import io
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
import pytest

from domain.access import Actor, Origin, Principal, PrincipalKind, Role
from domain.audit import SIGN_IN, AuditFilter, AuditRow, Entry, Outcome
from domain.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated, Unavailable
from domain.site import SiteSettings
from persistence.audit import AuditRepository
from persistence.documents import Collection
from persistence.mongo import connect
from services.audit import Audit
from services.system import Services
from tests.services.conftest import PASSWORD, Actors, Opener, World, person

FROM = Actor(origin=Origin("10.0.0.9", "req-1"))


async def rows(services: Services, actors: Actors, **wanted: object) -> list[AuditRow]:
    page = await services.audit.page(actors["admin"], AuditFilter(**wanted), size=200)  # type: ignore[arg-type]
    assert page.next is None
    return list(page.rows)


async def test_signing_in_is_written_whether_or_not_it_succeeds(services: Services, actors: Actors) -> None:
    """Both rows have the address that was tried and where from; what is no address is left out."""
    with pytest.raises(Unauthenticated):
        await services.people.sign_in("viewer@example.org", "wrong", address="10.0.0.9", user_agent="", by=FROM)
    await services.people.sign_in("Viewer@example.org", PASSWORD, address="10.0.0.9", user_agent="", by=FROM)
    found = await rows(services, actors, actor="viewer@example.org", capability=SIGN_IN)
    assert [(row.outcome, row.address, row.request_id, row.actor_id) for row in found] == [
        (Outcome.DONE, "10.0.0.9", "req-1", ""),
        (Outcome.REFUSED, "10.0.0.9", "req-1", ""),
    ]
    with pytest.raises(Unauthenticated):
        await services.people.issue_token(PASSWORD, "oops", address="10.0.0.10", by=FROM)
    newest = (await services.audit.page(actors["admin"], AuditFilter(), size=1)).rows[0]
    assert newest.actor == "(no address)"
    assert PASSWORD not in msgspec.json.encode(newest).decode()


async def test_changed_permissions_are_written_with_how_they_ended(world: World) -> None:
    """Also what was refused and what failed; the newest is first."""
    services, actors = world.services, world.actors
    owner = await services.projects.open(actors["owner"], world.project_id)
    editor = await services.projects.open(actors["editor"], world.project_id)
    await services.projects.set_public(owner, is_public=True)
    with pytest.raises(Forbidden):
        await services.projects.add_member(editor, "outsider@example.org", Role.OWNER)
    with pytest.raises(Conflict):
        await services.sharing.withdraw(owner, person(actors["owner"].user_id))
    found = await rows(services, actors, object=f"project:{world.project_id}", capability="project:share")
    assert [(row.outcome, row.actor, row.act, row.detail) for row in found[:3]] == [
        (
            Outcome.FAILED,
            "owner@example.org",
            "share the project no longer",
            f"principal user:{actors['owner'].user_id} (owner@example.org)",
        ),
        (Outcome.REFUSED, "editor@example.org", "add a member", "email outsider@example.org, role owner"),
        (Outcome.DONE, "owner@example.org", "set who may view the project", "is public yes"),
    ]
    assert "project:share" in found[1].reason
    assert {row.name for row in found} == {owner.project.name}


async def test_deletes_and_accounts_are_written(world: World) -> None:
    """A deleted dashboard and project, and an account that was opened and closed, each under its own object."""
    services, actors = world.services, world.actors
    access = await services.projects.open(actors["owner"], world.project_id)
    dashboard = await services.dashboards.create(access, "Board")
    await services.dashboards.delete(access, dashboard.id)
    await services.projects.delete(access)
    user = await services.people.open_account(actors["admin"], f"{world.project_id}@example.org", PASSWORD, "New")
    await services.people.set_active(actors["admin"], user.id, is_active=False)
    deleted = await rows(services, actors, object=f"dashboard:{dashboard.id}")
    assert [(row.act, row.name) for row in deleted] == [("delete the dashboard", "Board")]
    assert (await rows(services, actors, object=f"project:{world.project_id}"))[0].act == "delete the project"
    found = await rows(services, actors, object=f"user:{user.id}")
    assert [row.act for row in found] == ["close or reopen an account", "open an account"]
    assert {row.name for row in found} == {user.email}
    assert not any(PASSWORD in str(row) for row in found)


async def test_rows_name_people_and_groups_who_are_gone(world: World) -> None:
    """By what they were called at that time, beside their ids: afterwards nobody could say."""
    services, actors = world.services, world.actors
    access = await services.projects.open(actors["owner"], world.project_id)
    user = await services.people.open_account(actors["admin"], f"gone-{world.project_id}@example.org", PASSWORD, "Gone")
    group = await services.groups.create(actors["owner"], f"Gone {world.project_id}")
    for principal in (person(user.id), Principal(PrincipalKind.GROUP, group.id)):
        await services.sharing.share(access, principal, Role.VIEWER)
    await services.groups.delete(await services.groups.open(actors["owner"], group.id))
    await services.accounts.delete(actors["admin"], user.id)
    assert (await rows(services, actors, object=f"user:{user.id}"))[0].name == user.email
    shared = await rows(services, actors, object=f"project:{world.project_id}", capability="project:share")
    assert [row.detail for row in shared if row.act == "share the project"][:2] == [
        f"principal group:{group.id} ({group.name}), role viewer",
        f"principal user:{user.id} ({user.email}), role viewer",
    ]


async def test_pages_join_without_a_gap(open_quickly: Opener, watch_class: type) -> None:
    """However far apart in time the rows are, each is on one page, and filters and times hold."""
    watch = watch_class()
    async with open_quickly(now=watch) as services:
        admin = (await services.people.user_by_email(services.settings.admin_email)).actor()
        for number in range(25):
            watch.move(seconds=0 if number % 3 else 1.7**number)
            error = NotFound("gone") if number % 5 == 0 else None
            await services.audit.write(Entry(actor=admin, capability="data:ingest", act=str(number)), error)
        seen: list[AuditRow] = []
        before = None
        while True:
            page = await services.audit.page(admin, AuditFilter(), before, size=7)
            seen += page.rows
            before = page.next
            if before is None:
                break
        assert sorted(int(row.act) for row in seen) == list(range(25))
        assert [row.order for row in seen] == sorted((row.order for row in seen), reverse=True)
        failed = await services.audit.page(admin, AuditFilter(outcome="failed", actor=admin.email))
        assert sorted(int(row.act) for row in failed.rows) == [0, 5, 10, 15, 20]
        since, until = seen[5].at, seen[2].at
        part = await services.audit.page(admin, AuditFilter(since=since, until=until))
        assert list(part.rows) == [row for row in seen if since <= row.at < until]


async def test_the_export_is_a_row_itself_and_has_no_formula(services: Services, actors: Actors) -> None:
    """It has all rows of the filter as CSV; cells that a spreadsheet would compute are text."""
    entry = Entry(actor=actors["owner"], capability="data:export", act="try", object="project:evil", name="=1+1")
    await services.audit.write(entry)
    pieces = [piece async for piece in await services.audit.export(actors["admin"], AuditFilter(object="project:evil"))]
    table = list(csv.DictReader(io.StringIO(b"".join(pieces).decode())))
    assert [(row["name"], row["actor"], row["outcome"]) for row in table] == [("'=1+1", "owner@example.org", "done")]
    assert (await rows(services, actors, capability="admin:audit"))[0].act == "export the audit"


async def test_only_administrators_read_the_audit(services: Services, actors: Actors) -> None:
    """It shows everybody's addresses; a filter that cannot be is a fault for them too."""
    for name in ("owner", "viewer", "outsider", "anonymous"):
        refused = Unauthenticated if name == "anonymous" else Forbidden
        with pytest.raises(refused):
            await services.audit.page(actors[name], AuditFilter())
        with pytest.raises(refused):
            await services.audit.export(actors[name], AuditFilter())
        with pytest.raises(refused):
            await services.site.set(actors[name], SiteSettings(audit_days=1))
    for size in (0, 1001):
        with pytest.raises(Invalid):
            await services.audit.page(actors["admin"], AuditFilter(), size=size)


async def test_a_row_that_cannot_be_written_is_no_silent_loss(
    services: Services, actors: Actors, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever acted is told, and the row stands in the log; an act that failed keeps its own error."""
    closed = await connect(services.settings.mongodb_url, services.settings.mongodb_database)
    closed.close()

    async def year() -> timedelta:
        return timedelta(days=365)

    audit = Audit(AuditRepository(closed), year, services.audit._now)
    entry = Entry(actor=actors["owner"], capability="data:ingest", act="ingest")
    with pytest.raises(Unavailable, match="could not be written to the audit"):
        await audit.write(entry)
    await audit.write(entry, Forbidden("no"))
    assert [record.fields["act"] for record in caplog.records if record.name == "depictio.audit"] == ["ingest"] * 2


async def test_rows_are_kept_as_long_as_the_site_says(services: Services, actors: Actors, world: World) -> None:
    """The store removes a row when the days that were set as it was written are over."""
    stored = Collection(world.documents, "audit", _Expiring, "row")
    before = await services.site.settings()
    await services.site.set(actors["admin"], msgspec.structs.replace(before, audit_days=30))
    newest = (await rows(services, actors, capability="admin:site"))[0]
    kept = await stored.get(newest.id)
    assert kept.expires_at - newest.at == timedelta(days=30)


def test_nothing_changes_or_removes_a_row() -> None:
    """The repository has a method to add and two to read, and no other."""
    assert sorted(name for name, _ in _public(AuditRepository)) == ["add", "all", "page"]


def _public(of: type) -> list[tuple[str, Callable[..., object]]]:
    return [(name, method) for name, method in inspect.getmembers(of, inspect.isfunction) if not name.startswith("_")]


class _Expiring(msgspec.Struct, frozen=True):
    id: str
    expires_at: datetime
