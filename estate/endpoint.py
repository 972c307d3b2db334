"""One operation of an outside system behind a path: faults first, then the work, then the ledger.

Bare ASGI, because every step of every task calls one of these three times.
"""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from estate.database import CallNote, Database, UnavailableError
from estate.faults import Drawn, Effect, Fault, FaultBook
from estate.metrics import CALLS, FAULTS, SECONDS
from estate.returns import Returns
from estate.work import Incoming, RefusedError, Work

_MAX_BODY = 16 * 1024 * 1024
_HTML = b"<!doctype html><title>Sign in</title><form>Please sign in</form>"

Headers = tuple[tuple[bytes, bytes], ...]


class UnansweredError(Exception):
    """The caller gets no answer: it hangs, or its connection is cut."""

    def __init__(self, *, cut: bool) -> None:
        super().__init__()
        self.cut = cut


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    body: bytes
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """What a path does: its name for faults and ledger, and how a request becomes work."""

    name: str
    parse: Callable[[Incoming], Work]
    system: str | None = None  # None: the path says which
    media_type: bytes = b"application/json"


def problem(refused: RefusedError) -> bytes:
    """Say what is wrong (RFC 9457)."""
    found: dict[str, object] = {"title": refused.detail, "status": refused.status}
    if refused.field:
        found["field"] = refused.field
    return json.dumps(found).encode()


def scim_problem(refused: RefusedError) -> bytes:
    """Say what is wrong, the SCIM way (RFC 7644 section 3.12)."""
    where = f"{refused.field}: " if refused.field else ""
    return json.dumps(
        {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": str(refused.status),
            "detail": f"{where}{refused.detail}",
        }
    ).encode()


class Endpoint:
    """An ASGI application for one operation."""

    def __init__(
        self, operation: Operation, database: Database, faults: FaultBook, returns: Returns
    ) -> None:
        self._operation = operation
        self._database = database
        self._faults = faults
        self._returns = returns
        self._explain = scim_problem if operation.system == "accounts" else problem

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        started = time.perf_counter()
        path: dict[str, str] = scope["path_params"]
        system = self._operation.system or path["system"]
        call = _Call(self, system, path.get("site"))
        status = 0
        try:
            answer = await self._answer(call, scope, receive)
            status = answer.status
            await _send(send, answer, self._operation.media_type)
        except UnansweredError as unanswered:
            if unanswered.cut:
                _cut(scope)
            await _gone(receive)
        finally:
            name = self._operation.name
            CALLS.labels(system, name, status).inc()
            SECONDS.labels(system, name).observe(time.perf_counter() - started)

    async def _answer(self, call: "_Call", scope: Scope, receive: Receive) -> Answer:
        try:
            body = await _body(receive)
            asked: bytes = scope["query_string"]
            query = dict(parse_qsl(asked.decode())) if asked else {}
            return await call.serve(Incoming(call.site, body, scope["path_params"], query))
        except RefusedError as refused:
            return Answer(refused.status, self._explain(refused), refused.headers)
        except UnavailableError:
            return Answer(503, self._explain(RefusedError(503, "the store is down")))

    @property
    def operation(self) -> Operation:
        """What it serves."""
        return self._operation

    @property
    def database(self) -> Database:
        """Where the work is done."""
        return self._database

    @property
    def returns(self) -> Returns:
        """What will be there again."""
        return self._returns

    @property
    def faults(self) -> FaultBook:
        """What may go wrong on purpose."""
        return self._faults


