"""Laboratories for ingestion (see `lab.py`)."""

from datetime import timedelta
from pathlib import Path

import pytest

from domain.settings import Settings
from persistence.audit import AuditRepository
from persistence.collections import CollectionRepository, IngestRepository
from persistence.dashboards import DashboardRepository
from persistence.jobs import JobRepository
from persistence.leases import Leases
from persistence.migrations import migrate
from persistence.mongo import Documents, now
from persistence.objects import ObjectStore, open_objects
from persistence.projects import ProjectRepository
from persistence.share_links import ShareLinkRepository
from persistence.site import SiteRepository
from persistence.tables import Tables
from services.contents import Contents
from services.ingestion import Ingestion
from services.projects import Projects
from services.site import Site
from services.upkeep import Upkeep
from tests.ingest.lab import Laboratories, Laboratory


@pytest.fixture
async def laboratories(tmp_path: Path, documents: Documents) -> Laboratories:
    await migrate(documents)
    folder = tmp_path / "lab"
    folder.mkdir()

    def make(objects: ObjectStore) -> Laboratory:
        collections, ingests = CollectionRepository(documents), IngestRepository(documents)
        leases = Leases(documents, timedelta(seconds=1.5))
        audit = Site(SiteRepository(documents), AuditRepository(documents), Settings(), now).audit
        contents = Contents(
            collections,
            DashboardRepository(documents),
            ingests,
            leases,
            objects,
            ShareLinkRepository(documents),
            JobRepository(documents),
        )
        projects = Projects(ProjectRepository(documents), None, contents, now, audit=audit)  # type: ignore[arg-type]
        tables = Tables(objects)
        ingestion = Ingestion(collections, ingests, leases, tables, projects, tmp_path / "spool", now, audit=audit)
        upkeep = Upkeep(
            *(collections, DashboardRepository(documents), ingests, leases, tables, ingestion, now), audit=audit
        )
        return Laboratory(folder, ingestion, tables, collections, leases, upkeep)

    return make


@pytest.fixture
async def lab(laboratories: Laboratories, tmp_path: Path) -> Laboratory:
    """A laboratory on the local disk."""
    return laboratories(open_objects(str(tmp_path / "objects")))
