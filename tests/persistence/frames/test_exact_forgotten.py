"""Exactness when the column cache is far too small: what is forgotten is made again, and no answer differs."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings

from persistence.frames.hot import HotTables
from tests.persistence.frames import support
from tests.persistence.frames.test_exact_entities import Story, stories


@pytest.fixture(autouse=True, scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache that holds a few columns on disk, and next to nothing in memory."""
    hot = HotTables(tmp_path_factory.mktemp("cache"), disk=2**17, memory=2**14)
    support.HOT.append(hot)
    yield
    support.HOT.clear()
    hot.close()


@given(stories)
@settings(max_examples=4, deadline=None)
def test_answers_do_not_depend_on_what_is_remembered(story: Story) -> None:
    """Over all kinds of tiles, by several requests at once."""
    story.check(threads=2)
