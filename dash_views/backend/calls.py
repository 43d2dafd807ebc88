"""Running one callback: async ones on the event loop, sync ones in a thread, whichever transport asked."""

import inspect
from typing import Any

from anyio import to_thread
from dash import Dash
from dash.exceptions import PreventUpdate
from litestar import Request, Response
from litestar.exceptions import ClientException, SerializationException

from dash_views.backend.bodies import checked_body
from dash_views.backend.context import Connection, current_request


def callback_spec(app: Dash, body: object) -> dict[str, Any]:
    """Return the callback that `body` names; the browser may send anything."""
    output = body.get("output") if isinstance(body, dict) else None
    spec = app.callback_map.get(output) if isinstance(output, str) else None
    # Clientside callbacks are listed too, without a function to call.
    if spec is None or "callback" not in spec:
        raise ClientException("The request names no callback of this page; reload the page")
    return spec  # type: ignore[no-any-return]  # callback_map is an untyped dict.


async def run_callback(app: Dash, body: Any, context: Any) -> str:
    """Return the callback's outputs as JSON text. Raises what the callback raises, PreventUpdate included."""
    func = app._prepare_callback(context, body)  # noqa: SLF001
    values = app._inputs_to_vals(context.inputs_list + context.states_list)  # type: ignore[no-untyped-call]  # noqa: SLF001
    call = app._execute_callback(func, values, context.outputs_list, context)  # type: ignore[no-untyped-call]  # noqa: SLF001
    if inspect.iscoroutinefunction(func):
        return str(await call())
    # The thread gets a copy of the context. A socket that closes does not wait for it to end.
    return str(await to_thread.run_sync(call, abandon_on_cancel=True))


async def answer_request(app: Dash) -> Response[Any]:
    """Answer a callback that came by HTTP."""
    body = await _body(current_request())
    body = checked_body(callback_spec(app, body), body)
    context = app._initialize_context(body)  # noqa: SLF001
    try:
        data = await run_callback(app, body, context)
    except PreventUpdate:
        return Response(None, status_code=204)
    response: Response[bytes] = context.dash_response.set_response(data=data)
    return response


async def _body(request: Connection) -> Any:
    try:
        return await request.json() if isinstance(request, Request) else None
    except (SerializationException, RecursionError) as error:
        raise ClientException("The request is not JSON") from error
