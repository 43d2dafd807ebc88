"""The options of a table's reader that a project file may set: an allow-list, with their types.

What polars could also do silently, dropping fields, rows or bytes, is refused by name.
"""

import codecs
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from domain.description import Format
from domain.errors import Problem
from domain.shape import nearest
from domain.wording import tr

TYPES = (
    *("String", "Boolean", "Date", "Datetime", "Int8", "Int16", "Int32", "Int64", "Float32", "Float64"),
    *("Utf8", "Str"),
)
"""What `schema_overrides` may ask for, in any case; the last two are other names of String."""

REFUSED = {
    "truncate_ragged_lines": tr("would drop fields silently; correct the rows that are too long"),
    "ignore_errors": tr(
        "would drop values silently; give the column a type with schema_overrides, or correct the file"
    ),
    "n_rows": tr("would drop rows silently"),
    "new_columns": tr("is not read; give the file a header"),
    "columns": tr("is not read; write keep_columns beside polars_kwargs"),
}

ENCODINGS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso8859-1", "iso8859-2", "iso8859-15"),
    *("cp1250", "cp1251", "cp1252", "cp437", "cp850", "mac-roman", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"),
)
"""The encodings of text that are read, as Python's codecs call them; other names of these are understood too."""


def _is_byte(value: object) -> bool:
    return isinstance(value, str) and len(value.encode()) == 1


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _is_text_or_texts(value: object) -> bool:
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _is_encoding(value: object) -> bool:
    return isinstance(value, str) and codec_of(value) is not None


def codec_of(encoding: str) -> str | None:
    """The one name of an encoding that files may be in, None for any other: `latin1` and `ISO-8859-1` are the same."""
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return None
    return name if name in ENCODINGS else None


Check = tuple[Callable[[object], bool], str]
_LENGTH: Check = (lambda value: value is None or _is_count(value), tr("a whole number, or null for all rows"))
_ENCODING: Check = (_is_encoding, tr("one of {known}", known=", ".join(ENCODINGS)))
TEXT_OPTIONS: dict[str, Check] = {
    "separator": (_is_byte, tr("one character, such as ';'")),
    "has_header": (_is_bool, tr("true or false")),
    "null_values": (_is_text_or_texts, tr("a text, a list of texts, or a mapping from column to text (in quotes)")),
    "skip_rows": (_is_count, tr("a whole number from 0")),
    "skip_rows_after_header": (_is_count, tr("a whole number from 0")),
    "comment_prefix": (lambda value: isinstance(value, str) and bool(value), tr("a text such as '#'")),
    "quote_char": (lambda value: value is None or _is_byte(value), tr("one character, or null for none")),
    "decimal_comma": (_is_bool, tr("true or false")),
    "encoding": _ENCODING,
    "try_parse_dates": (_is_bool, tr("true or false")),
    "infer_schema_length": _LENGTH,
}
LINE_OPTIONS: dict[str, Check] = {"encoding": _ENCODING, "infer_schema_length": _LENGTH}
SHEET_OPTIONS: dict[str, Check] = {
    "sheet_name": (lambda value: isinstance(value, str) and bool(value), tr("the name of a sheet")),
    "sheet_id": (lambda value: _is_count(value) and value != 0, tr("the number of a sheet, counted from 1")),
    "has_header": (_is_bool, tr("true or false")),
    "infer_schema_length": _LENGTH,
}
OPTIONS: dict[Format, dict[str, Check]] = {
    "csv": TEXT_OPTIONS,
    "tsv": TEXT_OPTIONS,
    "jsonl": LINE_OPTIONS,
    "xls": SHEET_OPTIONS,
    "xlsx": SHEET_OPTIONS,
    "parquet": {},
    "feather": {},
    "arrow": {},
    "geojson": {},
    "newick": {},
    "multiqc": {},
}


def option_problems(file_format: Format, options: Mapping[str, Any], place: str) -> Iterator[Problem]:
    """The faults in `polars_kwargs`; files that carry their own types take no options."""
    known = OPTIONS[file_format]
    for name, value in options.items():
        if name == "schema_overrides":
            yield from _mapping_problems(value, f"{place}.{name}")
        elif name in REFUSED:
            yield Problem(f"{place}.{name}", REFUSED[name])
        elif not known:
            yield Problem(
                f"{place}.{name}",
                tr("is not an option of {file_format}, which has none but schema_overrides", file_format=file_format),
            )
        elif name not in known:
            near = nearest(name, known)
            message = tr("is not a reader option; {nearest}", nearest=near)
            if any(name in one for one in OPTIONS.values()):
                message = tr(
                    "is not a reader option of {file_format}; {nearest}", file_format=file_format, nearest=near
                )
            yield Problem(f"{place}.{name}", message)
        elif not known[name][0](value):
            yield Problem(f"{place}.{name}", tr("must be {wanted}", wanted=known[name][1]))
    if "sheet_name" in options and "sheet_id" in options:
        yield Problem(f"{place}.sheet_id", tr("names the sheet a second time; keep either it or sheet_name"))
    if options.get("decimal_comma") is True and file_format == "csv" and options.get("separator", ",") == ",":
        yield Problem(f"{place}.decimal_comma", tr("needs another separator than the comma"))


def override_problems(overrides: Mapping[str, str], place: str) -> Iterator[Problem]:
    """The faults in the types that `schema_overrides` asks for."""
    known = {name.lower() for name in TYPES}
    for column, name in overrides.items():
        if name.lower() not in known:
            yield Problem(
                f"{place}.{column}",
                tr("{name!r} is not a type; known are {known}", name=name, known=", ".join(TYPES[:-2])),
            )


def _mapping_problems(value: object, place: str) -> Iterator[Problem]:
    if isinstance(value, dict) and all(isinstance(one, str) for one in [*value.keys(), *value.values()]):
        yield from override_problems(value, place)
    else:
        yield Problem(place, tr("must be a mapping from column to type"))
