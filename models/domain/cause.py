"""The cause of a case that opens by itself: what troubles which system at which place."""

from dataclasses import dataclass
from uuid import UUID

from models.domain import advice, stuck
from models.domain.advice import Advice, Audience
from models.domain.outside import FailureKind, System
from models.domain.stuck import StuckBecause

Trouble = FailureKind | StuckBecause


@dataclass(frozen=True, slots=True)
class Cause:
    """What makes tasks fail, or be stuck, together.

    Without a site it concerns an operator's whole estate, or everybody's when there is no
    operator either; such a case is seen by the vendor's staff only.
    """

    system: System | None  # `None`: the platform's own
    site_id: UUID | None
    operator_id: UUID | None
    trouble: Trouble
    is_held: bool = False  # the system is held because of it, so that tasks wait instead of fail
    queue: str | None = None  # the task queue that nobody polls

    @property
    def key(self) -> str:
        """The same for the same cause; at most one open case has it."""
        place = self.site_id or self.operator_id or "everywhere"
        what = f"{'held/' if self.is_held else ''}{self.trouble}"
        return "/".join([str(self.system or self.queue or "platform"), str(place), what])

    @property
    def subject(self) -> str:
        """One line for lists."""
        who = f"The {self.system} system" if self.system else "The platform"
        if self.is_held:
            return f"{who} is held: {_WORDS[self.trouble]}"
        return f"{who}: {_WORDS[self.trouble]}"

    @property
    def advice(self) -> Advice:
        """Who acts, what it means, what they do first."""
        if self.is_held:
            return _HELD
        if isinstance(self.trouble, StuckBecause):
            return stuck.ADVICE[self.trouble]
        return advice.ADVICE[self.trouble]

    @property
    def description(self) -> str:
        """What it means and what to do first."""
        queue = f" The queue is {self.queue}." if self.queue else ""
        return f"{self.advice.meaning}{queue} {self.advice.next_step}"


_WORDS: dict[Trouble, str] = {
    FailureKind.TRANSIENT: "does not answer",
    FailureKind.THROTTLED: "asks us to slow down",
    FailureKind.REJECTED: "refuses a removal",
    FailureKind.CONFLICT: "still uses what is to be removed",
    FailureKind.NOT_AUTHORISED: "does not accept our credentials",
    FailureKind.NOT_FOUND: "does not know the site",
    FailureKind.UNCONFIRMED: "says OK, but the resources are still there",
    FailureKind.NEEDS_HUMAN: "needs a person",
    FailureKind.TIMED_OUT: "comes to no end",
    FailureKind.BUG: "a defect stops a task",
    StuckBecause.HUNG: "hangs",
    StuckBecause.RETRYING: "fails in every attempt",
    StuckBecause.NO_WORKER: "nobody takes its tasks",
    StuckBecause.WORKFLOW_FAILING: "a workflow cannot go on",
    StuckBecause.RUN_GONE: "a workflow is gone",
    StuckBecause.ENGINE_AWAY: "Temporal does not answer",
}

_HELD = Advice(
    Audience.SUPPORT,
    "The system is held: every task that needs it waits, and its clock stands still.",
    "Ask the provider whether the system is back, or renew its credentials if it refuses them. "
    "Then release the hold; the tasks go on by themselves, spread over some time.",
)
