"""The messages to the outside desk, from the change of a case to their end, for the sender.

A message is written by the triggers of migration 0015. Here it is claimed for a while, numbered
and put into words when that happens first, and settled. Of a case only one message is on its way
at a time, the lowest number first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.desk import News, TellFailure
from models.stores.desk_letters import DeskLetterStore, Noted

KEPT_DAYS = 30  # a delivered message can be sent again so long

_IS_ON = text("SELECT is_on FROM desks")
_SWITCH = text("""
INSERT INTO desks (is_on) VALUES (:is_on)
ON CONFLICT (id) DO UPDATE SET is_on = :is_on, switched_at = now()
""")
# Nobody changes a case meanwhile: what commits later sees the desk, what came before is told here.
_NOBODY_CHANGES = text("LOCK TABLE cases IN SHARE ROW EXCLUSIVE MODE")
_TELL_OPEN = text("""
INSERT INTO desk_messages (case_id, kind)
SELECT id, CASE WHEN EXISTS (SELECT FROM desk_messages WHERE case_id = cases.id)
                THEN 'case.changed' ELSE 'case.opened' END
  FROM cases WHERE status NOT IN ('resolved', 'closed') ORDER BY number
""")

# One sender claims at a time, which takes milliseconds: two that look at once could each see
# another message of a case as its first.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7301015)")
_CLAIM = text("""
UPDATE desk_messages SET busy_until = now() + make_interval(secs => :lease_s),
       attempts = attempts + 1
 WHERE id IN (
    SELECT id FROM desk_messages AS head
     WHERE delivered_at IS NULL AND dead_at IS NULL AND next_attempt_at <= now()
       AND NOT EXISTS (
        SELECT FROM desk_messages AS other
         WHERE other.case_id = head.case_id
           AND other.delivered_at IS NULL AND other.dead_at IS NULL
           AND (other.busy_until > now()
                OR (coalesce(other.sequence, 2147483647), other.position)
                   < (coalesce(head.sequence, 2147483647), head.position)))
     ORDER BY next_attempt_at, position LIMIT :limit FOR UPDATE SKIP LOCKED)
RETURNING id, case_id, sequence, kind, subject, payload, created_at, attempts
""")
_NUMBER = text("""
INSERT INTO desk_cases (case_id, told) VALUES (:case_id, 1)
ON CONFLICT (case_id) DO UPDATE SET told = desk_cases.told + 1 RETURNING told
""")
_WORD = text(
    "UPDATE desk_messages SET sequence = :sequence, payload = :payload WHERE id = :id"
).bindparams(bindparam("payload", type_=JSONB))

_DELIVERED = text("""
UPDATE desk_messages SET delivered_at = now(), busy_until = NULL, last_error = NULL,
       last_status = NULL
 WHERE id = :id AND delivered_at IS NULL AND dead_at IS NULL
""")
# A sender that comes back after its time must not undo what another one has done since.
_FAILED = text("""
UPDATE desk_messages SET busy_until = NULL, last_error = :failure, last_status = :status,
       next_attempt_at = now() + make_interval(secs => :wait_s),
       dead_at = CASE WHEN :is_dead THEN now() END
 WHERE id = :id AND attempts = :attempts AND delivered_at IS NULL AND dead_at IS NULL
""")
_FORGET = text("""
DELETE FROM desk_messages WHERE delivered_at < now() - make_interval(days => :days)
""")


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way."""

    id: UUID
    case_id: UUID
    sequence: int
    kind: News
    payload: dict[str, Any]  # Any: JSON
    attempts: int  # with the one that is made now


@dataclass(frozen=True, slots=True)
class Mishap:
    """How an attempt failed, and what follows."""

    failure: TellFailure
    status: int | None
    wait_s: float
    is_dead: bool


class DeskMessageStore:
    """Works inside the caller's transaction."""

    def __init__(self, session: AsyncSession, api_url: str = "") -> None:
        self._session = session
        self._letters = DeskLetterStore(session, api_url)

    async def switch(self, *, is_on: bool) -> bool:
        """Note changes of cases from now on, or no more; whether that is new.

        Switched on, it is told all open cases. While off nothing is noted, and nothing is lost
        that had been: it goes out when there is a desk again.
        """
        was_on = bool(await self._session.scalar(_IS_ON))
        if was_on is is_on:
            return False
        if is_on:
            await self._session.execute(_NOBODY_CHANGES)
        await self._session.execute(_SWITCH, {"is_on": is_on})
        if is_on:
            await self._session.execute(_TELL_OPEN)
        return True

    async def claim(self, limit: int, lease_s: float) -> Sequence[Letter]:
        """Messages that are due, of one case each; nobody else sends them for `lease_s`."""
        await self._session.execute(_ONE_AT_A_TIME)
        rows = await self._session.execute(_CLAIM, {"limit": limit, "lease_s": lease_s})
        return [await self._letter(row) for row in rows.mappings().all()]

    async def delivered(self, letter: Letter) -> None:
        """The desk has it."""
        await self._session.execute(_DELIVERED, {"id": letter.id})

    async def failed(self, letter: Letter, mishap: Mishap) -> None:
        """The desk has not said that it has it."""
        await self._session.execute(
            _FAILED,
            {
                "id": letter.id,
                "attempts": letter.attempts,
                "failure": mishap.failure.value,
                "status": mishap.status,
                "wait_s": mishap.wait_s,
                "is_dead": mishap.is_dead,
            },
        )

    async def forget_old(self) -> None:
        """Forget what was delivered long ago."""
        await self._session.execute(_FORGET, {"days": KEPT_DAYS})

    async def _letter(self, row: RowMapping) -> Letter:
        sequence, payload = row["sequence"], row["payload"]
        kind = News(row["kind"])
        if sequence is None:
            sequence = await self._session.scalar(_NUMBER, {"case_id": row["case_id"]})
            noted = Noted(row["case_id"], kind, row["subject"], row["created_at"])
            payload = await self._letters.payload(noted, sequence)
            await self._session.execute(
                _WORD, {"id": row["id"], "sequence": sequence, "payload": payload}
            )
        return Letter(row["id"], row["case_id"], sequence, kind, payload, row["attempts"])
