"""Why a decommission may not start now (reference 12.1), and what may be done instead."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from models.domain.occupier import OccupierStatus
from models.domain.permission import Denial


class Rule(StrEnum):
    """A precondition that is not met."""

    CONTRACT_STARTS_TODAY = "contract_starts_today"  # PRE-1: DR-01
    HANDSET_LOGGED_IN = "handset_logged_in"  # PRE-2: DR-03, DR-05
    SERVICE_UPDATING = "service_updating"  # PRE-3: DR-07
    SERVICE_FAILED = "service_failed"  # PRE-3: DR-06
    OCCUPIER_NOT_ACTIVE = "occupier_not_active"  # PRE-4: DR-08 to DR-10
    SITE_NOT_PERMITTED = "site_not_permitted"  # PRE-5: DR-11 to DR-13


class ObjectKind(StrEnum):
    """What kind of thing blocks."""

    CONTRACT = "contract"
    HANDSET_LOGIN = "handset_login"
    SERVICE = "service"
    PHONE_NUMBER = "phone_number"
    OCCUPIER = "occupier"
    SITE = "site"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """One object that blocks the start; all of them are reported at once (DR-14).

    `number` may be personal: it is for the reply to somebody who may see it, never for a log,
    the audit or a case. Everything else may be kept anywhere.
    """

    rule: Rule
    object_kind: ObjectKind
    object_id: UUID | None  # None: a site that the caller cannot see
    site_id: UUID | None = None
    site_name: str | None = None
    label: str | None = None  # what a person calls it, where that is not personal
    number: str | None = field(default=None, repr=False)
    state: str = ""  # of the contract or the occupier
    until: datetime | None = None  # when it clears by itself, where that is known

    @property
    def why(self) -> str:
        """What blocks, in one sentence."""
        return _why(self)

    @property
    def remedy(self) -> str:
        """What a person does about it, in one sentence."""
        return _remedy(self)


class Offer(StrEnum):
    """What a caller may do about an occupier's decommission now."""

    DECOMMISSION = "decommission"
    SCHEDULE = "schedule"
    RESCHEDULE = "reschedule"
    CANCEL_SCHEDULE = "cancel_schedule"
    APPROVE = "approve"


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether an occupier may be decommissioned now, by whom it was asked for.

    `allowed` is what the preview shows and what the start, the schedule and the approval obey.
    """

    status: OccupierStatus
    blockers: Sequence[Blocker]
    denial: Denial | None = None
    second_person: bool = False  # whether the operator wants another admin's approval first

    @property
    def allowed(self) -> tuple[Offer, ...]:
        """A schedule can be changed or cancelled whatever else blocks.

        It can be made while all that blocks passes by itself; it is checked for its own day.
        """
        if self.denial is not None:
            return ()
        if self.status is OccupierStatus.SCHEDULED:
            return (Offer.RESCHEDULE, Offer.CANCEL_SCHEDULE)
        if self.blockers:
            passes = all(blocker.until is not None for blocker in self.blockers)
            # An approval is of what can be started now.
            return (Offer.SCHEDULE,) if passes and not self.second_person else ()
        approve = (Offer.APPROVE,) if self.second_person else ()
        return (Offer.DECOMMISSION, Offer.SCHEDULE, *approve)


def not_active(occupier_id: UUID, status: OccupierStatus) -> Blocker:
    """PRE-4: that the occupier is not active blocks by itself."""
    return Blocker(
        rule=Rule.OCCUPIER_NOT_ACTIVE,
        object_kind=ObjectKind.OCCUPIER,
        object_id=occupier_id,
        state=status.value,
    )


def _why(blocker: Blocker) -> str:
    match blocker.rule:
        case Rule.CONTRACT_STARTS_TODAY:
            return f"The contract {blocker.label} starts today in the time zone of its site."
        case Rule.HANDSET_LOGGED_IN:
            device = blocker.label or "a handset of an unknown type"
            return f"A number is logged in to {device}, which cannot be logged out remotely."
        case Rule.SERVICE_UPDATING if blocker.object_kind is ObjectKind.PHONE_NUMBER:
            return "A phone number is being changed, so its voice service is being updated."
        case Rule.SERVICE_UPDATING:
            return f"The service {blocker.label} is being updated."
        case Rule.SERVICE_FAILED:
            return f"The last update of the service {blocker.label} failed."
        case Rule.OCCUPIER_NOT_ACTIVE:
            return f"The occupier is {blocker.state}; only an active one can be decommissioned."
        case Rule.SITE_NOT_PERMITTED:
            return "The occupier has a contract at a site where you are not an admin."
        case _:
            assert_never(blocker.rule)


def _remedy(blocker: Blocker) -> str:
    match blocker.rule:
        case Rule.CONTRACT_STARTS_TODAY if blocker.state == "upcoming":
            return "Wait until tomorrow in the site's time zone, or discard the contract."
        case Rule.CONTRACT_STARTS_TODAY:
            return "Wait until tomorrow in the site's time zone."
        case Rule.HANDSET_LOGGED_IN:
            return "Log the number out at the handset itself, then look again."
        case Rule.SERVICE_UPDATING:
            return "Wait for the update to complete, then refresh."
        case Rule.SERVICE_FAILED:
            return "Create a support case for the service to have the error cleared."
        case Rule.OCCUPIER_NOT_ACTIVE:
            return _REMEDY_OF[OccupierStatus(blocker.state)]
        case Rule.SITE_NOT_PERMITTED:
            return "Ask a super admin of the operator for the admin role there, or to do it."
        case _:
            assert_never(blocker.rule)


_REMEDY_OF = {
    OccupierStatus.ACTIVE: "Nothing needs to be done.",
    OccupierStatus.SCHEDULED: "Change or cancel the schedule.",
    OccupierStatus.PENDING: "Watch the decommission that is running.",
    OccupierStatus.FAILED: "Create a support case; support completes the decommission.",
    OccupierStatus.DECOMMISSIONED: "Nothing is left to do; read what became of everything.",
}
