"""Litestar's requests and responses in the shape that Dash asks for."""

from typing import Any

from dash.backends.base_server import RequestAdapter, ResponseAdapter
from litestar import Response

from dash_views.backend.context import current_request, has_request


class LitestarRequestAdapter(RequestAdapter):
    """The current request. A callback's body is read by the backend before Dash sees it."""

    def __bool__(self) -> bool:
        return has_request()

    @property
    def context(self) -> Any:
        return current_request().state

    @property
    def root(self) -> str:
        return str(current_request().base_url)

    @property
    def args(self) -> Any:
        return current_request().query_params

    def get_json(self) -> None:
        return None

    @property
    def is_json(self) -> bool:
        return current_request().headers.get("content-type", "").startswith("application/json")

    @property
    def cookies(self) -> dict[str, str]:
        return current_request().cookies

    @property
    def headers(self) -> Any:
        return current_request().headers

    @property
    def full_path(self) -> str:
        return str(current_request().url)

    @property
    def url(self) -> str:
        return str(current_request().url)

    @property
    def remote_addr(self) -> str | None:
        client = current_request().client
        return client.host if client else None

    @property
    def origin(self) -> str | None:
        return current_request().headers.get("origin")

    @property
    def path(self) -> str:
        return current_request().url.path


class LitestarResponseAdapter(ResponseAdapter):
    """Gathers the headers and cookies that a callback sets on `ctx.response`."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Dash's.

    def set_response(self, **kwargs: Any) -> Response[bytes]:
        """Make the response of `data`, the JSON text of a callback's outputs."""
        response = Response(str(kwargs["data"]).encode(), media_type="application/json", status_code=200)
        for name, values in self._headers.items():
            response.set_header(name, ", ".join(values) if isinstance(values, list) else values)
        for name, (value, options) in self._cookies.items():
            response.set_cookie(name, value, **options)
        return response
