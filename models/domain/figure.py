"""Figures of the whole platform, as Prometheus takes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from models.domain.case import CasePriority
from models.domain.clock import WaitingReason
from models.domain.decommission import DecommissionState, TaskKind
from models.domain.hold import HoldOrigin
from models.domain.outside import System
from models.domain.stuck import StuckBecause

PHASES = ("queued", "running", "retrying", "failed")
"""What an unfinished task does; `failed` waits for a decision."""

MESSAGES = ("start", "schedule", "closure", "decision")
"""What the outbox carries to the engine."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of a measure, for instance the tasks that are stuck because they hang."""

    measure: str
    labels: tuple[str, ...]
    value: float


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted, by which labels; every combination of `values` is told, be it zero.

    A figure that is there only while something is wrong cannot show that it is well again.
    """

    meaning: str
    labels: tuple[str, ...] = ()
    values: tuple[tuple[str, ...], ...] = ()

    def complete(self, found: Iterable[Figure]) -> Mapping[tuple[str, ...], float]:
        """The values by their labels, with zero for what was not found."""
        told = dict.fromkeys(product(*self.values), 0.0)
        return told | {figure.labels: figure.value for figure in found}


_PRIORITY = (tuple(CasePriority),)
_KIND = (tuple(TaskKind),)
_AS_FOUND: tuple[tuple[str, ...], ...] = ((),)
"""No zeros: nothing is known of a watch that has never looked."""
_PLACE = (tuple(System), tuple(HoldOrigin))

MEASURES: Mapping[str, Measure] = {
    "decommissions": Measure("Decommissions by state.", ("state",), (tuple(DecommissionState),)),
    "decommissions_paused": Measure("Decommissions that are paused, wholly or at a site."),
    "decommissions_overdue": Measure("Unfinished decommissions that are older than expected."),
    "decommissions_in_jeopardy": Measure(
        "Unfinished decommissions that were once predicted to be late."
    ),
    "decommission_oldest_seconds": Measure("Age of the oldest unfinished decommission."),
    "tasks_open": Measure(
        "Unfinished tasks by kind and by what they do.", ("kind", "phase"), (*_KIND, PHASES)
    ),
    "tasks_overdue": Measure("Pending tasks past their due time."),
    "tasks_stuck": Measure(
        "Tasks that are marked as stuck, by reason.", ("because",), (tuple(StuckBecause),)
    ),
    "tasks_past_threshold": Measure(
        "Tasks active for half as long again as their threshold and not marked as stuck."
    ),
    "tasks_waiting": Measure(
        "Tasks whose waiting clock runs, by reason.", ("reason",), (tuple(WaitingReason),)
    ),
    "tasks_without_case": Measure("Failed or stuck tasks that are not in exactly one open case."),
    "task_oldest_active_seconds": Measure(
        "Longest active time of an unfinished task.", ("kind",), _KIND
    ),
    "cases_open": Measure("Open support cases.", ("priority",), _PRIORITY),
    "case_oldest_open_seconds": Measure("Age of the oldest open case.", ("priority",), _PRIORITY),
    "cases_unacknowledged": Measure(
        "Open cases that nobody has touched.", ("priority",), _PRIORITY
    ),
    "case_oldest_unacknowledged_seconds": Measure(
        "Age of the oldest open case that nobody has touched.", ("priority",), _PRIORITY
    ),
    "holds_open": Measure("Holds in force.", ("system", "origin"), _PLACE),
    "hold_oldest_seconds": Measure("Age of the oldest hold.", ("system",), (tuple(System),)),
    "watch_age_seconds": Measure(
        "How long ago the sweeper last looked for stuck tasks.", ("watch",), _AS_FOUND
    ),
    "watch_took_seconds": Measure("How long that look took.", ("watch",), _AS_FOUND),
    "watch_suspects": Measure("Tasks that it looked at more closely.", ("watch",), _AS_FOUND),
    "strikes_recent": Measure(
        "Tasks that failed in the last ten minutes for a reason that may be the system's own.",
        ("system",),
        (tuple(System),),
    ),
    "outbox_backlog": Measure("Messages to the engine that were not delivered."),
    "outbox_messages": Measure(
        "Messages to the engine that were not delivered, by what they carry.",
        ("message",),
        (MESSAGES,),
    ),
    "outbox_oldest_seconds": Measure(
        "Age of the oldest undelivered message.", ("message",), (MESSAGES,)
    ),
    "decisions_accepted": Measure("Decisions that were accepted and not carried out yet."),
    "decision_oldest_accepted_seconds": Measure("Age of the oldest such decision."),
    "waivers_unconfirmed": Measure("Waivers that wait for a second person."),
    "desk_messages": Measure(
        "Messages to the outside desk that were not delivered; dead ones are not tried any more.",
        ("state",),
        (("pending", "dead"),),
    ),
    "desk_oldest_pending_seconds": Measure("Age of the oldest message that is still tried."),
    "audit_chain_length": Measure("Number of the last event of the audit."),
}
"""Every measure that the database gives, by its name in Prometheus."""