class _Call:
    """One call on its way through faults, work and ledger."""

    __slots__ = ("_at", "_drawn", "_system", "site")

    def __init__(self, at: Endpoint, system: str, site: str | None) -> None:
        self._at = at
        self._system = system
        self._drawn: Drawn | None = None
        self.site = site

    async def serve(self, incoming: Incoming) -> Answer:
        if self._at.faults.faults:
            name = self._at.operation.name
            self._drawn = await self._at.faults.draw(self._system, self.site, name)
        try:
            work = self._at.operation.parse(incoming)
        except RefusedError as refused:
            await self._note(refused.status)
            raise
        if self._drawn is None:
            return await self._do(work)
        return await self._do_badly(work, self._drawn)

    async def _do(self, work: Work, *, answers: bool = True, status: int | None = None) -> Answer:
        note = self._noted(status, answers=answers)
        found, body = await self._at.database.work(note, work)
        return Answer(found if status is None else status, body.encode())

    async def _do_badly(self, work: Work, drawn: Drawn) -> Answer:
        await self._delay(drawn)
        work = self._keyless(work, drawn)
        fault = drawn.fault
        if fault is None:
            return await self._do(work)
        FAULTS.labels(self._system, fault.effect).inc()
        match fault.effect:
            case Effect.LOST_ANSWER:
                await self._do(work, answers=False)
                raise UnansweredError(cut=True)
            case Effect.HALF_BATCH:
                return await self._do_half(work)
            case Effect.RESURRECT:
                if work.things is not None:
                    await self._at.returns.remember(self.site, work.things, fault.after_s)
                return await self._do(work)
            case Effect.REFUSE_SOME:
                return await self._do_rest(work, fault)
            case Effect.LIE if work.pretence is None:
                return await self._do(work)
            case _:
                return await self._refuse(work, drawn)

    async def _delay(self, drawn: Drawn) -> None:
        if drawn.delay_s:
            FAULTS.labels(self._system, Effect.LATENCY).inc()
            await asyncio.sleep(drawn.delay_s)

    def _keyless(self, work: Work, drawn: Drawn) -> Work:
        if not drawn.ignores_keys or work.careless is None:
            return work
        FAULTS.labels(self._system, Effect.NO_IDEM).inc()
        return work.careless()

    async def _do_half(self, work: Work) -> Answer:
        half = work.half() if work.half else None
        if half is None:
            await self._note(500, work)
        else:
            await self._do(half, status=500)
        raise RefusedError(500, "failed half-way")

    async def _do_rest(self, work: Work, fault: Fault) -> Answer:
        if work.parted is None:
            return await self._do(work)
        parted = work.parted(fault.reason_for)
        if parted.rest is not None:
            found = await self._do(parted.rest)
            return Answer(200, parted.answer(found.body)) if found.status == 200 else found
        await self._note(200, work)
        return Answer(200, parted.answer(None))

    async def _refuse(self, work: Work, drawn: Drawn) -> Answer:
        """Do nothing, and answer as the fault says."""
        fault = drawn.fault
        silent = fault is None or fault.effect is Effect.HANG
        cut = fault is not None and fault.effect is Effect.OUTAGE and fault.outage == "refused"
        if fault is None or silent or cut:
            await self._note(None, work)
            raise UnansweredError(cut=cut)
        if fault.effect is Effect.LIE and work.pretence is not None:
            await self._note(work.pretence_status, work)
            return Answer(work.pretence_status, work.pretence())
        if fault.effect is Effect.GARBAGE:
            await self._note(200, work)
            return Answer(200, _HTML)
        if fault.effect is Effect.THROTTLE:
            await self._note(429, work)
            raise RefusedError(
                429,
                "slow down",
                headers=(_retry_after(fault.retry_after_s, fault.retry_after_form),),
            )
        status = 503 if fault.effect is Effect.OUTAGE else drawn.status
        await self._note(status, work)
        raise RefusedError(status, "a fault that was set")

    async def _note(self, status: int | None, work: Work | None = None) -> None:
        await self._at.database.note(
            self._noted(status), work.items if work else 0, work.key if work else None
        )

    def _noted(self, status: int | None, *, answers: bool = True) -> CallNote:
        names = ",".join(self._drawn.names) if self._drawn else None
        name = self._at.operation.name
        return CallNote(self._system, self.site, name, names, answers=answers, status=status)


def _retry_after(seconds: int, form: str) -> tuple[bytes, bytes]:
    value = str(seconds)
    if form == "date":
        value = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
    return b"retry-after", value.encode()


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise UnansweredError(cut=False)
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > _MAX_BODY:
            raise RefusedError(413, f"the body is larger than {_MAX_BODY} bytes")
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


async def _send(send: Send, answer: Answer, media_type: bytes) -> None:
    headers = [
        (b"content-type", media_type if answer.body is not _HTML else b"text/html"),
        (b"content-length", str(len(answer.body)).encode()),
        *answer.headers,
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def _cut(scope: Scope) -> None:
    """Abort the caller's connection: ASGI itself has no word for that."""
    for protocol in list(scope["state"]["connections"]):
        if protocol.client == scope["client"]:
            protocol.transport.abort()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
