"""The log of edits in the document store: in order, by range, and bounded."""

from domain.history import Edit, How, Stamp, Step, edit_id
from persistence.edits import EditRepository
from persistence.migrations import migrate
from persistence.mongo import Documents, now

TAB = Stamp("tab")


def an_edit(dashboard_id: str, number: int, stamp: Stamp = TAB) -> Edit:
    return Edit(
        id=edit_id(dashboard_id, number), dashboard_id=dashboard_id, number=number, at=now(), by="u", by_name="U",
        stamp=stamp,
    )  # fmt: skip


async def numbers(edits: EditRepository, dashboard_id: str, after: int, last: int) -> list[int]:
    return [edit.number for edit in await edits.between(dashboard_id, after, last)]


async def test_old_edits_are_forgotten(documents: Documents) -> None:
    """Of each dashboard for itself; what is kept has no gap, and what undo reads is bounded as well."""
    await migrate(documents)
    edits = EditRepository(documents, kept=20)
    await edits.add(an_edit("other", 2))
    for number in range(2, 101):
        await edits.add(an_edit("d", number))
    assert await numbers(edits, "d", 0, 1000) == list(range(100, 80, -1))
    assert await numbers(edits, "d", 95, 98) == [98, 97, 96]
    assert await numbers(edits, "other", 0, 1000) == [2]
    assert await edits.of_session("d", "u", "tab") == [Step(number, How.EDIT) for number in range(81, 101)]
    await edits.remove_of("d")
    assert await numbers(edits, "d", 0, 1000) == []
    assert await edits.has("other", 2)


async def test_an_edit_may_be_added_again(documents: Documents) -> None:
    """Two who complete the log at once do no harm."""
    await migrate(documents)
    edits, edit = EditRepository(documents), an_edit("d", 2, Stamp("tab", "key"))
    await edits.add(edit)
    await edits.add(edit)
    assert await edits.find("d", 2) == edit
    assert await edits.has_token("d", "u", Stamp("another tab", "key"))
    assert not await edits.has_token("d", "somebody else", Stamp("tab", "key"))
    assert not await edits.has_token("d", "u", Stamp("tab", ""))
    assert await edits.of_session("d", "u", "") == []
