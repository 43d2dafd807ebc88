"""What memory keeps because making it again costs time: masks, filtered columns, sorted positions; bounded by bytes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

V = TypeVar("V")


class Memory:
    """At most `limit` bytes of values that never change, the longest unused forgotten first; shared between threads.

    Whoever uses a forgotten value keeps it alive until done: forgetting frees memory, it never takes anything away.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.used = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], V], size: Callable[[V], int]) -> V:
        """The value of `key`, made now if it is not kept; a value larger than a quarter of the limit is not kept."""
        found: V | None = self.find(key)
        if found is not None:
            return found
        # Made outside the lock: polars may run another query in this very thread while it waits for this one.
        value = make()
        self.put(key, value, size(value))
        return value

    def put(self, key: Hashable, value: object, size: int) -> None:
        """Keep a value of so many bytes, unless that is more than a quarter of the limit."""
        if size <= self.limit // 4:
            self._keep(key, value, size)

    def find(self, key: Hashable) -> Any:
        """The value of `key` if it is kept, else None."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def _keep(self, key: Hashable, value: object, size: int) -> None:
        with self._lock:
            if key in self._kept:
                self.used -= self._kept.pop(key)[1]
            self._kept[key] = (value, size)
            self.used += size
            while self.used > self.limit:
                _, (_, freed) = self._kept.popitem(last=False)
                self.used -= freed
