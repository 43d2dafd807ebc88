import asyncio
import importlib
from datetime import timedelta

import pytest

import persistence.migrations
from domain.access import Actor, Role
from domain.errors import Conflict, Unavailable
from persistence.accounts import InvitationRepository
from persistence.migrations import Migration, known, migrate
from persistence.mongo import Database, Documents, connect, now, translated
from persistence.people import UserRepository
from persistence.projects import ProjectRepository


async def test_the_shipped_migrations_make_collections_and_indexes(documents: Documents) -> None:
    assert await migrate(documents) == [step.name for step in known()]
    found = {}
    for name in await documents.database.list_collection_names():
        indexes = (await documents[name].index_information()).values()
        found[name] = sorted(
            (*(key for key, _ in index["key"]), "unique" if index.get("unique") else "")
            for index in indexes
            if index["key"] != [("_id", 1)]
        )
    assert found == {
        "meta": [],
        "migrations": [],
        "users": [("email", "unique"), ("last_key", ""), ("name_key", "")],
        "share_links": [("dashboard_id", ""), ("project_id", ""), ("token_hash", "unique")],
        "groups": [("members", ""), ("name_key", "unique")],
        "sessions": [("expires_at", ""), ("user_id", "")],
        "projects": [("audience", ""), ("created_by", "name", "unique")],
        "collections": [("project_id", ""), ("project_id", "workflow", "tag", "unique")],
        "ingests": [("project_id", "started_at", ""), ("started_at", "")],
        "dashboards": [("project_id", "")],
        "throttles": [("expires_at", ""), ("key", "expires_at", "")],
        "edits": [("author", ""), ("place", ""), ("token", "")],
        "presences": [("dashboard_id", ""), ("expires_at", "")],
        "threads": [("dashboard_id", ""), ("project_id", "")],
        "notes": [("project_id", "")],
        "note_revisions": [("dashboard_id", "number", ""), ("project_id", "")],
        "saved_views": [("dashboard_id", "audience", "key", "unique"), ("project_id", "")],
        "default_views": [("dashboard_id", ""), ("project_id", "")],
        "invitations": [("email", "project_id", ""), ("expires_at", ""), ("invited_by", ""), ("project_id", "")],
        "reset_links": [("expires_at", ""), ("user_id", "")],
        "api_tokens": [("expires_at", ""), ("user_id", "")],
        "token_families": [("expires_at", ""), ("user_id", "")],
        "identities": [("user_id", "")],
        "audit": [("expires_at", ""), ("keys", "order", "")],
        "messages": [
            ("dashboard_id", ""),
            ("expires_at", ""),
            ("order", ""),
            ("project_id", ""),
            ("unread_by", ""),
        ],
        "site": [],
        "jobs": [("finished_at", ""), ("project_id", "state", ""), ("state", "")],
        "job_orders": [("project_id", "")],
        "workers": [("expires_at", "")],
    }
    for name in ("sessions", "throttles", "presences", "workers"):
        assert (await documents[name].index_information())["expires_at_1"]["expireAfterSeconds"] == 0


async def test_each_runs_once_and_may_be_repeated(documents: Documents) -> None:
    await migrate(documents)
    assert await migrate(documents) == []
    await documents["migrations"].delete_many({})
    assert await migrate(documents) == [step.name for step in known()]


async def test_the_unique_indexes_hold(documents: Documents) -> None:
    await migrate(documents)
    await documents["collections"].insert_one({"_id": "1", "project_id": "p", "tag": "t"})
    await documents["collections"].insert_one({"_id": "2", "project_id": "q", "tag": "t"})
    with pytest.raises(Conflict), translated():
        await documents["collections"].insert_one({"_id": "3", "project_id": "p", "tag": "t"})


async def test_of_processes_starting_at_once_one_migrates(mongodb_url: str, documents: Documents) -> None:
    """Four connections; the others wait until the one is done and then find nothing to do."""
    runs: list[str] = []

    async def slow(db: Database) -> None:
        runs.append("begin")
        await db["things"].insert_one({})
        await asyncio.sleep(0.5)
        runs.append("end")

    others = [await connect(mongodb_url, documents.name) for _ in range(4)]
    results = await asyncio.gather(*(migrate(other, [Migration("0001_slow", slow)]) for other in others))
    for other in others:
        other.close()
    assert sorted(results) == [[], [], [], ["0001_slow"]]
    assert runs == ["begin", "end"]
    assert await documents["migrations"].find_one({"_id": persistence.migrations.LOCK}) is None


async def test_a_newer_database_is_refused(documents: Documents) -> None:
    await migrate(documents)
    await documents["migrations"].insert_one({"_id": "0999_later"})
    with pytest.raises(Unavailable, match=r"newer Depictio: this one does not know its migration 0999_later"):
        await migrate(documents)


