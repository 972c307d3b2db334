"""How support cases are written in the terminal: first what a tired person needs."""

from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from api.terminal.words import Json, duration, place, words

_WHO = {"support": "support", "sre": "an SRE"}
_MOST_TASKS = 20


def printable(text: str) -> str:
    """What people wrote, without what would move the cursor or turn the direction of writing."""
    return "".join(
        one if one in "\n\t" or one.isprintable() else f"\\x{ord(one):02x}" for one in text
    )


def case_table(found: list[Json]) -> Table:
    """The list of cases."""
    table = Table(box=None, pad_edge=False)
    for heading in ("number", "priority", "status", "created", "site", "occupier", "tasks"):
        table.add_column(heading)
    table.add_column("subject", overflow="fold")
    for case in found:
        table.add_row(
            f"{case['number']}",
            case["priority"].upper(),
            words(case["status"]),
            _moment(case["created_at"]),
            Text(printable(case["site_name"] or "-")),
            Text(printable(case["occupier_name"] or "-")),
            str(case["tasks_now"]),
            Text(printable(case["subject"])),
        )
    return table


def print_case(screen: Console, case: Json) -> None:
    """What happened, what to do next, the tasks, the commands; then everything else."""
    style = "bold" if case["status"] not in {"resolved", "closed"} else "dim"
    title = f"Case {case['number']} ({case['priority'].upper()}, {words(case['status'])}): "
    screen.print(Text(title + printable(case["subject"]), style=style))
    head = Table(box=None, show_header=False, pad_edge=False)
    head.add_column(style="dim", no_wrap=True)
    head.add_column(overflow="fold")
    for name, text in _head(case):
        head.add_row(name, Text(printable(text), style="bold" if name == "To do" else ""))
    screen.print(Padding(head, (0, 0, 0, 2)))
    _print_lines(screen, "Tasks", _tasks(case))
    _print_lines(screen, "Commands", _commands(case))
    _print_lines(screen, "Comments", _comments(case))
    _print_lines(screen, "Files", _files(case))
    _print_lines(screen, "History (UTC)", _history(case))


def _head(case: Json) -> Iterator[tuple[str, str]]:
    advice = case["advice"]
    yield "What happened", advice["meaning"] if advice else case["description"]
    if advice:
        yield "To do", f"For {_WHO[advice['audience']]}: {advice['next_step']}"
    if advice and case["origin"] != "automatic":
        yield "Description", case["description"]
    where = case["site_name"] or ("everywhere" if case["operator_id"] is None else "at no one site")
    yield "Where", where
    if case["occupier_name"]:
        yield "Occupier", case["occupier_name"]
    if case["decommission_state"]:
        yield "Decommission", f"{words(case['decommission_state'])} ({case['decommission_id']})"
    if case["service_id"]:
        yield "Service", f"update {case['service_update_state']} ({case['service_id']})"
    if case["hold"]:
        yield "Hold", _hold(case["hold"])
    if case["external_reference"]:
        yield "Outside", case["external_reference"]
    yield "Raised", f"{_moment(case['created_at'])} UTC by {case['requested_by']}"
    yield "Times", _times(case)


def _hold(hold: Json) -> str:
    until = f", released {_moment(hold['released_at'])}" if hold["released_at"] else ""
    return f"{hold['system']} since {_moment(hold['placed_at'])}{until}"


def _times(case: Json) -> str:
    told = []
    for name, seconds in (
        ("acknowledged", case["time_to_acknowledge_s"]),
        ("resolved", case["time_to_resolve_s"]),
    ):
        told.append(f"{name} after {duration(seconds)}" if seconds is not None else f"not {name}")
    if case["times_reopened"]:
        told.append(f"opened again {case['times_reopened']} times")
    return ", ".join(told)


def _tasks(case: Json) -> Iterator[str]:
    now = [one["task"] for one in case["tasks"] if one["left_at"] is None]
    for task in now[:_MOST_TASKS]:
        error = f": {task['last_error']}" if task["last_error"] else ""
        yield f"{task['id']}  {words(task['kind'])} at {place(task)}, {task['state']}{error}"
    if len(now) > _MOST_TASKS:
        yield f"and {len(now) - _MOST_TASKS} more"
    left = len(case["tasks"]) - len(now)
    if left:
        yield f"{left} that left it already"


def _commands(case: Json) -> Iterator[str]:
    number, allowed = case["number"], case["allowed_actions"]
    now = [one["task"]["id"] for one in case["tasks"] if one["left_at"] is None]
    if now:
        yield f"occupier explain {now[0]}"
    for action in allowed["decisions"]:
        more = {
            "complete_by_hand": " --evidence '...'",
            "waive": " --reason system_retired",
        }.get(action, "")
        yield f"occupier case decide {number} {action}{more}"
    if case["hold"] and not case["hold"]["released_at"] and allowed["edit"]:
        site = f" --site {case['hold']['site_id']}" if case["hold"]["site_id"] else ""
        yield f"occupier release {case['hold']['system']}{site}"
    if allowed["comment"]:
        yield f"occupier case comment {number} '...'"
        yield f"occupier case attach {number} FILE"
    yield from (f"occupier case status {number} {status}" for status in allowed["statuses"])


def _comments(case: Json) -> Iterator[str]:
    for one in case["comments"]:
        yield f"{_moment(one['created_at'])} {one['author']}"
        yield from (f"    {line}" for line in one["body"].splitlines())


def _files(case: Json) -> Iterator[str]:
    for one in case["attachments"]:
        yield f"{one['id']}  {one['filename']} ({one['media_type']}, {one['size']:,} bytes)"


def _history(case: Json) -> Iterator[str]:
    for one in case["history"]:
        yield f"{_moment(one['at'])} {words(one['status'])} by {one['actor']}"


def _print_lines(screen: Console, title: str, lines: Iterator[str]) -> None:
    shown = list(lines)
    if shown:
        screen.print(Text(title, style="bold"))
        for line in shown:
            text = f"  {printable(line)}"
            screen.print(text, markup=False, highlight=False, soft_wrap=True)


def _moment(at: str) -> str:
    return at[:16].replace("T", " ")
