"""Work done by processes of this machine and by a real Dask cluster of two workers: stopped, killed, and lost."""

import asyncio
import contextlib
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from distributed import Client

from domain.errors import Unavailable
from domain.jobs import JobState
from domain.projects import Access
from domain.uploaded import Mode
from persistence.child import Child, free_port, listening, start_child, stop_child
from persistence.objects import open_objects
from persistence.tables import Tables
from persistence.watching import READING, Stopped
from services.computing import Computation, Computer, DaskCluster, LocalProcesses, computer_for
from services.system import Services
from services.uploaded import Order
from tests.services.computed import asleep, doubled, ended, patient, writing
from tests.services.test_jobs import LARGE, rows, sent

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def dask(folder: Path, workers: int, *more: str) -> AsyncIterator[tuple[str, list[Child]]]:
    """The address of a Dask scheduler with its workers, processes of their own on loopback, and these processes."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    plain = ["--no-dashboard", "--host", "127.0.0.1"]
    commands = [["distributed.cli.dask_scheduler", *plain, "--port", str(port)]]
    commands += [["distributed.cli.dask_worker", address, *plain, "--nthreads", "2", *more] for _ in range(workers)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        children = []
        for number, command in enumerate(commands):
            children.append(start_child([sys.executable, "-m", *command], folder=folder, log=folder / f"{number}.log"))
            await until_listening(port)
    yield address, children
    await asyncio.gather(*(stop_child(child, grace=0.5) for child in reversed(children)))


@pytest.fixture(scope="module")
async def scheduler(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of a Dask scheduler with two workers."""
    async with dask(tmp_path_factory.mktemp("dask"), 2) as (address, _):
        yield address


async def until_listening(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            if await listening(port):
                return
            await asyncio.sleep(0.05)


@pytest.fixture
async def cluster(scheduler: str) -> AsyncIterator[DaskCluster]:
    cluster = DaskCluster(scheduler)
    async with asyncio.timeout(30):
        while True:
            with contextlib.suppress(Unavailable):
                await cluster.begin(int)
                break
            await asyncio.sleep(0.1)
    yield cluster
    await asyncio.to_thread(cluster.close)


@pytest.fixture
def local() -> Iterator[LocalProcesses]:
    processes = LocalProcesses()
    yield processes
    processes.close()


@pytest.fixture(params=["local", "cluster"])
def computer(request: pytest.FixtureRequest) -> Computer:
    return request.getfixturevalue(request.param)


@pytest.fixture
def computation(computer: Computer, tmp_path: Path) -> Iterator[Computation]:
    computation = Computation(computer, tmp_path / "attempt")
    computation.folder.open()
    yield computation
    computation.folder.close()


async def until(ask: Callable[[], bool], within: float = 20.0) -> None:
    async with asyncio.timeout(within):
        while True:
            if ask():
                return
            await asyncio.sleep(0.02)


async def until_reading(services: Services, access: Access, job_id: str) -> None:
    async with asyncio.timeout(20):
        while True:
            if (await services.jobs.get(access, job_id)).progress.step == READING:
                return
            await asyncio.sleep(0.05)


async def stopped(computation: Computation, work: Awaitable[Any]) -> float:
    """How long the work took to stop."""
    task = asyncio.ensure_future(work)
    await until(lambda: bool(computation.folder.progress().step))
    began = asyncio.get_running_loop().time()
    computation.stop()
    with pytest.raises(Stopped):
        await task
    return asyncio.get_running_loop().time() - began


async def test_another_process_does_the_work_and_tells_of_it(computation: Computation) -> None:
    number, process = await computation(doubled, 21)
    assert number == 42
    assert process != os.getpid()
    progress = computation.folder.progress()
    assert (progress.step, progress.files, progress.bytes, progress.rows) == (READING, 1, 10, 21)
    assert [line.text for line in computation.folder.heard()] == ["number: 21 rows"]
    assert computation.folder.heard() == []


async def test_work_that_looks_stops_before_it_writes(computation: Computation, tmp_path: Path) -> None:
    begun, result = tmp_path / "begun", tmp_path / "result"
    assert await stopped(computation, computation(patient, begun, result)) < 1
    with pytest.raises(Stopped):
        await computation(doubled, 1)
    assert not result.exists()


async def test_work_that_never_looks_is_given_up(computation: Computation) -> None:
    """Here its process is ended; on a cluster it can write nothing any more."""
    assert await stopped(computation, computation(asleep)) < 2


async def test_a_killed_process_is_an_error_and_the_next_work_gets_another(computer: Computer, tmp_path: Path) -> None:
    """A cluster tries it on three more workers first."""
    for number in range(2 if isinstance(computer, LocalProcesses) else 1):
        computation = Computation(computer, tmp_path / str(number))
        computation.folder.open()
        with pytest.raises(Unavailable, match="ended before it was done"):
            await computation(ended)
        assert (await computation(doubled, number))[0] == 2 * number


async def test_work_on_a_cluster_that_has_lost_all_its_workers_is_given_up(tmp_path: Path) -> None:
    """It would wait for ever; nothing may be written by whoever comes back."""
    async with dask(tmp_path, 1, "--no-nanny") as (address, (_, worker)):
        cluster = DaskCluster(address, connects_within="10s", workers_away_for=0.5)
        computation = Computation(cluster, tmp_path / "attempt")
        computation.folder.open()
        work = asyncio.ensure_future(computation(patient, tmp_path / "begun", tmp_path / "result"))
        await until((tmp_path / "begun").exists)
        worker.kill()
        with pytest.raises(Unavailable, match="The workers of the Dask cluster are gone"):
            await work
        assert computation.folder.is_stopped
        await asyncio.to_thread(cluster.close)


async def test_on_a_cluster_what_is_being_written_is_waited_for(cluster: DaskCluster, tmp_path: Path) -> None:
    """Nobody could tell otherwise whether it comes."""
    computation = Computation(cluster, tmp_path / "attempt")
    computation.folder.open()
    task = asyncio.ensure_future(computation(writing, tmp_path / "result"))
    await until(lambda: bool(computation.folder.progress().step))
    computation.stop()
    assert await task == "written"
    assert (tmp_path / "result").read_text() == "written"


async def test_processes_end_with_the_server_that_is_killed(tmp_path: Path) -> None:
    """A process that computes does not outlive its server, so that nobody writes behind the next one's back."""
    program = (
        "import asyncio, os, pathlib, sys\n"
        "from services.computing import Computation, LocalProcesses\n"
        "from tests.services.computed import patient\n"
        "async def main():\n"
        "    folder = pathlib.Path(sys.argv[1])\n"
        "    computation = Computation(LocalProcesses(), folder / 'attempt')\n"
        "    computation.folder.open()\n"
        "    await computation(patient, folder / 'begun', folder / 'result')\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    script = tmp_path / "server.py"
    script.write_text(program)
    server = started(script)
    await until((tmp_path / "begun").exists)
    children = children_of(server.pid)
    server.kill()
    server.wait()
    await until(lambda: not any(_lives(pid) for pid in children), within=5)


def started(script: Path) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, str(script), str(script.parent)], cwd=ROOT, env=environment)


