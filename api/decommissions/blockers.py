"""Blockers as the API shows them: each says what a person and what a program can do about it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, Field

from models.domain.blocker import Blocker, ObjectKind, Rule
from models.domain.occupier import OccupierStatus


class ActionKind(StrEnum):
    """What kind of step removes a blocker."""

    REQUEST = "request"
    WAIT = "wait"  # until something else has ended; then look again
    WAIT_UNTIL = "wait_until"
    AT_THE_HANDSET = "at_the_handset"
    ASK_SUPER_ADMIN = "ask_super_admin"


class ActionOut(BaseModel):
    """A step for a program: a request with its method, path and body, or what to wait for."""

    kind: ActionKind
    method: str | None = None
    path: str | None = None
    body: dict[str, str] | None = Field(None, description="What the request needs at least.")
    until: datetime | None = None


class BlockerOut(BaseModel):
    """One object that blocks."""

    rule: Rule
    site_id: UUID | None
    site_name: str | None
    object_kind: ObjectKind
    object_id: UUID | None = Field(description="Null for a site that you cannot see.")
    label: str | None = Field(description="What people call it.")
    number: str | None = Field(description="The phone number; personal, so do not log it.")
    why: str
    remedy: str
    actions: list[ActionOut] = Field(description="What removes it, best first.")


def shown_blocker(blocker: Blocker, occupier_id: UUID) -> BlockerOut:
    """A blocker for a reply."""
    return BlockerOut(
        rule=blocker.rule,
        site_id=blocker.site_id,
        site_name=blocker.site_name,
        object_kind=blocker.object_kind,
        object_id=blocker.object_id,
        label=blocker.label,
        number=blocker.number,
        why=blocker.why,
        remedy=blocker.remedy,
        actions=_actions(blocker, f"/api/v1/occupiers/{occupier_id}"),
    )


def _actions(blocker: Blocker, occupier: str) -> list[ActionOut]:
    match blocker.rule:
        case Rule.CONTRACT_STARTS_TODAY:
            wait = ActionOut(kind=ActionKind.WAIT_UNTIL, until=blocker.until)
            discard = _post(f"/api/v1/contracts/{blocker.object_id}/discard")
            return [wait, discard] if blocker.state == "upcoming" else [wait]
        case Rule.HANDSET_LOGGED_IN:
            refresh = _post(f"{occupier}/decommission/refresh")
            return [ActionOut(kind=ActionKind.AT_THE_HANDSET), refresh, _again(occupier)]
        case Rule.SERVICE_UPDATING:
            return [ActionOut(kind=ActionKind.WAIT), _again(occupier)]
        case Rule.SERVICE_FAILED:
            return [_post(f"{occupier}/cases", {"service_id": str(blocker.object_id)})]
        case Rule.SITE_NOT_PERMITTED:
            return [ActionOut(kind=ActionKind.ASK_SUPER_ADMIN)]
        case Rule.OCCUPIER_NOT_ACTIVE:
            return _after_start(OccupierStatus(blocker.state), occupier)


def _after_start(status: OccupierStatus, occupier: str) -> list[ActionOut]:
    look = _get(f"{occupier}/decommission")
    match status:
        case OccupierStatus.SCHEDULED:
            return [_get(f"/api/v1/schedules?occupier_id={occupier.rpartition('/')[2]}")]
        case OccupierStatus.FAILED:
            return [_post(f"{occupier}/cases"), look]
        case _:
            return [look]


def _again(occupier: str) -> ActionOut:
    return _get(f"{occupier}/decommission/preview")


def _get(path: str) -> ActionOut:
    return ActionOut(kind=ActionKind.REQUEST, method="GET", path=path)


def _post(path: str, body: dict[str, str] | None = None) -> ActionOut:
    return ActionOut(kind=ActionKind.REQUEST, method="POST", path=path, body=body)
