"""`occupier case ...`: support cases, from the first look to the last decision."""

from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from api.terminal.case_view import case_table, print_case, printable
from api.terminal.client import ApiClient, is_id
from api.terminal.closures import find_site_id
from api.terminal.decisions import decision_body
from api.terminal.exits import HELP, CommandError, Exit
from api.terminal.output import asking, console, print_json
from api.terminal.words import Json, words
from models.domain.case import CaseCategory, CaseChoice, CaseOrigin, CasePriority, CaseStatus
from models.domain.decision import DecisionAction, WaiverReason
from models.settings import Settings

Case = Annotated[str, typer.Argument(help="Number of a case (or its id); `occupier case list`.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
Evidence = Annotated[str | None, typer.Option(help="What was done, and how it was seen.")]
Proof = Annotated[
    Path | None,
    typer.Option("--file", exists=True, dir_okay=False, help="A file that shows it, up to 700 kB."),
]
Tasks = Annotated[
    list[str] | None,
    typer.Option("--task", help="Only this task, by its id; may be given several times."),
]


def add_to(app: typer.Typer) -> None:
    """Register `case list|show|open|comment|attach|status|edit|decide`."""
    case = typer.Typer(help="Support cases.", no_args_is_help=True)
    for name, command in (
        ("list", list_cases),
        ("show", show),
        ("open", open_case),
        ("comment", comment),
        ("attach", attach),
        ("status", status),
        ("edit", edit),
        ("decide", decide),
    ):
        case.command(name, epilog=HELP)(command)
    app.add_typer(case, name="case")


def list_cases(  # noqa: PLR0913 - one parameter per option
    *,
    status_: Annotated[
        CaseChoice, typer.Option("--status", help="Those over are of the last 12 months.")
    ] = CaseChoice.OPEN,
    site: Annotated[str | None, typer.Option(help="Exact name or id of a site.")] = None,
    occupier: Annotated[str | None, typer.Option(help="Exact name or id of an occupier.")] = None,
    origin: Annotated[CaseOrigin | None, typer.Option(help="Who raised it.")] = None,
    priority: Annotated[CasePriority | None, typer.Option()] = None,
    task: Annotated[str | None, typer.Option(help="Id of a task.")] = None,
    decommission: Annotated[str | None, typer.Option(help="Id of a decommission.")] = None,
    search: Annotated[str | None, typer.Option(help="A number, or part of the subject.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Most cases to show.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List support cases, newest first; the open ones unless told. Filters hold together."""
    with asking(Settings(), as_json=as_json) as client:
        filters: dict[str, object] = {
            "status": status_.value,
            "site_id": find_site_id(client, site) if site else None,
            "occupier_id": client.occupier(occupier)["id"] if occupier else None,
            "origin": origin.value if origin else None,
            "priority": priority.value if priority else None,
            "task_id": task,
            "decommission_id": decommission,
            "search": search,
        }
        found = list(client.pages("/cases", filters, limit))
    if as_json:
        print_json(found)
        return
    console().print(case_table(found) if found else "No such case.")


def show(case: Case, *, as_json: AsJson = False) -> None:
    """Show a case: what happened, what to do next, its tasks, and the commands for that."""
    with asking(Settings(), as_json=as_json) as client:
        found = client.get(f"/cases/{_id(client, case)}")
    if as_json:
        print_json(found)
    else:
        print_case(console(), found)


def open_case(  # noqa: PLR0913 - one parameter per option
    name: Annotated[
        str | None, typer.Argument(help="Name or id of the occupier that it is about.")
    ] = None,
    *,
    service: Annotated[str | None, typer.Option(help="Id of a service that failed.")] = None,
    task: Annotated[str | None, typer.Option(help="Id of a task that is pending too long.")] = None,
    site: Annotated[str | None, typer.Option(help="Exact name or id of a site.")] = None,
    subject: Annotated[
        str | None, typer.Option(help="One line, for a case about anything else.")
    ] = None,
    description: Annotated[str | None, typer.Option(help="What is the matter.")] = None,
    category: Annotated[CaseCategory, typer.Option()] = CaseCategory.TECHNICAL,
    priority: Annotated[CasePriority, typer.Option()] = CasePriority.P3,
    as_json: AsJson = False,
) -> None:
    """Create a support case: about a task, a failed service, a decommission, or anything.

    With an occupier alone it is about its decommission. What is in a case already opens that one.
    """
    with asking(Settings(), as_json=as_json) as client:
        if task is not None:
            made = client.post(f"/tasks/{task}/cases", {}, _key())
        elif subject is not None:
            body: Json = {
                "subject": subject,
                "description": description or subject,
                "category": category.value,
                "priority": priority.value,
            }
            if name is not None:
                body["occupier_id"] = client.occupier(name)["id"]
            if site is not None:
                body["site_id"] = find_site_id(client, site)
            made = client.post("/cases", body, _key())
        elif name is not None:
            about: Json = {"service_id": service} if service else {}
            made = client.post(f"/occupiers/{client.occupier(name)['id']}/cases", about, _key())
        else:
            raise CommandError(Exit.USAGE, "Give an occupier, --task, or --subject.")
    _say(made, f"Case {made['number']} is open: {made['subject']}.", as_json=as_json)


def comment(
    case: Case,
    text: Annotated[str, typer.Argument(help="What you have to say; `-` reads it from stdin.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Comment on a case. Within 14 days after it was resolved that opens it again."""
    body = typer.get_text_stream("stdin").read() if text == "-" else text
    with asking(Settings(), as_json=as_json) as client:
        path = f"/cases/{_id(client, case)}/comments"
        added = client.post(path, {"body": body}, _key())
    _say(added, f"Added; the case is {words(added['case_status'])}.", as_json=as_json)


def attach(
    case: Case,
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="PDF, PNG, JPEG, GIF, WebP, or text (.txt, .log, .csv, .json), up to 20 MB.",
        ),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Attach a file to a case."""
    with asking(Settings(), as_json=as_json) as client:
        path = f"/cases/{_id(client, case)}/attachments"
        added = client.upload(path, file.name, file.read_bytes(), _key())
    _say(added, f"Attached {added['filename']}, {added['size']:,} bytes.", as_json=as_json)


def status(
    case: Case,
    to: Annotated[CaseStatus, typer.Argument(help="Where it goes.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Move a case to another status. One with failed or stuck tasks cannot be resolved."""
    with asking(Settings(), as_json=as_json) as client:
        found = client.get(f"/cases/{_id(client, case)}")
        wanted: Json = {"status": to.value, "seen": found["status"]}
        moved = client.post(f"/cases/{found['id']}/status", wanted, _key())
    _say(moved, f"Case {moved['number']} is {words(moved['status'])}.", as_json=as_json)


def edit(
    case: Case,
    *,
    priority: Annotated[CasePriority | None, typer.Option(help="How urgent it is.")] = None,
    reference: Annotated[
        str | None, typer.Option(help="Its number at an outside desk; '' takes it away.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Set the priority of a case, or its number at an outside desk."""
    body: Json = {"priority": priority.value} if priority else {}
    if reference is not None:
        body["external_reference"] = reference or None
    with asking(Settings(), as_json=as_json) as client:
        if not body:
            raise CommandError(Exit.USAGE, "Give --priority or --reference.")
        edited = client.patch(f"/cases/{_id(client, case)}", body, _key())
    line = f"Case {edited['number']} is {edited['priority'].upper()}"
    _say(edited, f"{line}, outside {edited['external_reference'] or 'nowhere'}.", as_json=as_json)


def decide(  # noqa: PLR0913 - one parameter per option
    case: Case,
    action: Annotated[
        DecisionAction, typer.Argument(help="retry, complete_by_hand or waive; of all its tasks.")
    ],
    *,
    task: Tasks = None,
    reason: Annotated[WaiverReason | None, typer.Option(help="For a waiver.")] = None,
    evidence: Evidence = None,
    file: Proof = None,
    as_json: AsJson = False,
) -> None:
    """Decide the same about all tasks of a case for which it is possible, or about some."""
    with asking(Settings(), as_json=as_json) as client:
        found = client.get(f"/cases/{_id(client, case)}")
        body = decision_body(action.value, evidence, file)
        if reason is not None:
            body["reason"] = reason.value
        if task:
            body["tasks"] = [_seen(found, one) for one in task]
        made = client.post(f"/cases/{found['id']}/decisions", body, _key())
    if as_json:
        print_json(made)
        return
    for one in made["results"]:
        line = _result(one)
        console().print(printable(line), markup=False, highlight=False, soft_wrap=True)
    left = f" {made['left']} are left: decide again." if made["left"] else ""
    console().print(f"Decided about {made['made']}, refused for {made['refused']}.{left}")


def _result(one: Json) -> str:
    if one["problem"]:
        return f"{one['task_id']}  refused: {one['problem']['detail']}"
    made = one["decision"]
    end = f"occupier decision show {made['id']}"
    if made["state"] == "awaiting_second_person":
        end = f"a second person confirms: occupier decision confirm {made['id']}"
    return f"{one['task_id']}  {words(made['action'])}: {words(made['state'])}; {end}"


def _seen(case: Json, task_id: str) -> Json:
    for one in case["tasks"]:
        if one["task"]["id"] == task_id and one["left_at"] is None:
            return {
                "task_id": task_id,
                "round": one["task"]["round"],
                "state": one["task"]["state"],
            }
    raise CommandError(Exit.NOT_FOUND, f"Task {task_id} is not in case {case['number']} now.")


def _id(client: ApiClient, number_or_id: str) -> str:
    if is_id(number_or_id):
        return number_or_id
    number = number_or_id.removeprefix("#")
    if not number.isascii() or not number.isdigit():
        raise CommandError(Exit.USAGE, "Name a case by its number, such as 17, or by its id.")
    for one in client.pages("/cases", {"status": "all", "search": f"#{number}"}, 200):
        if one["number"] == int(number):
            return str(one["id"])
    raise CommandError(Exit.NOT_FOUND, f"There is no case {number} that you see.")


def _say(body: Json, line: str, *, as_json: bool) -> None:
    if as_json:
        print_json(body)
    else:
        console().print(printable(line), markup=False, highlight=False, soft_wrap=True)


def _key() -> str:
    return str(uuid4())
