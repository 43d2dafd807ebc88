"""`depictio doctor` and `depictio migrate`: what is wrong is found, by name, with what helps."""

import json
import secrets
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.checkups import GIB, Finding, State, clock, is_well, room
from domain.errors import Conflict, Unavailable
from domain.people import User
from domain.settings import Settings
from domain.workers import Worker
from persistence.leases import Leases
from persistence.mongo import connect, new_id, now
from persistence.people import UserRepository
from persistence.workers import WorkerRepository
from services.checkups import examine, orphaned, remove_orphans
from services.migrating import apply, state
from services.stores import open_stores
from tests.cli.conftest import Command, Server


@pytest.fixture
def site(installed: Path, data_dir: Path) -> Settings:
    """A site with two projects, to be damaged."""
    shutil.copytree(installed, data_dir)
    return Settings(data_dir=data_dir)


async def found(settings: Settings) -> dict[str, Finding]:
    return {one.name: one for one in await examine(settings)}


def wrong(findings: dict[str, Finding]) -> dict[str, State]:
    assert all(bool(one.remedy) == (one.state is not State.FINE) for one in findings.values())
    return {name: one.state for name, one in findings.items() if one.state is not State.FINE}


async def test_a_site_that_is_well(site: Settings) -> None:
    """Every part is looked at and is fine, and nothing is left of the looking."""
    findings = await found(site)
    assert wrong(findings) == {}
    assert list(findings) == [
        *("settings", "versions", "assets", "data directory", "disk space", "documents", "storage", "clock"),
        *("migrations", "administrators", "tables", "orphaned tables"),
    ]
    async with open_stores(site) as stores:
        assert not [one for one in await stores.objects.list() if ".doctor" in one.path]
        assert await stores.documents["meta"].count_documents({}) == 0


async def test_damage_is_named(site: Settings) -> None:
    """A table without one of its files, a table of nobody, no administrator, and a folder that others can read."""
    async with open_stores(site) as stores:
        stored = [one.path for one in await stores.objects.list("tables")]
        await stores.objects.delete(next(path for path in stored if path.endswith(".parquet")))
        await stores.objects.put("tables/gone/collection/part.parquet", b"x" * 1000)
        await stores.objects.put("collections/gone/images/a.png", b"y")
        await stores.documents["users"].update_many({}, {"$set": {"is_admin": False}})
        await stores.documents["migrations"].delete_one({"_id": "0008_administration"})
    site.data_dir.chmod(0o755)
    findings = await found(site)
    assert wrong(findings) == {
        "data directory": State.WARNING,
        "migrations": State.WARNING,
        "administrators": State.BROKEN,
        "tables": State.BROKEN,
        "orphaned tables": State.WARNING,
    }
    assert "0008_administration" in findings["migrations"].message
    assert "collections/gone, tables/gone/collection" in findings["orphaned tables"].message
    assert not is_well(findings.values())
    assert set(await remove_orphans(site)) == {"collections/gone", "tables/gone/collection"}
    async with open_stores(site) as stores:
        assert await orphaned(stores) == {}
        assert set(stored) - {one.path for one in await stores.objects.list("tables")} == {
            next(path for path in stored if path.endswith(".parquet"))
        }


