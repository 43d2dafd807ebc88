"""The two Dash apps, made once each: the viewer and the editor of all dashboards."""

from functools import partial

from dash_views import board, conflicts, editing, round_trip, syncing
from dash_views.backend import PageDash

VIEWER_PREFIX = "/dashboards/{dashboard_id:str}/view/"
SHARED_PREFIX = "/shared/{secret:str}/{dashboard_id:str}/view/"
EDITOR_PREFIX = "/dashboards/{dashboard_id:str}/edit/"
INJECTED = ("services", "actor")
"""The dependencies that layouts and callbacks use; the application must provide them."""


def viewer(csrf_cookie: str) -> PageDash:
    """The app that shows dashboards: filters and selections, nothing to change."""
    app = _app("viewer", VIEWER_PREFIX, csrf_cookie)
    app.layout = partial(board.layout, editable=False)
    round_trip.register(app)
    syncing.register(app, editable=False)
    return app


def shared(csrf_cookie: str) -> PageDash:
    """The viewer for visitors by share link, at an address of its own: what it asks is asked by the link."""
    app = _app("shared", SHARED_PREFIX, csrf_cookie)
    app.layout = partial(board.layout, editable=False)
    round_trip.register(app)
    syncing.register(app, editable=False)
    return app


def editor(csrf_cookie: str) -> PageDash:
    """The app that edits dashboards: everything of the viewer, and what `editing` adds."""
    app = _app("editor", EDITOR_PREFIX, csrf_cookie)
    app.layout = partial(board.layout, editable=True)
    round_trip.register(app)
    editing.register(app)
    conflicts.register(app)
    syncing.register(app, editable=True)
    return app


def _app(name: str, prefix: str, csrf_cookie: str) -> PageDash:
    return PageDash(
        name,
        prefix,
        update_title="",
        csrf_token_name=csrf_cookie,
        csrf_header_name="x-csrftoken",
    )
