"""What is stored in words of its own, and how people read it."""

from dash import html

from dash_views.forms import BY_NAME, KINDS
from dash_views.parts import sentence
from domain.aggregations import Aggregation
from domain.card_tile import CardLayout
from domain.collections import ColumnKind
from domain.terms import FIGURES, TERMS, term
from domain.tiles import FilterScale, Visu


def test_english_says_terms_as_they_are_stored() -> None:
    """So does every language what it has no word for, such as the name of a colour scale."""
    assert {word: term(word) for word in (*TERMS, "Viridis")} == {word: word for word in (*TERMS, "Viridis")}


def test_each_choice_of_ours_has_a_word() -> None:
    """Quartiles are called so in all languages."""
    ours = (*Aggregation, *CardLayout, *ColumnKind, *FilterScale)
    assert [word.value for word in ours if word.value not in TERMS] == ["q1", "q3"]


def test_each_kind_of_figure_has_a_name() -> None:
    """The gallery calls it so."""
    assert {visu: BY_NAME[visu].label for visu in Visu} == FIGURES
    assert len({kind.label for kind in KINDS}) == len(KINDS) - 1, "only that of time is both a figure and a filter"


def test_a_component_stands_in_a_sentence() -> None:
    """Wherever the language has its place, with nothing empty beside it."""
    name = html.Strong("Islands")
    assert sentence("Delete {name}? Its data stay.", name=name) == ["Delete ", name, "? Its data stay."]
    assert sentence("{name}: soll das weg?", name=name) == [name, ": soll das weg?"]
