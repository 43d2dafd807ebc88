"""The ledgers of a table's versions: what each was made of, read from the commits and remembered."""

from collections import OrderedDict
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from threading import Lock

import msgspec

from domain.ingests import Ledger, LedgerFile
from domain.run_lists import RunShare, shares
from persistence.tables import Tables

LOOKED_BACK = 40
"""So many versions are looked at to find out what ingests did; optimizing makes versions of the same files too."""


class LedgerVersion(msgspec.Struct, frozen=True):
    """A version of a table that other files made than the one before."""

    version: int
    at: datetime
    files: tuple[LedgerFile, ...]


class Ledgers:
    """Reads ledgers. Versions never change, so that what was counted of one is kept: the newest `kept` of them."""

    def __init__(self, tables: Tables, kept: int = 256) -> None:
        self._tables = tables
        self._kept = kept
        self._shares: OrderedDict[tuple[str, int], dict[str, RunShare]] = OrderedDict()
        self._lock = Lock()

    def versions(self, path: str, upto: int, most: int = LOOKED_BACK) -> list[LedgerVersion]:
        """The newest versions up to one that changed which files there are, newest first. Blocks.

        The last of them is the oldest that is looked at, whether or not it changed something.
        """
        found = list(self._said(path, upto, most))
        kept = [one for one, older in pairwise(found) if _files(one) != _files(older)]
        return [*kept, *found[-1:]]

    def shares(self, path: str, version: int) -> dict[str, RunShare]:
        """What a version has of each run, beside the version before it. Blocks."""
        with self._lock:
            if (path, version) in self._shares:
                self._shares.move_to_end((path, version))
                return self._shares[path, version]
        found = self._counted(path, version)
        with self._lock:
            self._shares[path, version] = found
            while len(self._shares) > self._kept:
                self._shares.popitem(last=False)
        return found

    def _counted(self, path: str, version: int) -> dict[str, RunShare]:
        versions = self.versions(path, version, most=2)
        if len(versions) == 1 and version:
            versions = self.versions(path, version)
        if not versions:
            return {}
        if len(versions) == 1:
            # Where older versions are forgotten, nothing is known to have changed.
            return shares(versions[0].files, versions[0].files if versions[0].version else None)
        return shares(versions[0].files, versions[1].files)

    def _said(self, path: str, upto: int, most: int) -> Iterator[LedgerVersion]:
        for version, at, said in self._tables.commits(path, upto, most):
            if "ledger" in said:
                yield LedgerVersion(version, at, msgspec.convert(said["ledger"], Ledger).files)


def _files(one: LedgerVersion) -> dict[str, str]:
    return {file.path: file.sha256 for file in one.files}
