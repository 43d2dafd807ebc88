"""Tables on a terminal, wide and narrow."""

from io import StringIO

import pytest
from rich.console import Console

from cli.tables import print_table

ROWS = [["6b0839dcae943d9f6238300d", "penguin_survey.physical_features", "342"],
        ["6b0839dcae943d9f6238300e", "penguin_survey.sites", "-"]]  # fmt: skip


def lines(width: int, rows: list[list[str]]) -> list[str]:
    written = StringIO()
    print_table(Console(file=written, width=width), ["id", "collection", "rows"], rows, "All [b]")
    return written.getvalue().splitlines()


@pytest.mark.parametrize("width", [48, 60, 80, 120])
def test_ids_stay_whole_and_numbers_stand_to_the_right(width: int) -> None:
    """No line is wider than the terminal; a name goes on in the next line, and a title is no markup."""
    found = lines(width, ROWS)
    assert max(map(len, found)) <= width
    first, second = (next(line for line in found if row[0] in line).rstrip(" │") for row in ROWS)
    assert (first[-3:], second[-3:]) == ("342", "  -")
    assert "features" in "".join(found).replace(" ", "").replace("│", "").replace("342", "")
    assert "All [b]" in found[0]


def test_a_table_without_rows_has_its_headings() -> None:
    assert any(line.split() == ["id", "collection", "rows"] for line in lines(80, []))
