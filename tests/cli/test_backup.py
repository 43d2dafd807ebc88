"""`depictio backup` and `depictio restore`: what comes back is what there was, or nothing."""

import hashlib
import json
import secrets
import shutil
import tarfile
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import msgspec
import polars as pl
import pytest
from msgspec import structs

from domain.audit import AuditFilter
from domain.backups import LEFT_OUT, PackedFile
from domain.errors import Invalid, NotFound, Unauthenticated, Unavailable
from domain.settings import Settings
from persistence import replacing
from persistence.data_directory import DataDirectory
from persistence.document_copies import Snapshot, mark_unfinished, snapshot
from persistence.mongo import RawDocument, connect, read
from persistence.objects import open_objects
from persistence.tables import Tables
from services.backups import back_up
from services.opening import open_services
from services.restores import check_only, restore_site
from services.stores import open_stores, storage_url
from tests.cli.conftest import ADMIN_PASSWORD, Command, Server

KEY = "a secret key of 32 characters, or a few more"


class Content(NamedTuple):
    """Everything that a site holds; the audit of the restore itself is left out."""

    documents: Snapshot
    objects: dict[str, bytes]
    tables: dict[str, pl.DataFrame]


def same_tables(one: Content, other: Content) -> bool:
    return one.tables.keys() == other.tables.keys() and all(
        frame.equals(other.tables[name]) for name, frame in one.tables.items()
    )


async def content(settings: Settings) -> Content:
    async with open_stores(settings) as stores:
        documents = await snapshot(stores.documents, LEFT_OUT | {"audit"}, ())
        stored = [one.path for one in await stores.objects.list()]
        objects = {path: await stores.objects.get(path) for path in stored if not path.endswith("_last_checkpoint")}
        kept = [read(RawDocument(raw)) for raw in documents["collections"]]
        tables = Tables(stores.objects)
        frames = {
            one["tag"]: tables.scan(one["table_path"], one["table_version"]).sort(pl.all()).collect() for one in kept
        }
    return Content(documents, objects, frames)


@pytest.fixture
async def site(installed: Path, data_dir: Path) -> Settings:
    """A site with two projects, four tables, dashboards and a picture of its own."""
    shutil.copytree(installed, data_dir)
    settings = Settings(data_dir=data_dir)
    async with open_stores(settings) as stores:
        await stores.objects.put("pictures/a/b.png", b"\x89PNG of a kind")
        await stores.objects.put("pictures/a/empty", b"")
    return settings


@pytest.mark.parametrize("name", ["site.tar", "folder"])
async def test_a_round_trip_loses_nothing(name: str, site: Settings, tmp_path: Path) -> None:
    """Every document, every object and every row is what it was; a token of before still holds."""
    before = await content(site)
    assert len(before.tables) == 4
    async with open_services(site) as services:
        token, _ = await services.people.issue_token("admin@localhost", ADMIN_PASSWORD, address="127.0.0.1")
        before = before._replace(documents={})
    target = tmp_path / name
    manifest = await back_up(site, target)
    assert manifest.has_key
    assert check_only(target) == manifest
    with_token = await content(site)
    other = Settings(data_dir=tmp_path / "other")
    done = await restore_site(other, target)
    assert (done.kept, done.is_other_key) == (None, False)
    after = await content(other)
    assert after.documents == with_token.documents
    assert after.objects == with_token.objects
    assert same_tables(after, with_token)
    assert same_tables(after, before)
    assert {path.name for path in other.data_dir.iterdir()} <= {
        *("documents", "documents.json", "documents.toml", "storage", "secrets", "logs", "lock")
    }
    async with open_services(other) as services:
        assert (await services.people.actor_of_token(token)).email == "admin@localhost"
        acts = {
            row.act for row in (await services.audit.page((await services.people.single_user()), AuditFilter())).rows
        }
    assert any(act.startswith("restore the backup of 20") for act in acts)


async def test_into_mongodb_and_s3(site: Settings, tmp_path: Path, mongodb_url: str, s3_server: Any) -> None:
    """A site of files becomes one on a MongoDB and S3, whose tables are read and written there; and comes back."""
    target = tmp_path / "site.tar"
    async with open_services(site) as services:
        token, _ = await services.people.issue_token("admin@localhost", ADMIN_PASSWORD, address="127.0.0.1")
    await back_up(site, target)
    before = await content(site)
    there = Settings(
        data_dir=tmp_path / "unused",
        mongodb_url=mongodb_url,
        mongodb_database=f"test_{secrets.token_hex(8)}",
        storage_url=f"{s3_server.url}/{secrets.token_hex(8)}",
        storage_options=s3_server.options,
        secret_key=KEY,
    )
    done = await restore_site(there, target)
    assert done.is_other_key
    after = await content(there)
    assert (after.documents, after.objects) == (before.documents, before.objects)
    assert same_tables(after, before)
    async with open_services(there) as services:
        actor = await services.people.single_user()
        assert {one.name for one in await services.projects.visible(actor)} == {"Iris", "Palmer penguins"}
        with pytest.raises(Unauthenticated):
            await services.people.actor_of_token(token)
    with tarfile.open(target) as tar:
        key = tar.extractfile("keys/tokens.key")
        assert key is not None
        as_before = structs.replace(there, secret_key=key.read().decode())
    async with open_services(as_before) as services:
        assert (await services.people.actor_of_token(token)).email == "admin@localhost"
    with pytest.raises(Invalid, match=r"is not empty\. Name an empty one with DEPICTIO_MONGODB_DATABASE"):
        await restore_site(there, target)
    with pytest.raises(Invalid, match=r"is not replaced, .* DEPICTIO_MONGODB_DATABASE .* DEPICTIO_STORAGE_URL"):
        await restore_site(there, target, replace=True)
    back = tmp_path / "back.tar"
    assert not (await back_up(there, back)).has_key
    here = Settings(data_dir=tmp_path / "here")
    assert (await restore_site(here, back)).is_other_key
    assert same_tables(await content(here), before)


