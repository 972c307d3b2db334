"""Keeps what an unsafe request was answered, so that a repeat of it does nothing again."""

from dataclasses import dataclass

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.request import RequestRow

KEPT_DAYS = 30  # how long a repeat is recognised, unless its reply is kept for good


@dataclass(frozen=True, slots=True)
class KeptReply:
    """What an earlier request under the same key was, and what it was answered."""

    digest: str
    status: int
    headers: dict[str, str]
    body: bytes


class RequestStore:
    """Claims keys inside the caller's transaction: the reply commits with the change, or not."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def claim(self, actor: str, key: str, digest: str) -> KeptReply | None:
        """Take the key; `None` when it was free. Waits for a transaction that holds it."""
        taken = await self._session.scalar(
            insert(RequestRow)
            .values(actor=actor, key=key, digest=digest)
            .on_conflict_do_nothing()
            .returning(RequestRow.key)
        )
        if taken is not None:
            return None
        row = await self._session.scalar(
            select(RequestRow).where(RequestRow.actor == actor, RequestRow.key == key)
        )
        if row is None or row.status is None:
            raise RuntimeError("a committed request has its reply")
        return KeptReply(row.digest, row.status, row.headers or {}, row.body or b"")

    async def keep(self, actor: str, key: str, reply: KeptReply, *, for_good: bool) -> None:
        """Keep the reply of the claimed key."""
        await self._session.execute(
            update(RequestRow)
            .where(RequestRow.actor == actor, RequestRow.key == key)
            .values(status=reply.status, headers=reply.headers, body=reply.body, is_kept=for_good)
        )

    async def forget_old(self) -> int:
        """Forget replies that are not kept for good, after 30 days; returns how many."""
        forgotten = await self._session.scalars(
            delete(RequestRow)
            .where(
                ~RequestRow.is_kept,
                RequestRow.created_at < func.now() - text(f"interval '{KEPT_DAYS} days'"),
            )
            .returning(RequestRow.key)
        )
        return len(forgotten.all())
