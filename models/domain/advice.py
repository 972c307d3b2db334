"""What each kind of failure means for people: who acts, and what they do first.

The kinds are few on purpose. Adapters translate what a system says into one of them, and from
there on nobody reads messages to decide anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.domain.outside import FailureKind


class Audience(StrEnum):
    """Who acts on a failure."""

    SUPPORT = "support"  # the vendor's support engineers, who speak to the system's provider
    SRE = "sre"  # whoever runs the platform


@dataclass(frozen=True, slots=True)
class Advice:
    """For the person who opens the case."""

    audience: Audience
    meaning: str
    next_step: str


ADVICE: Mapping[FailureKind, Advice] = {
    FailureKind.TRANSIENT: Advice(
        Audience.SUPPORT,
        "The system was not reached, or broke, in every attempt.",
        "Ask the provider whether the system is down. Retry the task when it is back.",
    ),
    FailureKind.THROTTLED: Advice(
        Audience.SUPPORT,
        "The system asked us to slow down in every attempt.",
        "Ask the provider for a higher limit, or hold the system and release it at a quiet hour.",
    ),
    FailureKind.REJECTED: Advice(
        Audience.SUPPORT,
        "The system refuses the request as it is; the same request again cannot help.",
        "Look the resources up in the system, mend what it objects to, then retry the task.",
    ),
    FailureKind.CONFLICT: Advice(
        Audience.SUPPORT,
        "Something else in the system still uses the resource.",
        "Find what still uses it, for example a port on the VLAN, end that, then retry the task.",
    ),
    FailureKind.NOT_AUTHORISED: Advice(
        Audience.SRE,
        "The system does not accept our credentials, or they lack a permission.",
        "Renew the credentials of the system, then retry the task.",
    ),
    FailureKind.NOT_FOUND: Advice(
        Audience.SUPPORT,
        "The system does not know the address that we ask, though it should.",
        "Check that the site is set up in the system under its reference, then retry the task.",
    ),
    FailureKind.UNCONFIRMED: Advice(
        Audience.SUPPORT,
        "The system accepted the removal, but a fresh read still shows the resources.",
        "Show the provider the resources that are still there. When they are gone, retry the task "
        "or complete it by hand; either way they are read again.",
    ),
    FailureKind.NEEDS_HUMAN: Advice(
        Audience.SUPPORT,
        "The system wants something done by a person.",
        "Do it in the system, then complete the task by hand; the resources are read again.",
    ),
    FailureKind.TIMED_OUT: Advice(
        Audience.SRE,
        "No attempt came to an end in its time, or its worker was gone.",
        "See `occupier explain` for the last heartbeat. Retry the task once the system answers "
        "and a worker polls its queue.",
    ),
    FailureKind.BUG: Advice(
        Audience.SRE,
        "The platform itself is at fault.",
        "Find the task's id in the worker's log. Retry the task after the fix is deployed.",
    ),
}
