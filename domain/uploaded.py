"""Tables made of files that people send: what such a file may be called, how it is read, and what becomes of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

import msgspec

from domain.collections import DataCollection, Origin
from domain.description import (
    CollectionConfig,
    CollectionDescription,
    Format,
    Scan,
    ScanParameters,
    TableProperties,
)
from domain.errors import Conflict, Invalid, Problem
from domain.ingests import FoundFile, LedgerFile
from domain.project_references import UPLOADS
from domain.reader_options import option_problems, override_problems
from domain.text import DESCRIPTION_MAX_LENGTH, line_problem, paragraphs_problem
from domain.wording import tr

WORKFLOW = UPLOADS
"""Stands where the workflow stands of collections that a project file describes."""
NAME_MAX_LENGTH = 200
TAG_MAX_LENGTH = 120
TOGETHER_MOST = 200
"""So many files can be sent, and made one table, together."""
SEPARATORS = {",": tr("comma"), "\t": tr("tab"), ";": tr("semicolon"), "|": tr("bar")}
FORMATS: dict[Format, str] = {
    "csv": tr("delimited text"),
    "tsv": tr("delimited text"),
    "jsonl": tr("JSON lines"),
    "xls": tr("an Excel workbook"),
    "xlsx": tr("an Excel workbook"),
    "parquet": "Parquet",
    "feather": "Feather (Arrow)",
    "arrow": "Arrow",
}
"""What may be sent, and what people call it."""
TEXT: tuple[Format, ...] = ("csv", "tsv")
SHEETS: tuple[Format, ...] = ("xls", "xlsx")
UTF_8 = "utf-8"
ENDINGS: dict[str, tuple[Format, ...]] = {
    ".csv": TEXT,
    ".tsv": TEXT,
    ".txt": (*TEXT, "jsonl"),
    ".tab": TEXT,
    ".jsonl": ("jsonl",),
    ".ndjson": ("jsonl",),
    ".json": ("jsonl",),
    ".xls": SHEETS,
    ".xlsx": SHEETS,
    ".xlsm": SHEETS,
    ".parquet": ("parquet",),
    ".feather": ("feather",),
    ".arrow": ("feather",),
    ".ipc": ("feather",),
}
"""What a file of such a name must hold; of Arrow, Feather is only another name."""
PACKINGS = (".gz", ".zst")


class Mode(StrEnum):
    """What an upload does to the collection of its name."""

    NEW = "new"
    APPEND = "append"
    REPLACE = "replace"


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is read, as the upload page lets people correct it; `types` are by column."""

    format: Format = "csv"
    separator: str = ","
    has_header: bool = True
    decimal_comma: bool = False
    has_dates: bool = False
    """Whether columns of days and times are read as such."""
    skip_rows: int = 0
    null_values: tuple[str, ...] = ()
    encoding: str = UTF_8
    sheet: str = ""
    """The sheet of a workbook; without a name the first one."""
    types: Mapping[str, str] = {}

    @property
    def is_text(self) -> bool:
        """Whether the options of delimited text have a meaning."""
        return self.format in TEXT

    @property
    def is_sheet(self) -> bool:
        """Whether it is one sheet of a workbook."""
        return self.format in SHEETS

    @property
    def has_encoding(self) -> bool:
        """Whether it is text of any kind."""
        return self.is_text or self.format == "jsonl"

    def properties(self) -> TableProperties:
        """The same as a project file would say it.

        Raises:
            Invalid: when an option has a value that it cannot have.
        """
        options: dict[str, object] = {}
        if self.is_text:
            options = {"separator": self.separator, "has_header": self.has_header, "skip_rows": self.skip_rows}
            options |= {"decimal_comma": True} if self.decimal_comma else {}
            options |= {"try_parse_dates": True} if self.has_dates else {}
            options |= {"null_values": list(self.null_values)} if self.null_values else {}
        if self.is_sheet:
            options = {"has_header": self.has_header} | ({"sheet_name": self.sheet} if self.sheet else {})
        if self.has_encoding and self.encoding != UTF_8:
            options |= {"encoding": self.encoding}
        problems = [
            *option_problems(self.format, options, "reading"), *override_problems(self.types, "types"),
        ]  # fmt: skip
        if problems:
            raise Invalid(tr("The file cannot be read in this way."), tuple(problems))
        return TableProperties(format=self.format, polars_kwargs=options, schema_overrides=dict(self.types))


