"""Saved views of a dashboard: kept for oneself or shared, and the one with which it opens."""

from collections.abc import Sequence

import msgspec
from msgspec import UNSET, UnsetType

from domain.access import Capability
from domain.errors import Forbidden, Invalid, NotFound, Problem, Unauthenticated
from domain.projects import Access
from domain.saved_views import (
    MAX_VIEWS,
    Gone,
    SavedView,
    ViewState,
    check_version,
    checked_name,
    checked_state,
    gone,
    labels_of,
)
from domain.wording import tr
from persistence.mongo import new_id
from persistence.saved_views import SHARED, SavedViewRepository
from services.audit import Audit, recorded
from services.clock import Clock
from services.dashboards import DashboardAccess

EVERYBODY = ""


class ShownView(msgspec.Struct, frozen=True, kw_only=True):
    """A view as one reader meets it. `gone` is what it names and the dashboard no longer has."""

    id: str
    name: str
    shared: bool
    owner_name: str
    state: ViewState
    gone: tuple[Gone, ...]
    may_change: bool
    is_default: bool
    """Whether the dashboard opens with it, for everybody who has not chosen another one."""
    is_own_default: bool
    version: int


class Views(msgspec.Struct, frozen=True, kw_only=True):
    """All views that one reader sees, and what they may do with views."""

    views: list[ShownView]
    opens_with: str | None
    """The id of the view with which the dashboard opens for this reader."""
    opens_plain: bool
    """Whether this reader wants it to open without a view, whatever is chosen for everybody."""
    may_keep: bool
    may_share: bool
    may_set_default: bool


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """What a page is opened with: a view, nothing, or a view that cannot be shown, and why."""

    name: str
    """As the link calls it."""
    view: ShownView | None
    problem: str
    is_default: bool
    """Whether the reader asked for nothing, so that the default view is meant."""
    has_default: bool


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be changed of the view that was read as `version`; what is left out stays."""

    version: int
    name: str | UnsetType = UNSET
    shared: bool | UnsetType = UNSET
    state: ViewState | UnsetType = UNSET


class SavedViews:
    """The use cases of saved views.

    Whoever sees the dashboard sees the shared ones; members keep private ones, which nobody else sees; sharing one and
    changing a shared one needs `view:save`. A view that is another's is NotFound, as if there were none.
    """

    def __init__(self, views: SavedViewRepository, now: Clock, *, audit: Audit) -> None:
        self.audit = audit
        self._views = views
        self._now = now

    async def all(self, opened: DashboardAccess) -> Views:
        """The views that the actor sees, the shared ones first."""
        access = opened.access
        # Names of views may tell more than the one view that a share link shows.
        access.require(Capability.PROJECT_VIEW)
        found = await self._views.visible(opened.dashboard.id, access.actor.user_id)
        defaults = await self._defaults(opened)
        ids = {view.id for view in found}
        first = _first(defaults, access)
        return Views(
            views=[_shown(opened, view, defaults) for view in found],
            opens_with=first if first in ids else None,
            opens_plain=defaults.get(access.actor.user_id or EVERYBODY) == "",
            may_keep=access.may(Capability.VIEW_KEEP) and access.actor.user_id is not None,
            may_share=access.may(Capability.VIEW_SAVE) and access.actor.user_id is not None,
            may_set_default=access.may(Capability.DASHBOARD_EDIT),
        )

    async def get(self, opened: DashboardAccess, name: str) -> ShownView:
        """The view of that id or name; of a shared and an own one of the same name, the shared one.

        Raises:
            NotFound: when there is none, or somebody else keeps it; the two are not told apart.
        """
        opened.access.require(Capability.DASHBOARD_VIEW)
        return _shown(opened, await self._find(opened, name), await self._defaults(opened))

    async def opening(self, opened: DashboardAccess, name: str | None) -> Opening:
        """What a page shows at first: the view that its link names or, without `name`, the default one."""
        opened.access.require(Capability.DASHBOARD_VIEW)
        defaults = await self._defaults(opened)
        first = await self._visible(opened, _first(defaults, opened.access))
        view, problem = (None, "") if name else (first, "")
        if name:
            try:
                view = await self._find(opened, name)
            except NotFound as error:
                problem = error.message
        return Opening(
            name=name or (view.name if view else ""),
            view=_shown(opened, view, defaults) if view else None,
            problem=problem,
            is_default=not name and view is not None,
            has_default=first is not None,
        )

    @recorded(Capability.VIEW_KEEP, "keep a view", "name", "shared")
    async def add(self, opened: DashboardAccess, name: str, state: ViewState, *, shared: bool = False) -> ShownView:
        """Keep what the actor looks at under a name.

        Raises:
            Forbidden: without `view:keep` or, when it is shared, `view:save`.
            Conflict: when the name is taken among the shared or the own ones.
            Invalid: when the name cannot be used, the state does not fit the dashboard, or there are too many.
        """
        owner_id = _keeper(opened.access, shared=shared)
        checked, state = checked_name(name), checked_state(opened.dashboard, state)
        await self._check_room(opened, SHARED if shared else owner_id)
        actor, at = opened.access.actor, self._now()
        view = SavedView(
            id=new_id(),
            project_id=opened.access.project.id,
            dashboard_id=opened.dashboard.id,
            name=checked,
            shared=shared,
            owner_id=owner_id,
            owner_name=actor.display_name or actor.email,
            created_at=at,
            updated_at=at,
            state=state,
            labels=labels_of(opened.dashboard, state),
        )
        return _shown(opened, await self._views.add(view), await self._defaults(opened))

    @recorded(Capability.VIEW_KEEP, "change a view", "view_id", "change.name", "change.shared")
    async def change(self, opened: DashboardAccess, view_id: str, change: Change) -> ShownView:
        """Rename a view, share it or keep it for oneself, or let it say what the actor looks at now.

        Raises:
            Forbidden: when the actor may not change it.
            Conflict: when it was changed since, the name is taken, or it is everybody's default and would be no longer
                shared.
            Invalid: as for `add`.
        """
        view = await self._changeable(opened, view_id)
        shared = view.shared if change.shared is UNSET else change.shared
        if shared != view.shared:
            await self._check_sharing(opened, view, shared=shared)
        check_version(view, change.version)
        changed = msgspec.structs.replace(view, shared=shared)
        if change.name is not UNSET:
            changed = msgspec.structs.replace(changed, name=checked_name(change.name))
        if change.state is not UNSET:
            state = checked_state(opened.dashboard, change.state)
            changed = msgspec.structs.replace(changed, state=state, labels=labels_of(opened.dashboard, state))
        if changed != view:
            changed = await self._views.replace(msgspec.structs.replace(changed, updated_at=self._now()))
        return _shown(opened, changed, await self._defaults(opened))

    @recorded(Capability.VIEW_KEEP, "delete a view", "view_id")
    async def remove(self, opened: DashboardAccess, view_id: str) -> None:
        """Delete a view; where it was the default one there is none then."""
        await self._views.remove(await self._changeable(opened, view_id))

    @recorded(Capability.DASHBOARD_EDIT, "set everybody's default view", "view_id")
    async def set_default(self, opened: DashboardAccess, view_id: str | None) -> Views:
        """Let the dashboard open with a shared view for everybody, or with None as it is.

        Raises:
            Forbidden: without `dashboard:edit`.
            Invalid: when the view is not shared.
        """
        opened.access.require(Capability.DASHBOARD_EDIT)
        if view_id is None:
            await self._views.forget_default(opened.dashboard.id, EVERYBODY)
            return await self.all(opened)
        view = await self._find(opened, view_id)
        if not view.shared:
            problem = Problem("view_id", tr("{name!r} is kept by one person; share it first", name=view.name))
            raise Invalid(tr("Everybody's default view must be shared."), (problem,))
        await self._views.set_default(view.project_id, view.dashboard_id, EVERYBODY, view.id)
        return await self.all(opened)

    @recorded(Capability.VIEW_KEEP, "set the own default view", "view_id")
    async def set_own_default(self, opened: DashboardAccess, view_id: str | None) -> Views:
        """Let the dashboard open with this view for the actor; "" without any, None with everybody's."""
        user_id = _keeper(opened.access, shared=False)
        if view_id is None:
            await self._views.forget_default(opened.dashboard.id, user_id)
        else:
            found = await self._find(opened, view_id) if view_id else None
            chosen = found.id if found else ""
            await self._views.set_default(opened.access.project.id, opened.dashboard.id, user_id, chosen)
        return await self.all(opened)

    async def _defaults(self, opened: DashboardAccess) -> dict[str, str]:
        return await self._views.defaults(opened.dashboard.id, opened.access.actor.user_id)

    async def _find(self, opened: DashboardAccess, name: str) -> SavedView:
        found = await self._visible(opened, name)
        for audience in (SHARED, opened.access.actor.user_id):
            if found is None and audience is not None:
                found = await self._views.find_named(opened.dashboard.id, audience, name)
        if found is None:
            raise NotFound(
                tr(
                    "The dashboard has no view {name!r} that you may see. It may have been renamed or deleted, or "
                    "somebody keeps it for themselves.",
                    name=name,
                )
            )
        return found

    async def _visible(self, opened: DashboardAccess, view_id: str | None) -> SavedView | None:
        view = await self._views.find(view_id) if view_id else None
        if view is None or view.dashboard_id != opened.dashboard.id:
            return None
        return view if view.shared or view.owner_id == opened.access.actor.user_id else None

    async def _changeable(self, opened: DashboardAccess, view_id: str) -> SavedView:
        opened.access.require(Capability.DASHBOARD_VIEW)
        view = await self._find(opened, view_id)
        _keeper(opened.access, shared=view.shared)
        return view

    async def _check_sharing(self, opened: DashboardAccess, view: SavedView, *, shared: bool) -> None:
        if shared:
            _keeper(opened.access, shared=True)
            await self._check_room(opened, SHARED)
            return
        if view.owner_id != opened.access.actor.user_id:
            raise Forbidden(
                tr(
                    "Only {owner_name}, who made the view {name!r}, can take it back.",
                    owner_name=view.owner_name,
                    name=view.name,
                )
            )
        if (await self._defaults(opened)).get(EVERYBODY) == view.id:
            problem = Problem("shared", tr("choose another default view first"))
            raise Invalid(tr("The dashboard opens with the view {name!r} for everybody.", name=view.name), (problem,))
        await self._check_room(opened, view.owner_id)

    async def _check_room(self, opened: DashboardAccess, audience: str) -> None:
        found = await self._views.visible(opened.dashboard.id, None if audience == SHARED else audience)
        if sum(view.shared is (audience == SHARED) for view in found) >= MAX_VIEWS:
            problem = Problem("views", tr("delete some that nobody needs"))
            most = tr("A dashboard has at most {most} shared views, and {most} of each person.", most=MAX_VIEWS)
            raise Invalid(most, (problem,))


