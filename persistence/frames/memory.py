"""What memory keeps because making it again costs time: masks, filtered columns, sorted positions; bounded."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakValueDictionary

V = TypeVar("V")

MOST = 4_096
"""Values that are kept, however small: each may be a mapped file, of which a process cannot hold any number open."""


class Memory:
    """At most `limit` bytes and `MOST` values, which never change; the longest unused go first; shared by threads.

    Whoever uses a forgotten value keeps it alive until done: forgetting frees memory, it never takes anything away.
    Values that are too large to keep are lent: as long as somebody uses one, others find it too.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.used = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lent: WeakValueDictionary[Hashable, Any] = WeakValueDictionary()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], V], size: Callable[[V], int]) -> V:
        """The value of `key`, made now if it is not there; one larger than a quarter of the limit is lent, not kept."""
        found: V | None = self.find(key)
        if found is not None:
            return found
        # Made outside the lock: polars may run another query in this very thread while it waits for this one.
        value = make()
        bytes_of_it = size(value)
        self.put(key, value, bytes_of_it)
        if bytes_of_it > self._largest:
            with self._lock, suppress(TypeError):  # Not everything can be lent; what is large here can.
                self._lent[key] = value
        return value

    def put(self, key: Hashable, value: object, size: int) -> None:
        """Keep a value of so many bytes, unless that is more than a quarter of the limit."""
        if size <= self._largest:
            self._keep(key, value, size)

    @property
    def _largest(self) -> int:
        return self.limit // 4

    def find(self, key: Hashable) -> Any:
        """The value of `key` if it is kept or lent, else None."""
        with self._lock:
            if key not in self._kept:
                return self._lent.get(key)
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def _keep(self, key: Hashable, value: object, size: int) -> None:
        with self._lock:
            if key in self._kept:
                self.used -= self._kept.pop(key)[1]
            self._kept[key] = (value, size)
            self.used += size
            while self.used > self.limit or len(self._kept) > MOST:
                _, (_, freed) = self._kept.popitem(last=False)
                self.used -= freed

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self.used = 0
