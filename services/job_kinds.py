"""The kinds of jobs, all of them: what each needs to know, who may start it, and which use case it is.

A new kind is a member of `domain.jobs.JobKind`, a struct that says what it is to do, and an entry in `job_kinds`.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar

import msgspec

from domain.access import Capability
from domain.collections import Origin
from domain.errors import Conflict, Invalid, NotFound, Problem
from domain.ingests import CollectionReport, FoundFile, Outcome
from domain.jobs import JobKind, Result
from domain.project_references import joins_of
from domain.projects import Access
from domain.uploaded import Mode
from domain.wording import tr, trn
from persistence.collections import CollectionRepository
from services.computing import Compute
from services.ingestion import Ingestion
from services.uploaded import Order, Sent, UploadedTables

O = TypeVar("O")  # noqa: E741 -- an order, as T is a type.


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What people read of a job before it runs. Jobs of one `lane` never run at once."""

    title: str
    lane: str
    collection_id: str = ""
    needs_files: bool = False
    """Whether it needs files of this data directory, so that only servers on it can run it."""


class Kind(msgspec.Struct, Generic[O], frozen=True, kw_only=True):
    """One kind of job; `order` is the type of what it is to do.

    `about` refuses at once what cannot be done. `run` does it, and must be able to do it again after it was killed
    anywhere. `abandon` removes what a killed run has left when nobody wants the job any more. All are given the id of
    the job, which nobody outside can choose: what is made may have it, and is known by it when the job runs again.
    """

    name: JobKind
    order: type[O]
    capability: Capability
    about: Callable[[Access, O, str], Awaitable[About]]
    run: Callable[[Access, O, str, Compute], Awaitable[Result]]
    abandon: Callable[[Access, O, str], Awaitable[None]]


class UploadOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that was sent in the browser is to be a table, or a part of one."""

    sent: Sent
    order: Order


class IngestOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A collection's table is to be exactly these files, of which the new and the changed have been sent."""

    collection_id: str
    files: tuple[FoundFile, ...]
    joins: bool = True
    """Whether the joins made of the collection follow; who ingests several collections runs them at the end."""


class JoinsOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every join of the project is to be brought up to date."""


Kinds = Mapping[JobKind, Kind[Any]]
TITLES = {
    Mode.NEW: tr("Make {tag} from {files}"),
    Mode.APPEND: tr("Append to {tag} from {files}"),
    Mode.REPLACE: tr("Replace {tag} from {files}"),
}


def job_kinds(ingestion: Ingestion, uploaded: UploadedTables, collections: CollectionRepository) -> Kinds:
    """Every kind, by its name."""
    kinds: list[Kind[Any]] = [
        _upload(uploaded, collections),
        _ingest(ingestion, collections),
        _joins(ingestion),
    ]
    return {kind.name: kind for kind in kinds}


def _upload(uploaded: UploadedTables, collections: CollectionRepository) -> Kind[UploadOrder]:
    async def about(access: Access, order: UploadOrder, job_id: str) -> About:
        await uploaded.check(access, order.sent, order.order, made_id=job_id)
        found = [one for one in await collections.of_project(access.project.id) if one.tag == order.order.tag]
        return About(
            title=TITLES[order.order.mode].format(tag=order.order.tag, files=_files(order)),
            lane=f"{access.project.id}/{order.order.tag}",
            collection_id=found[0].id if found else job_id,
            needs_files=True,
        )

    async def run(access: Access, order: UploadOrder, job_id: str, compute: Compute) -> Result:
        made, report = await uploaded.ingest(access, order.sent, order.order, made_id=job_id, compute=compute)
        return Result(collection_id=made.id, reports=(report,))

    async def abandon(access: Access, order: UploadOrder, job_id: str) -> None:
        await uploaded.abandon(access, order.order, job_id)

    return Kind(
        name=JobKind.UPLOAD,
        order=UploadOrder,
        capability=Capability.DATA_UPLOAD,
        about=about,
        run=run,
        abandon=abandon,
    )


def _ingest(ingestion: Ingestion, collections: CollectionRepository) -> Kind[IngestOrder]:
    async def about(access: Access, order: IngestOrder, job_id: str) -> About:
        if len({file.path for file in order.files}) != len(order.files):
            raise Invalid(tr("The listing cannot be used."), (Problem("files", tr("each file must be listed once")),))
        collection = await collections.get(order.collection_id)
        if collection.project_id != access.project.id:
            raise NotFound(tr("There is no data collection {collection_id}.", collection_id=order.collection_id))
        if collection.origin is Origin.JOIN:
            raise Conflict(tr("{tag!r} is a join: it is made of other collections, not of files.", tag=collection.tag))
        await ingestion.claim(access, order.files, job_id)
        return About(
            title=tr("Ingest {tag}", tag=collection.tag),
            lane=f"{access.project.id}/{collection.tag}",
            collection_id=collection.id,
            needs_files=True,
        )

    async def run(access: Access, order: IngestOrder, job_id: str, compute: Compute) -> Result:
        where = await ingestion.sent_files(access, order.files)
        report = await ingestion.commit(
            access, order.collection_id, order.files, where, compute=compute, with_joins=order.joins
        )
        if report.outcome is not Outcome.FAILED:
            # Until then they stay, so that the job can be begun again.
            await ingestion.discard(access, order.files, job_id)
        return Result(collection_id=order.collection_id, reports=(report,))

    return Kind(
        name=JobKind.INGEST,
        order=IngestOrder,
        capability=Capability.DATA_INGEST,
        about=about,
        run=run,
        abandon=_nothing,
    )


def _joins(ingestion: Ingestion) -> Kind[JoinsOrder]:
    async def about(access: Access, _order: JoinsOrder, _job_id: str) -> About:
        if access.project.source is None or not joins_of(access.project.source):
            raise Invalid(tr("This project has no joins: its project file names none."))
        return About(title=tr("Bring the joins up to date"), lane=f"{access.project.id}/joins")

    async def run(access: Access, _order: JoinsOrder, _job_id: str, compute: Compute) -> Result:
        reports: list[CollectionReport] = await ingestion.run_joins(access, compute=compute)
        return Result(reports=tuple(reports))

    return Kind(
        name=JobKind.JOINS,
        order=JoinsOrder,
        capability=Capability.DATA_INGEST,
        about=about,
        run=run,
        abandon=_nothing,
    )


def _files(order: UploadOrder) -> str:
    count = len(order.order.more)
    if not count:
        return order.sent.name
    return trn("{name} and {n} more file", "{name} and {n} more files", count, name=order.sent.name)


async def _nothing(_access: Access, _order: object, _job_id: str) -> None:
    """What this kind leaves when it is killed, the next ingest takes up."""