def _keeper(access: Access, *, shared: bool) -> str:
    """The id of who may keep a view, or change a shared one.

    Raises:
        Forbidden: without the capability.
        Unauthenticated: for somebody without an account.
    """
    access.require(Capability.VIEW_SAVE if shared else Capability.VIEW_KEEP)
    if access.actor.user_id is None:
        raise Unauthenticated(tr("Sign in to save a view."))
    return access.actor.user_id


def _first(defaults: dict[str, str], access: Access) -> str | None:
    """The id of the view to begin with: one's own choice is stronger than everybody's."""
    own = defaults.get(access.actor.user_id or EVERYBODY)
    return own if own is not None else defaults.get(EVERYBODY)


def _shown(opened: DashboardAccess, view: SavedView, defaults: dict[str, str]) -> ShownView:
    access = opened.access
    needed = Capability.VIEW_SAVE if view.shared else Capability.VIEW_KEEP
    missing: Sequence[Gone] = gone(opened.dashboard, view.state, view.labels)
    return ShownView(
        id=view.id,
        name=view.name,
        shared=view.shared,
        owner_name=view.owner_name,
        state=view.state,
        gone=tuple(missing),
        may_change=access.may(needed) and access.actor.user_id is not None,
        is_default=defaults.get(EVERYBODY) == view.id,
        is_own_default=access.actor.user_id is not None and defaults.get(access.actor.user_id) == view.id,
        version=view.version,
    )
