"""Questions: which column a filter means, and that none is without effect in silence."""

from typing import Any

import pytest

from domain.collections import Column, ColumnKind, DataCollection, ids_by_name
from domain.description import LinkConfig
from domain.errors import Invalid
from domain.filters import Clause
from domain.links import Link
from domain.questions import MAX_FILTERS, Question, Restriction, check_question, clauses_of
from domain.rows import SortKey
from domain.tiles import CardTile


def collection(key: str, tag: str, *columns: str, workflow: str = "flow", **more: Any) -> DataCollection:
    held = tuple(Column(name, "String", ColumnKind.TEXT) for name in columns)
    return DataCollection(
        **{"table_version": 0} | more, id=key, project_id="p", tag=tag, workflow=workflow, columns=held
    )


OWN = collection("c1", "birds", "species", "sites.old")
SITES = collection("c2", "sites", "habitat", "old")
ROCKS = collection("c3", "rocks", "age")
TWIN = collection("c4", "rocks", "age", workflow="other")
LINK = Link(id="1", name="", source="c2", source_column="s", target="c1", target_column="s", config=LinkConfig())
TILE = CardTile(id="t", collection_id="c1", column_name="species")


def clauses(*columns: str, own: DataCollection = OWN) -> tuple[Clause, ...]:
    asked = [Restriction(column, "in", ("x",)) for column in columns]
    return clauses_of(asked, TILE, [own, SITES, ROCKS, TWIN], (LINK,))


def faults(*columns: str) -> dict[str, str]:
    with pytest.raises(Invalid) as raised:
        clauses(*columns)
    return {problem.place: problem.message for problem in raised.value.problems}


@pytest.mark.parametrize(
    ("written", "collection_id", "column"),
    [
        ("species", "c1", "species"),
        ("birds.species", "c1", "species"),
        ("sites.habitat", "c2", "habitat"),
        ("flow.sites.habitat", "c2", "habitat"),
        ("sites.old", "c1", "sites.old"),
        ("flow.sites.old", "c2", "old"),
    ],
)
def test_a_column_is_found(written: str, collection_id: str, column: str) -> None:
    """The tile's own columns go before those of linked tables."""
    [found] = clauses(written)
    assert found == Clause(source="", collection_id=collection_id, column=column, op="in", values=("x",))


def test_what_cannot_be_applied_is_named() -> None:
    """Unknown, ambiguous, without a link: each by its place, beside one that is right."""
    assert faults("specis", "species", "rocks.age", "flow.rocks.age") == {
        "filters[0]": "the table 'birds' has no column 'specis'; did you mean species?",
        "filters[2]": "'rocks.age' is ambiguous; write one of flow.rocks.age, other.rocks.age",
        "filters[3]": "no link leads from rocks to birds, so that 'flow.rocks.age' would change nothing",
    }


def test_a_tile_without_a_table_has_no_clauses() -> None:
    """Its answer is a failure that says so."""
    assert clauses("species", own=collection("c1", "birds", table_version=None)) == ()
    assert clauses("species", own=collection("gone", "birds")) == ()


def test_a_question_is_bounded() -> None:
    one = Restriction("x", "in", ())
    check_question(Question(filters=(one,) * MAX_FILTERS))
    with pytest.raises(Invalid) as raised:
        check_question(Question(filters=(one,) * (MAX_FILTERS + 1)))
    assert [problem.place for problem in raised.value.problems] == ["filters"]


@pytest.mark.parametrize("more", [{"offset": 1}, {"limit": 5}, {"sort": (SortKey("x"),)}], ids=str)
def test_a_page_is_told_from_a_whole_answer(more: dict[str, Any]) -> None:
    assert (Question().is_paged, Question(**more).is_paged) == (False, True)


def test_collections_have_names_that_are_theirs_alone() -> None:
    """A tag that two have stands for neither."""
    assert ids_by_name([SITES, ROCKS, TWIN]) == {
        "sites": "c2",
        "flow.sites": "c2",
        "flow.rocks": "c3",
        "other.rocks": "c4",
    }
