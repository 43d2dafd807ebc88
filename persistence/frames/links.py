"""Following links: from the rows of one collection that pass clauses to the values that another may have.

Each hop is a semi-join: the source rows that are left give distinct values of the link's source column, and these the
values of its target column that match. Values are compared exactly; a missing value matches none.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence

import msgspec
import polars as pl

from domain.collections import ColumnKind
from domain.errors import Invalid
from domain.filters import FilterState
from domain.links import SAMPLE, SUFFIX, Link, Linked, Path, counterparts, sample_group, surroundings
from domain.wording import tr
from persistence.frames import celled, cubes
from persistence.frames.clauses import tests
from persistence.frames.faults import attempt
from persistence.frames.hot import as_text
from persistence.frames.masks import Test
from persistence.frames.plans import rows_of
from persistence.frames.shapes import Failure
from persistence.frames.sources import Table

log = logging.getLogger(__name__)

ALTERNATIVES = 500
"""How many values one regular expression tries at once; more would not fit into the size that polars allows."""


class LinkedKeys(msgspec.Struct, frozen=True, eq=False):
    """What linked clauses leave of a table: the rows whose `column` has one of `values`, which are distinct, not
    missing, and of the column's type as the engine reads it.
    """  # noqa: D205 -- the sentence needs both lines.

    column: str
    values: pl.Series

    @property
    def test(self) -> pl.Expr:
        """Whether a row is among them; null for missing values, which a filter leaves out as well."""
        return pl.col(self.column).is_in(self.values.implode())

    def as_test(self) -> Test:
        """The test with a name by which what it leaves of a table can be remembered."""
        # Python's times have no nanoseconds, which would give two sets one name.
        words = repr((self.values.dtype, self.values.to_physical().sort().to_list()))
        return Test(f"linked {self.column!r} {hashlib.sha256(words.encode()).hexdigest()}", self.test)


class Follower:
    """The links of one request, each set of values computed once, whatever number of tiles it narrows.

    `opened` gives a table by its collection's id, or why there is none.
    """

    def __init__(self, opened: Callable[[str], Table | Failure]) -> None:
        self._opened = opened
        self._keys: dict[tuple[str, ...], LinkedKeys | Failure] = {}
        self._distinct: dict[tuple[str, str], pl.Series] = {}

    def entity_sets(self, linked: Linked) -> list[LinkedKeys] | Failure:
        """What the clauses leave of the tile's table, once for each path: all must hold."""
        found: list[LinkedKeys] = []
        for path in linked.paths:
            keys = self._along(path, linked.clauses)
            if isinstance(keys, Failure):
                return keys
            found.append(keys)
        return found

    def _along(self, path: Path, clauses: FilterState) -> LinkedKeys | Failure:
        key = (said(clauses), *(link.id for link in path))
        if key not in self._keys:
            self._keys[key] = self._hop(path, clauses)
        return self._keys[key]

    def _hop(self, path: Path, clauses: FilterState) -> LinkedKeys | Failure:
        *before, link = path
        source = self._table(link, link.source)
        target = self._table(link, link.target)
        arrived = self._along(tuple(before), clauses) if before else None
        if isinstance(source, Failure):
            return source
        if isinstance(target, Failure):
            return target
        if isinstance(arrived, Failure):
            return arrived

        def act() -> LinkedKeys:
            passed = tests(source, clauses) if arrived is None else [arrived.as_test()]
            _check(link, source, target)
            keys = _values(source, passed, link.source_column)
            return LinkedKeys(link.target_column, _matching(link, keys, target, lambda: self._all(link, target)))

        found = attempt(act)
        return _named(link, found) if isinstance(found, Failure) else found

    def _table(self, link: Link, collection_id: str) -> Table | Failure:
        table = self._opened(collection_id)
        return _named(link, table) if isinstance(table, Failure) else table

    def _all(self, link: Link, target: Table) -> pl.Series:
        """Every value of the target column."""
        key = (link.target, link.target_column)
        if key not in self._distinct:
            self._distinct[key] = _values(target, [], link.target_column)
        return self._distinct[key]


def said(clauses: FilterState) -> str:
    """What sets of clauses have in common that leave the same rows; written out, because 1 == True but not here."""
    return repr(
        [
            (clause.collection_id, clause.column, clause.op, clause.values, clause.column_y, clause.marks)
            for clause in clauses
        ]
    )


def _named(link: Link, failure: Failure) -> Failure:
    return Failure(
        tr("The link {name} cannot be followed. {message}", name=link.name, message=failure.message),
        retry=failure.retry,
    )


def _values(table: Table, passed: Sequence[Test], column: str) -> pl.Series:
    """The different values of a column, none missing, among the rows that pass."""
    rows = rows_of(table, passed)
    axes = celled.axes_of(rows, [table.columns[column]])
    sizes = None if axes is None or rows.selection is None else cubes.measured(rows.selection, axes)
    if axes is not None and sizes is not None:
        return axes[0].words.filter(pl.Series(sizes > 0)).drop_nulls()
    if table.hot is not None:
        table.hot.load([column])
    return as_text(rows.matched.select(pl.col(column).drop_nulls().unique()).collect(engine="auto")).to_series()


