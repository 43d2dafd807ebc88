"""What project files say of collections: as documents before they have an id and data, and how their files are read."""

from domain.collections import DataCollection, Origin
from domain.description import CollectionDescription, ProjectDescription
from domain.errors import NotFound
from domain.project_references import joins_of
from domain.projects import Access
from domain.wording import tr


def described_collections(description: ProjectDescription) -> list[DataCollection]:
    """Those that are read from files."""
    return [
        DataCollection(
            id="",
            project_id="",
            tag=collection.data_collection_tag,
            workflow=workflow.name,
            description=collection.description,
            metatype=collection.config.metatype.capitalize(),
            kind=collection.config.type,
            image_column=collection.config.dc_specific_properties.image_column or "",
            lat_column=collection.config.dc_specific_properties.lat_column or "",
            lon_column=collection.config.dc_specific_properties.lon_column or "",
            thumbnail_size=_thumbnail_size(collection),
        )
        for workflow, collection in description.collections()
    ]


def described_joins(description: ProjectDescription) -> list[DataCollection]:
    """Those that joins make."""
    return [
        DataCollection(
            id="", project_id="", tag=tag, workflow=workflow, origin=Origin.JOIN, description=join.description
        )
        for join, (workflow, tag) in joins_of(description)
    ]


def source_of(access: Access, collection: DataCollection) -> CollectionDescription:
    """How the files of a collection are read: its own way where it is an upload, else that of the project file."""
    if collection.source is not None:
        return collection.source
    for workflow, one in access.project.source.collections() if access.project.source else ():
        if (workflow.name, one.data_collection_tag) == (collection.workflow, collection.tag):
            return one
    raise NotFound(
        tr("The project file says nothing of the data collection {tag!r}. Register it first.", tag=collection.tag)
    )


def _thumbnail_size(collection: CollectionDescription) -> int | None:
    return collection.config.dc_specific_properties.thumbnail_size if collection.config.type == "image" else None
