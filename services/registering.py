"""Registering the collections of a project file: each is created, or brought up to date."""

import msgspec

from domain.collections import DataCollection, Origin
from domain.errors import Conflict
from domain.projects import Access
from persistence.collections import CollectionRepository
from persistence.mongo import new_id


async def kept_collection(collections: CollectionRepository, access: Access, wanted: DataCollection) -> DataCollection:
    """The collection's document, created or with what the project file says of it."""
    project_id = access.project.id
    found = await collections.find(project_id, wanted.workflow, wanted.tag)
    if found is None:
        new = msgspec.structs.replace(wanted, id=new_id(), project_id=project_id)
        try:
            return await collections.add(new)
        except Conflict:
            # Two first ingests raced to create it; now it is there.
            found = await collections.find(project_id, wanted.workflow, wanted.tag)
            if found is None:
                raise
    metatype = found.metatype if wanted.origin is Origin.JOIN else wanted.metatype
    changed = msgspec.structs.replace(
        found,
        origin=wanted.origin,
        description=wanted.description,
        metatype=metatype,
        kind=wanted.kind,
        image_column=wanted.image_column,
        lat_column=wanted.lat_column,
        lon_column=wanted.lon_column,
        thumbnail_size=wanted.thumbnail_size,
    )
    return found if changed == found else await collections.replace(changed)