def reading_of_properties(properties: TableProperties) -> Reading:
    """The reading that these properties came from."""
    options = properties.polars_kwargs
    return Reading(
        format=properties.format,
        separator=options.get("separator", ","),
        has_header=options.get("has_header", True),
        decimal_comma=options.get("decimal_comma", False),
        has_dates=options.get("try_parse_dates", False),
        skip_rows=options.get("skip_rows", 0),
        null_values=tuple(options.get("null_values", ())),
        encoding=options.get("encoding", UTF_8),
        sheet=options.get("sheet_name", ""),
        types=properties.schema_overrides,
    )


def checked_file_name(name: str) -> str:
    """The name of a sent file: a name alone, for a path could lead out of the folder that it is kept in.

    Raises:
        Invalid: when it is no plain name.
    """
    problem = line_problem(name, "file", most=NAME_MAX_LENGTH, least=1)
    if problem is None and ("/" in name or "\\" in name or name in {".", ".."}):
        problem = Problem("file", tr("{name!r} is a path; send the file under its name alone", name=name))
    if problem:
        raise Invalid(tr("The file cannot be taken."), (problem,))
    return name


def lie_of(name: str, found: Format) -> str | None:
    """What is wrong with the name of a file that holds this; None when it says the truth, or nothing."""
    plain = unpacked_name(name)
    told = next((ending for ending in ENDINGS if plain.endswith(ending)), None)
    if told is None or found in ENDINGS[told]:
        return None
    said = FORMATS[ENDINGS[told][0]]
    return tr(
        "is called {said} ({told}) but holds {found}; give it its right name",
        said=said,
        told=told,
        found=FORMATS[found],
    )


def unpacked_name(name: str) -> str:
    """The name in lower case as it is when the file is not compressed."""
    plain = name.lower()
    for ending in PACKINGS:
        plain = plain.removesuffix(ending)
    return plain


def suggested_tag(name: str) -> str:
    """A name for the collection: that of the file without its endings, and without dots."""
    stem = name
    for ending in (*PACKINGS, *ENDINGS):
        if stem.lower().endswith(ending):
            stem = stem[: -len(ending)]
    return stem.replace(".", "_").strip()[:TAG_MAX_LENGTH] or "table"


def described(tag: str, description: str, reading: Reading) -> CollectionDescription:
    """The collection that files read in this way make.

    Raises:
        Invalid: when the name, the description or an option cannot be used; each problem is named.
    """
    return CollectionDescription(
        data_collection_tag=tag,
        description=description,
        config=CollectionConfig(
            type="table",
            scan=Scan(mode="single", scan_parameters=ScanParameters(filename=WORKFLOW)),
            dc_specific_properties=reading.properties(),
        ),
    )


def check_names(tag: str, description: str) -> None:
    """Let pass what a collection may be called.

    Raises:
        Invalid: naming each field that needs another value.
    """
    problems = list(_name_problems(tag, description))
    if problems:
        raise Invalid(tr("The collection was not made."), tuple(problems))


def _name_problems(tag: str, description: str) -> Iterator[Problem]:
    problem = line_problem(tag, "tag", most=TAG_MAX_LENGTH, least=1)
    if problem:
        yield problem
    elif "." in tag:
        yield Problem("tag", tr("must have no dot, which parts a workflow from a tag"))
    problem = paragraphs_problem(description, "description", most=DESCRIPTION_MAX_LENGTH)
    if problem:
        yield problem


def check_mode(mode: Mode, tag: str, found: DataCollection | None) -> None:
    """Let pass what the upload may do to the collection `found` of that name.

    Raises:
        Conflict: when a new one would have the name of another, or the other is not made of uploads.
        Invalid: when there is nothing to append to or to replace.
    """
    if mode is Mode.NEW and found is not None:
        raise Conflict(
            tr("There is a collection {tag!r} already. Append to it, replace it, or use another name.", tag=tag)
        )
    if mode is not Mode.NEW and found is None:
        raise Invalid(
            tr("There is no such collection."), (Problem("tag", tr("no collection is called {tag!r}", tag=tag)),)
        )
    if found is not None and found.origin is not Origin.UPLOAD:
        raise Conflict(
            tr("The collection {tag!r} is made of the files of a workflow, which its project file names.", tag=tag)
        )


def listing_with(known: Iterable[LedgerFile], sent: Sequence[FoundFile], mode: Mode) -> list[FoundFile]:
    """All files of the table once these have come: beside the others, in the place of those of a name, or alone."""
    come = {one.path for one in sent}
    kept = [
        FoundFile(path=one.path, run=one.run, size=one.size, mtime_ns=one.mtime_ns, sha256=one.sha256)
        for one in known
        if mode is Mode.APPEND and one.path not in come
    ]
    return [*kept, *sent]
