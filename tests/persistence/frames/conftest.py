"""Every test of the engine runs twice: over tables read where they lie, and over the column cache."""

from collections.abc import Iterator

import pytest

from persistence.frames.hot import HotTables
from tests.persistence.frames import support


@pytest.fixture(params=["cold", "hot"], autouse=True, scope="module")
def tables(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HotTables | None]:
    """The column cache that `support.source` uses; None when it uses none."""
    if request.param == "cold":
        yield None
        return
    hot = HotTables(tmp_path_factory.mktemp("cache"), disk=2**26, memory=2**24)
    support.HOT.append(hot)
    yield hot
    support.HOT.clear()
    hot.close()
