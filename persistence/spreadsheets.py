"""Excel workbooks: one sheet is the table, with its header in the first row."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from domain.wording import tr
from persistence.file_faults import Fault

UNNAMED = "__UNNAMED__"
"""How the reader begins the name of a column whose heading is empty."""


def read_sheet(path: Path, options: Mapping[str, Any]) -> pl.DataFrame:
    """The rows of the sheet that the options name, by default of the first; types are found in all rows. Blocks.

    Empty rows are no rows. A column of several types is text.

    Raises:
        Fault: for a file that is no workbook, a sheet that is not there or has no header, and headings that are missing
            or occur twice.
    """
    try:
        workbook = fastexcel.read_excel(path)
        sheet = _sheet(workbook.sheet_names, options)
        if options.get("has_header", True):
            _check_headings(workbook, sheet)
        frame = pl.read_excel(
            path,
            sheet_name=sheet,
            has_header=options.get("has_header", True),
            infer_schema_length=options.get("infer_schema_length"),
            drop_empty_cols=False,
            raise_if_empty=False,
        )
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        reason = str(error).strip().partition("\n")[0]
        raise Fault(tr("cannot be read as an Excel workbook: {reason}", reason=reason)) from None
    if not frame.width:
        raise Fault(
            tr(
                "has nothing in the sheet {sheet!r}; write at least a header, or choose another with sheet_name",
                sheet=sheet,
            )
        )
    nameless = [name for name in frame.columns if name.startswith(UNNAMED)]
    for name in nameless:
        if frame[name].null_count() < frame.height:
            raise Fault(
                tr(
                    "has values in column {number} of {sheet!r}, which has no heading",
                    number=frame.columns.index(name) + 1,
                    sheet=sheet,
                )
            )
    return frame.drop(nameless)


def _sheet(names: list[str], options: Mapping[str, Any]) -> str:
    wanted = options.get("sheet_name")
    if wanted is None:
        number = options.get("sheet_id", 1)
        if number > len(names):
            raise Fault(
                tr(
                    "has no sheet {number}; it has {count}: {known}",
                    number=number,
                    count=len(names),
                    known=", ".join(names),
                )
            )
        return str(names[number - 1])
    if wanted not in names:
        raise Fault(tr("has no sheet {wanted!r}; it has {known}", wanted=wanted, known=", ".join(names)))
    return str(wanted)


def _check_headings(workbook: fastexcel.ExcelReader, sheet: str) -> None:
    """The reader tells columns of one name apart by a number, in silence."""
    first = workbook.load_sheet(sheet, header_row=None, n_rows=1, dtypes="string").to_polars()
    headings = [heading for heading in (first.row(0) if first.height else ()) if heading is not None]
    for heading in headings:
        if headings.count(heading) > 1:
            raise Fault(tr("has two columns named {heading!r}; rename one of them", heading=heading))
