"""What jobs are made of in one process, put together for the composition root."""

import hashlib
from typing import NamedTuple

from domain.settings import Settings
from persistence.collections import CollectionRepository
from persistence.files import kept_secret, writable
from persistence.jobs import JobRepository
from persistence.mongo import Documents
from persistence.projects import ProjectRepository
from persistence.workers import WorkerRepository
from services.clock import Clock
from services.computing import computer_for
from services.groups import Groups
from services.image_kinds import images_kind
from services.ingestion import Ingestion
from services.job_kinds import job_kinds
from services.job_runner import JobRunner
from services.jobs import Jobs
from services.people import People
from services.projects import Projects
from services.upkeep import Upkeep
from services.upkeep_kinds import upkeep_kinds
from services.uploaded import UploadedTables
from services.workers import Workers


class JobParts(NamedTuple):
    """What starts jobs, what runs them, and what tells of the processes that do."""

    jobs: Jobs
    runner: JobRunner
    workers: Workers


def job_parts(
    settings: Settings,
    documents: Documents,
    people: People,
    groups: Groups,
    projects: Projects,
    ingestion: Ingestion,
    uploaded: UploadedTables,
    upkeep: Upkeep,
    now: Clock,
) -> JobParts:
    """The parts for these settings; nothing runs before `JobRunner.running`."""
    repository = JobRepository(documents)
    collections = CollectionRepository(documents)
    images = images_kind(ingestion, collections)
    kinds = {**job_kinds(ingestion, uploaded, collections), images.name: images, **upkeep_kinds(upkeep)}
    place = _place(settings)
    computer = computer_for(settings.dask_scheduler)
    folder = settings.data_dir / "spool" / "jobs"
    runner = JobRunner(repository, kinds, people, groups, projects, computer, folder, place, settings.jobs, now)
    jobs = Jobs(repository, ProjectRepository(documents), kinds, place, now, audit=people.audit, wake=runner.wake)
    return JobParts(jobs, runner, Workers(WorkerRepository(documents), runner, now))


def _place(settings: Settings) -> str:
    """A name for the data directory, the same for every process that uses it: files that were sent lie there."""
    folder = settings.data_dir / "secrets"
    with writable(settings.data_dir):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return hashlib.sha256(kept_secret(folder / "place.key").encode()).hexdigest()[:16]
