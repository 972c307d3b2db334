"""`occupier task`, `occupier decision`, `occupier pause|resume`: what support and SREs decide."""

import base64
import mimetypes
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from api.terminal.client import ApiClient
from api.terminal.exits import HELP, CommandError, Exit
from api.terminal.output import asking, console, print_json
from api.terminal.words import Json, words
from models.domain.decision import WaiverReason
from models.settings import Settings

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
Task = Annotated[str, typer.Argument(help="Id of a task; `occupier tasks` lists them.")]
Decision = Annotated[str, typer.Argument(help="Id of a decision.")]
Evidence = Annotated[str | None, typer.Option(help="What was done, and how it was seen.")]
File = Annotated[
    Path | None,
    typer.Option(
        "--file", exists=True, dir_okay=False, help="A PDF, JPEG, PNG or text that shows it."
    ),
]
Occupier = Annotated[str, typer.Argument(help="Occupier's name or id, or a decommission's id.")]
Site = Annotated[str | None, typer.Option(help="Id of a site; without, the whole decommission.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    task = typer.Typer(help="Decide about a failed or stuck task.", no_args_is_help=True)
    task.command("retry", epilog=HELP)(retry)
    task.command("complete", epilog=HELP)(complete)
    task.command("waive", epilog=HELP)(waive)
    app.add_typer(task, name="task")
    decision = typer.Typer(help="Look at a decision, or confirm it.", no_args_is_help=True)
    decision.command("show", epilog=HELP)(show)
    decision.command("confirm", epilog=HELP)(confirm)
    app.add_typer(decision, name="decision")
    app.command(epilog=HELP)(pause)
    app.command(epilog=HELP)(resume)


def retry(task: Task, *, as_json: JsonOption = False) -> None:
    """Run a failed task again, or the next attempt of one that still tries at once."""
    _decide(task, {"action": "retry"}, as_json=as_json)


def complete(
    task: Task, *, evidence: Evidence = None, file: File = None, as_json: JsonOption = False
) -> None:
    """Say that a task was done by hand; a fresh read must confirm it."""
    _decide(task, decision_body("complete_by_hand", evidence, file), as_json=as_json)


def waive(
    task: Task,
    *,
    reason: Annotated[WaiverReason, typer.Option(help="Why it cannot be done any more.")],
    evidence: Evidence = None,
    file: File = None,
    as_json: JsonOption = False,
) -> None:
    """Leave the rest of a task undone for ever. A second person must confirm it."""
    wanted = decision_body("waive", evidence, file) | {"reason": reason.value}
    _decide(task, wanted, as_json=as_json)


def show(decision: Decision, *, as_json: JsonOption = False) -> None:
    """Show a decision and what became of it."""
    with asking(Settings(), as_json=as_json) as client:
        _print(client.get(f"/decisions/{decision}"), as_json=as_json)


def confirm(decision: Decision, *, as_json: JsonOption = False) -> None:
    """Confirm a waiver as the second person."""
    with asking(Settings(), as_json=as_json) as client:
        made = client.post(f"/decisions/{decision}/confirm", {}, str(uuid4()))
        _print(made, as_json=as_json)


def pause(name: Occupier, *, site: Site = None, as_json: JsonOption = False) -> None:
    """Let tasks that have not started wait; running ones finish."""
    _set_pace(name, "pause", site, as_json=as_json)


def resume(name: Occupier, *, site: Site = None, as_json: JsonOption = False) -> None:
    """Let a paused decommission or site go on."""
    _set_pace(name, "resume", site, as_json=as_json)


def decision_body(action: str, evidence: str | None, file: Path | None) -> Json:
    """A decision as the API takes it, without the task."""
    given = {"evidence": evidence, "file": _file(file) if file else None}
    return {"action": action} | _known(given)


def _decide(task_id: str, wanted: Json, *, as_json: bool) -> None:
    with asking(Settings(), as_json=as_json) as client:
        task = client.get(f"/tasks/{task_id}")
        seen = {"round": task["round"], "state": task["state"]}
        made = client.post(f"/tasks/{task_id}/decisions", wanted | seen, str(uuid4()))
        _print(made, as_json=as_json)


def _set_pace(name: str, action: str, site: str | None, *, as_json: bool) -> None:
    with asking(Settings(), as_json=as_json) as client:
        path = f"/decommissions/{_decommission_id(client, name)}/decisions"
        made = client.post(path, _known({"action": action, "site_id": site}), str(uuid4()))
        _print(made, as_json=as_json)


def _decommission_id(client: ApiClient, name: str) -> str:
    return str(client.decommission(name)["id"])


def _known(given: Json) -> Json:
    return {name: value for name, value in given.items() if value is not None}


def _file(path: Path) -> Json:
    kind, _ = mimetypes.guess_type(path.name)
    if kind is None:
        raise CommandError(Exit.USAGE, "The file must be a PDF, JPEG, PNG or text, by its name.")
    content = base64.b64encode(path.read_bytes()).decode()
    return {"name": path.name, "media_type": kind, "content": content}


def _print(decision: Json, *, as_json: bool) -> None:
    if as_json:
        print_json(decision)
        return
    lines = [f"{words(decision['action'])}: {words(decision['state'])} ({decision['id']})"]
    if decision["refused_because"]:
        lines.append(f"It had no effect: {words(decision['refused_because'])}.")
    if decision["state"] == "awaiting_second_person":
        lines.append(f"A second person confirms: occupier decision confirm {decision['id']}")
    if decision["state"] == "accepted":
        lines.append(f"See its end: occupier decision show {decision['id']}")
    for line in lines:
        console().print(line, markup=False, highlight=False, soft_wrap=True)
