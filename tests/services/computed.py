"""Work for other processes, which find it by its name."""

import os
import time
from pathlib import Path

from persistence.watching import Watch


def doubled(number: int, *, watch: Watch) -> tuple[int, int]:
    """Twice the number, and the process that found it."""
    watch.begin(1, 10)
    watch.read("number", 10, number)
    return 2 * number, os.getpid()


def asleep(*, watch: Watch) -> None:
    """Sleep without ever looking whether anybody wants that."""
    watch.begin(1, 10)
    time.sleep(60)


def writing(result: Path, *, watch: Watch) -> str:
    """Write slowly, past the point of no return."""
    watch.writing()
    time.sleep(1.5)
    result.write_text("written")
    return "written"


def patient(begun: Path, result: Path, *, watch: Watch) -> None:
    """Look again and again whether anybody wants this, and write at the end."""
    watch.begin(1, 10)
    begun.touch()
    for _ in range(600):
        time.sleep(0.05)
        watch.check()
    watch.writing()
    result.write_text("written")


def ended(*, watch: Watch) -> None:
    """End the process as the kernel does when the memory is full."""
    os._exit(9)
