"""What the REST interface shows of projects, people and collections, where that is not the whole document."""

from datetime import datetime

import msgspec

from domain.access import Actor, Capability, Role
from domain.dashboards import Dashboard
from domain.people import User
from domain.projects import Access, Member, Project, ProjectType


class Me(msgspec.Struct, frozen=True):
    """Who the credentials belong to."""

    id: str
    email: str
    display_name: str
    is_admin: bool


class ProjectSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A project in a list."""

    id: str
    name: str
    description: str
    project_type: ProjectType
    is_public: bool
    created_at: datetime
    updated_at: datetime


class ProjectDetails(ProjectSummary, frozen=True, kw_only=True):
    """A project, with what you may do in it."""

    capabilities: list[Capability]


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
    return Me(actor.user_id or "", actor.email, actor.display_name, actor.is_admin)


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
    return ProjectDetails(**summary, capabilities=sorted(access.capabilities))


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
