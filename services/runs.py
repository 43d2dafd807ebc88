"""Runs: what the tables of a workflow were made of, run by run, and what ingests did to each."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from domain.access import Capability
from domain.collections import DataCollection, Origin
from domain.errors import NotFound
from domain.ingests import IngestRecord, Outcome
from domain.projects import Access
from domain.run_lists import (
    Refusal,
    RunChange,
    RunDetail,
    RunFiles,
    RunShare,
    RunsPage,
    RunsWanted,
    change_of,
    run_lines,
    runs_page,
    shares,
)
from domain.wording import tr
from persistence.ledgers import Ledgers, LedgerVersion
from persistence.tables import Tables
from services.collections import Collections
from services.ingestion import Ingestion

Held = dict[str, dict[str, RunShare]]


class Runs:
    """The use cases of looking at runs; what was refused is for members, as the log of ingests is."""

    def __init__(self, collections: Collections, ingestion: Ingestion, tables: Tables) -> None:
        self._collections = collections
        self._ingestion = ingestion
        self._ledgers = Ledgers(tables)

    async def workflows(self, access: Access) -> list[str]:
        """The workflows that collections were filled by, by name; `uploads` is that of the browser."""
        found = await self._collections.all(access)
        return sorted({one.workflow for one in found if one.origin is not Origin.JOIN})

    async def page(self, access: Access, workflow: str, wanted: RunsWanted) -> RunsPage:
        """A page of the runs of a workflow.

        Raises:
            NotFound: when no collection is of that workflow.
            Invalid: for an order that there is not, or a page that cannot be.
        """
        collections = await self._of(access, workflow)
        held = await self._held(collections)
        return runs_page(run_lines(workflow, held, await self._refused(access, collections, held)), wanted)

    async def get(self, access: Access, workflow: str, name: str) -> RunDetail:
        """One run with its files and its history.

        Raises:
            NotFound: when there is no such workflow, or no ingest has seen such a run.
        """
        collections = await self._of(access, workflow)
        held_by = await self._held(collections)
        refused = await self._refused(access, collections, held_by)
        line = next((one for one in run_lines(workflow, held_by, refused) if one.name == name), None)
        if line is None:
            raise NotFound(tr("The workflow {workflow!r} has no run {name!r}.", workflow=workflow, name=name))
        held, history = [], await self._failures(access, collections, name)
        for one in collections:
            versions = await self._versions(one)
            if not versions:
                continue
            files = tuple(file for file in versions[0].files if file.run == name)
            if files:
                held.append(RunFiles(one.id, one.tag, tuple(sorted(files, key=lambda file: file.path))))
            history += _changes(one.tag, versions, name)
        history.sort(key=lambda one: one.at, reverse=True)
        return RunDetail(line=line, held=tuple(held), refusals=tuple(refused.get(name, ())), history=tuple(history))

    async def _of(self, access: Access, workflow: str) -> list[DataCollection]:
        access.require(Capability.DATA_VIEW)
        access.require(Capability.PROJECT_VIEW)
        found = await self._collections.all(access)
        mine = [one for one in found if one.workflow == workflow and one.origin is not Origin.JOIN]
        if not mine:
            raise NotFound(
                tr("The project {name!r} has no workflow {workflow!r}.", name=access.project.name, workflow=workflow)
            )
        return mine

    async def _held(self, collections: Sequence[DataCollection]) -> Held:
        """What each collection has of each run, by tag and name of the run."""
        made = [one for one in collections if one.table_version is not None]
        found = await asyncio.gather(
            *(asyncio.to_thread(self._ledgers.shares, one.table_path, one.table_version or 0) for one in made)
        )
        return {one.tag: runs for one, runs in zip(made, found, strict=True)}

    async def _versions(self, collection: DataCollection) -> list[LedgerVersion]:
        if collection.table_version is None:
            return []
        return await asyncio.to_thread(self._ledgers.versions, collection.table_path, collection.table_version)

    async def _refused(
        self, access: Access, collections: Sequence[DataCollection], held: Held
    ) -> dict[str, list[Refusal]]:
        """What the last ingest of each collection refused, by run, where it failed."""
        found: dict[str, list[Refusal]] = defaultdict(list)
        known = {run for runs in held.values() for run in runs}
        for record in _newest(await self._log(access, collections)):
            # Records from before the runs were noted have the places alone.
            runs = known | {*record.report.refused}
            for problem in record.report.problems:
                run = problem.place.partition("/")[0]
                if run in runs:
                    found[run].append(Refusal(record.report.tag, problem.place, problem.message))
        return dict(found)

    async def _failures(self, access: Access, collections: Sequence[DataCollection], name: str) -> list[RunChange]:
        log = await self._log(access, collections)
        return [
            RunChange(tag=one.report.tag, at=one.finished_at, message=one.report.message)
            for one in log
            if one.report.outcome is Outcome.FAILED and name in one.report.refused
        ]

    async def _log(self, access: Access, collections: Sequence[DataCollection]) -> list[IngestRecord]:
        if not access.is_member:
            return []
        tags = {(one.workflow, one.tag) for one in collections}
        log = await self._ingestion.log(access)
        return [one for one in log if (one.report.workflow, one.report.tag) in tags]


def _newest(log: Sequence[IngestRecord]) -> list[IngestRecord]:
    """The newest record of each collection."""
    found: dict[str, IngestRecord] = {}
    for record in log:
        found.setdefault(record.report.tag, record)
    return list(found.values())


def _changes(tag: str, versions: Sequence[LedgerVersion], name: str) -> list[RunChange]:
    found = []
    for number, one in enumerate(versions):
        is_last = number + 1 == len(versions)
        if is_last and one.version:
            break  # What was before it is no longer known.
        before = [] if is_last else [file for file in versions[number + 1].files if file.run == name]
        share = shares([file for file in one.files if file.run == name], before).get(name)
        change = change_of(tag, one.version, one.at, share) if share else None
        if change is not None:
            found.append(change)
    return found
