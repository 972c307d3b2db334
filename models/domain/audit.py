"""What the audit says of an attempt: who tried what on which thing, and how it ended.

Nothing in it is free text: actors, actions, reasons and states all have a shape, and whatever has
another one is a mistake of ours that must not be written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

SYSTEM = "system"
"""The actor of what no person asked for at that moment."""


class Outcome(StrEnum):
    """How an attempt ended."""

    DONE = "done"
    REFUSED = "refused"


class AuditAction(StrEnum):
    """Everything that is audited. A new kind of change gets its member here first."""

    OCCUPIER_EDIT = "occupier.edit"
    EXTERNAL_IDENTIFIER_ADD = "external_identifier.add"
    EXTERNAL_IDENTIFIER_REMOVE = "external_identifier.remove"
    CONTRACT_DISCARD = "contract.discard"
    SERVICE_CLEAR_FAILURE = "service.clear_failure"
    CASE_RAISE = "case.raise"
    HANDSET_LOG_OUT = "handset.log_out"
    HANDSET_REFRESH = "handset.refresh"
    OCCUPIER_DECOMMISSION = "occupier.decommission"
    DECOMMISSION_PENDING = "decommission.pending"
    DECOMMISSION_PARTIAL = "decommission.partial"
    DECOMMISSION_DECOMMISSIONED = "decommission.decommissioned"
    TASK_COMPLETED = "task.completed"
    TASK_PARKED = "task.parked"
    TASK_REOPENED = "task.reopened"
    NUMBERS_RELEASED = "numbers.released"
    SCHEDULE_CREATE = "schedule.create"
    SCHEDULE_RESCHEDULE = "schedule.reschedule"
    SCHEDULE_CANCEL = "schedule.cancel"
    SCHEDULE_START = "schedule.start"
    SCHEDULE_BLOCK = "schedule.block"
    CLOSURE_CREATE = "closure.create"
    CLOSURE_PAUSE = "closure.pause"
    CLOSURE_RESUME = "closure.resume"
    CLOSURE_FINISH = "closure.finish"
    DECOMMISSION_APPROVE = "decommission.approve"
    OPERATOR_EDIT = "operator.edit"
    DECISION_MAKE = "decision.make"
    DECISION_CONFIRM = "decision.confirm"
    DECISION_CARRIED_OUT = "decision.carried_out"
    DECISION_REFUSED = "decision.refused"
    TASK_WAIVED = "task.waived"
    TASK_STUCK = "task.stuck"
    TASK_WELL = "task.well"
    DECOMMISSION_RESTART = "decommission.restart"
    DECOMMISSION_JEOPARDY = "decommission.jeopardy"
    HOLD_PLACE = "hold.place"
    HOLD_RELEASE = "hold.release"
    CASE_COMMENT = "case.comment"
    CASE_ATTACH = "case.attach"
    CASE_STATUS = "case.status"
    CASE_EDIT = "case.edit"
    CASE_DECIDE = "case.decide"
    DESK_REDELIVER = "desk.redeliver"
    DESK_ANSWER = "desk.answer"


class ShapelessError(ValueError):
    """A value has no shape that the audit keeps; it may be personal, so it is not repeated."""

    def __init__(self, field: str) -> None:
        super().__init__(f"`{field}` of an audit event has no shape that the audit keeps")
        self.field = field


_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ACTOR = re.compile(rf"[a-z_]{{1,40}}(?::{_UUID})?")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_ENTITY_KIND = re.compile(r"[a-z_]{1,40}")
_REASON = re.compile(r"[a-z][a-z0-9-]{0,79}")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
_STATE = re.compile(
    r"[a-z][a-z0-9_-]{0,59}(?:,[a-z][a-z0-9_-]{0,59}){0,9}"  # states, names of fields
    rf"|{_UUID}"
    r"|[0-9]{1,20}(?:\.[0-9]{1,9})?"
    r"|[0-9a-f]{64}"  # a SHA-256
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_TIME_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{1,29}(?:/[A-Za-z0-9_+-]{1,29}){0,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One attempt to change something, with who and how it ended; raises `ShapelessError`.

    What concerns an occupier names it, so that its history can be read; the database finds it out
    for decommissions, tasks, cases, schedules, contracts and services.
    """

    actor: str
    action: AuditAction
    entity_kind: str
    entity_id: UUID
    occupier_id: UUID | None = None
    request_id: str | None = None
    outcome: Outcome = Outcome.DONE
    reason: str | None = None  # the problem's stable name; for refusals
    before: Mapping[str, str] | None = None
    after: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        if self.entity_kind == "occupier":
            object.__setattr__(self, "occupier_id", self.entity_id)
        _check("actor", _ACTOR, self.actor)
        _check("request_id", _REQUEST_ID, self.request_id)
        _check("entity_kind", _ENTITY_KIND, self.entity_kind)
        _check("reason", _REASON, self.reason)
        if (self.outcome is Outcome.REFUSED) is not (self.reason is not None):
            raise ShapelessError("reason")
        for name, states in (("before", self.before), ("after", self.after)):
            for key, value in (states or {}).items():
                _check(name, _KEY, key)
                _check(name, _TIME_ZONE if key == "time_zone" else _STATE, value)


def _check(field: str, shape: re.Pattern[str], value: str | None) -> None:
    if value is not None and not shape.fullmatch(value):
        raise ShapelessError(field)
