"""What a checker demands of tasks in trouble: one open case each, clocks that add up, no hold that
has let go and still holds.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeAlias

from tests.evidence import Evidence, Row

Sentences: TypeAlias = Iterator[str]

OVER = {"resolved", "closed"}
CLOCK_ERROR_S = 0.1  # both clocks of a task are sums of differences that cancel each other out


def each_troubled_task_has_exactly_one_open_case(evidence: Evidence) -> Sentences:
    """A failed or stuck task is in exactly one open case, a done one in none."""
    after = evidence.after
    open_of: Counter[str] = Counter(
        joined["task_id"]
        for joined in _joined(evidence)
        if after.tables["cases"][joined["case_id"]]["status"] not in OVER
    )
    for task in after.rows("tasks"):
        found = open_of[task["id"]]
        if (task["state"] == "failed" or task["stuck_at"] is not None) and found != 1:
            yield f"the task {task['kind']} is in trouble and in {found} open cases"
        if task["state"] == "completed" and found:
            yield f"the task {task['kind']} is done and in {found} open cases"
        if task["has_case"] != bool(found):
            yield f"the task {task['kind']} has {found} open cases; has_case: {task['has_case']}"


def no_case_is_open_without_a_reason(evidence: Evidence) -> Sentences:
    """A case that opened by itself is over once it has no task, unless it covers an open hold."""
    joined = {row["case_id"] for row in _joined(evidence)}
    held = {row["case_id"] for row in evidence.after.rows("holds") if row["released_at"] is None}
    causes: dict[str, list[str]] = defaultdict(list)
    for case in evidence.after.rows("cases", origin="automatic"):
        if case["status"] in OVER:
            if case["id"] in joined:
                yield f"case {case['number']} is {case['status']} and still has tasks"
            continue
        if case["id"] not in joined | held:
            yield f"case {case['number']} is open without a task"
        if case["cause"] is not None:
            causes[case["cause"]].append(case["number"])
    for cause, numbers in causes.items():
        if len(numbers) > 1:
            yield f"the cause {cause} has {len(numbers)} open cases"


def the_clocks_add_up(evidence: Evidence) -> Sentences:
    """No clock runs backwards; of a done task both make up its time from creation to end."""
    for task in evidence.after.rows("tasks"):
        active, waiting = task["active_s"], task["waiting_s"]
        if min(active, waiting) < -CLOCK_ERROR_S:
            yield f"a clock of the task {task['kind']} is negative: {active:g} s, {waiting:g} s"
        if task["state"] != "completed":
            continue
        if task["clock_at"] is not None:
            yield f"a clock of the task {task['kind']} runs although it is done"
        lived = (_time(task["finished_at"]) - _time(task["created_at"])).total_seconds()
        if abs(active + waiting - lived) > CLOCK_ERROR_S:
            yield (
                f"the clocks of the task {task['kind']} show {active + waiting:.2f} s of its"
                f" {lived:.2f} s"
            )


def a_released_hold_holds_nothing(evidence: Evidence) -> Sentences:
    """No task is left behind by a hold that is over, and no done one by any."""
    holds = evidence.after.tables["holds"]
    for task in evidence.after.rows("tasks"):
        hold = holds.get(task["hold_id"]) if task["hold_id"] else None
        if hold is not None and hold["released_at"] is not None and task["state"] != "completed":
            yield f"the task {task['kind']} was left behind by a released hold"
        if task["state"] == "completed" and task["hold_id"]:
            yield f"the task {task['kind']} is done and still held"


OF_TROUBLE: tuple[Callable[[Evidence], Sentences], ...] = (
    each_troubled_task_has_exactly_one_open_case,
    no_case_is_open_without_a_reason,
    the_clocks_add_up,
    a_released_hold_holds_nothing,
)


def _joined(evidence: Evidence) -> list[Row]:
    """The rows of tasks that are in a case now."""
    return [row for row in evidence.after.rows("case_tasks") if row["left_at"] is None]


def _time(value: str) -> datetime:
    return datetime.fromisoformat(value)