async def test_documents_here_and_objects_on_s3(site: Settings, tmp_path: Path, s3_server: Any) -> None:
    """The storage must be empty; what a restore left there that was killed is taken away by the next one."""
    target = tmp_path / "site.tar"
    await back_up(site, target)
    url = f"{s3_server.url}/{secrets.token_hex(8)}"
    there = Settings(data_dir=tmp_path / "other", storage_url=url, storage_options=s3_server.options)
    objects = open_objects(url, s3_server.options)
    await objects.put("something", b"else")
    with pytest.raises(Invalid, match=r"something is there\. Name another folder or prefix with DEPICTIO_STORAGE_URL"):
        await restore_site(there, target)
    assert [one.path for one in await objects.list()] == ["something"]
    # As if it had been killed after its first object.
    replacing.begin(there.data_dir, url)
    await restore_site(there, target)
    assert same_tables(await content(there), await content(site))


async def test_an_interrupted_restore_into_a_database_is_done_over(
    site: Settings, tmp_path: Path, mongodb_url: str
) -> None:
    """Nobody works with half of a site: the server refuses to start, and the next restore begins anew."""
    target = tmp_path / "folder"
    await back_up(site, target)
    there = Settings(
        data_dir=tmp_path / "unused", mongodb_url=mongodb_url, mongodb_database=f"test_{secrets.token_hex(8)}",
        storage_url=str(tmp_path / "objects"), secret_key=KEY,
    )  # fmt: skip
    documents = await connect(mongodb_url, there.mongodb_database)
    await mark_unfinished(documents, storage_url(there))
    await documents["users"].insert_one({"_id": "half"})
    await open_objects(storage_url(there)).put("half", b"")
    documents.close()
    with pytest.raises(Unavailable, match="interrupted restore"):
        async with open_services(there):
            pass
    await restore_site(there, target)
    before, after = await content(site), await content(there)
    assert (after.documents, after.objects) == (before.documents, before.objects)


DAMAGED = "nothing was restored|is no backup|manifest"
DAMAGES = {
    "a byte of a table": lambda folder: _flip(next(folder.glob("objects/tables/**/*.parquet"))),
    "a byte of the documents": lambda folder: _flip(folder / "documents" / "users.bson"),
    "a file too few": lambda folder: next(folder.glob("objects/tables/**/*.json")).unlink(),
    "a file too many": lambda folder: (folder / "objects" / "more").write_bytes(b"x"),
    "a file that was cut off": lambda folder: _cut(folder / "documents" / "projects.bson"),
    "another manifest": lambda folder: _flip(folder / "manifest.json"),
    "no manifest": lambda folder: (folder / "manifest.json").unlink(),
}


def _flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-7])


async def test_a_damaged_backup_touches_nothing(site: Settings, tmp_path: Path) -> None:
    """Whatever is damaged is named, before there is as much as a folder."""
    whole = tmp_path / "whole"
    await back_up(site, whole)
    for name, damage in DAMAGES.items():
        folder = tmp_path / "damaged"
        shutil.copytree(whole, folder)
        damage(folder)
        with pytest.raises(Invalid, match=DAMAGED) as raised:
            await restore_site(Settings(data_dir=tmp_path / "other"), folder)
        assert raised.value.problems, name
        assert not (tmp_path / "other").exists(), name
        shutil.rmtree(folder)
    cut = tmp_path / "cut.tar"
    await back_up(site, cut)
    for part in (2, 3, 5):
        cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // part])
        with pytest.raises(Invalid, match=r"cut off|damaged"):
            await restore_site(Settings(data_dir=tmp_path / "other"), cut)
    with pytest.raises(NotFound, match="There is no backup"):
        await restore_site(Settings(data_dir=tmp_path / "other"), tmp_path / "nowhere.tar")


