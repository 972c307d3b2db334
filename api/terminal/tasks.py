"""`occupier tasks`: the list of tasks with its filters."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.terminal.output import asking, console, print_json
from api.terminal.words import SIGNS, Json, place, standing, words
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
    since: When = None,
    until: When = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Most tasks to show.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """List tasks, newest first. Filters narrow the list together; times without zone are UTC."""
    settings = Settings()
    with asking(settings, as_json=as_json) as client:
        filters: dict[str, object] = {
            "occupier_id": client.occupier(occupier)["id"] if occupier else None,
            "decommission_id": decommission,
            "site_id": site,
            "state": state,
            "phase": phase,
            "kind": kind,
            "overdue": None if overdue is None else str(overdue).lower(),
            "created_from": _moment(since),
            "created_to": _moment(until),
        }
        found = list(client.pages("/tasks", filters, limit))
    if as_json:
        print_json(found)
        return
    console().print(_table(found) if found else "No such task.")


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
        overdue = " overdue" if task["is_overdue"] else ""
        table.add_row(
            Text(task["created_at"][:19].replace("T", " ")),
            Text(task["occupier_name"]),
            Text(place(task)),
            Text(words(task["kind"])),
            Text(f"{sign} {standing(task)}{overdue}", style=style),
            f"{task['done']}/{task['total']}",
            Text(task["last_error"] or ""),
        )
    return table
