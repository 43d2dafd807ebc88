"""Every test of the engine runs three times: over tables read where they lie, over the column cache, and over cubes."""

import gc
from collections.abc import Iterator

import pytest

from persistence.frames.hot import HotTables
from tests.persistence.frames import support


@pytest.fixture(params=["cold", "hot", "cubes"], autouse=True, scope="module")
def tables(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HotTables | None]:
    """The column cache that `support.source` uses; None when it uses none."""
    if request.param == "cold":
        yield None
        return
    least = {"cubes_from": 0} if request.param == "cubes" else {}
    hot = HotTables(tmp_path_factory.mktemp("cache"), disk=2**26, memory=2**24, **least)
    support.HOT.append(hot)
    support.CUBES.extend([hot] if least else [])
    yield hot
    support.HOT.clear()
    support.CUBES.clear()
    hot.close()
    # Tables and their axes know each other: what they have mapped stays open until somebody looks for garbage.
    del hot
    gc.collect()
