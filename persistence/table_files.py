"""Reading one data file into a frame, strictly: what does not fit is an error that says where and what to do."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import polars as pl

from domain.description import TableProperties
from domain.errors import Invalid, Problem
from domain.schemas import WIDE
from domain.wording import tr, trn
from persistence.facts import Facts, counted, facts_of
from persistence.file_faults import Fault
from persistence.foreseen import INFERRED_FROM, foreseen, holds
from persistence.geojson import read_features
from persistence.json_lines import read_lines
from persistence.multiqc import checked_report
from persistence.newick import read_tree
from persistence.spreadsheets import read_sheet
from persistence.text_tables import data_rows, has_whole_rows, undecodable_line

EXACT_IN_FLOAT = 2**53
DUPLICATED = re.compile(r"(.+)_duplicated_\d+")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
DTYPES: dict[str, pl.DataType] = {
    "String": pl.String(),
    "Boolean": pl.Boolean(),
    "Date": pl.Date(),
    "Datetime": pl.Datetime("us"),
    "Int8": pl.Int8(),
    "Int16": pl.Int16(),
    "Int32": pl.Int32(),
    "Int64": pl.Int64(),
    "Float32": pl.Float32(),
    "Float64": pl.Float64(),
}
"""The types that a project file may ask for, and that columns may widen to."""
OTHER_NAMES = {"utf8": "String", "str": "String"}
NORMAL: dict[type[pl.DataType], pl.DataType] = {
    pl.UInt8: pl.Int16(),
    pl.UInt16: pl.Int32(),
    pl.UInt32: pl.Int64(),
    pl.UInt64: pl.Int64(),
    pl.Categorical: pl.String(),
    pl.Enum: pl.String(),
}
"""What a Delta table keeps instead of types that it has not."""
ARROW = b"ARROW1"
TYPED = {"parquet": "Parquet", "feather": "Feather", "arrow": "Arrow"}
NOT_KEPT = (pl.Time, pl.Duration, pl.Int128, pl.UInt128, pl.Object, pl.Unknown)


def read_table(path: Path, properties: TableProperties, name: str) -> pl.DataFrame:
    """The rows of a file, gzip-compressed text included, in types that Delta tables keep.

    Text columns without a single value have the type Null; blank lines are no rows. `name` is what errors call it.

    Raises:
        Invalid: for an empty file, rows of unequal length, bytes that are not UTF-8, values that are not of the type
            that `schema_overrides` asks for, two columns of one name, and types that no table keeps.
    """
    overrides = overrides_of(properties)
    try:
        return _kept(_read(path, properties, overrides), overrides)
    except Fault as fault:
        raise Invalid(tr("{name} cannot be read.", name=name), (Problem(name, str(fault)),)) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise Invalid(
            tr("{name} cannot be read.", name=name), (Problem(name, tr("cannot be read: {reason}", reason=reason)),)
        ) from error


def schema_of(schema: pl.Schema, facts: Facts) -> dict[str, str]:
    """The columns with their types as `domain.schemas` compares them."""
    names = {column: _type_name(dtype) for column, dtype in schema.items()}
    for column in [column for column, dtype in names.items() if dtype == "Int64"]:
        low, high = facts.lowest.get(column), facts.highest.get(column)
        if isinstance(low, int) and isinstance(high, int) and max(-low, high) > EXACT_IN_FLOAT:
            names[column] = WIDE
    return names


def asked_dtype(name: str) -> pl.DataType:
    """The type that `schema_overrides` names, in any case."""
    known = {key.lower(): dtype for key, dtype in DTYPES.items()}
    return known[OTHER_NAMES.get(name.lower(), name).lower()]


def _read(path: Path, properties: TableProperties, overrides: Mapping[str, pl.DataType]) -> pl.DataFrame:
    if path.stat().st_size == 0:
        raise Fault(tr("is empty; write at least a header, or leave it out with scan_parameters.ignore"))
    match properties.format:
        case "csv" | "tsv":
            return _read_text(path, properties, overrides)
        case "jsonl":
            return emptied(read_lines(path, properties.polars_kwargs, overrides), overrides)
        case "xls" | "xlsx":
            return emptied(read_sheet(path, properties.polars_kwargs), overrides)
        case "geojson":
            return emptied(read_features(path, properties.feature_id_key), overrides)
        case "newick":
            first = properties.tip_label_strategy == "first_token"
            return read_tree(path, ladderize=properties.ladderize, first_token=first)
        case "multiqc":
            return emptied(checked_report(_read_typed(path, "parquet")), overrides)
    return _read_typed(path, properties.format)


def _read_text(path: Path, properties: TableProperties, overrides: Mapping[str, pl.DataType]) -> pl.DataFrame:
    options = options_of(properties)
    try:
        frame = _text_frame(path, options, overrides)
    except pl.exceptions.NoDataError:
        raise Fault(tr("has no header and no row; write at least a header")) from None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise Fault(_diagnosis(path, options, str(error))) from None
    if any(REPLACEMENT in column for column in frame.columns) and undecodable_line(path):
        raise Fault(_diagnosis(path, options, ""))
    for column in doubled(frame.columns):
        raise Fault(tr("has two columns named {column!r}; rename one of them", column=column))
    return emptied(_without_blank_lines(path, options, frame), overrides)


def emptied(frame: pl.DataFrame, overrides: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Columns without a single value get the type Null, unless a type is asked for."""
    empty = [
        name for name, count in zip(frame.columns, frame.null_count().row(0), strict=True) if count == frame.height
    ]
    return frame.with_columns(pl.lit(None, pl.Null).alias(name) for name in empty if name not in overrides)


