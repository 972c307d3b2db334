"""Support cases from the command line, as support works with them at night."""

import json
from pathlib import Path

import pytest
import typer
from sqlalchemy import text
from typer.testing import CliRunner

from api.terminal.commands import add_to
from api.terminal.exits import Exit
from models.database import Sessions
from models.domain.case import CaseOrigin
from models.domain.decommission import DecommissionState, TaskKind, TaskState
from models.tables.case import CaseTaskRow
from tests.builders import make_decommission, make_scene, make_task
from tests.desk_cases import make_case
from tests.terminal.conftest import Run

NAME = "Fern & Field"


@pytest.fixture
async def number(sessions: Sessions) -> str:
    """The number of a case over one failed task."""
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=1, name=NAME)
        decommission = await make_decommission(
            session, occupier=scene.occupier, sites=scene.sites, state=DecommissionState.PARTIAL
        )
        task = await make_task(
            session,
            decommission=decommission,
            site=scene.sites[0],
            kind=TaskKind.PORTS,
            state=TaskState.FAILED,
            last_error="switching: refused",
        )
        case = await make_case(
            session,
            operator_id=scene.occupier.operator_id,
            site_id=scene.sites[0].id,
            occupier_id=scene.occupier.id,
            origin=CaseOrigin.AUTOMATIC,
            subject="The switching system: refuses \x9b2Ja removal [bold]x[/bold]",
            cause=f"switching/{scene.sites[0].id}/rejected",
        )
        session.add(CaseTaskRow(case_id=case.id, task_id=task.id))
        other = await make_decommission(session, sites=scene.sites)
        await make_task(session, decommission=other, site=scene.sites[0], kind=TaskKind.NETWORK)
    return str(case.number)


async def test_support_works_on_a_case_from_its_list_to_its_end(
    run: Run, number: str, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OCCUPIER_AS", "support")
    listed = run("case", "list", "--origin", "automatic")
    assert (listed.exit_code, "refuses" in listed.stdout) == (Exit.DONE, True), listed.output
    assert NAME not in listed.stdout

    shown = run("case", "show", number)
    assert shown.exit_code == Exit.DONE, shown.output
    for wanted in (
        "What happened",
        "The system refuses the request",
        "For support: Look the resources up",
        "switching: refused",
        f"occupier case decide {number} retry",
        "occupier explain ",
    ):
        assert wanted in shown.stdout, wanted
    assert shown.stdout.index("To do") < shown.stdout.index("Tasks") < shown.stdout.index("History")
    assert "\x9b" not in shown.stdout
    assert "[bold]x[/bold]" in shown.stdout

    assert run("case", "comment", number, "On [it].").exit_code == Exit.DONE
    assert run("case", "status", number, "in_progress").exit_code == Exit.DONE
    refused = run("case", "status", number, "resolved")
    assert (refused.exit_code, "ports" in refused.output) == (Exit.REFUSED, True), refused.output
    file = tmp_path / "Pläne B.txt"
    file.write_text("Seen.")
    attached = run("case", "attach", number, str(file))
    assert (attached.exit_code, "Pläne B.txt" in attached.stdout) == (0, True), attached.output
    edited = run("case", "edit", number, "--priority", "p1", "--reference", "INC-7")
    assert "is P1, outside INC-7" in edited.stdout, edited.output

    decided = run("case", "decide", number, "retry")
    assert (decided.exit_code, "Decided about 1" in decided.stdout) == (0, True), decided.output
    again = run("case", "decide", number, "retry")
    assert again.exit_code == Exit.REFUSED

    found = json.loads(run("case", "show", f"#{number}", "--json").stdout)
    assert [one["body"] for one in found["comments"]] == ["On [it]."]
    assert [one["filename"] for one in found["attachments"]] == ["Pläne B.txt"]
    assert found["status"] == "in_progress"
    async with sessions() as session:
        assert await session.scalar(text("SELECT count(*) FROM decisions")) == 1


async def test_an_operator_opens_cases_and_may_not_handle_them(
    run: Run, number: str, sessions: Sessions
) -> None:
    async with sessions() as session:
        task_id = await session.scalar(text("SELECT id FROM tasks WHERE state = 'pending'"))
    opened = [run("case", "open", "--task", str(task_id), "--json") for _ in range(2)]
    assert [one.exit_code for one in opened] == [0, 0], opened[0].output
    first, second = [json.loads(one.stdout) for one in opened]
    assert first["id"] == second["id"]
    free = run("case", "open", NAME, "--subject", "Phones ring twice")
    assert (free.exit_code, "Phones ring twice" in free.stdout) == (0, True), free.output
    assert run("case", "status", number, "in_progress").exit_code == Exit.REFUSED
    assert run("case", "decide", number, "retry").exit_code == Exit.REFUSED
    assert run("case", "open").exit_code == Exit.USAGE
    assert run("case", "show", "4711").exit_code == Exit.NOT_FOUND
    assert run("case", "show", "x").exit_code == Exit.USAGE
    assert "No such case" in run("case", "list", "--status", "closed").stdout


@pytest.mark.parametrize(
    "command", ["list", "show", "open", "comment", "attach", "status", "edit", "decide"]
)
def test_every_command_tells_how_to_use_it(command: str) -> None:
    app = typer.Typer()
    add_to(app)
    shown = CliRunner().invoke(app, ["case", command, "--help"])
    assert shown.exit_code == 0
    assert "Exit codes" in shown.output
