"""Jobs on real tables: done by other processes, stopped, taken over, begun again, and refused to who may not."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec
import polars as pl
import pytest

from domain.access import Role
from domain.errors import Conflict, Forbidden, Invalid, NotFound
from domain.jobs import MOST_ATTEMPTS, Job, JobState
from domain.listing import Wanted
from domain.projects import Access
from domain.uploaded import Mode
from persistence.jobs import JobRepository
from persistence.leases import owner_here
from persistence.mongo import now
from persistence.objects import open_objects
from services.system import Services
from services.uploaded import Order, Sent
from tests.services.conftest import person

ROWS = "site,n\nA,1\nB,2\n"
LARGE = ("site,reads,ph\n" + "Kattegat,123456,7.5\nSkagerrak,98765,8.25\n" * 4_500_000).encode()
"""About 70 MB: reading it takes long enough to be stopped in between."""


async def sent(services: Services, access: Access, content: str | bytes = ROWS, name: str = "sites.csv") -> Sent:
    async def chunks() -> AsyncIterator[bytes]:
        yield content.encode() if isinstance(content, str) else content

    return await services.uploaded.receive(access, name, chunks())


async def opened(world: Any, who: str = "owner") -> Access:
    return await world.services.projects.open(world.actors[who], world.project_id)


async def uploading(world: Any, content: str | bytes = ROWS, **order: Any) -> tuple[Access, Job]:
    access = await opened(world)
    file = await sent(world.services, access, content, order.pop("name", "sites.csv"))
    return access, await world.services.jobs.upload(access, file, Order(**{"tag": "sites", **order}))


async def until(ask: Callable[[], Awaitable[Any]], within: float = 20.0) -> Any:
    async with asyncio.timeout(within):
        while True:
            if found := await ask():
                return found
            await asyncio.sleep(0.05)


async def rows(services: Services, access: Access, collection_id: str) -> list[dict[str, Any]]:
    found = (await services.collections.rows(access, collection_id)).rows
    return [{name: value for name, value in row.items() if not name.startswith("depictio_")} for row in found]


async def files_of_table(world: Any, collection_id: str) -> list[str]:
    return [one.path for one in await world.objects.list(f"tables/{world.project_id}/{collection_id}")]


async def test_a_sent_file_becomes_a_table_by_another_process(world: Any) -> None:
    """The job says who started it, how much it read and what came of it."""
    services = world.services
    access, job = await uploading(world)
    assert (job.state, job.title) == (JobState.WAITING, "Make sites from sites.csv")
    async with services.runner.running():
        done = await services.jobs.ended(access, job.id, 20)
    assert (done.state, done.failure) == (JobState.DONE, None), done
    assert await rows(services, access, done.result.collection_id) == [{"site": "A", "n": 1}, {"site": "B", "n": 2}]
    progress = done.progress
    assert (progress.files, progress.all_files, progress.rows, progress.share) == (1, 1, 2, 1.0)
    said = [line.text for line in done.log]
    assert said[0] == "Started by owner@example.org"
    assert said[1].startswith("Begun: ")
    assert said[2:] == ["uploads/sites.csv: 2 rows", "Done: sites updated, 2 rows"]


async def test_a_file_that_cannot_be_read_fails_with_its_problems_and_can_be_tried_again(world: Any) -> None:
    """No collection is made; the file stays, so that the job can begin again."""
    services = world.services
    access, job = await uploading(world, "a,b\n1,2\n3,4,5,6\n")
    async with services.runner.running():
        failed = await services.jobs.ended(access, job.id, 20)
        assert failed.state is JobState.FAILED
        assert failed.failure.problems[0].place == "uploads/sites.csv"
        assert await services.collections.all(access) == []
        again = await services.jobs.retry(access, job.id)
        assert (again.state, again.attempts, again.failure) == (JobState.WAITING, 0, None)
        assert (await services.jobs.ended(access, job.id, 20)).state is JobState.FAILED
    texts = [line.text for line in (await services.jobs.get(access, job.id)).log]
    assert "Begun again by owner@example.org" in texts


async def test_a_waiting_job_is_cancelled_at_once_and_can_begin_again(world: Any) -> None:
    services = world.services
    access, job = await uploading(world)
    assert (await services.jobs.cancel(access, job.id)).state is JobState.CANCELLED
    with pytest.raises(Conflict, match="cancelled already"):
        await services.jobs.cancel(access, job.id)
    async with services.runner.running():
        await services.jobs.retry(access, job.id)
        done = await services.jobs.ended(access, job.id, 20)
    assert done.state is JobState.DONE
    with pytest.raises(Conflict, match="only one that failed or was cancelled"):
        await services.jobs.retry(access, job.id)


@pytest.fixture
def speaking_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """How far a job is can be seen twenty times a second: a fast machine reads all of it within the usual half."""
    monkeypatch.setattr("services.job_runner.SPEAKS_EVERY", 0.05)


@pytest.mark.usefixtures("speaking_often")
async def test_a_running_job_stops_within_two_seconds_and_leaves_nothing(world: Any) -> None:
    """Neither a collection nor files of a table nor rows in the spool are left; begun again it is done."""
    services = world.services
    access, job = await uploading(world, LARGE)
    spool = services.settings.data_dir / "spool"
    async with services.runner.running():

        async def reads() -> bool:
            """It is somewhere in the file."""
            progress = (await services.jobs.get(access, job.id)).progress
            return 0 < progress.rows < 9_000_000 and 0 < progress.bytes <= progress.all_bytes

        await until(reads)
        began = asyncio.get_running_loop().time()
        await services.jobs.cancel(access, job.id)
        ended = await services.jobs.ended(access, job.id, 5)
        assert asyncio.get_running_loop().time() - began < 3 - 0.5  # Usually it may take half a second more to hear it.
        assert (ended.state, ended.failure) == (JobState.CANCELLED, None), ended
        assert await services.collections.all(access) == []
        assert await files_of_table(world, job.id) == []
        assert list((spool / "jobs").iterdir()) == []
        assert list((spool / "rows").glob("*")) == []
        await services.jobs.retry(access, job.id)
        done = await services.jobs.ended(access, job.id, 60)
    assert [report.rows for report in done.result.reports] == [9_000_000]


async def test_a_job_of_a_process_that_died_is_taken_over_and_done_once(world: Any) -> None:
    """However far the dead one came: before it read, after its commit, and after it had published."""
    services = world.services
    repository = JobRepository(world.documents)
    for came in ("nothing", "all"):
        tag = f"sites-{came}"
        access, job = await uploading(world, tag=tag, name=f"{came}.csv")
        held = now() + timedelta(seconds=1)
        claimed = await repository.claim(job, f"elsewhere/1/99/{secrets.token_hex(12)}", now(), held)
        assert claimed is not None
        if came == "all":
            order = await repository.order_of(job, services.runner._kinds[job.kind].order)
            await services.uploaded.ingest(access, order.sent, order.order, made_id=job.id)
        async with services.runner.running():
            done = await services.jobs.ended(access, job.id, 20)
        assert (done.state, done.attempts) == (JobState.DONE, 2), done
        assert now() > held
        assert any("Taken up after elsewhere, process 99 ended" in line.text for line in done.log)
        versions = await services.collections.versions(access, done.result.collection_id)
        assert [version.version for version in versions] == [0]
        assert len(await rows(services, access, done.result.collection_id)) == 2


async def test_a_job_that_speaks_is_left_to_its_process(world: Any) -> None:
    """A claim by what was read before its owner spoke again fails."""
    repository = JobRepository(world.documents)
    _, job = await uploading(world)
    first = await repository.claim(job, owner_here(), now(), now() + timedelta(seconds=1))
    assert first is not None
    assert await repository.claim(job, owner_here(), now(), now()) is None
    assert await repository.hold(first, now() + timedelta(seconds=9), first.progress, first.log) is not None
    assert await repository.claim(first, owner_here(), now(), now()) is None
    await repository.release(first, first.log)
    released = await repository.get(job.id)
    assert (released.state, released.attempts) == (JobState.WAITING, 0)
    assert await repository.hold(first, now(), first.progress, first.log) is None


async def test_a_job_that_ends_its_process_each_time_is_given_up(world: Any) -> None:
    services, repository = world.services, JobRepository(world.documents)
    access, job = await uploading(world)
    for _ in range(MOST_ATTEMPTS):
        job = await repository.claim(job, f"elsewhere/1/99/{secrets.token_hex(12)}", now(), now())
    async with services.runner.running():
        failed = await services.jobs.ended(access, job.id, 20)
    assert failed.state is JobState.FAILED
    assert "ended 3 times" in failed.failure.message
    assert await services.collections.all(access) == []


async def test_a_job_fails_where_the_data_directory_cannot_be_written(world: Any) -> None:
    """It says so instead of being begun over and over, and can be tried again."""
    services = world.services
    access, job = await uploading(world)
    spool = services.settings.data_dir / "spool" / "jobs"
    if spool.is_dir():
        spool.rmdir()
    spool.touch()
    async with services.runner.running():
        failed = await services.jobs.ended(access, job.id, 5)
        assert (failed.state, failed.attempts) == (JobState.FAILED, 1), failed
        assert "data directory of the server cannot be written" in failed.failure.message
        spool.unlink()
        await services.jobs.retry(access, job.id)
        assert (await services.jobs.ended(access, job.id, 20)).state is JobState.DONE


async def test_a_stopping_server_gives_its_jobs_back(world: Any) -> None:
    """The next one does them; the attempt that was broken off does not count."""
    services = world.services
    access, job = await uploading(world, LARGE)
    async with services.runner.running():

        async def runs() -> bool:
            return (await services.jobs.get(access, job.id)).progress.step == "reading files"

        await until(runs)
    waiting = await services.jobs.get(access, job.id)
    assert (waiting.state, waiting.attempts, waiting.owner) == (JobState.WAITING, 0, "")
    async with services.runner.running():
        done = await services.jobs.ended(access, job.id, 60)
    assert (done.state, [report.rows for report in done.result.reports]) == (JobState.DONE, [9_000_000])


async def test_two_servers_share_the_jobs_and_each_runs_once(world: Any, open_quickly: Any) -> None:
    """Appends to one table come one after the other, wherever they run, and none is lost."""
    services = world.services
    settings = msgspec.structs.asdict(services.settings)
    same = {name: settings[name] for name in ("data_dir", "mongodb_database", "storage_url", "secret_key")}
    access, first = await uploading(world)
    async with open_quickly(**same) as other, services.runner.running(), other.runner.running():
        assert (await services.jobs.ended(access, first.id, 20)).state is JobState.DONE
        jobs = []
        for number in range(6):
            file = await sent(services, access, f"site,n\nC,{number}\n", f"more{number}.csv")
            jobs.append(await services.jobs.upload(access, file, Order(tag="sites", mode=Mode.APPEND)))
        ended = [await services.jobs.ended(access, job.id, 40) for job in jobs]
    assert [(job.state, job.attempts) for job in ended] == [(JobState.DONE, 1)] * 6, ended
    table = await rows(services, access, ended[0].result.collection_id)
    assert sorted(row["n"] for row in table if row["site"] == "C") == [0, 1, 2, 3, 4, 5]
    versions = await services.collections.versions(access, ended[0].result.collection_id)
    assert len(versions) == 7


async def test_who_has_lost_their_right_since_does_not_ingest(world: Any) -> None:
    """The job runs with what the person may do when it runs."""
    services = world.services
    owner = await opened(world)
    editor = await opened(world, "editor")
    file = await sent(services, editor)
    job = await services.jobs.upload(editor, file, Order(tag="sites"))
    await services.sharing.share(owner, person(world.actors["editor"].user_id), Role.VIEWER)
    async with services.runner.running():
        failed = await services.jobs.ended(owner, job.id, 20)
    assert failed.state is JobState.FAILED
    assert "data:upload" in failed.failure.message
    assert await services.collections.all(owner) == []


async def test_what_cannot_be_done_is_refused_before_it_waits(world: Any) -> None:
    services = world.services
    access = await opened(world)
    file = await sent(services, access)
    with pytest.raises(Invalid):
        await services.jobs.upload(access, file, Order(tag="a.b"))
    with pytest.raises(Invalid):
        await services.jobs.upload(access, file, Order(tag="none", mode=Mode.APPEND))
    with pytest.raises(Invalid, match="was not sent"):
        await services.jobs.upload(access, msgspec.structs.replace(file, sha256="0" * 64), Order(tag="x"))
    with pytest.raises(Invalid, match="no joins"):
        await services.jobs.joins(access)
    assert (await services.jobs.of_project(access, Wanted())).total == 0


async def test_a_job_of_a_deleted_project_is_dropped(world: Any) -> None:
    services = world.services
    access, job = await uploading(world)
    await services.projects.delete(access)
    assert await JobRepository(world.documents).find(job.id) is None


async def test_a_job_of_another_project_is_not_found(world: Any, new_world: Any) -> None:
    """An id says nothing: the proof of another project does not open the job."""
    _, job = await uploading(world)
    other = await opened(await new_world())
    for act in (world.services.jobs.get, world.services.jobs.cancel, world.services.jobs.retry):
        with pytest.raises(NotFound):
            await act(other, job.id)


async def test_administrators_see_the_jobs_of_the_site(world: Any) -> None:
    services = world.services
    access, job = await uploading(world)
    part = await services.jobs.of_site(world.actors["admin"], Wanted(q=access.project.name), "waiting")
    assert [(one.project, one.job.id) for one in part.items] == [(access.project.name, job.id)]
    with pytest.raises(Forbidden):
        await services.jobs.of_site(world.actors["owner"], Wanted())
    await services.jobs.cancel(access, job.id)
    part = await services.jobs.of_site(world.actors["admin"], Wanted(q=access.project.name, sort="project"))
    assert [one.job.state for one in part.items] == [JobState.CANCELLED]


async def test_each_process_says_that_it_lives_until_it_goes(world: Any) -> None:
    services, admin = world.services, world.actors["admin"]
    async with services.workers.present("answers requests and runs jobs"):
        (one,) = await services.workers.all(admin)
        assert (one.role, one.computes, one.doing) == (
            "answers requests and runs jobs", "processes of this machine", (),
        )  # fmt: skip
        assert not one.is_silent(now())
        assert one.is_silent(now() + timedelta(seconds=30))
    assert await services.workers.all(admin) == []
    with pytest.raises(Forbidden):
        await services.workers.all(world.actors["owner"])


async def test_a_table_is_that_of_plain_polars(world: Any) -> None:
    """What another process computes is what polars reads from the same bytes."""
    services = world.services
    access, job = await uploading(world)
    async with services.runner.running():
        done = await services.jobs.ended(access, job.id, 20)
    assert await rows(services, access, done.result.collection_id) == pl.read_csv(ROWS.encode()).to_dicts()
    with contextlib.suppress(NotFound):
        await services.jobs.get(access, job.id)


@pytest.mark.usefixtures("speaking_often")
async def test_jobs_write_to_s3_and_stop_there(s3_server: Any, open_quickly: Any) -> None:
    """The process that computes is given the way to the storage; what it laid there for nothing is removed."""
    url = f"{s3_server.url}/jobs-{secrets.token_hex(4)}"
    async with open_quickly(storage_url=url, storage_options=s3_server.options) as services:
        admin = (await services.people.user_by_email(services.settings.admin_email)).actor()
        project = await services.projects.create(admin, "On S3")
        access = await services.projects.open(admin, project.id)
        async with services.runner.running():
            job = await services.jobs.upload(access, await sent(services, access), Order(tag="sites"))
            done = await services.jobs.ended(access, job.id, 30)
            assert done.state is JobState.DONE, done
            assert len(await rows(services, access, done.result.collection_id)) == 2
            kept = {done.result.collection_id}
            # On a busy machine one may have committed before it hears that it shall stop, and then ends as done.
            for number in range(5):
                order = Order(tag=f"large {number}")
                large = await services.jobs.upload(access, await sent(services, access, LARGE, "l.csv"), order)

                async def reads(large: Job = large) -> bool:
                    return (await services.jobs.get(access, large.id)).progress.rows > 0

                await until(reads)
                with contextlib.suppress(Conflict):
                    await services.jobs.cancel(access, large.id)
                ended = await services.jobs.ended(access, large.id, 5)
                if ended.state is JobState.CANCELLED:
                    break
                assert ended.state is JobState.DONE, ended
                kept.add(ended.result.collection_id)
            assert ended.state is JobState.CANCELLED
        left = await open_objects(url, s3_server.options).list(f"tables/{project.id}")
        assert {one.path.split("/")[2] for one in left} == kept
