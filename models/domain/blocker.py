"""Why a decommission may not start now (reference 12.1)."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Rule(StrEnum):
    """A precondition that is not met."""

    CONTRACT_STARTS_TODAY = "contract_starts_today"  # DR-01
    HANDSET_LOGGED_IN = "handset_logged_in"  # DR-03, DR-05
    SERVICE_UPDATING = "service_updating"  # DR-07
    SERVICE_FAILED = "service_failed"  # DR-06

    @property
    def remedy(self) -> str:
        """What a person does about it."""
        return _REMEDIES[self]


_REMEDIES = {
    Rule.CONTRACT_STARTS_TODAY: "Wait until tomorrow in the site's time zone, or discard it.",
    Rule.HANDSET_LOGGED_IN: "Log the number out at the handset itself.",
    Rule.SERVICE_UPDATING: "Wait for the update to complete, then try again.",
    Rule.SERVICE_FAILED: "Create a support case for the service to have the error cleared.",
}


@dataclass(frozen=True, slots=True)
class Blocker:
    """One object that blocks the start; all of them are reported at once (DR-14)."""

    rule: Rule
    site_id: UUID
    object_id: UUID
