"""Conditions of a whole dashboard: which collections they narrow, and every way in which they are said."""

from datetime import UTC, datetime

import msgspec
import pytest

from domain.collections import Column, ColumnKind, DataCollection, LostColumn
from domain.conditions import OWN, reached
from domain.dashboard_file import dashboard_file, written
from domain.dashboards import set_condition
from domain.errors import Invalid
from domain.filters import WHERE, Clause, Wish
from domain.links import Link, reaching
from domain.saved_views import ViewState, checked_state, gone, labels_of
from domain.selections import filter_state
from domain.share_links import clauses_of_search, said_of, search_of
from domain.tiles import CardTile
from domain.written import wishes_of_link
from tests.domain.test_selections import BOARD

TEXT = "col('mass') > 4000"
WISH = {WHERE: (Wish("where", (TEXT,)),)}


def collection(name: str, **columns: ColumnKind) -> DataCollection:
    made = tuple(Column(column, "Float64", kind) for column, kind in columns.items())
    return DataCollection(id=name, project_id="p", workflow="w", tag=name, table_path=name, columns=made)


def card(name: str) -> CardTile:
    return CardTile(id=name, collection_id=name, column_name="mass")


BIRDS = collection("birds", mass=ColumnKind.NUMBER, site=ColumnKind.TEXT)
SITES = collection("sites", site=ColumnKind.TEXT)
WORDS = collection("words", mass=ColumnKind.TEXT)
UNSEEN = collection("unseen", mass=ColumnKind.NUMBER)
ALL = [BIRDS, SITES, WORDS, UNSEEN]
DASHBOARD = msgspec.structs.replace(BOARD, tiles={name: card(name) for name in ("birds", "sites", "words")})


def clause(collection_id: str, source: str = WHERE, text: str = TEXT) -> Clause:
    return Clause(source=source, collection_id=collection_id, column="", op="where", values=(text,))


def test_a_condition_says_what_it_is_to_each_collection() -> None:
    """Columns that one lacks, and values that another has of a kind that does not suit."""
    birds, sites, words = reached(TEXT, [BIRDS, SITES, WORDS])
    assert (birds.lacks, birds.problem, birds.holds) == ((), "", True)
    assert (sites.lacks, sites.holds) == (("mass",), False)
    assert words.holds
    assert "character" in words.problem


def test_conditions_hold_on_what_the_dashboard_shows_and_has_their_columns() -> None:
    """The dashboard's own one beside that of a reader; a collection of the wrong kind fails by itself."""
    own = set_condition(DASHBOARD, " col('site') == 'a' ")
    assert filter_state(own, WISH, ALL) == (
        clause("birds", OWN, "col('site') == 'a'"),
        clause("sites", OWN, "col('site') == 'a'"),
        clause("birds"),
        clause("words"),
    )
    assert filter_state(set_condition(own, ""), {}, ALL) == ()


def test_the_own_condition_of_a_dashboard_stays_on_a_collection_that_lost_its_column() -> None:
    """Its tiles fail then, for its rows were never shown whole; what never had the column is not concerned."""
    lost = msgspec.structs.replace(SITES, lost=(LostColumn("mass", "double", 2, datetime(2026, 11, 1, tzinfo=UTC)),))
    own = set_condition(DASHBOARD, TEXT)
    assert filter_state(own, {}, [BIRDS, lost]) == (clause("birds", OWN), clause("sites", OWN))
    assert filter_state(own, {}, [BIRDS, SITES]) == (clause("birds", OWN),)
    assert filter_state(DASHBOARD, WISH, [BIRDS, lost]) == (clause("birds"),)


@pytest.mark.parametrize(
    "wishes",
    [
        (Wish("where", ("col('gone') > 1",)),),
        (Wish("where", ("col('mass') >",)),),
        (Wish("where", ("",)),),
        (Wish("where", (3,)),),
        (Wish("in", ("a",)),),
        (Wish("where", (TEXT,)), Wish("where", (TEXT,))),
    ],
)
def test_a_condition_that_holds_nowhere_is_an_error(wishes: tuple[Wish, ...]) -> None:
    """It is never left out."""
    with pytest.raises(Invalid):
        filter_state(DASHBOARD, {WHERE: wishes}, ALL)
    with pytest.raises(Invalid):
        set_condition(DASHBOARD, "col('mass') >")


def test_a_condition_comes_through_links_to_those_that_lack_its_columns() -> None:
    """What has the columns itself is not narrowed by the rows that it is linked with."""
    link = Link(id="l", name="l", source="birds", source_column="site", target="sites", target_column="site")
    back = Link(id="m", name="m", source="words", source_column="mass", target="birds", target_column="mass")
    state = filter_state(DASHBOARD, WISH, ALL)
    sites, birds = (reaching(state, card(name), (link, back)) for name in ("sites", "birds"))
    assert (sites.own, sites.linked[0].clauses) == ((), (clause("birds"),))
    assert (birds.own, birds.linked) == ((clause("birds"),), ())


def test_addresses_saved_views_and_share_links_carry_a_condition() -> None:
    """As it is written; it is no tile's, so none can be gone."""
    search = "?where=col('mass')+>+4000&other=1"
    assert wishes_of_link(search.removesuffix("&other=1")) == WISH
    assert clauses_of_search(set_condition(DASHBOARD, TEXT), search, ALL) == (clause("birds"), clause("words"))
    assert search_of(search) == "where=col%28%27mass%27%29+%3E+4000"
    assert said_of(clause("birds")) == TEXT
    state = ViewState(filters=WISH)
    assert checked_state(DASHBOARD, state) == state
    assert gone(DASHBOARD, state, {}) == []
    assert labels_of(DASHBOARD, state) == {}


def test_bins_of_a_share_link_are_said_as_intervals() -> None:
    """Each with its lower end and without its upper one."""
    bins = Clause(source="h", collection_id="birds", column="mass", op="bins", values=(1, 2, 5, None))
    assert said_of(bins) == "mass is in [1, 2) or [5, )"


def test_a_dashboard_file_keeps_the_condition() -> None:
    """Read back to the same; one that cannot be read is a fault with its place."""
    names = {name: name for name in ("birds", "sites", "words")}
    file = written(set_condition(DASHBOARD, TEXT), names)
    assert file["filter_expr"] == TEXT
    assert dashboard_file(file, names).division.filter_expr == TEXT
    for wrong in (3, "col('mass') >"):
        with pytest.raises(Invalid) as caught:
            dashboard_file({**file, "filter_expr": wrong}, names)
        assert [problem.place for problem in caught.value.problems] == ["filter_expr"]
