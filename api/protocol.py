"""The server's way to read a request's head: bounded in size and in time.

uvicorn bounds neither with its fast parser; a sender that never ends its head would keep its
connection, and what it sent so far, for ever.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

SLOWEST_HEAD_S = 10.0
LARGEST_HEAD = 65_536  # bytes; above what the API takes, so that it refuses less in its own words


class BoundedProtocol(HttpToolsProtocol):
    """Ends a connection whose head is too large (431) or does not arrive in time (408)."""

    slowest_head_s = SLOWEST_HEAD_S
    _deadline: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its base
        """Wait for the first head."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadline."""
        self._forget_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; what has not ended a head by now belongs to it."""
        super().data_received(data)
        if self._deadline is None:
            return
        self._head_bytes += len(data)
        if self._head_bytes > LARGEST_HEAD:
            self._end(431)

    def on_message_begin(self) -> None:
        """A head begins, the first or a further one on a kept connection."""
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        """The head is whole; the rest is the API's business."""
        self._forget_deadline()
        super().on_headers_complete()

    def _await_head(self) -> None:
        self._forget_deadline()
        self._head_bytes = 0
        self._deadline = self.loop.call_later(self.slowest_head_s, self._end, 408)

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _end(self, status: int) -> None:
        self._forget_deadline()
        if self.transport.is_closing():
            return
        # Else the reply to an earlier request is still on its way.
        if self.cycle is None or self.cycle.response_complete:  # type: ignore[redundant-expr]  # None at first
            head = b"content-length: 0\r\nconnection: close\r\n\r\n"
            self.transport.write(STATUS_LINE[status] + head)
        self.transport.close()
