"""Stored joins: the table made of two collections' tables, recomputed when a side or its description changed."""

import hashlib

import msgspec
import polars as pl

from domain.collections import FILE_COLUMN, RUN_COLUMN, TECHNICAL_PREFIX, DataCollection
from domain.description import JoinDescription
from domain.errors import Invalid, Problem
from domain.schemas import common
from domain.wording import tr, trn
from persistence.granularity import reduced
from persistence.table_files import DTYPES
from persistence.tables import Change, Tables
from persistence.watching import UNWATCHED, Watch

JOINING = 1
"""Raised when joins are made differently than before."""
SUFFIX = "_right"
METADATA = "Metadata"


class JoinRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What a join's table was made of, kept in its commit, and what the join did to the number of rows.

    `fan_out` counts the keys that occur several times on both sides: their rows were multiplied.
    """

    description: str
    left: tuple[str, int | None]
    right: tuple[str, int | None]
    left_rows: int = 0
    right_rows: int = 0
    rows: int = 0
    fan_out: int = 0

    @property
    def counts_of_rows(self) -> tuple[int, int, int, int]:
        """Those of the left side, of the right one and of the join, and how many keys multiplied rows."""
        return self.left_rows, self.right_rows, self.rows, self.fan_out

    @property
    def counts(self) -> str:
        """The numbers of rows, in words."""
        said = tr(
            "{left} and {right} rows joined to {rows}", left=self.left_rows, right=self.right_rows, rows=self.rows
        )
        if not self.fan_out:
            return said
        return trn(
            "{said}; one key occurs several times on both sides, which multiplied rows",
            "{said}; {n} keys occur several times on both sides, which multiplied rows",
            self.fan_out,
            said=said,
        )


class JoinResult(msgspec.Struct, frozen=True):
    version: int
    record: JoinRecord
    is_new: bool


def store_join(
    tables: Tables,
    path: str,
    description: JoinDescription,
    left: DataCollection,
    right: DataCollection,
    watch: Watch = UNWATCHED,
) -> JoinResult:
    """Bring the join's table up to date with both sides, in one commit. Blocks.

    Raises:
        Invalid: when a key is missing on a side or its types do not fit, or the columns' names collide.
        Stopped: when `watch` says so; then nothing was written.
    """
    record = JoinRecord(
        description=_fingerprint(description, left, right),
        left=(left.table_path, left.table_version),
        right=(right.table_path, right.table_version),
    )
    found = tables.stored(path)
    base, stored = found or (None, {})
    before = msgspec.convert(stored["join"], JoinRecord) if "join" in stored else None
    if base is not None and before and _inputs(before) == _inputs(record):
        return JoinResult(base, before, is_new=False)
    frame, record = _joined(tables, description, left, right, record)
    change = Change(
        schema=frame.schema,
        frames=[frame],
        stored={"join": msgspec.to_builtins(record)},
        rows_added=record.rows,
        rows_removed=before.rows if before else 0,
        replaces_all=True,
    )
    watch.writing()
    return JoinResult(tables.commit(path, base, change), record, is_new=True)


def _fingerprint(description: JoinDescription, left: DataCollection, right: DataCollection) -> str:
    said = msgspec.json.encode([JOINING, description, left.metatype, right.metatype], order="sorted")
    return hashlib.sha256(said).hexdigest()


def _inputs(record: JoinRecord) -> tuple[object, ...]:
    return record.description, record.left, record.right


def _joined(
    tables: Tables, description: JoinDescription, left: DataCollection, right: DataCollection, record: JoinRecord
) -> tuple[pl.DataFrame, JoinRecord]:
    sides = [tables.scan(side.table_path, side.table_version).collect() for side in (left, right)]
    keys = _keys(description, left, right, sides)
    counts = [side.height for side in sides]
    names = (left.tag, right.tag)
    sides = _with_common_keys(reduced(sides, keys, description.granularity), keys, names)
    frame = _combined(description, sides, keys, (left, right))
    fan_out = _repeated(sides[0], keys).join(_repeated(sides[1], keys), on=keys, how="inner").height
    counted = msgspec.structs.replace(
        record, left_rows=counts[0], right_rows=counts[1], rows=frame.height, fan_out=fan_out
    )
    return frame, counted


def _keys(
    description: JoinDescription, left: DataCollection, right: DataCollection, sides: list[pl.DataFrame]
) -> list[str]:
    problems = [
        Problem(
            f"joins.{description.name}",
            tr(
                "{side!r} has no column {key!r}; it has {known}", side=side.tag, key=key, known=", ".join(frame.columns)
            ),
        )
        for key in description.on_columns
        for side, frame in zip((left, right), sides, strict=True)
        if key not in frame.columns
    ]
    if problems:
        raise Invalid(tr("The join {name!r} names a column that is not there.", name=description.name), tuple(problems))
    keys = list(dict.fromkeys(description.on_columns))
    same_runs = METADATA not in {left.metatype, right.metatype} and all(RUN_COLUMN in side.columns for side in sides)
    return [*keys, RUN_COLUMN] if same_runs and RUN_COLUMN not in keys else keys


def _with_common_keys(sides: list[pl.DataFrame], keys: list[str], names: tuple[str, str]) -> list[pl.DataFrame]:
    """Both sides with keys of the same types: a whole number finds the same number in a Float64."""
    for key in keys:
        types = [side.schema[key] for side in sides]
        if types[0] == types[1]:
            continue
        shared = DTYPES.get(common(str(types[0]), str(types[1])) or "")
        if shared is None:
            message = tr(
                "is {left_type} in {left!r} and {right_type} in {right!r}; decide with schema_overrides",
                left_type=types[0],
                left=names[0],
                right_type=types[1],
                right=names[1],
            )
            raise Invalid(tr("The two sides of a join do not fit."), (Problem(key, message),))
        sides = [side.with_columns(pl.col(key).cast(shared)) for side in sides]
    return sides


def _combined(
    description: JoinDescription,
    sides: list[pl.DataFrame],
    keys: list[str],
    of: tuple[DataCollection, DataCollection],
) -> pl.DataFrame:
    """The joined rows: of the technical columns only the run stays, that of the side which has runs."""
    left, right = (side.drop(FILE_COLUMN, strict=False) for side in sides)
    if RUN_COLUMN not in keys and RUN_COLUMN in left.columns and RUN_COLUMN in right.columns:
        if of[0].metatype == METADATA != of[1].metatype:
            left = left.drop(RUN_COLUMN)
        else:
            right = right.drop(RUN_COLUMN)
    shared = [name for name in right.columns if name in left.columns and name not in keys]
    for name in shared:
        if name + SUFFIX in {*left.columns, *right.columns}:
            message = tr("both sides have it, and {other!r} is taken too; use keep_columns", other=name + SUFFIX)
            raise Invalid(
                tr("The join {name!r} has columns of one name.", name=description.name), (Problem(name, message),)
            )
    how = "full" if description.how == "outer" else description.how
    order = {"inner": "left", "left": "left", "right": "right", "full": "left_right"}[how]
    frame = left.join(right, on=keys, how=how, coalesce=True, suffix=SUFFIX, maintain_order=order)  # type: ignore[arg-type]
    last = [name for name in frame.columns if name.startswith(TECHNICAL_PREFIX)]
    return frame.select(pl.exclude(last), *last)


def _repeated(side: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    return side.select(keys).drop_nulls().group_by(keys).len().filter(pl.col("len") > 1).select(keys)