async def test_a_manifest_that_leads_elsewhere_is_refused(site: Settings, tmp_path: Path) -> None:
    """A path with `..` is refused, though its hash is right."""
    target = tmp_path / "whole"
    manifest = await back_up(site, target)
    wrong = msgspec.structs.replace(manifest, files=(*manifest.files, PackedFile("objects/../../x", 1, "0" * 64)))
    said = msgspec.json.encode(wrong)
    (target / "manifest.json").write_bytes(said)
    (target / "manifest.sha256").write_text(hashlib.sha256(said).hexdigest())
    with pytest.raises(Invalid, match="outside of itself"):
        check_only(target)


async def test_a_site_is_replaced_only_when_told_and_kept(site: Settings, tmp_path: Path) -> None:
    """The site that was there is in a folder beside, whole: moved back, it is the site again."""
    target = tmp_path / "site.tar"
    await back_up(site, target)
    before = await content(site)
    async with open_stores(site) as stores:
        await stores.objects.put("later", b"1")
    with pytest.raises(Invalid, match="--replace"):
        await restore_site(site, target)
    assert "later" in (await content(site)).objects
    done = await restore_site(site, target, replace=True)
    assert (await content(site)).objects == before.objects
    assert done.kept is not None
    assert "later" in (await content(Settings(data_dir=done.kept))).objects


@pytest.mark.parametrize("moves", range(5))
async def test_a_restore_that_is_killed_while_parts_move_is_finished_by_the_next(moves: int, tmp_path: Path) -> None:
    """Whoever takes the directory next moves the rest; nothing of the old site is lost, and nothing is mixed."""
    data_dir = tmp_path / "data"
    for name in replacing.PARTS[:4]:
        (data_dir / name).mkdir(parents=True)
        (data_dir / name / "old").touch()
    folder = replacing.begin(data_dir, "")
    for name in replacing.PARTS:
        (folder / name).mkdir()
        (folder / name / "new").touch()
    (folder / replacing.READY).write_text("before")
    # What a kill leaves: some parts are moved, one is half way.
    (data_dir / "before").mkdir()
    for number, name in enumerate(replacing.PARTS[:moves]):
        if (data_dir / name).exists():
            (data_dir / name).rename(data_dir / "before" / name)
        (folder / f"{name}.moved").touch()
        if number < moves - 1:
            (folder / name).rename(data_dir / name)
    directory = await DataDirectory.hold(data_dir)
    directory.release()
    assert all([path.name for path in (data_dir / name).iterdir()] == ["new"] for name in replacing.PARTS)
    old = {path.name for path in (data_dir / "before").iterdir()}
    assert old >= set(replacing.PARTS[:4])
    assert not (data_dir / "restoring").exists()


async def test_a_backup_is_written_whole_or_not_at_all(site: Settings, tmp_path: Path) -> None:
    """One that fails leaves no file; one that is there is not written over."""
    target = tmp_path / "site.tar"
    async with open_stores(site) as stores:
        path = next(one.path for one in await stores.objects.list("tables") if one.path.endswith(".parquet"))
        await stores.objects.delete(path)
    with pytest.raises(Exception, match=r"each of 3 times, or is damaged: .* lacks"):
        await back_up(site, target)
    assert not target.exists()
    assert not (tmp_path / ".site.tar.partial").exists()
    target.touch()
    with pytest.raises(Invalid, match="exists already"):
        await back_up(site, target)
    with pytest.raises(Invalid, match="There is no site"):
        await back_up(Settings(data_dir=tmp_path / "nowhere"), tmp_path / "x.tar")
    assert not (tmp_path / "nowhere").exists()


def test_while_the_server_runs(depictio: Command, penguins: Path, server: Server, tmp_path: Path) -> None:
    """The copy is made beside the running server, also while it ingests, and its tables are whole."""
    where = ("--server", server.url, "--token", server.token)
    assert depictio("run", penguins, *where).returncode == 0
    target = tmp_path / "live.tar"
    made = depictio("backup", target, "--json")
    assert made.returncode == 0, made.stderr
    said = json.loads(made.stdout)
    assert (said["tables"], said["target"]) == (3, str(target))
    assert target.stat().st_mode & 0o077 == 0
    with tarfile.open(target) as tar:
        assert "keys/tokens.key" in tar.getnames()
    checked = depictio("restore", target, "--check")
    assert (checked.returncode, "3 tables" in checked.stdout) == (0, True)
    held = depictio("restore", target, "--replace")
    assert (held.returncode, "is in use by another Depictio" in held.stderr) == (1, True)
    other = tmp_path / "other"
    restored = depictio("restore", target, DEPICTIO_DATA_DIR=str(other), DEPICTIO_SECRET_KEY=KEY)
    assert restored.returncode == 0, restored.stderr
    assert restored.stdout.startswith("Restored ")
    assert f"set DEPICTIO_SECRET_KEY to the content of keys/tokens.key in {target}" in restored.stdout
    rows = depictio(
        "collection", "rows", "Palmer penguins", "penguins_complete", "--json", DEPICTIO_DATA_DIR=str(other)
    )
    assert json.loads(rows.stdout)["total"] == 342
    httpx.get(f"{server.url}/health/ready").raise_for_status()