def test_how_much_room_and_which_clock_is_well() -> None:
    """At the bounds that the documentation names."""
    assert [room("disk", "/", size).state for size in (5 * GIB, 5 * GIB - 1, GIB // 2, GIB // 2 - 1)] == [
        *(State.FINE, State.WARNING, State.WARNING, State.BROKEN)
    ]
    assert [clock("x", seconds).state for seconds in (-5.0, 5.1, -60.0, 61.0)] == [
        *(State.FINE, State.WARNING, State.WARNING, State.BROKEN)
    ]


async def test_nothing_is_removed_of_a_site_elsewhere_that_is_in_use(tmp_path: Path, mongodb_url: str) -> None:
    """Neither with the documents of another database nor while a server or an ingest runs on a MongoDB."""
    there = Settings(
        data_dir=tmp_path / "data", mongodb_url=mongodb_url, mongodb_database=f"test_{secrets.token_hex(8)}",
        secret_key="x" * 40,
    )  # fmt: skip
    await apply(there)
    async with open_stores(there) as stores:
        await stores.objects.put("tables/project/collection/part.parquet", b"x")
        with pytest.raises(Conflict, match="has no account, so it is no site"):
            await remove_orphans(there)
        user = User(id=new_id(), email="a@example.org", display_name="A", password_hash="", created_at=now())
        await UserRepository(stores.documents).add(user)
        worker = Worker(
            id=new_id(), machine="there", pid=7, role="web", started_at=now(), seen_at=now(),
            expires_at=now() + timedelta(minutes=1),
        )  # fmt: skip
        await WorkerRepository(stores.documents).note(worker)
        with pytest.raises(Conflict, match="there, process 7"):
            await remove_orphans(there)
        await WorkerRepository(stores.documents).remove(worker.id)
        async with Leases(stores.documents).held("ingest:x", "busy"):
            with pytest.raises(Conflict, match="An ingest runs"):
                await remove_orphans(there)
        assert await remove_orphans(there) == {"tables/project/collection": 1}


async def test_documents_that_are_damaged(site: Settings) -> None:
    """The embedded document server cannot open them: a backup is named as what helps."""
    (site.data_dir / "documents" / "WiredTiger.turtle").write_bytes(b"nonsense")
    findings = await found(site)
    assert wrong(findings) == {"documents": State.BROKEN}
    assert "restore BACKUP --replace" in findings["documents"].remedy


async def test_stores_elsewhere(tmp_path: Path, mongodb_url: str, s3_server: Any) -> None:
    """On MongoDB and S3 the same is looked at; a store that does not answer is broken, and the other is looked at."""
    there = Settings(
        data_dir=tmp_path / "data", mongodb_url=mongodb_url, mongodb_database=f"test_{secrets.token_hex(8)}",
        storage_url=f"{s3_server.url}/{secrets.token_hex(8)}", storage_options=s3_server.options, secret_key="x" * 40,
    )  # fmt: skip
    await apply(there)
    assert set(wrong(await found(there))) == {"administrators"}
    nobody = Settings(
        data_dir=tmp_path / "data", mongodb_url="mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=300",
        storage_url=there.storage_url, storage_options=there.storage_options,
    )  # fmt: skip
    findings = await found(nobody)
    assert wrong(findings) == {"documents": State.BROKEN}
    assert findings["storage"].state is State.FINE


async def test_migrations_are_shown_and_run(tmp_path: Path, mongodb_url: str) -> None:
    """Showing changes nothing; running them is recorded; a database of a newer version is refused."""
    name = f"test_{secrets.token_hex(8)}"
    there = Settings(data_dir=tmp_path, mongodb_url=mongodb_url, mongodb_database=name, storage_url=str(tmp_path / "o"))
    before = await state(there)
    assert {one.ran_at for one in before} == {None}
    assert await state(there) == before
    assert await apply(there) == [one.name for one in before]
    assert await apply(there) == []
    assert None not in {one.ran_at for one in await state(there)}
    documents = await connect(mongodb_url, name)
    await documents["migrations"].insert_one({"_id": "9999_later", "ran_at": None})
    documents.close()
    with pytest.raises(Unavailable, match="9999_later"):
        await state(there)
    assert wrong(await found(there))["migrations"] is State.BROKEN


def test_the_commands_beside_a_running_server(depictio: Command, server: Server) -> None:
    """Exit codes, JSON, and what needs the server to be stopped."""
    done = depictio("doctor", "--json")
    assert done.returncode == 0, done.stderr
    said = {one["name"]: one for one in json.loads(done.stdout)}
    assert (said["documents"]["state"], said["documents"]["message"]) == (
        *("fine", "written, read and removed by the running server"),
    )
    refused = depictio("doctor", "--remove-orphans")
    assert (refused.returncode, "Stop it first" in refused.stderr) == (1, True)
    lines = depictio("migrate", "status").stdout.splitlines()
    assert lines[0] == "migration\tran"
    assert not [line for line in lines if "pending" in line]
    assert json.loads(depictio("migrate", "apply", "--json").stdout) == []


def test_settings_that_cannot_be_used(depictio: Command, tmp_path: Path) -> None:
    """Each is one finding; without a site there is a warning, and nothing is made."""
    done = depictio("doctor", "--json", DEPICTIO_PROT="1", DEPICTIO_PORT="x")
    assert done.returncode == 1
    assert [(one["name"], one["state"]) for one in json.loads(done.stdout)] == [("settings", "broken")] * 2
    nothing = tmp_path / "nothing"
    empty = depictio("doctor", DEPICTIO_DATA_DIR=str(nothing))
    assert (empty.returncode, nothing.exists()) == (0, False)
    assert f"there is no site in {nothing} yet" in empty.stdout


async def test_orphans_are_not_removed_beside_a_server(site: Settings) -> None:
    """A table that is being written for the first time could be taken for one."""
    async with open_stores(site):
        with pytest.raises(Conflict):
            await remove_orphans(site)
