"""Latest wins: what one opened page asks for takes the place of what it asked for before."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
REMEMBERED = 4096
"""Views of which the newest number is kept; one that is forgotten only works for a state that nobody sees."""


class SupersededError(Exception):
    """The same view has asked for something newer meanwhile; nobody waits for this answer."""


class _View(msgspec.Struct):
    sequence: int
    tasks: set["asyncio.Task[Any]"]


class Latest:
    """The work under way for each view, of its newest sequence only."""

    def __init__(self) -> None:
        self._views: OrderedDict[str, _View] = OrderedDict()

    async def run(self, view: str, sequence: int, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`, unless the view asks with a higher sequence before it is there.

        Several pieces of work of one sequence go on side by side. A view without a name has no other work.

        Raises:
            SupersededError: when it is not the newest, or ceases to be; `work` is cancelled then.
        """
        if not view:
            return await work
        known = self._newest(view, sequence)
        if known is None:
            work.close()
            raise SupersededError
        task = asyncio.ensure_future(work)
        known.tasks.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            own = asyncio.current_task()
            if known.sequence == sequence or (own is not None and own.cancelling()):
                task.cancel()
                raise
            raise SupersededError from None
        finally:
            known.tasks.discard(task)

    def _newest(self, view: str, sequence: int) -> _View | None:
        """The view, now at this sequence, with older work cancelled; None when it is further already."""
        known = self._views.setdefault(view, _View(sequence, set()))
        self._views.move_to_end(view)
        while len(self._views) > REMEMBERED:
            self._views.popitem(last=False)
        if sequence < known.sequence:
            return None
        if sequence > known.sequence:
            known.sequence = sequence
            for task in known.tasks:
                task.cancel()
        return known


async def while_heard(
    receive: Callable[[], Awaitable[Mapping[str, Any]]], begin: Callable[[], Coroutine[Any, Any, T]]
) -> T:
    """The result of the work that `begin` gives, unless the browser hangs up before.

    `receive` gives what the browser sends, as ASGI has it. A browser gives a request up when it has a newer one, which
    another server process may answer.

    Raises:
        SupersededError: when it has hung up; the work is cancelled then.
    """
    task = asyncio.ensure_future(begin())
    leaving = asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait({task, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise SupersededError
    finally:
        leaving.cancel()
        task.cancel()


async def _left(receive: Callable[[], Awaitable[Mapping[str, Any]]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
