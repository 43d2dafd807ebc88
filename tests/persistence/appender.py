"""A process that appends to a Delta table: `python appender.py FIRST COUNT`, its location as JSON on standard input."""

import json
import sys

import polars as pl


def main() -> None:
    uri, options = json.load(sys.stdin)
    first, count = int(sys.argv[1]), int(sys.argv[2])
    for number in range(first, first + count):
        frame = pl.DataFrame({"number": [number] * 10})
        frame.write_delta(uri, mode="append", storage_options=options, delta_write_options={"schema_mode": "merge"})


if __name__ == "__main__":
    main()
