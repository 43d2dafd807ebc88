"""Dash 4.4 inside Litestar: a Dash backend whose every route is an ordinary Litestar handler.

Nothing here knows the rest of the project. `PageDash` is one Dash app for many pages: its prefix holds path
parameters (`/dashboards/{dashboard_id:str}/edit/`), so guards and dependencies see them on the layout, on every
callback and on the WebSocket. `component_router` serves the script bundles of all apps, cacheable, under one prefix.
The page itself stays a handler of the caller, which renders `PageDash.index_pieces` through its own template.

Private names of Dash used here, to compare at each minor release (Dash is pinned to 4.4.*):

- `Dash._callback_list`, `_config`, `_execute_callback`, `_generate_config_html`, `_generate_css_dist_html`,
  `_generate_meta`, `_generate_renderer`, `_generate_scripts_html`, `_get_worker_url`, `_initialize_context`,
  `_inputs_to_vals`, `_layout_is_function`, `_layout_value`, `_prepare_callback`, `_setup_server`,
  `_websocket_allowed_origins`, `_websocket_batch_delay`, `_websocket_callbacks`;
- `dash._callback.GLOBAL_CALLBACK_LIST`, `dash._get_app.app_context`, `dash._utils.format_tag`,
  `dash._utils.stringify_id`, `dash.dash._app_entry`, `dash.fingerprint.check_fingerprint`;
- `dash.backends.ws`: `DashWebsocketCallback`, `FLUSH_SIGNAL`, `create_ws_context`, `run_ws_sender`,
  `shutdown_ws_connection`; the messages of `dash-renderer/build/dash-ws-worker.js`.

Not served: Dash pages, background callbacks, callback `api_endpoint`s, hot reload, the MCP server, `app.run`.
"""

from dash_views.backend.components import component_router
from dash_views.backend.context import Connection, current_request, dependency
from dash_views.backend.pages import IndexPieces, PageDash
from dash_views.backend.server import LitestarDashServer
from dash_views.backend.sockets import Authorise

__all__ = [
    "Authorise",
    "Connection",
    "IndexPieces",
    "LitestarDashServer",
    "PageDash",
    "component_router",
    "current_request",
    "dependency",
]
