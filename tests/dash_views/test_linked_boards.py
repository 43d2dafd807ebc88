"""Linked collections on a board over HTTP: one request, exact numbers, and nothing sent that did not change."""

import msgspec
import polars as pl
import pytest

from dash_views.answering import signature
from domain.filters import Clause, FilterState
from domain.links import Link, Links
from domain.tiles import CardTile
from tests.dash_views.conftest import Town
from tests.dash_views.page import DashPage
from tests.dash_views.test_board_http import changed, known_after, of
from tests.survey import survey

SHOWN = {"sites", "samples", "richness", "phyla", "libraries"}
KELP = pl.col("habitat") == "kelp"


@pytest.fixture
async def page(town: Town) -> DashPage:
    """The survey's dashboard as its owner has it open."""
    services = town.world.services
    access = await survey.ingest(services, town.users["owner"].actor())
    made = await services.dashboards.of_project(access)
    return await town.page("owner", "view", made[0] if made else await survey.dashboard(services, access))


async def test_one_filter_narrows_the_tiles_of_all_linked_collections(page: DashPage) -> None:
    """Cards, a figure and a table of four collections, in the answer to one request."""
    answer = await page.ask({"habitat": [["in", ["kelp"]]]})
    assert changed(answer) == SHOWN
    libraries = survey.of_sites("diversity", KELP)
    for tile, number in (
        ("sites", survey.of_sites("sites", KELP).height),
        ("samples", survey.of_sites("samples", KELP).height),
        ("richness", libraries["richness"].sum()),
    ):
        assert of(answer, "number", tile)["value"].replace("\N{NARROW NO-BREAK SPACE}", "") == f"{number}"
    rows = of(answer, "page", "libraries")["response"]
    assert {row["library"] for row in rows["rowData"]} == set(libraries["library"])
    total = survey.table("diversity").height
    assert of(answer, "badge", "libraries") == f"{libraries.height} of {total} rows"


async def test_only_tiles_that_a_link_reaches_are_sent_again(page: DashPage) -> None:
    """No link that is enabled leads to the sites: a filter on libraries leaves their card as it is."""
    known = known_after(await page.ask())
    assert set(known) == SHOWN
    filtered = await page.ask({"shannon": [["between", [2, None]]]}, known=known)
    assert changed(filtered) == SHOWN - {"sites"}
    assert filtered["signatures"]["sites"] == known["sites"]
    both = {"shannon": [["between", [2, None]]], "habitat": [["in", ["kelp"]]]}
    after = (await page.ask(both, known=filtered["signatures"]))["signatures"]
    assert all(after[tile] != filtered["signatures"][tile] for tile in SHOWN)
    assert changed(await page.ask(both, known=after)) == set()


def test_new_data_of_the_source_changes_what_it_narrows() -> None:
    """A linked tile depends on tables that are not its own, but only under a filter that comes through them."""
    links = tuple(
        Link(id=one + two, name="", source=one, source_column="k", target=two, target_column="k")
        for one, two in ("ab", "bc", "ad")
    )
    tile = CardTile(id="card", collection_id="c", column_name="x")
    asks = Clause(source="s", collection_id="a", column="x", op="in", values=(1,))
    versions = {"a": 1, "b": 1, "c": 1, "d": 1}

    def signed(state: FilterState, newer: str = "", followed: Links = links) -> str:
        return signature(tile, state, versions | dict.fromkeys(newer, 2), followed, None)

    for one in "abcd":
        assert (signed((asks,), one) == signed((asks,))) is (one == "d")
        assert (signed((), one) == signed(())) is (one != "c")
    elsewhere = msgspec.structs.replace(asks, collection_id="d")
    assert signed((elsewhere,)) == signed(()) == signed((asks,), followed=links[:1])
    other = msgspec.structs.replace(links[1], target_column="other")
    assert signed((asks,), followed=(links[0], other)) != signed((asks,))
    assert signed((), followed=(links[0], other)) == signed(())
