#!/usr/bin/env python3
"""The Shannon diversity of a sample: diversity.py SAMPLE COUNTS OUTPUT."""

import csv
import math
import sys
from pathlib import Path


def main(sample: str, counts: str, output: str) -> None:
    """Read taxa with their counts, and write one row for the sample."""
    with Path(counts).open(encoding="utf-8", newline="") as file:
        found = [int(row["count"]) for row in csv.DictReader(file)]
    total = sum(found)
    shannon = -sum(count / total * math.log(count / total) for count in found if count)
    with Path(output).open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["sample", "reads", "taxa", "shannon"])
        lines.writerow([sample, total, sum(count > 0 for count in found), round(shannon, 4)])


if __name__ == "__main__":
    main(*sys.argv[1:])
