import asyncio
from datetime import UTC, date, datetime
from enum import StrEnum

import msgspec
import pytest

from domain.errors import Conflict, Invalid, NotFound, Unavailable
from persistence.documents import Collection
from persistence.mongo import Documents, connect, new_id, now, without_password


class Colour(StrEnum):
    RED = "red"


class Shelf(msgspec.Struct, frozen=True):
    width: int
    note: str | None = None


class Cupboard(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    version: int = 1
    colour: Colour = Colour.RED
    shelves: tuple[Shelf, ...] = ()
    labels: dict[str, str] = {}
    made: datetime = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    day: date = date(2026, 1, 2)
    key: bytes = b"\x00\xff"
    weight: float = 1.5
    parts: int = 2**40


class CupboardName(msgspec.Struct, frozen=True):
    id: str
    name: str


def cupboards(documents: Documents) -> Collection[Cupboard]:
    return Collection(documents, "cupboards", Cupboard, "cupboard")


async def test_a_struct_comes_back_as_it_was_kept(documents: Documents) -> None:
    """Nested structs, dates, times with their zone, bytes, enums and large numbers survive."""
    kept = Cupboard(id=new_id(), name="a", shelves=(Shelf(3), Shelf(4, "top")), labels={"k.1": "ü", "$x": "y"})
    await cupboards(documents).add(kept, taken="taken")
    assert await cupboards(documents).get(kept.id) == kept


async def test_a_document_that_has_not_changed_is_made_a_struct_once(documents: Documents) -> None:
    """A changed one is read anew, and so is one of the same bytes as another type."""
    found, kept = cupboards(documents), Cupboard(id=new_id(), name="a")
    await found.add(kept, taken="taken")
    first = await found.get(kept.id)
    assert await found.get(kept.id) is first
    assert await found.many({"_id": kept.id}, projection=CupboardName) == [CupboardName(kept.id, "a")]
    await found.replace(msgspec.structs.replace(kept, name="b"))
    assert (await found.get(kept.id)).name == "b"


async def test_times_of_now_survive_whole(documents: Documents) -> None:
    kept = Cupboard(id=new_id(), name="a", made=now())
    await cupboards(documents).add(kept, taken="taken")
    assert await cupboards(documents).find({"name": "a"}) == kept


async def test_a_missing_one_is_not_found(documents: Documents) -> None:
    with pytest.raises(NotFound, match=r"^There is no cupboard 1234\.$"):
        await cupboards(documents).get("1234")
    assert await cupboards(documents).find({"_id": "1234"}) is None


async def test_a_taken_id_or_unique_name_conflicts(documents: Documents) -> None:
    """The message is the one that the repository gave; the same document twice is one document."""
    await documents["cupboards"].create_index("name", unique=True)
    first = await cupboards(documents).add(Cupboard(id=new_id(), name="a"), taken="taken")
    for other in (Cupboard(id=first.id, name="b"), Cupboard(id=new_id(), name="a")):
        with pytest.raises(Conflict, match=r"^The name a is taken\.$"):
            await cupboards(documents).add(other, taken="The name a is taken.")
    assert await cupboards(documents).add(first, taken="taken") == first
    assert await cupboards(documents).many({}) == [first]


async def test_replace_raises_the_version(documents: Documents) -> None:
    first = await cupboards(documents).add(Cupboard(id=new_id(), name="a"), taken="taken")
    changed = await cupboards(documents).replace(msgspec.structs.replace(first, name="b", made=datetime.now(UTC)))
    assert (changed.version, changed.name) == (2, "b")
    assert (await cupboards(documents).get(first.id)).name == "b"


async def test_of_racing_replacements_one_wins(documents: Documents) -> None:
    """Ten writers start from the same version: nine are told, and the stored one is the winner's."""
    first = await cupboards(documents).add(Cupboard(id=new_id(), name="a"), taken="taken")
    attempts = [cupboards(documents).replace(msgspec.structs.replace(first, name=str(i))) for i in range(10)]
    results = await asyncio.gather(*attempts, return_exceptions=True)
    winners = [result for result in results if isinstance(result, Cupboard)]
    losers = [result for result in results if isinstance(result, Conflict)]
    assert (len(winners), len(losers)) == (1, 9)
    assert await cupboards(documents).get(first.id) == winners[0]
    assert "changed by somebody else" in losers[0].message


async def test_replacing_a_removed_one_is_not_found(documents: Documents) -> None:
    first = await cupboards(documents).add(Cupboard(id=new_id(), name="a"), taken="taken")
    assert await cupboards(documents).remove({"_id": first.id}) == 1
    with pytest.raises(NotFound):
        await cupboards(documents).replace(first)


async def test_many_sorts_limits_and_projects(documents: Documents) -> None:
    for name in "cab":
        await cupboards(documents).add(Cupboard(id=f"id-{name}", name=name), taken="taken")
    found = await cupboards(documents).many(
        {"colour": Colour.RED}, sort=[("name", -1)], limit=2, projection=CupboardName
    )
    assert found == [CupboardName("id-c", "c"), CupboardName("id-b", "b")]


async def test_update_counts_what_matched(documents: Documents) -> None:
    for name in "ab":
        await cupboards(documents).add(Cupboard(id=name, name=name), taken="taken")
    collection = cupboards(documents)
    assert await collection.update({"_id": "a", "version": 1}, {"$inc": {"version": 1}}) == 1
    assert await collection.update({"_id": "a", "version": 1}, {"$inc": {"version": 1}}) == 0
    assert await collection.update_all({"colour": "red"}, {"$set": {"weight": 2.0}}) == 2
    assert [kept.weight for kept in await collection.many({})] == [2.0, 2.0]


async def test_racing_upserts_each_count(documents: Documents) -> None:
    """Twenty first ones at once make one document that has seen all of them."""
    collection = cupboards(documents)
    one = {"$inc": {"parts": 1}, "$setOnInsert": {"name": "counter"}}
    matched = await asyncio.gather(*(collection.update({"_id": "c"}, one, upsert=True) for _ in range(20)))
    assert matched == [1] * 20
    assert (await documents["cupboards"].find_one({"_id": "c"})) == {"_id": "c", "name": "counter", "parts": 20}


async def test_values_that_no_document_holds_are_invalid(documents: Documents) -> None:
    with pytest.raises(Invalid, match="cannot be kept"):
        await cupboards(documents).add(Cupboard(id="x", name="a", parts=2**70), taken="taken")


async def test_a_stored_document_of_another_shape_is_unavailable(documents: Documents) -> None:
    await documents["cupboards"].insert_one({"_id": "odd", "name": 7})
    with pytest.raises(Unavailable, match="The stored cupboard odd cannot be read"):
        await cupboards(documents).get("odd")


async def test_a_refused_operation_is_unavailable(documents: Documents) -> None:
    with pytest.raises(Unavailable, match="refused an operation"):
        await cupboards(documents).update({"_id": "x"}, {"$nonsense": {"a": 1}})


async def test_an_unreachable_store_is_named_without_its_password() -> None:
    start = asyncio.get_running_loop().time()
    with pytest.raises(Unavailable) as raised:
        await connect("mongodb://ann:hush@127.0.0.1:9/lab?authSource=admin")
    assert raised.value.message == "The document store at mongodb://ann@127.0.0.1:9/lab does not answer."
    assert asyncio.get_running_loop().time() - start < 5.5


@pytest.mark.parametrize(
    "url",
    [
        "localhost:27017",
        "http://x",
        "mongodb://",
        "mongodb://h:port",
        "mongodb://h/a b",
        "mongodb://h/?w=0&journal=true",
        "mongodb://u:p/w@h",
    ],
)
async def test_a_url_that_is_none_is_invalid(url: str) -> None:
    with pytest.raises(Invalid, match="DEPICTIO_MONGODB_URL"):
        await connect(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mongodb://u:p@h:1/db?x=secret", "mongodb://u@h:1/db"),
        ("mongodb+srv://u:p%40@h", "mongodb+srv://u@h"),
        ("mongodb://h1:1,h2:2/", "mongodb://h1:1,h2:2/"),
        ("mongodb://u:p@ss@h/", "mongodb://u@h/"),
        ("mongodb://u:p/ss@h/db", "mongodb://u@h/db"),
        ("mongodb://u:p?ss@h/db", "mongodb://u@h/db"),
    ],
)
def test_urls_are_shown_without_password(url: str, shown: str) -> None:
    assert without_password(url) == shown


def test_new_ids_are_24_hexadecimal_digits() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(id_) == 24 and int(id_, 16) for id_ in ids)
