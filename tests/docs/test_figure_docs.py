"""`docs/figures.md` against the kinds of figure and their parameters."""

import re

import pytest

from domain.figure_parameters import parameters, required
from domain.tiles import Visu
from tests.docs.pages import rows, section

PAGE = "docs/figures.md"
TILE_FIELDS = {"aggregation"}


def test_every_kind_is_listed_in_its_order() -> None:
    """Once each."""
    assert sorted(row[0].strip("`") for row in rows(PAGE, "Kinds")) == sorted(Visu)


@pytest.mark.parametrize("visu", Visu)
def test_a_kind_takes_what_the_page_says(visu: Visu) -> None:
    """And what it needs is named."""
    [said] = [row for row in rows(PAGE, "Kinds") if row[0].strip("`") == visu.value]
    needs, takes = (set(re.findall(r"`(\w+)`", f"`{cell}`")) for cell in (said[2], said[3]))
    assert (needs | takes) - TILE_FIELDS <= set(parameters(visu))
    assert set(required(visu, {})) <= needs


def test_every_look_is_a_parameter() -> None:
    """Of some kind."""
    known = {name for visu in Visu for name in parameters(visu)}
    for row in rows(PAGE, "Looks"):
        assert set(re.findall(r"`?(\w+)`?", row[0])) <= known
    assert "36 panels" in " ".join(section(PAGE, "Kinds").split())
