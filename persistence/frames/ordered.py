"""The rows of a table version in orders: by columns or by a hash of their place, and columns of ascending numbers."""

from functools import partial

import numpy as np
import polars as pl

from persistence.frames import grown, sortindex
from persistence.frames.cache_folder import Base
from persistence.frames.sortindex import Keys
from persistence.frames.stored import Stored


class Ordered(Stored):
    """What is kept of a table version, and its orders."""

    def hashed(self, seed: int) -> pl.Series:
        """The positions of all rows in the order of their hashes, made if need be."""
        name = sortindex.drawn_name(seed)

        def grow(base: Base) -> pl.Series | None:
            kept = self.before(base, name, pl.UInt32(), base.rows)
            return None if kept is None else grown.drawn(kept, self.rows, seed)

        return self._stored(name, pl.UInt32(), partial(sortindex.drawn, self.rows, seed), grow=grow)

    def order(self, keys: Keys) -> pl.Series:
        """The positions of all rows in the order of `keys`: the index, made if need be."""
        columns, name = [self.column(name) for name in keys], sortindex.name_of(keys)

        def grow(base: Base) -> pl.Series | None:
            kept = self.before(base, name, pl.UInt32(), base.rows)
            return None if kept is None else grown.order(kept, columns, keys)

        return self._stored(name, pl.UInt32(), lambda: sortindex.order_of(columns, keys), grow=grow)

    def ascending(self, column: str) -> np.ndarray:
        """The values of a column of numbers in ascending order (float64), missing ones left out."""
        places = self.rows - self.missing(column)

        def make() -> pl.Series:
            order = self.order({column: False}).head(places)
            return self.column(column).gather(order).cast(pl.Float64).alias("values")

        def grow(base: Base) -> pl.Series | None:
            added = self.added(base).column(column).cast(pl.Float64)
            before = self.before(base, kept, pl.Float64(), places - added.len() + added.null_count())
            if before is None:
                return None
            ordered = self.order({column: False}).head(places).to_numpy()
            return pl.Series("values", grown.along(before.to_numpy(), ordered, added.fill_null(0.0).to_numpy()))

        kept = f"\0ascending {column!r}"
        return self._derived(kept, pl.Float64(), make, places, grow).to_numpy()

    def kept_order(self, keys: Keys) -> pl.Series | None:
        """The order of `keys` if it has been made, here or elsewhere, or can be made of an earlier version's."""
        name = sortindex.name_of(keys)
        found = self._kept(name)
        return self.order(keys) if found is None and self._was_kept(name) else found

    def kept_hashed(self, seed: int) -> pl.Series | None:
        """The same of the order of hashes."""
        name = sortindex.drawn_name(seed)
        found = self._kept(name)
        return self.hashed(seed) if found is None and self._was_kept(name) else found
