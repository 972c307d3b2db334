"""What people see of the messages to the outside desk, and how they send them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, or_, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.desk import MessageState, News, TellFailure
from models.domain.permission import Grants, StaffRole
from models.stores.pages import Page, cut
from models.tables.desk import DeskMessageRow

MessagePlace = tuple[datetime, UUID]

_READERS = frozenset({StaffRole.VENDOR_SUPPORT, StaffRole.SRE, StaffRole.AUDITOR})
_AGAIN = {
    "dead_at": None,
    "delivered_at": None,
    "busy_until": None,
    "attempts": 0,
    "next_attempt_at": func.now(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A message without its words."""

    id: UUID
    case_id: UUID
    sequence: int | None
    kind: News
    state: MessageState
    created_at: datetime
    attempts: int
    next_attempt_at: datetime
    delivered_at: datetime | None
    dead_at: datetime | None
    last_error: TellFailure | None
    last_status: int | None


class DeskViewStore:
    """Reads and changes what a member of the staff may see."""

    def __init__(self, session: AsyncSession, grants: Grants) -> None:
        self._session = session
        self._sees_all = grants.staff_role in _READERS

    @property
    def is_in_sight(self) -> bool:
        """Whether the caller sees the desk's messages at all; an operator's people do not."""
        return self._sees_all

    async def page(
        self,
        states: Sequence[MessageState],
        case_id: UUID | None,
        limit: int,
        place: MessagePlace | None,
    ) -> Page[MessageView, MessagePlace]:
        """Messages, newest first."""
        query = self._messages()
        if states:
            query = query.where(or_(*map(_is, states)))
        if case_id is not None:
            query = query.where(DeskMessageRow.case_id == case_id)
        if place:
            query = query.where(tuple_(DeskMessageRow.created_at, DeskMessageRow.id) < place)
        query = query.order_by(DeskMessageRow.created_at.desc(), DeskMessageRow.id.desc())
        rows = (await self._session.execute(query.limit(limit + 1))).mappings().all()
        found = [MessageView(**row) for row in rows]
        return cut(found, limit, lambda one: (one.created_at, one.id))

    async def find(self, message_id: UUID) -> MessageView | None:
        """The message, or `None` when there is none in sight."""
        query = self._messages().where(DeskMessageRow.id == message_id)
        row = (await self._session.execute(query)).mappings().one_or_none()
        return MessageView(**row) if row else None

    async def redeliver(self, message_id: UUID) -> bool:
        """Send a dead or delivered message again, with all its attempts; `False` if it waits."""
        ended = ~_is(MessageState.PENDING)
        again = update(DeskMessageRow).where(DeskMessageRow.id == message_id, ended)
        ids = await self._session.scalars(again.values(_AGAIN).returning(DeskMessageRow.id))
        return ids.one_or_none() is not None

    async def redeliver_dead(self) -> int:
        """Send all dead messages again; returns how many."""
        again = update(DeskMessageRow).where(_is(MessageState.DEAD)).values(_AGAIN)
        return len((await self._session.scalars(again.returning(DeskMessageRow.id))).all())

    def _messages(self) -> Select[*tuple[object, ...]]:
        columns = [
            getattr(DeskMessageRow, name)  # the view's names are the columns' names
            for name in MessageView.__dataclass_fields__
            if name != "state"
        ]
        seen = select(*columns, _STATE.label("state"))
        return seen if self._sees_all else seen.where(text("false"))


def _is(state: MessageState) -> ColumnElement[bool]:
    """Written so that the partial indexes help."""
    match state:
        case MessageState.DEAD:
            return DeskMessageRow.dead_at.is_not(None)
        case MessageState.DELIVERED:
            return DeskMessageRow.delivered_at.is_not(None)
        case MessageState.PENDING:
            return DeskMessageRow.dead_at.is_(None) & DeskMessageRow.delivered_at.is_(None)


_STATE = case(
    (DeskMessageRow.dead_at.is_not(None), MessageState.DEAD.value),
    (DeskMessageRow.delivered_at.is_not(None), MessageState.DELIVERED.value),
    else_=MessageState.PENDING.value,
)
