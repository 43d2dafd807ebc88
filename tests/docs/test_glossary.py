"""`docs/glossary.md` against the classes."""

import importlib

import pytest

from tests.docs.pages import rows

ENTRIES = [(row[0], row[1]) for row in rows("docs/glossary.md", "Glossary")]


def test_each_noun_and_each_class_stands_once_in_order() -> None:
    nouns, classes = [noun for noun, _ in ENTRIES], [name for _, name in ENTRIES]
    assert nouns == sorted(set(nouns))
    assert len(classes) == len(set(classes))


@pytest.mark.parametrize(("noun", "name"), ENTRIES)
def test_the_class_of_a_noun_exists(noun: str, name: str) -> None:
    """Under the name that the glossary gives."""
    module, _, found = name.rpartition(".")
    assert hasattr(importlib.import_module(module), found), noun
