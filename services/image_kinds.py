"""Storing the files of an image set as a kind of job."""

import msgspec

from domain.access import Capability
from domain.errors import Conflict, Invalid, Unavailable
from domain.image_files import ImageFile
from domain.ingests import CollectionReport, Outcome
from domain.jobs import JobKind, Result
from domain.projects import Access
from domain.wording import tr
from persistence.collections import CollectionRepository
from services.computing import Compute
from services.image_sets import as_found
from services.ingestion import Ingestion
from services.job_kinds import About, Kind


class ImagesOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The stored files are to be exactly these, of which the new and the changed have been sent."""

    collection_id: str
    files: tuple[ImageFile, ...]


def images_kind(ingestion: Ingestion, collections: CollectionRepository) -> Kind[ImagesOrder]:
    """The kind; it stores in the process of the server, as what it does is copying."""
    images = ingestion.images

    async def about(access: Access, order: ImagesOrder, job_id: str) -> About:
        collection = await images.check(access, order.collection_id, order.files)
        await ingestion.claim(access, [as_found(one) for one in order.files], job_id)
        return About(
            title=tr("Store the images of {tag}", tag=collection.tag),
            lane=f"{access.project.id}/{collection.tag}",
            collection_id=collection.id,
            needs_files=True,
        )

    async def run(access: Access, order: ImagesOrder, job_id: str, _compute: Compute) -> Result:
        listing = [as_found(one) for one in order.files]
        where = await ingestion.sent_files(access, listing)
        try:
            stored = await images.commit(access, order.collection_id, order.files, where)
        except (Invalid, Conflict, Unavailable) as error:
            report = await ingestion.fail(access, order.collection_id, error)
        else:
            # Until then they stay, so that the job can be begun again.
            await ingestion.discard(access, listing, job_id)
            collection = await collections.get(order.collection_id)
            report = CollectionReport(
                workflow=collection.workflow,
                tag=collection.tag,
                outcome=Outcome.UPDATED if stored.added or stored.removed else Outcome.UNCHANGED,
                rows=collection.rows,
                table_version=collection.table_version,
                message=stored.message,
            )
        return Result(collection_id=order.collection_id, reports=(report,))

    return Kind(
        name=JobKind.IMAGES,
        order=ImagesOrder,
        capability=Capability.DATA_INGEST,
        about=about,
        run=run,
        abandon=_nothing,
    )


async def _nothing(_access: Access, _order: object, _job_id: str) -> None:
    """A killed one leaves files that are stored and not counted; the next one stores them anew."""