async def test_a_failing_step_is_not_recorded_and_frees_the_lock(documents: Documents) -> None:
    """Steps before it stay recorded; the next start goes on with the one that failed."""
    fails = True

    async def first(db: Database) -> None:
        await db["things"].insert_one({"_id": "1"})

    async def second(db: Database) -> None:
        if fails:
            await db["things"].insert_one({"_id": "1"})

    steps = [Migration("0001_first", first), Migration("0002_second", second)]
    with pytest.raises(Conflict):
        await migrate(documents, steps)
    fails = False
    assert await migrate(documents, steps) == ["0002_second"]


async def test_the_lock_of_a_killed_process_expires(documents: Documents) -> None:
    async def nothing(_: Database) -> None: ...

    expired = {"_id": persistence.migrations.LOCK, "owner": "gone", "expires_at": now() - timedelta(seconds=1)}
    await documents["migrations"].insert_one(expired)
    assert await migrate(documents, [Migration("0001_nothing", nothing)]) == ["0001_nothing"]


async def test_a_lost_lock_stops_the_work(documents: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that was frozen past its lease does not go on beside the one that took over."""
    monkeypatch.setattr(persistence.migrations, "RENEW", 0.05)
    finished = False

    async def robbed(db: Database) -> None:
        nonlocal finished
        await db["migrations"].update_one({"_id": persistence.migrations.LOCK}, {"$set": {"owner": "another"}})
        await asyncio.sleep(2)
        finished = True

    with pytest.raises(Unavailable, match="The lock on the migrations was lost"):
        await migrate(documents, [Migration("0001_robbed", robbed)])
    assert not finished
    assert await documents["migrations"].count_documents({"_id": "0001_robbed"}) == 0


async def test_accounts_and_projects_from_before_sharing_still_open(documents: Documents) -> None:
    """Their people are found by name."""
    await migrate(documents, known()[:3])
    at = now()
    user = {"_id": "u", "email": "zoe@example.org", "display_name": "Zoé Maas", "password_hash": "x", "created_at": at}
    project = {"_id": "p", "name": "P", "created_by": "u", "created_at": at, "updated_at": at, "audience": ["user:u"]}
    await documents["users"].insert_one(user)
    await documents["projects"].insert_one(project | {"description": "", "project_type": "basic", "is_public": False,
                                                      "grants": [], "version": 1})  # fmt: skip
    await migrate(documents)
    for text in ("zoe m", "maas"):
        assert [one.id for one in await UserRepository(documents).starting_with(text, text, 8)] == ["u"]
    (found,) = await ProjectRepository(documents).visible_to(Actor("u"))
    assert found.id == (await ProjectRepository(documents).get("p")).id == "p"


async def test_addresses_of_before_are_brought_into_the_present_form(documents: Documents) -> None:
    """All but one that somebody else has by now, and one that is none: those stay as they were."""
    before = {
        "a": "zoë@bücher.example",
        "b": "ß@x.org",
        "c": "ss@x.org",
        "d": "left\u200dright@x.org",
        "e": "ada@x.org",
    }
    for key, email in before.items():
        await documents["users"].insert_one({"_id": key, "email": email, "display_name": key})
    await migrate(documents)
    after = {user["_id"]: user["email"] async for user in documents["users"].find({})}
    assert after == before | {"a": "zoë@xn--bcher-kva.example"}


async def test_addresses_that_waited_within_a_project_are_invitations(documents: Documents) -> None:
    """By an owner and for a month; one that had a link keeps it with the stronger role; run twice it is the same."""
    await migrate(documents, [step for step in known() if step.name < "0009"])
    at = now()
    owner = {"principal": {"kind": "user", "id": "u"}, "role": "owner"}
    waiting = [{"email": "ada@example.org", "role": "editor"}, {"email": "bob@example.org", "role": "editor"}]
    project = {"_id": "p", "name": "P", "created_by": "x", "created_at": at, "updated_at": at, "version": 7}
    rest = {"grants": [owner], "invited": waiting, "audience": ["invited:ada@example.org", "public", "user:u"]}
    await documents["projects"].insert_one(project | rest)
    linked = {"_id": "link", "email": "bob@example.org", "project_id": "p", "invited_by": "v", "role": "viewer"}
    await documents["invitations"].insert_one(linked | {"created_at": at, "expires_at": at + timedelta(days=2)})
    await migrate(documents)
    await importlib.import_module("migrations.0010_project_invitations").up(documents.database)
    stored = await ProjectRepository(documents).get("p")
    assert (stored.audience, stored.version) == (("public", "user:u"), 7)
    ada, bob = sorted(await InvitationRepository(documents).of_project("p"), key=lambda one: one.email)
    assert (ada.email, ada.role, ada.invited_by, ada.is_vouched) == ("ada@example.org", Role.EDITOR, "u", False)
    assert ada.expires_at - ada.created_at == timedelta(days=30)
    assert (bob.id, bob.role, bob.invited_by) == ("link", Role.EDITOR, "v")