def overrides_of(properties: TableProperties) -> dict[str, pl.DataType]:
    return {column: asked_dtype(dtype) for column, dtype in properties.overrides.items()}


def options_of(properties: TableProperties) -> dict[str, Any]:
    """What polars' reader of text is told, without types."""
    options: dict[str, Any] = {"infer_schema_length": None}
    options |= {"separator": "\t"} if properties.format == "tsv" else {}
    return options | {k: v for k, v in properties.polars_kwargs.items() if k not in {"encoding", "schema_overrides"}}


def doubled(columns: Iterable[str]) -> list[str]:
    """The names that polars has told apart by a number because two columns have them."""
    names = list(columns)
    return [match[1] for name in names if (match := DUPLICATED.fullmatch(name)) and match[1] in names]


def _text_frame(path: Path, options: Mapping[str, Any], overrides: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The file, its types inferred from all rows; of a large one from the first, which is faster, if the others fit."""
    with suppress(pl.exceptions.PolarsError, pl.exceptions.PanicException):
        frame = _foreseen_frame(path, options, overrides)
        if frame is not None:
            return frame
    asked = {**options, "schema_overrides": overrides}
    return pl.read_csv(path, **asked, truncate_ragged_lines=False, glob=False)


def _foreseen_frame(
    path: Path, options: Mapping[str, Any], overrides: Mapping[str, pl.DataType]
) -> pl.DataFrame | None:
    """A frame that turns out to be wrong is let go here, before the other one is read."""
    found = foreseen(path, options, overrides)
    if found is None:
        return None
    frame = found.rows.collect()
    facts, empty = facts_of(frame.select(counted(frame.schema))), found.empty(frame.head(INFERRED_FROM))
    return frame if holds(path, options, found, facts, empty, overrides) else None


def _without_blank_lines(path: Path, options: Mapping[str, Any], frame: pl.DataFrame) -> pl.DataFrame:
    """Polars fills rows that are too short, and blank lines, with missing values: then the last column shows it."""
    if frame.width == 1 or frame[:, -1].null_count() == 0 or has_whole_rows(path, options, frame.width, frame.height):
        return frame
    blank = []
    index = -1
    for index, row in enumerate(data_rows(path, options)):
        if not row.fields:
            blank.append(index)
        elif len(row.fields) < frame.width:
            raise Fault(_ragged(row.line, len(row.fields), frame.width))
    if not blank or index + 1 != frame.height:
        return frame
    keep = pl.Series([True]).new_from_index(0, frame.height).scatter(blank, values=False)
    return frame.filter(keep)


def scan_typed(path: Path, file_format: str) -> pl.LazyFrame:
    """The rows of a file that carries its own types: Parquet, or Arrow, of which Feather is another name."""
    if file_format == "parquet":
        return pl.scan_parquet(path, glob=False, hive_partitioning=False)
    return pl.scan_ipc(path, glob=False, hive_partitioning=False)


def _read_typed(path: Path, file_format: str) -> pl.DataFrame:
    with path.open("rb") as file:
        if file_format != "parquet" and file.read(len(ARROW)) != ARROW:
            raise Fault(
                tr(
                    "is not a readable {kind} file: it does not begin with {begin}",
                    kind=TYPED[file_format],
                    begin=ARROW.decode(),
                )
            )
    try:
        return scan_typed(path, file_format).collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise Fault(
            tr("is not a readable {kind} file: {reason}", kind=TYPED[file_format], reason=_first_line(error))
        ) from None


def _kept(frame: pl.DataFrame, overrides: Mapping[str, pl.DataType]) -> pl.DataFrame:
    try:
        return frame.with_columns(casts(frame.schema, overrides))
    except pl.exceptions.PolarsError as error:
        raise Fault(tr("has values that do not fit: {reason}", reason=_first_line(error))) from None


def casts(schema: pl.Schema, overrides: Mapping[str, pl.DataType]) -> list[pl.Expr]:
    """What makes the columns those that a table keeps."""
    found = []
    for column, dtype in schema.items():
        wanted = overrides.get(column) or _normal(dtype)
        if isinstance(wanted, NOT_KEPT):
            raise Fault(
                tr(
                    "has the column {column!r} of the type {wanted}, which no table keeps; {remedy}",
                    column=column,
                    wanted=wanted,
                    remedy=_as_text(column),
                )
            )
        if wanted != dtype:
            found.append(pl.col(column).cast(wanted))
    return found


def _normal(dtype: pl.DataType) -> pl.DataType:
    if isinstance(dtype, pl.Datetime):
        return pl.Datetime("us", "UTC" if dtype.time_zone else None)
    if isinstance(dtype, pl.List):
        return pl.List(_normal(_instance(dtype.inner)))
    if isinstance(dtype, pl.Struct):
        return pl.Struct({field.name: _normal(_instance(field.dtype)) for field in dtype.fields})
    return NORMAL.get(type(dtype), dtype)


def _instance(dtype: object) -> pl.DataType:
    return cast("pl.DataType", dtype() if isinstance(dtype, type) else dtype)


def _type_name(dtype: pl.DataType) -> str:
    return "Datetime" if dtype == pl.Datetime("us") else str(dtype)


def _diagnosis(path: Path, options: Mapping[str, Any], message: str) -> str:
    """Where the fault is: polars names neither the line of a ragged row nor that of a byte that is no text."""
    line = undecodable_line(path)
    if line is not None:
        return tr(
            "is not UTF-8 (line {line}); say which encoding it has, for example polars_kwargs: {{encoding: latin1}}",
            line=line,
        )
    if "more fields" in message:
        width = 0
        for row in data_rows(path, {**options, "has_header": False}):
            width = width or len(row.fields)
            if len(row.fields) > width:
                return _ragged(row.line, len(row.fields), width)
    match = re.match(r"could not parse `(.*?)` as dtype `(\w+)` at column '(.+)' \(column", message, re.DOTALL)
    if match:
        value, dtype, column = match[1][:40], match[2], match[3]
        return tr(
            "has the value {value!r} in the column {column!r}, which is not of the type {dtype}; {remedy}",
            value=value,
            column=column,
            dtype=dtype,
            remedy=_as_text(column),
        )
    return tr("cannot be read as text with separators: {reason}", reason=_first_line(message))


def _ragged(line: int, fields: int, width: int) -> str:
    return trn(
        "has {n} field instead of {width} in line {line}; correct that line, or check separator and quotes",
        "has {n} fields instead of {width} in line {line}; correct that line, or check separator and quotes",
        fields,
        width=width,
        line=line,
    )


def _as_text(column: str) -> str:
    return tr(
        "correct it, or give the column a type with schema_overrides, for example {{{column}: String}}", column=column
    )


def _first_line(error: object) -> str:
    return str(error).strip().partition("\n")[0]
