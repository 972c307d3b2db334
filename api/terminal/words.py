"""How numbers, states and tasks are written in the terminal."""

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


def trouble(task: Json) -> str:
    """Why a task failed or is being retried, in one line."""
    what = f"{words(task['kind'])} at {place(task)}"
    why = task["last_error"] or task["last_error_kind"] or "no reason known"
    if task["state"] == "failed":
        return f"{what} failed ({task['last_error_kind']}): {why}"
    return f"{what} is retried, attempt {task['attempt']} ({task['last_error_kind']}): {why}"
