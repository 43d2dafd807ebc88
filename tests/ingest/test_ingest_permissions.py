"""Who may ingest: owners, editors and administrators; a viewer and the public learn which permission they lack."""

from collections.abc import AsyncIterator

import msgspec
import pytest

from domain.access import ANONYMOUS, Actor, Principal, PrincipalKind, Role
from domain.errors import Forbidden, Invalid, NotFound
from domain.project_file import project_description
from domain.projects import Access, access, set_public, set_role
from tests.ingest.lab import OWNER, Laboratory, project, table

EDITOR = Actor(user_id="b" * 24, email="editor@example.org")
VIEWER = Actor(user_id="c" * 24, email="viewer@example.org")
STRANGER = Actor(user_id="d" * 24, email="stranger@example.org")
ADMIN = Actor(user_id="e" * 24, email="admin@example.org", is_admin=True)

MAY = {"owner": OWNER, "editor": EDITOR, "admin": ADMIN}
MAY_NOT = {"viewer": VIEWER, "stranger": STRANGER, "anonymous": ANONYMOUS}


async def opened(lab: Laboratory, actor: Actor) -> tuple[Access, str]:
    """The actor's access to a public project with an editor and a viewer, and its collection."""
    lab.describe(project(table()))
    lab.write("run_1/a.csv", "x\n1\n")
    await lab.ingest()
    assert lab.access is not None
    shared = set_public(lab.access.project, is_public=True)
    for who, role in ((EDITOR, Role.EDITOR), (VIEWER, Role.VIEWER)):
        assert who.user_id is not None
        shared = set_role(shared, Principal(PrincipalKind.USER, who.user_id), role)
    return access(actor, shared), (await lab.collection()).id


async def chunks() -> AsyncIterator[bytes]:
    yield b"x"


@pytest.mark.parametrize("actor", MAY.values(), ids=MAY)
async def test_who_may_ingest(lab: Laboratory, actor: Actor) -> None:
    """They see what is known, plan and commit."""
    proof, collection_id = await opened(lab, actor)
    known = await lab.ingestion.known_files(proof, collection_id)
    assert list(known) == ["run_1/a.csv"]
    assert (await lab.ingestion.plan(proof, collection_id, [])).vanished == ("run_1/a.csv",)
    report = await lab.ingestion.commit(proof, collection_id, [], lambda _: lab.folder)
    assert (report.vanished, report.rows) == (1, 0)


@pytest.mark.parametrize("actor", MAY_NOT.values(), ids=MAY_NOT)
async def test_who_may_not(lab: Laboratory, actor: Actor) -> None:
    """Every step is refused, and nothing changes; visitors do not see the log, which names members."""
    proof, collection_id = await opened(lab, actor)
    ingestion = lab.ingestion
    for step in (
        ingestion.known_files(proof, collection_id),
        ingestion.plan(proof, collection_id, []),
        ingestion.commit(proof, collection_id, [], lambda _: lab.folder),
        ingestion.receive(proof, "0" * 64, chunks()),
        ingestion.fail(proof, collection_id, Invalid("")),
        ingestion.run_joins(proof),
    ):
        with pytest.raises(Forbidden, match="data:ingest"):
            await step
    if proof.is_member:
        assert len(await ingestion.log(proof)) == 1
    else:
        with pytest.raises(Forbidden, match="members"):
            await ingestion.log(proof)
    assert (await lab.collection()).table_version == 0


@pytest.mark.parametrize("actor", [STRANGER, ANONYMOUS], ids=["stranger", "anonymous"])
async def test_a_project_file_with_anothers_id_takes_nothing_over(lab: Laboratory, actor: Actor) -> None:
    """The id of a project that the actor may not see is not a way in."""
    lab.describe(project(table()))
    lab.write("run_1/a.csv", "x\n1\n")
    await lab.ingest()
    assert lab.access is not None
    description = project_description({**project(table()), "id": lab.access.project.id})
    with pytest.raises(NotFound):
        await lab.ingestion.register(actor, description)


async def test_a_collection_of_another_project_is_not_found(lab: Laboratory) -> None:
    """An id from elsewhere proves nothing."""
    proof, collection_id = await opened(lab, OWNER)
    foreign = msgspec.structs.replace(proof, project=msgspec.structs.replace(proof.project, id="f" * 24))
    for step in (
        lab.ingestion.known_files(foreign, collection_id),
        lab.ingestion.plan(foreign, collection_id, []),
        lab.ingestion.commit(foreign, collection_id, [], lambda _: lab.folder),
    ):
        with pytest.raises(NotFound):
            await step
