"""The composition root: every service of one installation, built once from its settings."""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

import msgspec
from argon2 import PasswordHasher

from domain.access import Actor
from domain.history import Stamp
from domain.projects import Access
from domain.settings import Settings
from persistence.accounts import InvitationRepository
from persistence.audit import AuditRepository
from persistence.collections import CollectionRepository, IngestRepository
from persistence.dashboards import DashboardRepository
from persistence.discussions import NoteRepository, ThreadRepository
from persistence.document_copies import refuse_unfinished
from persistence.embedded import EmbeddedServer
from persistence.frames.hot import HotTables
from persistence.groups import GroupRepository
from persistence.inbox import MessageRepository
from persistence.jobs import JobRepository
from persistence.leases import Leases
from persistence.migrations import migrate
from persistence.mongo import Documents, connect
from persistence.objects import ObjectStore, open_objects
from persistence.people import UserRepository
from persistence.presences import PresenceRepository
from persistence.projects import ProjectRepository
from persistence.saved_views import SavedViewRepository
from persistence.share_links import ShareLinkRepository
from persistence.site import SiteRepository
from persistence.tables import Tables
from persistence.throttle import AttemptRepository
from persistence.tokens import ApiTokenRepository
from services.accounts import Accounts
from services.admin_parts import admin_parts
from services.administrators import Administrators
from services.api_tokens import ApiTokens
from services.arrangement import Arrangement
from services.audit import Audit
from services.batches import Batches
from services.bulk import BulkActs
from services.called import Called
from services.clock import Clock
from services.collections import Collections
from services.contents import Contents
from services.copies import Copies
from services.dashboards import Dashboards
from services.directory import Directory
from services.discussions import Discussions, Notes
from services.exports import Exports
from services.first_administrator import ensure_administrator
from services.groups import Groups
from services.health import Health
from services.history import History
from services.images import Images
from services.inbox import Inbox
from services.ingestion import Ingestion
from services.invitations import Invitations
from services.job_parts import job_parts
from services.job_runner import JobRunner
from services.jobs import Jobs
from services.keys import secret_key
from services.lineage import Lineages
from services.live import Live
from services.overview import Overview
from services.passwords import Passwords
from services.people import People
from services.people_parts import accounts_of, people_of, provider_sign_in_of
from services.pictures import Pictures
from services.pinned import BehindDashboards
from services.pins import Pins
from services.previews import Previews
from services.projects import Projects
from services.provider_sign_in import ProviderSignIn
from services.queries import Queries
from services.questions import Questions
from services.remap import Remap
from services.runs import Runs
from services.saved_views import SavedViews
from services.share_links import ShareLinks
from services.sharing import Sharing
from services.site import Site
from services.throttle import SignInThrottle
from services.typed_conditions import typed_conditions
from services.upkeep import Upkeep
from services.uploaded import UploadedTables
from services.uploads import Uploads
from services.workers import Workers

MIB = 2**20


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """What pages, REST, Dash callbacks and the command line call."""

    settings: Settings
    site: Site
    audit: Audit
    people: People
    accounts: Accounts
    administrators: Administrators
    api_tokens: ApiTokens
    invitations: Invitations
    provider_sign_in: ProviderSignIn
    projects: Projects
    groups: Groups
    directory: Directory
    sharing: Sharing
    share_links: ShareLinks
    collections: Collections
    previews: Previews
    dashboards: Dashboards
    arrangement: Arrangement
    pins: Pins
    remap: Remap
    discussions: Discussions
    inbox: Inbox
    notes: Notes
    saved_views: SavedViews
    copies: Copies
    pictures: Pictures
    images: Images
    history: History
    live: Live
    queries: Queries
    questions: Questions
    exports: Exports
    ingestion: Ingestion
    uploaded: UploadedTables
    batches: Batches
    upkeep: Upkeep
    overview: Overview
    jobs: Jobs
    runner: JobRunner
    workers: Workers
    lineages: Lineages
    runs: Runs
    bulk: BulkActs
    health: Health
    documents_url: str = ""
    """Where further server processes find the documents, with credentials: never to be shown."""
    first_password: str | None = None
    """The generated password of the first administrator, at the very first start only: to be printed once."""

    def stamped(self, stamp: Stamp) -> "Services":
        """The same services in one opened editor: what it saves can be undone there."""
        dashboards, history = self.dashboards.stamped(stamp), self.history.stamped(stamp)
        arrangement = self.arrangement.stamped(dashboards)
        return msgspec.structs.replace(
            self,
            dashboards=dashboards,
            history=history,
            arrangement=arrangement,
            pins=self.pins.stamped(dashboards),
            remap=self.remap.stamped(dashboards),
        )

    async def prepare(self, access: Access) -> None:
        """Have ready, soon, what the filters of a project's dashboards will ask of large tables."""
        for dashboard in await self.dashboards.of_project(access):
            pinned = msgspec.structs.replace(access, pins=dashboard.pins)
            await self.queries.prepare(pinned, list(dashboard.tiles.values()))

    async def prepare_all(self) -> None:
        """The same for every project."""
        system = Actor(is_admin=True)
        for project in await self.projects.visible(system):
            await self.prepare(await self.projects.open(system, project.id))


