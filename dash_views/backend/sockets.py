"""WebSocket callbacks. An open socket outlives a session, so every message is authorised again."""

import asyncio
import inspect
import logging
import queue
import threading
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias

import janus
import msgspec
from dash import Dash
from dash.backends.ws import (
    FLUSH_SIGNAL,
    DashWebsocketCallback,
    create_ws_context,
    run_ws_sender,
    shutdown_ws_connection,
)
from dash.exceptions import PreventUpdate, WebsocketDisconnected
from litestar import WebSocket
from litestar.exceptions import ClientException, WebSocketDisconnect

from dash_views.backend.adapters import LitestarResponseAdapter
from dash_views.backend.bodies import checked_body
from dash_views.backend.calls import callback_spec, run_callback

logger = logging.getLogger(__name__)

Socket: TypeAlias = WebSocket[Any, Any, Any]
Authorise: TypeAlias = Callable[[Socket], Awaitable[bool]]
"""Whether the session and the permissions behind a socket still hold; asked at connect and at each message."""

# Dash's browser side does not reconnect by itself after 4001.
REFUSED: Final = 4001
FOREIGN_ORIGIN: Final = 4003
MALFORMED: Final = 4400


class Message(msgspec.Struct, rename="camel"):
    """What the browser sends; a heartbeat has a type only."""

    type: str
    request_id: str = ""
    renderer_id: str = ""
    payload: Any = None


async def serve_socket(app: Dash, socket: Socket, authorise: Authorise) -> None:
    """Check the socket, then answer its callbacks until it closes or a message is refused."""
    if not _same_origin(socket, app._websocket_allowed_origins):  # noqa: SLF001
        await socket.close(FOREIGN_ORIGIN, "Origin not allowed")
    elif not await _permitted(authorise, socket):
        await socket.close(REFUSED, "Not permitted")
    else:
        await socket.accept()
        conversation = _Conversation(app, socket)
        try:
            await _listen(conversation, socket, authorise)
        finally:
            await conversation.end()


async def _listen(conversation: "_Conversation", socket: Socket, authorise: Authorise) -> None:
    try:
        while True:
            message = msgspec.json.decode(await socket.receive_text(), type=Message)
            if not await _permitted(authorise, socket):
                await socket.close(REFUSED, "No longer permitted")
                return
            conversation.take(message)
    except (msgspec.MsgspecError, RecursionError):
        await socket.close(MALFORMED, "Malformed message")
    except WebSocketDisconnect:
        return


def _same_origin(socket: Socket, allowed: list[str]) -> bool:
    """Browsers always send the Origin of a WebSocket, and let any site open one to us with our cookies."""
    origin = socket.headers.get("origin", "")
    return origin in allowed or (bool(origin) and origin.partition("://")[2] == socket.headers.get("host"))


async def _permitted(authorise: Authorise, socket: Socket) -> bool:
    try:
        return await authorise(socket)
    except Exception:
        logger.exception("A WebSocket was refused because its check failed")
        return False


class _Conversation:
    """One open socket: callbacks that run, questions put to the browser, and the queue of messages to it."""

    def __init__(self, app: Dash, socket: Socket) -> None:
        self.app = app
        self.outbound: janus.Queue[str] = janus.Queue()
        self.questions: dict[str, Any] = {}
        self.running: dict[str, Any] = {}
        self.closed = threading.Event()
        delay = app._websocket_batch_delay or 0  # noqa: SLF001
        self.sender = asyncio.create_task(run_ws_sender(socket.send_text, self.outbound, delay))

    def take(self, message: Message) -> None:
        """Begin to answer `message`, without waiting for the answer."""
        match message.type:
            case "callback_request":
                task = asyncio.create_task(self._answer(message))
                key = str(id(task))
                self.running[key] = task
                task.add_done_callback(lambda _: self.running.pop(key, None))
            case "get_props_response":
                _resolve(self.questions.get(message.request_id), message.payload)
            case "heartbeat":
                self._send('{"type":"heartbeat_ack"}')

    async def _answer(self, message: Message) -> None:
        answer = {
            "type": "callback_response",
            "rendererId": message.renderer_id,
            "requestId": message.request_id,
            "payload": await self._outcome(message),
        }
        self._send(msgspec.json.encode(answer).decode())
        self._send(FLUSH_SIGNAL)

    async def _outcome(self, message: Message) -> dict[str, Any]:
        try:
            return {"status": "ok", "data": msgspec.Raw((await self._run(message)).encode())}
        except (PreventUpdate, WebsocketDisconnected):
            return {"status": "prevent_update"}
        except ClientException as refusal:
            return {"status": "error", "message": refusal.detail}
        except Exception:
            # The text of an exception may hold what this user must not see; the log has it.
            logger.exception("A WebSocket callback failed")
            return {"status": "error", "message": "The callback failed on the server"}

    async def _run(self, message: Message) -> str:
        spec = callback_spec(self.app, message.payload)
        if not (self.app._websocket_callbacks or spec.get("websocket")):  # noqa: SLF001
            raise ClientException("This callback is not offered over the WebSocket")
        loop = asyncio.get_running_loop() if inspect.iscoroutinefunction(spec["callback"]) else None
        browser = DashWebsocketCallback(self.questions, message.renderer_id, self.outbound, self.closed, loop)
        payload = checked_body(spec, message.payload)
        context = create_ws_context(payload, LitestarResponseAdapter(), browser)
        return await run_callback(self.app, payload, context)

    def _send(self, text: str) -> None:
        if not self.closed.is_set():
            self.outbound.sync_q.put_nowait(text)

    async def end(self) -> None:
        await shutdown_ws_connection(self.closed, self.questions, self.running, self.outbound, self.sender)


def _resolve(question: Any, answer: Any) -> None:
    """Hand the browser's answer to the async callback, or to the thread, that waits for it."""
    if isinstance(question, asyncio.Future) and not question.done():
        question.set_result(answer)
    elif isinstance(question, queue.Queue):
        question.put_nowait(answer)
