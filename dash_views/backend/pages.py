"""A Dash app whose URLs belong to a page: one app serves every dashboard, the id stands in each request."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from dash import Dash, html
from dash._callback import GLOBAL_CALLBACK_LIST
from dash._utils import format_tag
from dash.dash import _app_entry
from litestar import Router
from markupsafe import Markup

from dash_views.backend.context import Connection, current_request, has_request, serving
from dash_views.backend.handlers import page_router
from dash_views.backend.server import LitestarDashServer
from dash_views.backend.sockets import Authorise

_PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")


@dataclass(frozen=True, slots=True)
class IndexPieces:
    """What a page template must place for Dash: `config`, `scripts` and `renderer` in this order, after `app_entry`.

    A script that brings `window.Plotly` goes before `scripts`.
    """

    title: str
    metas: Markup
    css: Markup
    app_entry: Markup
    config: Markup
    scripts: Markup
    renderer: Markup


class PageDash(Dash):
    """One Dash app for all pages under `page_prefix`, which holds Litestar path parameters and ends with a slash.

    `shared_prefix` is where `component_router` serves the bundles; `assets_url` is where the caller serves the assets
    folder (its scripts and style sheets are linked only then). Ids that a layout makes are not validated in advance,
    because a layout function runs only for a request. `options` are those of `dash.Dash`.
    """

    def __init__(
        self,
        name: str,
        page_prefix: str,
        *,
        shared_prefix: str = "/dash/",
        assets_url: str | None = None,
        **options: Any,
    ) -> None:
        if not (page_prefix.startswith("/") and page_prefix.endswith("/")):
            raise ValueError(f"A page prefix begins and ends with a slash, not {page_prefix!r}")
        self.page_prefix = page_prefix
        self.assets_url = assets_url
        self.uses_sockets = False
        super().__init__(
            name,
            backend=LitestarDashServer,
            use_pages=False,
            requests_pathname_prefix=shared_prefix,
            routes_pathname_prefix=shared_prefix,
            include_assets_files=assets_url is not None,
            suppress_callback_exceptions=True,
            add_log_handler=False,
            **options,
        )

    def router(self, *, inject: Sequence[str] = (), authorise: Authorise | None = None, **options: Any) -> Router:
        """Finish the set-up and make the router of this app's pages; layout and callbacks must be there by now.

        `inject` names the dependencies, of any Litestar layer, that `dependency` shall give; those in `options` are
        injected anyway. `authorise` is needed as soon as a callback uses the WebSocket. `options` are those of a
        Litestar `Router`: guards, dependencies, exception_handlers, opt.
        """
        self.start()
        if self.uses_sockets and authorise is None:
            raise ValueError(f"{self.page_prefix} has WebSocket callbacks: pass authorise= to check each message")
        names = dict.fromkeys([*inject, *(options.get("dependencies") or {})])
        socket_check = authorise if self.uses_sockets else None
        return page_router(self, self.page_prefix, inject=list(names), authorise=socket_check, **options)

    def start(self) -> None:
        """Do at start what Dash would do at its first request."""
        if GLOBAL_CALLBACK_LIST:
            outputs = ", ".join(str(spec["output"]) for spec in GLOBAL_CALLBACK_LIST)
            raise RuntimeError(
                f"Register callbacks with app.callback, not with the process-wide dash.callback: {outputs}"
            )
        self._setup_server()  # type: ignore[no-untyped-call]
        sockets = (spec.get("websocket") for spec in self.callback_map.values())
        self.uses_sockets = bool(self._websocket_callbacks) or any(sockets)
        # This registers the worker script; Dash would do it in the one process that renders a page.
        self._get_worker_url()

    def page_url(self, connection: Connection) -> str:
        """Return `page_prefix` with the path parameters of `connection`."""
        values = connection.path_params
        return _PARAMETER.sub(lambda match: quote(str(values[match[1]]), safe=""), self.page_prefix)

    def index_pieces(self, connection: Connection) -> IndexPieces:
        """Return the parts of Dash's index for a page handler, which has the same path parameters as `page_prefix`."""
        with serving(self, connection, {}):
            metas = [format_tag("meta", meta, opened=True, sanitize=True) for meta in self._generate_meta()]  # type: ignore[no-untyped-call]  # Dash's.
            pieces = {
                "metas": "\n".join(metas),
                "css": self._generate_css_dist_html(),  # type: ignore[no-untyped-call]  # Dash's.
                "app_entry": _app_entry,
                "config": self._generate_config_html(),
                "scripts": self._generate_scripts_html(),
                "renderer": self._generate_renderer(),
            }
        # Dash made this HTML and escaped what it put into it.
        return IndexPieces(title=self.title, **{name: Markup(piece) for name, piece in pieces.items()})  # noqa: S704

    def get_asset_url(self, path: str) -> str:
        return f"{self.assets_url}{path}"

    def _layout_value(self) -> Any:
        # Dash also asks at start, to validate; there is no page to lay out then.
        if self._layout_is_function and not has_request():
            return html.Div()
        return super()._layout_value()  # type: ignore[no-untyped-call]

    def _config(self) -> dict[str, Any]:
        config: dict[str, Any] = super()._config()  # type: ignore[no-untyped-call]
        config["requests_pathname_prefix"] = prefix = self.page_url(current_request())
        websocket = config.pop("websocket")
        if self.uses_sockets:  # With the key there, the browser opens a socket that no callback needs.
            # The browser shares one worker, and with it one socket, between all tabs whose worker URL is the same:
            # without the query, the callbacks of one dashboard would go to the socket of another.
            worker = f"{websocket['worker_url']}?page={quote(prefix, safe='')}"
            config["websocket"] = websocket | {"url": f"{prefix}_dash-ws-callback", "worker_url": worker}
        return config