@asynccontextmanager
async def services_on(
    settings: Settings, embedded: EmbeddedServer | None, now: Clock, hasher: PasswordHasher | None
) -> AsyncIterator[Services]:
    """The services, on the embedded document server if there is one: see `services.opening`."""
    with ExitStack() as stack:
        # All processes, and this one after a restart, sign and check with one key.
        settings = msgspec.structs.replace(settings, secret_key=secret_key(settings))
        url = settings.mongodb_url if embedded is None else embedded.url
        documents = await connect(url, settings.mongodb_database)
        stack.callback(documents.close)
        await refuse_unfinished(documents)
        await migrate(documents)
        objects = open_objects(settings.storage_url or str(settings.data_dir / "storage"), settings.storage_options)
        await objects.ping()
        site = Site(SiteRepository(documents), AuditRepository(documents), settings, now, Called(documents))
        people = people_of(settings, documents, now, hasher, site)
        first_password = await ensure_administrator(people, UserRepository(documents), settings)
        services = _services(settings, documents, objects, embedded, people, site, now, first_password, hasher)
        services = msgspec.structs.replace(services, documents_url=url)
        stack.callback(services.queries.close)
        stack.callback(services.images.close)
        stack.callback(services.exports.close)
        yield services


def _services(
    settings: Settings,
    documents: Documents,
    objects: ObjectStore,
    embedded: EmbeddedServer | None,
    people: People,
    site: Site,
    now: Clock,
    first_password: str | None,
    hasher: PasswordHasher | None,
) -> Services:
    collections = CollectionRepository(documents)
    dashboards = DashboardRepository(documents)
    ingests = IngestRepository(documents)
    leases = Leases(documents)
    contents = Contents(
        collections, dashboards, ingests, leases, objects, ShareLinkRepository(documents), JobRepository(documents)
    )
    projects = Projects(ProjectRepository(documents), people, contents, now, audit=site.audit)
    groups = Groups(GroupRepository(documents), people, projects, now, audit=site.audit)
    accounts = accounts_of(settings, documents, people, groups, site, now)
    invitations = Invitations(
        InvitationRepository(documents),
        people,
        projects,
        groups,
        site,
        now,
        audit=site.audit,
    )
    tables = Tables(objects)
    reading, behind = Collections(collections, tables), BehindDashboards(collections, tables)
    boards = Dashboards(dashboards, collections, projects, now, audit=site.audit)
    queries = Queries(collections, tables, settings.query_seconds, _hot_tables(settings))
    spool = settings.data_dir / "spool"
    ingestion = Ingestion(
        collections,
        ingests,
        leases,
        tables,
        projects,
        spool,
        now,
        upload_max_mib=settings.upload_max_mib,
        upload_limit=site.upload_max_mib,
        audit=site.audit,
    )
    uploads = Uploads(spool / "uploads", settings.upload_max_mib, site.upload_max_mib)
    uploaded = UploadedTables(
        ingestion,
        collections,
        uploads,
        now,
        audit=site.audit,
    )
    upkeep = Upkeep(collections, dashboards, ingests, leases, tables, ingestion, now, audit=site.audit)
    parts = job_parts(settings, documents, people, groups, projects, ingestion, uploaded, upkeep, now)
    looked_after = admin_parts(documents, objects, leases, people, site, now)
    services = Services(
        settings=settings,
        site=site,
        audit=site.audit,
        people=people,
        accounts=accounts,
        administrators=Administrators(people, accounts, invitations),
        api_tokens=ApiTokens(ApiTokenRepository(documents), now, audit=site.audit),
        invitations=invitations,
        provider_sign_in=provider_sign_in_of(settings, documents, people, accounts, invitations, now),
        projects=projects,
        groups=groups,
        directory=Directory(UserRepository(documents), GroupRepository(documents), AttemptRepository(documents), now),
        sharing=Sharing(projects, people, groups, boards, reading, audit=site.audit),
        share_links=_share_links(settings, documents, Passwords(hasher), behind, now, site.audit),
        collections=reading,
        previews=Previews(reading, queries),
        dashboards=boards,
        arrangement=Arrangement(boards, collections),
        pins=Pins(boards, reading, audit=site.audit),
        remap=Remap(boards, reading, History(boards, dashboards), typed_conditions(documents, now), audit=site.audit),
        discussions=Discussions(ThreadRepository(documents), MessageRepository(documents), people, now),
        inbox=Inbox(MessageRepository(documents), projects),
        notes=Notes(NoteRepository(documents), now),
        saved_views=SavedViews(SavedViewRepository(documents), now, audit=site.audit),
        copies=Copies(boards, collections, projects, dashboards.said, audit=site.audit),
        pictures=Pictures(collections, objects),
        images=Images(reading, queries, objects),
        history=History(boards, dashboards),
        live=Live(dashboards, collections, PresenceRepository(documents), projects, now),
        queries=queries,
        questions=Questions(queries, reading),
        exports=Exports(queries, now, audit=site.audit),
        ingestion=ingestion,
        uploaded=uploaded,
        batches=Batches(uploaded, uploads),
        jobs=parts.jobs,
        runner=parts.runner,
        workers=parts.workers,
        runs=Runs(reading, ingestion, tables),
        lineages=Lineages(reading, boards, ingestion),
        upkeep=upkeep,
        overview=looked_after.overview,
        bulk=looked_after.bulk,
        health=Health(documents, objects, embedded),
        first_password=first_password,
    )
    parts.runner.prepare_with(services.prepare)
    return services


def _share_links(
    settings: Settings,
    documents: Documents,
    passwords: Passwords,
    behind: BehindDashboards,
    now: Clock,
    audit: Audit,
) -> ShareLinks:
    throttle = SignInThrottle(AttemptRepository(documents), settings.sign_in_attempts, now)
    dashboards = DashboardRepository(documents)
    links = ShareLinkRepository(documents)
    return ShareLinks(links, dashboards, passwords, throttle, behind, settings.secret_key, now, audit=audit)


def _hot_tables(settings: Settings) -> HotTables:
    disk, memory = settings.cache_mib * MIB, settings.query_memory_mib * MIB
    return HotTables(settings.data_dir / "cache", disk=disk, memory=memory)
