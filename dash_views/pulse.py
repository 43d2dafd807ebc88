"""The requests by which an opened page asks what is new, and an editor undoes and redoes: plain JSON, without Dash."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from dash_views.answering import unreadable
from dash_views.board import stamp_of
from dash_views.parts import plain, saved_as
from domain.access import Actor
from domain.errors import DomainError
from domain.history import Stacks, told, told_plainly
from services.live import Pulse
from services.system import Services


class PulseAsk(msgspec.Struct, frozen=True):
    """What the page has: the version that it draws, and the tile that its editor is in; `leaving` when it closes.

    What can be undone is told when there is another version, and `first`.
    """

    version: int = 0
    tile: str = ""
    first: bool = False
    leaving: bool = False


class UndoAsk(msgspec.Struct, frozen=True):
    """Undo or redo; `passed` are edits that could not be taken back and are left as they are."""

    redo: bool = False
    passed: tuple[int, ...] = ()


def pulse_router(prefix: str, *, editable: bool, **options: Any) -> Router:
    """The pulse of the pages under `prefix`; `options` are those of a Litestar `Router`.

    It needs no guard that opens the dashboard: who may ask is found out with the answer, and every opened page asks.
    """

    @post("/_pulse", status_code=200, include_in_schema=False)
    async def pulse(
        request: Request[Any, Any, Any],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        dashboard_id: FromPath[str],
    ) -> dict[str, Any]:
        ask = _read(await request.body(), PulseAsk)
        if not editable:
            return _said(await services.live.pulse(actor, dashboard_id))
        session = stamp_of(request.headers).session
        if ask.leaving:
            await services.live.leave(actor, dashboard_id, session)
            return {}
        found = await services.live.pulse_of_editor(actor, dashboard_id, session, ask.tile, ask.version)
        if found.version == ask.version and not ask.first:
            return _said(found)
        return _said(found) | {"stacks": await _stacks(services, actor, dashboard_id, request.headers)}

    return Router(prefix, route_handlers=[pulse], **options)


def undo_router(prefix: str, **options: Any) -> Router:
    """Undo and redo in the editors under `prefix`; `options` are those of a Litestar `Router`."""

    @post("/_undo", status_code=200, include_in_schema=False)
    async def undo(
        request: Request[Any, Any, Any],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        dashboard_id: FromPath[str],
    ) -> dict[str, Any]:
        ask = _read(await request.body(), UndoAsk)
        history = services.stamped(stamp_of(request.headers)).history
        opened = await services.dashboards.open(actor, dashboard_id)
        act = history.redo if ask.redo else history.undo
        try:
            edit = await act(opened.access, dashboard_id, ask.passed)
            now = (await services.dashboards.open(actor, dashboard_id)).dashboard
            said = {"said": told_plainly(edit), "saved": plain(saved_as(now.version, now.updated_at))}
        except DomainError as error:
            said = {"failure": error.message}
        return said | {"stacks": await _stacks(services, actor, dashboard_id, request.headers)}

    return Router(prefix, route_handlers=[undo], **options)


async def _stacks(use: Services, actor: Actor, dashboard_id: str, headers: Mapping[str, str]) -> Stacks:
    opened = await use.dashboards.open(actor, dashboard_id)
    return await use.stamped(stamp_of(headers)).history.stacks(opened.access, dashboard_id)


def _said(pulse: Pulse) -> dict[str, Any]:
    return {
        "version": pulse.version,
        "tables": pulse.tables,
        "present": [{"name": one.name, "tile": one.tile} for one in pulse.present],
        "news": [{"name": edit.by_name, "did": told(edit)} for edit in reversed(pulse.news)],
    }


def _read(content: bytes, type_: type[Any]) -> Any:
    try:
        return msgspec.json.decode(content, type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise unreadable(error) from None
