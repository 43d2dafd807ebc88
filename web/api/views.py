"""What the REST interface shows of projects, people and collections, where that is not the whole document."""

from datetime import datetime

import msgspec

from domain.access import Actor, Capability, Role, Scope
from domain.dashboards import Dashboard
from domain.description import LinkDescription, Resolver
from domain.people import User
from domain.projects import Access, Member, Project, ProjectType


class Me(msgspec.Struct, frozen=True):
    """Who the credentials belong to."""

    id: str
    email: str
    display_name: str
    is_admin: bool
    scopes: list[Scope] | None = None
    """Those of the API token that was shown, None when there was none."""


class ProjectSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A project in a list."""

    id: str
    name: str
    description: str
    project_type: ProjectType
    is_public: bool
    created_at: datetime
    updated_at: datetime


class LinkDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A link of the project file: filters on the source narrow the target, if it is enabled. Both are tags."""

    source: str
    source_column: str
    target: str
    target_column: str
    resolver: Resolver
    enabled: bool
    description: str


class ProjectDetails(ProjectSummary, frozen=True, kw_only=True):
    """A project, with what you may do in it and how its collections are linked."""

    capabilities: list[Capability]
    links: list[LinkDetails]


class MemberDetails(msgspec.Struct, frozen=True):
    """A member of a project."""

    user_id: str
    email: str
    display_name: str
    role: Role


class DashboardSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A dashboard in a list, without its tiles."""

    id: str
    project_id: str
    title: str
    subtitle: str
    tiles: int
    version: int
    updated_at: datetime


def me(actor: Actor) -> Me:
    scopes = None if actor.scopes is None else sorted(actor.scopes)
    return Me(actor.user_id or "", actor.email, actor.display_name, actor.is_admin, scopes)


def project_summary(project: Project) -> ProjectSummary:
    return ProjectSummary(
        id=project.id,
        name=project.name,
        description=project.description,
        project_type=project.project_type,
        is_public=project.is_public,
        created_at=project.created_at,
        updated_at=project.updated_at,
    )


def project_details(access: Access) -> ProjectDetails:
    summary = msgspec.structs.asdict(project_summary(access.project))
    source = access.project.source
    links = [link_details(link) for link in source.links] if source else []
    return ProjectDetails(**summary, capabilities=sorted(access.capabilities), links=links)


def link_details(link: LinkDescription) -> LinkDetails:
    return LinkDetails(
        source=link.source_dc_tag,
        source_column=link.source_column,
        target=link.target_dc_tag,
        target_column=link.target_column,
        resolver=link.link_config.resolver,
        enabled=link.enabled,
        description=link.description,
    )


def member_details(member: Member) -> MemberDetails:
    user: User = member.user
    return MemberDetails(user.id, user.email, user.display_name, member.role)


def dashboard_summary(dashboard: Dashboard) -> DashboardSummary:
    return DashboardSummary(
        id=dashboard.id,
        project_id=dashboard.project_id,
        title=dashboard.title,
        subtitle=dashboard.subtitle,
        tiles=len(dashboard.tiles),
        version=dashboard.version,
        updated_at=dashboard.updated_at,
    )
