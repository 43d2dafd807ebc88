"""Memory of a process with all that it started, as the kernel counts it (Linux)."""

import threading
from pathlib import Path

PROC = Path("/proc")
EVERY = 0.2
KIB_PER_MIB = 1024


class Peak:
    """Watches the processes below `pid` from a thread and keeps the most that they held together."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._most = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def reset(self) -> None:
        """Begin anew, from what is held now."""
        self._most = held(self.pid)

    def stop(self) -> float:
        """The most that was held, in MiB; nothing is watched any more."""
        self._ended.set()
        self._thread.join()
        return self._most

    @property
    def mib(self) -> float:
        """The most that was held since the last reset, in MiB."""
        self._most = max(self._most, held(self.pid))
        return self._most

    def _watch(self) -> None:
        while not self._ended.wait(EVERY):
            self._most = max(self._most, held(self.pid))


def held(pid: int) -> float:
    """MiB held by the process and its descendants: a page that several of them share counts once (PSS)."""
    return sum(map(_pss, family(pid))) / KIB_PER_MIB


def family(pid: int) -> list[int]:
    """The process and its descendants."""
    parents: dict[int, int] = {}
    for stat in PROC.glob("[0-9]*/stat"):
        try:
            # The name, in parentheses, may hold anything; the parent is the second field after it.
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def _pss(pid: int) -> int:
    """KiB; 0 of a process that has ended meanwhile."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
