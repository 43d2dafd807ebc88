"""The gallery of images: a page of pictures at a time, their captions, and how a picture selects."""

from typing import Any

from domain.errors import Problem
from domain.rows import ColumnFilter, Condition, SortKey
from domain.table_tile import MAX_SORTS, TableTile
from domain.tile_base import DataTile
from domain.wording import tr

SIZES = (60, 600)
MAX_ACROSS = 12
MAX_SHOWN = 200
MAX_CAPTIONS = 8


class ImageTile(DataTile, frozen=True, kw_only=True, tag="image"):
    """The images that rows name in `image_column`, `max_images` on a page; the keys are those of Depictio 1.5.

    `columns` says how many stand side by side at most, `thumbnail_size` how many pixels each has at least. Picked
    images select by `selection_column`, or by their own names.
    """

    image_column: str
    caption_columns: tuple[str, ...] = ()
    thumbnail_size: int = 150
    columns: int = 4
    max_images: int = 20
    sort: tuple[SortKey, ...] = ()
    selection_enabled: bool = True
    selection_column: str | None = None

    @property
    def selects_by(self) -> str:
        """The column of which a picked image gives a value."""
        return self.selection_column or self.image_column


def as_table(tile: ImageTile) -> TableTile:
    """The table whose rows are the images of the gallery."""
    names = (tile.image_column, *tile.caption_columns, tile.selects_by)
    return TableTile(
        id=tile.id,
        title=tile.title,
        collection_id=tile.collection_id,
        filter_expr=tile.filter_expr,
        columns=tuple(dict.fromkeys(names)),
        page_size=tile.max_images,
        sort=tile.sort,
    )


def named(tile: ImageTile) -> tuple[ColumnFilter, ...]:
    """Only rows that name an image have one."""
    return (ColumnFilter(tile.image_column, (Condition("notBlank"),)),)


def used_columns(tile: ImageTile) -> tuple[str | None, ...]:
    """The columns that the gallery reads, some of them none."""
    return (tile.image_column, *tile.caption_columns, tile.selection_column, *(key.column for key in tile.sort))


def image_problems(tile: ImageTile) -> list[Problem]:
    """What of a gallery cannot be shown, beyond the names of its columns."""
    bounds = {
        "thumbnail_size": (tile.thumbnail_size, *SIZES),
        "columns": (tile.columns, 1, MAX_ACROSS),
        "max_images": (tile.max_images, 1, MAX_SHOWN),
        "caption_columns": (len(tile.caption_columns), 0, MAX_CAPTIONS),
        "sort": (len(tile.sort), 0, MAX_SORTS),
    }
    found = [
        Problem(name, tr("is {number}; must be {least} to {most}", number=number, least=least, most=most))
        for name, (number, least, most) in bounds.items()
        if not least <= number <= most
    ]
    return found if tile.image_column else [Problem("image_column", tr("name the column of the images")), *found]


def as_component(values: dict[str, Any]) -> dict[str, Any]:
    """The keys of a gallery in a file of Depictio 1.5; here images always lie with their collection."""
    return {key: value for key, value in values.items() if value is not None and key != "s3_base_folder"}
