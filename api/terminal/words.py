"""How numbers, states and tasks are written in the terminal."""

from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]  # Any: what JSON holds

SIGNS = {
    "completed": ("✔", "green"),
    "failed": ("✘", "bold red"),
    "cancelled": ("-", "dim"),
    "queued": ("·", "dim"),
    "running": ("▶", "cyan"),
    "retrying": ("↻", "yellow"),
}
STUCK = ("!", "bold red")


def standing(task: Json) -> str:
    """The state, or the phase while it is pending."""
    return str(task["phase"] if task["state"] == "pending" else task["state"])


def words(kind: str) -> str:
    """`stop_services` as people read it."""
    return kind.replace("_", " ")


def duration(seconds: float) -> str:
    """Seconds as 4.2 s, 3:07 or 1:02:03."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def place(task: Json) -> str:
    """Where a task is."""
    return str(task["site_name"] or "all sites")


def case_of(task: Json) -> str:
    """The support case that a task is in, if any."""
    return f" [case {task['case_number']}]" if task["case_number"] else ""


def stuck_words(task: Json) -> str:
    """Why a task is stuck, and since when that shows."""
    threshold = task["threshold"]["seconds"] if "threshold" in task else task["threshold_s"]
    beyond = f", stuck after {duration(threshold)}" if threshold else ""
    return f"{words(task['stuck_because'])}, active for {duration(task['active_s'])}{beyond}"


def outlook(snapshot: Json) -> str | None:
    """When a decommission will probably be done, in one line; `None` once it is."""
    prediction = snapshot["prediction"]
    if prediction is None:
        return None
    late = "; it will be late" if snapshot["jeopardy_at"] else ""
    if prediction["finish"] is None:
        why = _OPEN_ENDS[prediction["open_end"]]
        return f"not before {clock(prediction['earliest'])}: {why}{late}"
    span = f"{clock(prediction['earliest'])} to {clock(prediction['latest'])}"
    return f"done about {clock(prediction['finish'])} ({span}){late}"


_OPEN_ENDS = {
    "human": "a task waits for a decision",
    "paused": "it is paused",
    "held": "an outside system is held",
    "stuck": "a task is stuck",
}


def clock(moment: str) -> str:
    """The time of day in UTC, with the date unless it is today's."""
    at = datetime.fromisoformat(moment).astimezone(UTC)
    is_today = at.date() == datetime.now(UTC).date()
    return f"{at:%H:%M:%S} UTC" if is_today else f"{at:%Y-%m-%d %H:%M} UTC"


def trouble(task: Json) -> str:
    """Why a task failed, is stuck, or is being retried, in one line."""
    what = f"{words(task['kind'])} at {place(task)}"
    why = task["last_error"] or task["last_error_kind"] or "no reason known"
    if task["state"] == "failed":
        return f"{what} failed ({task['last_error_kind']}): {why}{case_of(task)}"
    if task["stuck_at"]:
        return f"{what} is stuck: {stuck_words(task)}{case_of(task)}"
    return f"{what} is retried, attempt {task['attempt']} ({task['last_error_kind']}): {why}"