def children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _lives(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_a_scheduler_that_is_not_there_is_named(tmp_path: Path) -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    assert computer_for(address).name == f"the Dask cluster {address}"
    computer = DaskCluster(address, connects_within="0.3s")
    computation = Computation(computer, tmp_path / "attempt")
    computation.folder.open()
    with pytest.raises(Unavailable, match=f"Dask scheduler {address} does not answer"):
        await computation(doubled, 1)
    computer.close()


async def test_jobs_are_done_and_stopped_on_the_cluster(
    scheduler: str, cluster: DaskCluster, open_quickly: Any
) -> None:
    """Two collections at once, an append, a failure with its problems, and one that is cancelled."""
    async with open_quickly(dask_scheduler=scheduler) as services:
        user = await services.people.create_user(f"{secrets.token_hex(3)}@example.org", secrets.token_hex(12), "Dana")
        project = await services.projects.create(user.actor(), "On a cluster")
        access = await services.projects.open(user.actor(), project.id)
        async with services.runner.running():
            jobs = [
                await services.jobs.upload(access, await sent(services, access, name=f"{tag}.csv"), Order(tag=tag))
                for tag in ("a", "b")
            ]
            done = [await services.jobs.ended(access, job.id, 60) for job in jobs]
            assert [job.state for job in done] == [JobState.DONE] * 2, done
            assert "the Dask cluster" in done[0].log[1].text
            more = await sent(services, access, "site,n\nC,3\n", "more.csv")
            job = await services.jobs.upload(access, more, Order(tag="a", mode=Mode.APPEND))
            assert (await services.jobs.ended(access, job.id, 60)).state is JobState.DONE
            assert sorted(row["n"] for row in await rows(services, access, done[0].result.collection_id)) == [1, 2, 3]
            bad = await sent(services, access, "a,b\n1,2\n3,4,5,6\n", "bad.csv")
            job = await services.jobs.upload(access, bad, Order(tag="bad"))
            failed = await services.jobs.ended(access, job.id, 60)
            assert (failed.state, failed.failure.problems[0].place) == (JobState.FAILED, "uploads/bad.csv")
            large = await services.jobs.upload(access, await sent(services, access, LARGE, "l.csv"), Order(tag="large"))
            await until_reading(services, access, large.id)
            await services.jobs.cancel(access, large.id)
            assert (await services.jobs.ended(access, large.id, 20)).state is JobState.CANCELLED
            assert [one.tag for one in await services.collections.all(access)] == ["a", "b"]
        assert services.runner.computer == f"the Dask cluster {scheduler}"


async def test_a_job_whose_worker_is_killed_is_done_by_the_other_one(
    scheduler: str, cluster: DaskCluster, open_quickly: Any
) -> None:
    """Killed while it reads a file that is appended: the rows come once, in one version, and nothing lies around."""
    async with open_quickly(dask_scheduler=scheduler) as services:
        user = await services.people.create_user(f"{secrets.token_hex(3)}@example.org", secrets.token_hex(12), "Dana")
        project = await services.projects.create(user.actor(), "A lost worker")
        access = await services.projects.open(user.actor(), project.id)
        async with services.runner.running():
            first = await services.jobs.upload(
                access, await sent(services, access, "site,reads,ph\nA,1,7.5\n", "a.csv"), Order(tag="a")
            )
            made = await services.jobs.ended(access, first.id, 60)
            large = await sent(services, access, LARGE, "l.csv")
            job = await services.jobs.upload(access, large, Order(tag="a", mode=Mode.APPEND))
            await until_reading(services, access, job.id)
            with Client(scheduler, set_as_default=False) as client:
                (busy,) = [address for address, keys in (await asyncio.to_thread(client.processing)).items() if keys]
                (pid,) = (await asyncio.to_thread(client.run, os.getpid, workers=[busy])).values()
            os.kill(pid, signal.SIGKILL)
            done = await services.jobs.ended(access, job.id, 60)
        assert (done.state, done.attempts) == (JobState.DONE, 1), done
        table = await services.collections.get(access, made.result.collection_id)
        assert (table.rows, table.table_version) == (1 + LARGE.count(b"\n") - 1, 1)
        objects = open_objects(services.settings.storage_url)
        kept = {one.path for one in await objects.list(table.table_path) if one.path.endswith(".parquet")}
        assert kept == set(Tables(objects).files(table.table_path, 1))
