"""How far an ingest is: a bar on a terminal, a line for each collection elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

VERBS = {"hashed": "checking", "read": "reading", "sent": "sending", "copied": "copying", "ingested": "ingesting"}


class Progress:
    """Counts the files of the collection at hand. Steps come from worker threads, several at once."""

    def __init__(self, bars: Bars | None) -> None:
        self._bars = bars
        self._task: TaskID | None = None
        self._lock = Lock()
        self.read = 0
        """Files whose rows were read, or which were sent to be read."""

    def start(self, tag: str) -> None:
        """The next collection begins."""
        if self._bars is not None:
            self._task = self._bars.add_task(tag, total=None, doing="finding files")

    def step(self, step: str, files: int) -> None:
        """`found`, `hashed`, `read`, `sent`, `copied` or (by a server) `ingested` so many more files."""
        with self._lock:
            self._step(step, files)

    def _step(self, step: str, files: int) -> None:
        self.read += files if step in {"read", "sent"} else 0
        if self._bars is None or self._task is None:
            return
        if step == "found":
            self._bars.update(self._task, total=files)
        elif self._bars.tasks[self._task].fields["doing"] != VERBS[step]:
            self._bars.update(self._task, doing=VERBS[step], completed=files)
        else:
            self._bars.advance(self._task, files)

    def finish(self, tag: str, outcome: str) -> None:
        """The collection is done."""
        if self._bars is not None and self._task is not None:
            total = self._bars.tasks[self._task].total or 0
            self._bars.update(self._task, doing=outcome, total=total, completed=total)
        else:
            sys.stderr.write(f"{tag}: {outcome}\n")


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Progress on standard error while the block runs."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Progress(None)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[doing]}"),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=console) as bars:
        yield Progress(bars)
