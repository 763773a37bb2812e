"""One request and its answer, as they pass by."""

from collections.abc import Awaitable

from starlette.types import Message, Send

from roadworthy_runtime import contract

_REQUEST_ID = contract.REQUEST_ID_HEADER.encode()
_CONNECTION = b"connection"


class Exchange:
    """What is known of the answer so far; puts the runtime's headers on it."""

    __slots__ = ("_request_id", "_send", "closing", "complete", "status")

    def __init__(self, send: Send, request_id: bytes, closing: bool) -> None:
        self._send = send
        self._request_id = request_id
        self.closing = closing
        self.status = 0
        self.complete = False

    @property
    def started(self) -> bool:
        """Whether the status line has left."""
        return self.status != 0

    def send(self, message: Message) -> Awaitable[None]:
        """Pass a message on; returns the server's own awaitable, which saves a frame per message."""
        kind = message["type"]
        if kind == "http.response.start":
            self.status = message["status"]
            headers = [header for header in message.get("headers", ()) if header[0] != _REQUEST_ID]
            headers.append((_REQUEST_ID, self._request_id))
            if self.closing:
                headers.append((_CONNECTION, b"close"))
            message = {**message, "headers": headers}
        elif kind == "http.response.body":
            if not message.get("more_body", False):
                self.complete = True
        elif kind == "http.response.pathsend":
            self.complete = True
        return self._send(message)

    async def answer(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        """Send a whole answer."""
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})
