"""Data collections: the tables that runs are stacked into, as the documents know them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from domain.description import CollectionDescription
from domain.images import folder_of

TECHNICAL_PREFIX = "depictio_"
RUN_COLUMN = "depictio_run_id"
FILE_COLUMN = "depictio_file"


class ColumnKind(StrEnum):
    """What a column's values are, as tiles and filters need to know it."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    OTHER = "other"


class Column(msgspec.Struct, frozen=True):
    """One column of a table: `dtype` is the polars name of its type, such as `Float64`."""

    name: str
    dtype: str
    kind: ColumnKind
    description: str = ""
    unit: str = ""
    """In what its numbers are counted, such as `mm`; empty when nobody said so."""

    @property
    def is_technical(self) -> bool:
        """Whether the ingest added it (`depictio_run_id`, `depictio_file`)."""
        return self.name.startswith(TECHNICAL_PREFIX)


class LostColumn(msgspec.Struct, frozen=True):
    """A column that a table had before its version `version`, which was made `at` that time."""

    name: str
    dtype: str
    version: int
    at: datetime


class Origin(StrEnum):
    """Where the rows of a collection come from."""

    FILES = "files"
    JOIN = "join"
    UPLOAD = "upload"


class JoinSide(msgspec.Struct, frozen=True):
    """A collection that a join was made of, and how its table was then."""

    id: str
    tag: str
    version: int
    rows: int


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """What the newest version of a join was made of, and what the join did to the number of rows.

    `fan_out` counts the keys that occur several times on both sides: their rows were multiplied.
    """

    left: JoinSide
    right: JoinSide
    rows: int
    fan_out: int = 0


class DataCollection(msgspec.Struct, frozen=True, kw_only=True):
    """A data collection. `table_version` is the Delta version that readers use, None until an ingest succeeds."""

    id: str
    project_id: str
    tag: str
    workflow: str
    origin: Origin = Origin.FILES
    description: str = ""
    kind: str = "table"
    """The type in the project file: table, image, geojson, phylogeny or multiqc. Rows there are of all of them."""
    image_column: str = ""
    """Of an image set: the column that names the files, relative to `images_folder`."""
    lat_column: str = ""
    lon_column: str = ""
    """The columns of places that new maps take first; empty where the project file names none."""
    thumbnail_size: int | None = None
    """How many pixels the images of new galleries have, where the project file says so."""
    metatype: str = "Aggregate"
    columns: tuple[Column, ...] = ()
    rows: int = 0
    table_version: int | None = None
    files: int | None = None
    """Of how many files the table is made; None of joins, and where no ingest has counted them yet."""
    joined: Joined | None = None
    """Of a join; None where none was made since this is kept."""
    table_path: str = ""
    """Where the Delta table lies below the storage's root."""
    source: CollectionDescription | None = None
    """How the files of an upload are read; of other collections the project file says it."""
    updated_at: datetime | None = None
    gone: tuple[int, ...] = ()
    """Table versions that cannot be read any more, because a vacuum has removed their files."""
    lost: tuple[LostColumn, ...] = ()
    """Columns that earlier versions had, the last lost first."""
    version: int = 1

    @property
    def images_folder(self) -> str:
        """Where the files of an image set lie in the object store."""
        return folder_of(self.id)

    def column(self, name: str) -> Column | None:
        """The column of that name, if there is one."""
        return next((column for column in self.columns if column.name == name), None)


def ids_by_name(collections: Sequence[DataCollection]) -> dict[str, str]:
    """The id of each collection by `workflow.tag`, and by its bare tag where no other has the same."""
    count = Counter(one.tag for one in collections)
    bare = {one.tag: one.id for one in collections if count[one.tag] == 1}
    return bare | {f"{one.workflow}.{one.tag}": one.id for one in collections}


def names_by_id(collections: Sequence[DataCollection]) -> dict[str, str]:
    """How files name each collection, by its id: the bare tag, or `workflow.tag` where others have the same tag."""
    count = Counter(one.tag for one in collections)
    return {one.id: one.tag if count[one.tag] == 1 else f"{one.workflow}.{one.tag}" for one in collections}


class TableVersion(msgspec.Struct, frozen=True):
    """One committed state of a table, as its history lists it (newest first)."""

    version: int
    at: datetime
    operation: str
    rows_added: int | None = None
    rows_removed: int | None = None


class RowsPage(msgspec.Struct, frozen=True):
    """Some rows of a table: one mapping a row, column order kept; `total` counts what the page was cut from."""

    columns: tuple[Column, ...]
    rows: list[dict[str, object]]
    offset: int
    total: int
