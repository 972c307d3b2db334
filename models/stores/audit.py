"""Writes what was attempted and how it ended; ids and states only, nothing personal."""

from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from models.domain.audit import AuditEvent
from models.tables.audit import AuditEventRow

_RECORDED = "audit_events"


class AuditStore:
    """Writes inside the caller's transaction, at its very end."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def record(self, event: AuditEvent) -> None:
        """Add the event; nobody can change or delete it afterwards.

        It is written as the last statement before the commit. Writers of the audit queue up until
        the one before has committed: whoever waits for another row while others wait for him would
        be waiting for ever, so no lock may be taken after this.
        """
        session = self._session.sync_session
        options = session.get_bind().get_execution_options()
        if session.in_nested_transaction() or options.get("isolation_level") == "AUTOCOMMIT":
            raise RuntimeError("an audit event belongs to the transaction of what it tells")
        if _RECORDED not in session.info:
            session.info[_RECORDED] = []
            sqlalchemy_event.listen(session, "before_commit", _write)
            sqlalchemy_event.listen(session, "after_rollback", _forget)
        session.info[_RECORDED].append(event)

    @property
    def has_recorded(self) -> bool:
        """Whether an event of this transaction waits for its end."""
        return bool(self._session.sync_session.info.get(_RECORDED))


def _write(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()  # what is still unwritten takes its locks first
    for event in session.info[_RECORDED]:
        session.execute(
            insert(AuditEventRow)
            .inline()  # the id is nobody's business, and reading it back needs the right to read
            .values(
                actor=event.actor,
                request_id=event.request_id,
                occupier_id=event.occupier_id,
                entity_kind=event.entity_kind,
                entity_id=event.entity_id,
                action=event.action,
                outcome=event.outcome,
                reason=event.reason,
                before=event.before,
                after=event.after,
            )
        )
    session.info[_RECORDED].clear()


def _forget(session: Session) -> None:
    session.info[_RECORDED].clear()
