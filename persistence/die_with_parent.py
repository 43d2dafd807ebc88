"""A program of its own: becomes the program given to it, which is killed when the process that started it ends.

Run as `python -I -S die_with_parent.py PARENT_PID PROGRAM ARGUMENT…`; it imports nothing but the standard library.
It is a step between the two because code that runs between a fork and an exec in a process with threads can hang.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, program = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        # Linux sends the signal once for each thread of the parent, and SIGTERM twice deadlocks SecantusDB 0.7.0b3;
        # a killed document server has kept every acknowledged write, and gives its data directory free at once.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("The process that started this one has ended.")
    os.execv(program[0], program)  # noqa: S606 -- becoming the program is the purpose of this one.


if __name__ == "__main__":
    main()
