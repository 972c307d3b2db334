"""`occupier tasks`: the list of tasks with its filters."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.terminal.output import asking, console, print_json
from api.terminal.words import SIGNS, Json, case_of, duration, place, standing, words
from models.domain.clock import WaitingReason
from models.domain.decommission import TaskKind, TaskPhase, TaskState
from models.settings import Settings

When = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]),
]


def tasks(  # noqa: PLR0913 - one parameter per option
    *,
    occupier: Annotated[str | None, typer.Option(help="Name or id of an occupier.")] = None,
    decommission: Annotated[str | None, typer.Option(help="Id of a decommission.")] = None,
    site: Annotated[str | None, typer.Option(help="Id of a site.")] = None,
    state: Annotated[TaskState | None, typer.Option()] = None,
    phase: Annotated[TaskPhase | None, typer.Option()] = None,
    kind: Annotated[TaskKind | None, typer.Option()] = None,
    overdue: Annotated[bool | None, typer.Option(help="Pending for longer than expected.")] = None,
    stuck: Annotated[
        bool | None, typer.Option(help="Active for longer than its threshold.")
    ] = None,
    held: Annotated[bool | None, typer.Option(help="Waits for a hold of a system.")] = None,
    waiting: Annotated[WaitingReason | None, typer.Option(help="What it waits for.")] = None,
    has_case: Annotated[
        bool | None, typer.Option("--case/--no-case", help="In an open support case.")
    ] = None,
    since: When = None,
    until: When = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Most tasks to show.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """List tasks, newest first. Filters narrow the list together; times without zone are UTC.

    With --stuck it says why, for how long, beyond which threshold, and in which support case.
    """
    settings = Settings()
    with asking(settings, as_json=as_json) as client:
        filters: dict[str, object] = {
            "occupier_id": client.occupier(occupier)["id"] if occupier else None,
            "decommission_id": decommission,
            "site_id": site,
            "state": state,
            "phase": phase,
            "kind": kind,
            "overdue": _flag(overdue),
            "stuck": _flag(stuck),
            "held": _flag(held),
            "has_case": _flag(has_case),
            "waiting_reason": waiting,
            "created_from": _moment(since),
            "created_to": _moment(until),
        }
        found = list(client.pages("/tasks", filters, limit))
    if as_json:
        print_json(found)
        return
    if not found:
        console().print("No such task.")
        return
    if not stuck:
        console().print(_table(found))
        return
    for line in _stuck_lines(found):
        console().print(line, soft_wrap=True)
    console().print("`occupier explain` tells the whole story of a task.")


def _flag(value: bool | None) -> str | None:
    return None if value is None else str(value).lower()


def _moment(when: datetime | None) -> str | None:
    if when is None:
        return None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).isoformat()


def _table(found: list[Json]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("created", "occupier", "site", "task", "state", "done", "last error"):
        table.add_column(heading)
    for task in found:
        sign, style = SIGNS[standing(task)]
        late = " overdue" if task["is_overdue"] else ""
        late += " stuck" if task["stuck_at"] else ""
        table.add_row(
            Text(task["created_at"][:19].replace("T", " ")),
            Text(task["occupier_name"]),
            Text(place(task)),
            Text(words(task["kind"])),
            Text(f"{sign} {standing(task)}{late}", style=style),
            f"{task['done']}/{task['total']}",
            Text(task["last_error"] or ""),
        )
    return table


def _stuck_lines(found: list[Json]) -> Iterator[Text]:
    for task in found:
        threshold = task["threshold"]
        yield Text.assemble(
            (f"! {words(task['kind'])} at {place(task)}", "bold"),
            f" of '{task['occupier_name']}': ",
            (words(task["stuck_because"] or ""), "bold red"),
            f", active for {duration(task['active_s'])}, stuck after "
            f"{duration(threshold['seconds'])} {_source(threshold)}{case_of(task)}",
        )
        if task["last_error"]:
            yield Text(f"    last error: {task['last_error']}")
        yield Text(f"    occupier explain {task['id']}", style="dim")


def _source(threshold: Json) -> str:
    if threshold["source"] == "learned":
        return f"(learned from {threshold['samples']})"
    return f"({threshold['source']})"
