"""Joins among the collections of a project: which collection each makes, of which it is made, and what that says."""

from collections.abc import Mapping, Sequence

from domain.collections import DataCollection, Joined, JoinSide
from domain.description import JoinDescription, ProjectDescription
from domain.ingests import JoinOutcome, Outcome
from domain.project_references import joins_of, resolved
from domain.wording import tr, trn


def joins_among(
    description: ProjectDescription | None, collections: Sequence[DataCollection]
) -> list[tuple[JoinDescription, DataCollection]]:
    """The joins of a project file that have a collection, in its order: a join may be a side of a later one."""
    if description is None:
        return []
    made = {(one.workflow, one.tag): one for one in collections}
    return [(join, made[tag]) for join, tag in joins_of(description) if tag in made]


def side_of(reference: str, join: DataCollection, collections: Sequence[DataCollection]) -> DataCollection | str:
    """The collection that a join calls so, or the end of a sentence saying why there is none."""
    others = {(one.workflow, one.tag): one for one in collections if one.id != join.id}
    found = resolved(reference, list(others), join.workflow)
    return found if isinstance(found, str) else others[found]


def side_ids(join: JoinDescription, made: DataCollection, collections: Sequence[DataCollection]) -> set[str]:
    """The ids of the collections that a join is made of, as far as there are any."""
    sides = [side_of(reference, made, collections) for reference in (join.left_dc, join.right_dc)]
    return {side.id for side in sides if isinstance(side, DataCollection)}


def joined_of(left: DataCollection, right: DataCollection, counts: tuple[int, int, int, int]) -> Joined:
    """What a join was made of; `counts` are the rows of the left side, the right one and the join, and the fan-out."""
    left_rows, right_rows, rows, fan_out = counts
    return Joined(
        left=JoinSide(left.id, left.tag, left.table_version or 0, left_rows),
        right=JoinSide(right.id, right.tag, right.table_version or 0, right_rows),
        rows=rows,
        fan_out=fan_out,
    )


def behind_sides(joined: Joined, versions: Mapping[str, int | None]) -> tuple[str, ...]:
    """The tags of the sides that have another version now than the join was made of; `versions` are by id."""
    sides = (joined.left, joined.right)
    return tuple(side.tag for side in sides if versions.get(side.id) != side.version)


def fan_out_words(joined: Joined) -> str:
    """The warning that a join multiplied rows; empty when it did not."""
    if not joined.fan_out:
        return ""
    return trn(
        "One key occurs several times on both sides, so that rows were multiplied: "
        "sums and counts over them are too high.",
        "{n:,} keys occur several times on both sides, so that rows were multiplied: "
        "sums and counts over them are too high.",
        joined.fan_out,
    )


def follow_up(outcomes: Sequence[JoinOutcome]) -> str:
    """What an ingest did to the joins made of its collection, in words; empty when there are none."""
    failed = [
        tr("The join {tag} could not be made anew: {message}", tag=one.tag, message=one.message)
        for one in outcomes
        if _is(one, "failed")
    ]
    made = [
        tr("The join {tag} was made anew: {message}.", tag=one.tag, message=one.message)
        for one in outcomes
        if _is(one, "updated")
    ]
    return " ".join([*failed, *made])


def _is(one: JoinOutcome, outcome: str) -> bool:
    return one.outcome is Outcome(outcome)
