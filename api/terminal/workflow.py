"""`occupier workflow url|describe`: from a decommission to its workflow in Temporal."""

import asyncio
from typing import Annotated

import typer
from temporalio.client import Client, WorkflowExecutionDescription
from temporalio.service import RPCError, RPCStatusCode

from api.links import workflow_url
from api.terminal.exits import CommandError, Exit
from api.terminal.output import asking, console, print_json
from api.terminal.words import Json
from models.settings import Settings

Which = Annotated[
    str, typer.Argument(help="A decommission's id, or an occupier's id or exact name.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


def url(which: Which, *, as_json: JsonOption = False) -> None:
    """Print where the Temporal Web UI shows the workflow."""
    settings = Settings()
    with asking(settings, as_json=as_json) as client:
        workflow_id = client.decommission(which)["workflow_id"]
    address = workflow_url(settings, workflow_id)
    if as_json:
        print_json({"workflow_id": workflow_id, "url": address})
    else:
        typer.echo(address)


def describe(which: Which, *, as_json: JsonOption = False) -> None:
    """Print what Temporal says of the workflow: its state and the activities under way."""
    settings = Settings()
    with asking(settings, as_json=as_json) as client:
        workflow_id = client.decommission(which)["workflow_id"]
        found = asyncio.run(_described(settings, workflow_id))
    found["url"] = workflow_url(settings, workflow_id)
    if as_json:
        print_json(found)
        return
    screen = console()
    for name in ("workflow_id", "run_id", "status", "started", "closed", "events", "url"):
        screen.print(f"{name:>12}  {found[name]}", markup=False, highlight=False, soft_wrap=True)
    for activity in found["pending_activities"]:
        screen.print(
            f"{'activity':>12}  {activity['type']} {activity['state']}, "
            f"attempt {activity['attempt']}",
            markup=False,
        )


async def _described(settings: Settings, workflow_id: str) -> Json:
    try:
        client = await Client.connect(
            settings.temporal_target, namespace=settings.temporal_namespace
        )
        return _shown(await client.get_workflow_handle(workflow_id).describe())
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            message = "Temporal does not know the workflow (any more)."
            raise CommandError(Exit.NOT_FOUND, message) from None
        raise CommandError(Exit.UNREACHABLE, f"Temporal refused: {error.status.name}.") from None
    except RuntimeError:
        message = f"Temporal does not answer at {settings.temporal_target}."
        raise CommandError(Exit.UNREACHABLE, message) from None


def _shown(found: WorkflowExecutionDescription) -> Json:
    raw = found.raw_description
    return {
        "workflow_id": found.id,
        "run_id": found.run_id,
        "status": found.status.name.lower() if found.status else "unknown",
        "started": found.start_time.isoformat(),
        "closed": found.close_time.isoformat() if found.close_time else None,
        "events": found.history_length,
        "pending_activities": [
            {
                "type": activity.activity_type.name,
                "state": str(activity.state),
                "attempt": activity.attempt,
                "last_failure": activity.last_failure.message or None,
            }
            for activity in raw.pending_activities
        ],
        "pending_children": len(raw.pending_children),
    }