def _check(link: Link, source: Table, target: Table) -> None:
    """Whether values of the two columns can be compared at all.

    Raises:
        Invalid: naming the columns, when one is missing or they hold different kinds.
    """
    ends = [(source, link.source_column), (target, link.target_column)]
    kinds = [table.column(column, use=tr("the link")).kind for table, column in ends]
    types = [table.types[column] for table, column in ends]
    if link.config.resolver == "direct":
        zones = {dtype.time_zone is None for dtype in types if isinstance(dtype, pl.Datetime)}
        if kinds[0] is not kinds[1] or len(zones) > 1:
            unlike = tr(
                "{left_type} in {source!r} and {right_type} in {target!r}",
                left_type=types[0],
                source=source.name,
                right_type=types[1],
                target=target.name,
            )
            raise Invalid(tr("Its columns hold {unlike}; read both as one type, with schema_overrides.", unlike=unlike))
        return
    for (table, column), kind, dtype in zip(ends, kinds, types, strict=True):
        if kind is not ColumnKind.TEXT and not dtype.is_integer():
            needs = tr("the resolver {resolver} needs text or whole numbers", resolver=link.config.resolver)
            raise Invalid(
                tr(
                    "The column {column!r} of {name!r} holds {dtype}, but {needs}.",
                    column=column,
                    name=table.name,
                    dtype=dtype,
                    needs=needs,
                )
            )


def _matching(link: Link, keys: pl.Series, target: Table, everything: Callable[[], pl.Series]) -> pl.Series:
    """The values of the target column that some key finds. Only where names must be looked at, `everything` is."""
    dtype = target.plain_type(link.target_column)
    if keys.is_empty():
        return pl.Series(link.target_column, [], dtype=dtype)
    config = link.config
    exact = config.case_sensitive or keys.dtype != pl.String
    if config.resolver == "direct" and exact:
        return _exactly(keys, dtype)
    given = _folded(link, keys.cast(pl.String))
    match config.resolver:
        case "regex" | "wildcard":
            return everything().filter(_by_expression(link, given, _folded(link, everything().cast(pl.String))))
        case "sample_mapping" if not config.mappings:
            return everything().filter(_by_suffix(given, _folded(link, everything().cast(pl.String))))
        case "sample_mapping":
            wanted = _mapped(link, given)
        case "pattern":
            wanted = _folded(link, _filled(given, config.pattern or ""))
        case _:
            wanted = given
    if config.case_sensitive:
        return _exactly(wanted.unique(), dtype)
    return everything().filter(_folded(link, everything().cast(pl.String)).is_in(wanted.unique().implode()))


def _folded(link: Link, names: pl.Series) -> pl.Series:
    return names if link.config.case_sensitive else names.str.to_lowercase()


def _exactly(values: pl.Series, dtype: pl.DataType) -> pl.Series:
    """The values that a column of this type can have, in that type: none is rounded."""
    cast = values.cast(dtype, strict=False)
    return cast.filter((cast.cast(values.dtype, strict=False) == values).fill_null(value=False))


def _mapped(link: Link, given: pl.Series) -> pl.Series:
    pairs = counterparts(link.config.mappings)
    table = pl.DataFrame(pairs, schema={"one": pl.String, "other": pl.String}, orient="row")
    one, other = (_folded(link, table[name]) for name in ("one", "other"))
    return pl.concat([given.alias("name"), other.filter(one.is_in(given.implode())).alias("name")])


def _filled(given: pl.Series, pattern: str) -> pl.Series:
    first, *rest = pattern.split(SAMPLE)
    parts: list[pl.Expr] = [pl.lit(first)]
    for part in rest:
        parts += [pl.col("name"), pl.lit(part)]
    return given.to_frame("name").select(pl.concat_str(parts)).to_series()


def _by_suffix(given: pl.Series, names: pl.Series) -> pl.Series:
    """Which names are equal to a given one but for suffixes that one of the two has more than the other."""
    wanted = pl.concat([given, *_shorter(given)]).unique().implode()
    hits = names.is_in(wanted)
    for shorter in _shorter(names):
        hits |= shorter.is_in(given.implode())
    return hits


def _shorter(names: pl.Series) -> list[pl.Series]:
    """The names without their last suffix, without their last two, and so on."""
    found: list[pl.Series] = []
    while True:
        shorter = names.str.replace(rf"(?i){SUFFIX}\z", "")
        if (shorter == names).all():
            return found
        found.append(shorter)
        names = shorter


def _by_expression(link: Link, given: pl.Series, names: pl.Series) -> pl.Series:
    """Which names the pattern matches as a whole with some given value in its place.

    Raises:
        Invalid: when polars, whose expressions have no lookaround and no references, does not accept the pattern.
    """
    try:
        return _matched(link, given, names)
    except pl.exceptions.ComputeError as error:
        log.info("The pattern of the link %s was refused: %s", link.name, error)
        raise Invalid(
            tr("Its pattern {pattern!r} cannot be used here; write a simpler one.", pattern=link.config.pattern)
        ) from None


def _matched(link: Link, given: pl.Series, names: pl.Series) -> pl.Series:
    flags = "" if link.config.case_sensitive else "(?i)"
    around = surroundings(link.config)
    pattern = link.config.pattern or ""
    if around is None:
        captured = names.str.extract(rf"{flags}\A(?:{pattern})\z", sample_group(pattern))
        return captured.is_in(given.implode()).fill_null(value=False)
    before, after = around
    hits = pl.repeat(value=False, n=len(names), eager=True)
    escaped = given.str.escape_regex()
    for start in range(0, len(escaped), ALTERNATIVES):
        some = "|".join(escaped.slice(start, ALTERNATIVES))
        hits |= names.str.contains(rf"{flags}\A(?:{before}(?:{some}){after})\z")
    return hits
