"""The options of a table's reader that a project file may set: an allow-list, with their types.

What polars could also do silently, dropping fields, rows or bytes, is refused by name.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from domain.description import Format
from domain.errors import Problem
from domain.shape import nearest

TYPES = (
    *("String", "Boolean", "Date", "Datetime", "Int8", "Int16", "Int32", "Int64", "Float32", "Float64"),
    *("Utf8", "Str"),
)
"""What `schema_overrides` may ask for, in any case; the last two are other names of String."""

REFUSED = {
    "truncate_ragged_lines": "would drop fields silently; correct the rows that are too long",
    "ignore_errors": "would drop values silently; give the column a type with schema_overrides, or correct the file",
    "n_rows": "would drop rows silently",
    "new_columns": "is not read; give the file a header",
    "columns": "is not read; write keep_columns beside polars_kwargs",
}


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


def _is_utf8(value: object) -> bool:
    return isinstance(value, str) and value.lower().replace("-", "") == "utf8"


Check = tuple[Callable[[object], bool], str]
TEXT_OPTIONS: dict[str, Check] = {
    "separator": (_is_byte, "one character, such as ';'"),
    "has_header": (_is_bool, "true or false"),
    "null_values": (_is_text_or_texts, "a text, a list of texts, or a mapping from column to text (in quotes)"),
    "skip_rows": (_is_count, "a whole number from 0"),
    "skip_rows_after_header": (_is_count, "a whole number from 0"),
    "comment_prefix": (lambda value: isinstance(value, str) and bool(value), "a text such as '#'"),
    "quote_char": (lambda value: value is None or _is_byte(value), "one character, or null for none"),
    "decimal_comma": (_is_bool, "true or false"),
    "encoding": (_is_utf8, "utf8; convert other files first, for example with: iconv -f latin1 -t utf8"),
    "try_parse_dates": (_is_bool, "true or false"),
    "infer_schema_length": (lambda value: value is None or _is_count(value), "a whole number, or null for all rows"),
}


def option_problems(file_format: Format, options: Mapping[str, Any], place: str) -> Iterator[Problem]:
    """The faults in `polars_kwargs`; Parquet files carry their own types and take no options."""
    known = {} if file_format == "parquet" else TEXT_OPTIONS
    for name, value in options.items():
        if name == "schema_overrides":
            yield from _mapping_problems(value, f"{place}.{name}")
        elif name in REFUSED:
            yield Problem(f"{place}.{name}", REFUSED[name])
        elif file_format == "parquet":
            yield Problem(f"{place}.{name}", "is not an option of parquet, which has none but schema_overrides")
        elif name not in known:
            yield Problem(f"{place}.{name}", f"is not a reader option; {nearest(name, known)}")
        elif not known[name][0](value):
            yield Problem(f"{place}.{name}", f"must be {known[name][1]}")
    if options.get("decimal_comma") is True and file_format == "csv" and options.get("separator", ",") == ",":
        yield Problem(f"{place}.decimal_comma", "needs another separator than the comma")


def override_problems(overrides: Mapping[str, str], place: str) -> Iterator[Problem]:
    """The faults in the types that `schema_overrides` asks for."""
    known = {name.lower() for name in TYPES}
    for column, name in overrides.items():
        if name.lower() not in known:
            yield Problem(f"{place}.{column}", f"{name!r} is not a type; known are {', '.join(TYPES[:-2])}")


def _mapping_problems(value: object, place: str) -> Iterator[Problem]:
    if isinstance(value, dict) and all(isinstance(one, str) for one in [*value.keys(), *value.values()]):
        yield from override_problems(value, place)
    else:
        yield Problem(place, "must be a mapping from column to type")
