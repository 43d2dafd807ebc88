"""The lineage of a project: what its tables are made of and what shows them, as far as one may see it."""

from domain.access import Capability
from domain.ingests import IngestRecord, Outcome
from domain.lineage import Faults, Lineage, lineage
from domain.projects import Access
from services.collections import Collections
from services.dashboards import Dashboards
from services.ingestion import Ingestion


class Lineages:
    """Three questions to the document store, however large the project is."""

    def __init__(self, collections: Collections, dashboards: Dashboards, ingestion: Ingestion) -> None:
        self._collections = collections
        self._dashboards = dashboards
        self._ingestion = ingestion

    async def of(self, access: Access) -> Lineage:
        """The project's files, collections, joins and dashboards; that ingests failed is for members to know."""
        access.require(Capability.PROJECT_VIEW)
        collections = await self._collections.all(access)
        dashboards = await self._dashboards.of_project(access)
        log = await self._ingestion.log(access) if access.is_member else []
        return lineage(access.project.source, collections, dashboards, faults_of(log))


def faults_of(log: list[IngestRecord]) -> Faults:
    """Which collections failed when they were last ingested; `log` has the newest record first."""
    newest: dict[tuple[str, str], IngestRecord] = {}
    for record in log:
        newest.setdefault((record.report.workflow, record.report.tag), record)
    return {key: one.report.message for key, one in newest.items() if one.report.outcome is Outcome.FAILED}
