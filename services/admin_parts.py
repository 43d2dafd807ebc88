"""The services that administrators look after a site with, put together for `services.system`."""

from typing import NamedTuple

from persistence.collections import CollectionRepository, IngestRepository
from persistence.groups import GroupRepository
from persistence.leases import Leases
from persistence.mongo import Documents
from persistence.objects import ObjectStore
from persistence.people import SessionRepository, UserRepository
from persistence.projects import ProjectRepository
from services.bulk import BulkActs
from services.clock import Clock
from services.overview import Overview
from services.people import People
from services.sessions import Sessions
from services.site import Site


class AdminParts(NamedTuple):
    """What administrators see, and what they do to several at once."""

    overview: Overview
    bulk: BulkActs


def admin_parts(
    documents: Documents, objects: ObjectStore, leases: Leases, people: People, site: Site, now: Clock
) -> AdminParts:
    """Both, over these stores."""
    sessions = SessionRepository(documents)
    overview = Overview(
        ProjectRepository(documents),
        CollectionRepository(documents),
        IngestRepository(documents),
        leases,
        objects,
        UserRepository(documents),
        GroupRepository(documents),
        sessions,
        Sessions(sessions, lengths=site.lengths, now=now),
        now,
        audit=site.audit,
    )
    return AdminParts(overview, BulkActs(people, overview, UserRepository(documents)))
