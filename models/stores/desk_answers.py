"""What the outside desk answered: each answer once, in the desk's own order per case."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.decision import TaskStanding
from models.domain.decommission import TaskKind, TaskPhase, TaskState
from models.domain.desk import AnswerRefusal, DeskAnswer
from models.tables.case import CaseRow
from models.tables.desk import DeskAnswerRow

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:id, 7301016))")
_PLACE = text("INSERT INTO desk_cases (case_id) VALUES (:case_id) ON CONFLICT DO NOTHING")
# Taken before the case itself, as the sender does when it numbers the first message of one.
_HEARD = text("SELECT heard FROM desk_cases WHERE case_id = :case_id FOR UPDATE")
_HEAR = text("UPDATE desk_cases SET heard = :sequence WHERE case_id = :case_id")

# What our own people decide goes first: a waiver waits for its second person undisturbed.
_TASKS = text("""
SELECT tasks.id, decommission_id, site_id, occupier_id, kind, state, phase, round
  FROM case_tasks JOIN tasks ON tasks.id = task_id
 WHERE case_id = :case_id AND left_at IS NULL
   AND (CAST(:task_id AS uuid) IS NULL OR task_id = :task_id)
   AND NOT EXISTS (SELECT FROM decisions WHERE decisions.task_id = tasks.id
                    AND decisions.state IN ('awaiting_second_person', 'accepted'))
 ORDER BY tasks.id
""")


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer that was taken before."""

    case_id: UUID
    sequence: int
    refused_because: AnswerRefusal | None


@dataclass(frozen=True, slots=True)
class CaseTask:
    """A task that a case covers, as far as a decision needs it."""

    id: UUID
    decommission_id: UUID
    site_id: UUID | None
    occupier_id: UUID
    standing: TaskStanding


class DeskAnswerStore:
    """Works inside the caller's transaction, which is the desk's (`GrantStore.of_desk`)."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def earlier(self, webhook_id: str) -> KeptAnswer | None:
        """The same answer, if it was taken before; waits for a transaction that is taking it."""
        await self._session.execute(_ONE_AT_A_TIME, {"id": webhook_id})
        query = select(
            DeskAnswerRow.case_id, DeskAnswerRow.sequence, DeskAnswerRow.refused_because
        ).where(DeskAnswerRow.id == webhook_id)
        row = (await self._session.execute(query)).one_or_none()
        return KeptAnswer(*row) if row else None

    async def heard(self, case_id: UUID) -> int:
        """The sequence of the last answer about the case; `LookupError` without such a case.

        No other answer about it is taken until the commit.
        """
        keys = {"case_id": case_id}
        if await self._session.scalar(select(CaseRow.id).where(CaseRow.id == case_id)) is None:
            raise LookupError("there is no such case")
        await self._session.execute(_PLACE, keys)
        return int(await self._session.scalar(_HEARD, keys) or 0)

    async def keep(self, webhook_id: str, kind: DeskAnswer, answer: KeptAnswer) -> None:
        """Remember the answer; a refused one is also told to the desk."""
        await self._session.execute(
            insert(DeskAnswerRow)
            .values(
                id=webhook_id,
                case_id=answer.case_id,
                sequence=answer.sequence,
                kind=kind,
                refused_because=answer.refused_because,
            )
            .inline()
        )
        await self._session.execute(_HEAR, {"case_id": answer.case_id, "sequence": answer.sequence})

    async def undecided_tasks(self, case_id: UUID, task_id: UUID | None) -> Sequence[CaseTask]:
        """The tasks of the case, or this one of them, about which no decision is open."""
        rows = await self._session.execute(_TASKS, {"case_id": case_id, "task_id": task_id})
        return [
            CaseTask(
                row.id,
                row.decommission_id,
                row.site_id,
                row.occupier_id,
                TaskStanding(
                    TaskKind(row.kind), TaskState(row.state), TaskPhase(row.phase), row.round
                ),
            )
            for row in rows
        ]
