"""Keeps what an unsafe request was answered, so that a repeat of it does nothing again."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.request import RequestRow


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
