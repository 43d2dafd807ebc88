"""Reports of MultiQC: the file `multiqc.parquet` that it writes beside the report since version 1.29."""

import re

import polars as pl

from domain.wording import tr
from persistence.file_faults import Fault

COLUMNS = ("anchor", "type", "creation_date", "plot_type", "plot_input_data")
OLDEST = (1, 29)


def checked_report(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rows: those of plots, of samples in tables, and one that says what made the report.

    Raises:
        Fault: for a Parquet file that is none of MultiQC's, or that of a version before 1.29.
    """
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise Fault(
            tr("is no report of MultiQC: it has no column {column!r}; take its multiqc.parquet", column=missing[0])
        )
    about = frame.filter(pl.col("type") == "run_metadata")
    if about.height != 1 or "multiqc_version" not in frame.columns:
        raise Fault(tr("does not say which MultiQC wrote it; take the multiqc.parquet of version 1.29 or later"))
    version = str(about["multiqc_version"][0])
    numbers = tuple(int(one) for one in re.findall(r"\d+", version)[:2])
    if numbers < OLDEST:
        raise Fault(tr("was written by MultiQC {version}; only 1.29 and later are read", version=version))
    return frame
