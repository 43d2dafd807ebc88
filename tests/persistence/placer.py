"""A process that dies once its files are in a table's folder, before it commits them: `python placer.py VERSION`.

The store's URL and options come as JSON on standard input.
"""

import json
import os
import signal
import sys
import tempfile
from pathlib import Path

import polars as pl

from persistence.objects import open_objects
from persistence.parts import write_part
from persistence.placing import placed


def main() -> None:
    url, options = json.load(sys.stdin)
    objects = open_objects(url, options)
    with tempfile.TemporaryDirectory() as folder:
        part = write_part(pl.LazyFrame({"x": [1, 2, 3]}), Path(folder) / "part")
        with placed(objects, "tables/t", int(sys.argv[1]), [part]):
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
