"""Puts a change of a case into the words that the desk reads: ids, numbers, states, advice.

Of people it tells what they are, never who. Comments go along as they are: people write them for
whoever works on the case.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.case_advice import advice_of_cause
from models.domain.desk import REFUSED_BECAUSE, AnswerRefusal, News

Json = dict[str, Any]  # Any: JSON

_CASE = text("""
SELECT cases.id, number, subject, description, category, priority, origin, cases.status, cause,
       cases.operator_id, cases.site_id, sites.reference AS site_reference, occupier_id,
       decommission_id, service_id, external_reference, times_reopened, cases.created_at,
       cases.updated_at, acknowledged_at, resolved_at, cases.closed_at,
       (SELECT count(*) FROM case_comments WHERE case_id = cases.id) AS comments,
       (SELECT count(*) FROM case_attachments WHERE case_id = cases.id) AS attachments
  FROM cases LEFT JOIN sites ON sites.id = cases.site_id WHERE cases.id = :case_id
""")

_TASKS = text("""
SELECT kind, state, CASE WHEN state = 'failed' THEN last_error_kind END AS failure,
       stuck_because, count(*) AS tasks
  FROM case_tasks JOIN tasks ON tasks.id = task_id WHERE case_id = :case_id AND left_at IS NULL
 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
""")

_CHANGES: Mapping[News, str] = {
    News.STATUS_CHANGED: "SELECT status, actor AS by, at FROM case_statuses WHERE id::text = :id",
    News.COMMENTED: """
        SELECT id AS comment_id, body AS text, author AS by, created_at AS at FROM case_comments
         WHERE id::text = :id""",
    News.ATTACHMENT_ADDED: """
        SELECT id AS attachment_id, filename, media_type, octet_length(content) AS size,
               author AS by, created_at AS at FROM case_attachments WHERE id::text = :id""",
    News.ANSWER_REFUSED: """
        SELECT id AS webhook_id, kind AS type, sequence, refused_because AS reason
          FROM desk_answers WHERE id = :id""",
}
_TASK = """
    SELECT id AS task_id, decommission_id, site_id, kind, state, round,
           CASE WHEN state = 'failed' THEN last_error_kind END AS failure, stuck_because
      FROM tasks WHERE id::text = :id"""


@dataclass(frozen=True, slots=True)
class Noted:
    """A change that a trigger has noted."""

    case_id: UUID
    kind: News
    subject: str | None
    created_at: datetime


class DeskLetterStore:
    """Reads inside the sender's transaction."""

    def __init__(self, session: AsyncSession, api_url: str) -> None:
        self._session = session
        self._api_url = api_url

    async def payload(self, noted: Noted, sequence: int) -> Json:
        """The body of the message: what changed, and the case as it stands."""
        return {
            "type": noted.kind.value,
            "timestamp": noted.created_at.isoformat(),
            "data": {
                "sequence": sequence,
                "change": await self._change(noted),
                "case": await self._case(noted.case_id),
            },
        }

    async def _change(self, noted: Noted) -> Json:
        if noted.subject is None:
            return {}
        query = text(_CHANGES.get(noted.kind, _TASK))
        rows = await self._session.execute(query, {"id": noted.subject})
        row = rows.mappings().one_or_none()
        if row is None:  # gone since; the case still says where it stands
            return {}
        change = _plain(row)
        if noted.kind is News.ANSWER_REFUSED:
            change["detail"] = REFUSED_BECAUSE[AnswerRefusal(change["reason"])]
        return change

    async def _case(self, case_id: UUID) -> Json:
        keys = {"case_id": case_id}
        case = _plain((await self._session.execute(_CASE, keys)).mappings().one())
        tasks = [
            _plain(row) for row in (await self._session.execute(_TASKS, keys)).mappings().all()
        ]
        cause = case.pop("cause") or ""
        advice = advice_of_cause(cause)
        return case | {
            "link": f"{self._api_url}/api/v1/cases/{case_id}",
            "trouble": cause.rpartition("/")[2] or None,
            "is_held": "/held/" in cause,
            "advice": asdict(advice) if advice else None,
            "open_tasks": sum(row["tasks"] for row in tasks),
            "tasks": tasks,
        }


def _plain(row: RowMapping) -> Json:
    """A row as JSON; of a person only what they are."""
    return {str(name): _shown(str(name), value) for name, value in row.items()}


def _shown(name: str, value: object) -> object:
    if name == "by":
        return str(value).partition(":")[0]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
