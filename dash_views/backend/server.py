"""The class that is passed as `Dash(backend=...)`: it gathers Dash's routes, Litestar serves them."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, NoReturn

from dash import Dash
from dash.backends.base_server import BaseDashServer
from litestar import Response

from dash_views.backend.adapters import LitestarRequestAdapter, LitestarResponseAdapter
from dash_views.backend.calls import answer_request
from dash_views.backend.context import has_request

# The index is a page of the caller, the bundles have a router of their own, the rest serves development only.
PAGE_ROUTES = {"_dash-layout", "_dash-dependencies", "_dash-update-component"}


class Route(NamedTuple):
    name: str
    methods: Sequence[str]
    view: Callable[[], Any]


class Routes(list[Route]):
    """What Dash takes for its web server: the routes of one app, to be made into a Litestar router."""


class LitestarDashServer(BaseDashServer[Routes]):  # type: ignore[type-var]  # Dash only calls a server in app.run.
    """Dash's side of the bridge. It is never a web server itself."""

    server_type = "litestar"
    websocket_capability = True
    request_adapter = LitestarRequestAdapter
    response_adapter = LitestarResponseAdapter

    @staticmethod
    def create_app(name: str = "__main__", config: object = None) -> Routes:  # noqa: ARG004  # Dash's signature.
        return Routes()

    def add_url_rule(
        self,
        rule: str,
        view_func: Callable[[], Any],
        endpoint: str | None = None,  # noqa: ARG002  # Dash's signature.
        methods: Sequence[str] | None = None,
    ) -> None:
        name = rule.rsplit("/", 1)[-1]
        if name in PAGE_ROUTES:
            self.server.append(Route(name, methods or ["GET"], view_func))

    def serve_callback(self, dash_app: Dash) -> Callable[[], Any]:
        async def dispatch() -> Response[Any]:
            return await answer_request(dash_app)

        return dispatch

    def has_request_context(self) -> bool:
        return has_request()

    def make_response(
        self,
        data: str | bytes,
        mimetype: str | None = None,
        content_type: str | None = None,
        status: int | None = None,
    ) -> Response[bytes]:
        content = data.encode() if isinstance(data, str) else data
        return Response(content, media_type=content_type or mimetype, status_code=status or 200)

    def jsonify(self, obj: Any) -> Response[Any]:
        return Response(obj, media_type="application/json", status_code=200)

    def run(self, dash_app: Dash, host: str, port: int, debug: bool, **kwargs: Any) -> NoReturn:  # noqa: ARG002, FBT001
        raise RuntimeError("This Dash app runs inside Litestar: put its router() into a Litestar application")

    def register_callback_api_routes(self, callback_api_paths: object) -> NoReturn:  # noqa: ARG002
        raise RuntimeError("Callback api_endpoints are not served by the Litestar backend")

    # The rest is Litestar's own affair: errors, compression, timing, static files, and the caller's pages.

    def before_request(self, func: Callable[[], Any]) -> None:
        """Do nothing: the one function that Dash registers is its set-up, which PageDash runs at start."""

    def after_request(self, func: Callable[[], Any]) -> None: ...

    def register_assets_blueprint(self, blueprint_name: str, assets_url_path: str, assets_folder: str) -> None: ...

    def register_error_handlers(self) -> None: ...

    def register_prune_error_handler(self, secret: str, prune_errors: bool) -> None: ...  # noqa: FBT001

    def register_timing_hooks(self, first_run: bool) -> None: ...  # noqa: FBT001

    def enable_compression(self) -> None: ...

    def setup_component_suites(self, dash_app: Dash) -> str:  # noqa: ARG002
        return ""

    def setup_index(self, dash_app: Dash) -> None: ...

    def setup_catchall(self, dash_app: Dash) -> None: ...
