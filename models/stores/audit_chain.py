"""Reads the audit in the order of its chain, page by page: for verifying and for exporting."""

import itertools
from collections.abc import AsyncIterator
from datetime import datetime

from sqlalchemy import Row, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.audit_chain import ChainedEvent, Head, Walk
from models.tables.audit import AuditEventRow

PAGE = 1000
_COLUMNS = (
    AuditEventRow.id,
    AuditEventRow.at,
    AuditEventRow.actor,
    AuditEventRow.request_id,
    AuditEventRow.occupier_id,
    AuditEventRow.entity_kind,
    AuditEventRow.entity_id,
    AuditEventRow.action,
    cast(AuditEventRow.outcome, Text).label("outcome"),
    AuditEventRow.reason,
    AuditEventRow.before,
    AuditEventRow.after,
    AuditEventRow.prev_hash,
    AuditEventRow.hash,
)


class AuditChainStore:
    """Reads inside the caller's transaction, in constant memory."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def verify(self, expected: Head | None = None) -> Walk:
        """Walk the chain from its first event to its last, or to the first that does not hold.

        `expected` is a head that was kept elsewhere: without it, events that are missing at the
        end cannot be noticed.
        """
        walk = Walk(expected=expected)
        async for event in self.events():
            if not walk.step(event):
                return walk
        walk.end()
        return walk

    async def walk_on(self, walk: Walk, limit: int) -> None:
        """Take up a walk after its head, for at most about so many events, or to a break."""
        async for event in self._pages(walk.head.id, None, limit):
            if not walk.step(event):
                return

    async def events(
        self, since: datetime | None = None, until: datetime | None = None
    ) -> AsyncIterator[ChainedEvent]:
        """The events from the first at `since` to the last before `until`, without gaps.

        The range is one of the chain: a clock that was set back in between leaves none out.
        """
        last = await self._last_before(until) if until else None
        after = await self._last_before(since) if since else 0
        async for event in self._pages(after, last):
            yield event

    async def _pages(
        self, after: int, last: int | None, limit: int | None = None
    ) -> AsyncIterator[ChainedEvent]:
        for page in itertools.count(1):
            query = select(*_COLUMNS).where(AuditEventRow.id > after)
            if last is not None:
                query = query.where(AuditEventRow.id <= last)
            rows = (await self._session.execute(query.order_by(AuditEventRow.id).limit(PAGE))).all()
            for row in rows:
                yield _event(row)
            if len(rows) < PAGE or (limit is not None and page * PAGE >= limit):
                return
            after = rows[-1].id

    async def _last_before(self, moment: datetime) -> int:
        query = (
            select(AuditEventRow.id)
            .where(AuditEventRow.at < moment)
            .order_by(AuditEventRow.at.desc(), AuditEventRow.id.desc())
            .limit(1)
        )
        return await self._session.scalar(query) or 0


def _event(row: Row[*tuple[object, ...]]) -> ChainedEvent:
    columns = row._asdict()
    for name in ("before", "after"):  # whoever changed them may have put anything there
        states = columns[name]
        columns[name] = states if isinstance(states, dict | None) else {"": states}
    return ChainedEvent(**columns)
