"""`occupier audit`: what its commands print, and with which code they end."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from api.terminal import audit
from api.terminal.exits import Exit
from models.database import Sessions
from models.stores.audit import AuditStore
from tests.audit.chains import events_of, fill, tamper, verify
from tests.audit.events import an_event
from tests.builders import make_occupier

Run = Callable[..., "asyncio.Future[Result]"]


@pytest.fixture
def run(database_url: str) -> Run:
    """Runs `occupier audit ...` in a thread, as the commands have a loop of their own."""
    app = typer.Typer()
    audit.add_to(app)

    def invoke(*arguments: str) -> "asyncio.Future[Result]":
        environment = {"DATABASE_URL": database_url, "COLUMNS": "300"}
        running = asyncio.to_thread(CliRunner().invoke, app, ["audit", *arguments], env=environment)
        return asyncio.ensure_future(running)

    return invoke


async def test_a_chain_that_holds_is_verified_with_its_count_and_head(
    sessions: Sessions, run: Run
) -> None:
    await fill(sessions, 3)
    head = str((await verify(sessions)).head)
    told = await run("verify")
    assert (told.exit_code, told.stdout) == (Exit.DONE, f"Verified 3 events. Head: {head}\n")
    as_json = await run("verify", "--json")
    assert json.loads(as_json.stdout) == {"verified": True, "events": 3, "head": head}


async def test_tampering_ends_with_one_and_says_where_and_what_to_do(
    sessions: Sessions, run: Run
) -> None:
    await fill(sessions, 5)
    await tamper(sessions, "UPDATE audit_events SET actor = 'nobody' WHERE id = 4")
    told = await run("verify")
    assert told.exit_code == Exit.FAILED
    assert "event 4: its content is not what was written" in told.stderr
    assert "Do not repair anything" in told.stderr
    as_json = await run("verify", "--json")
    found = json.loads(as_json.stdout)
    assert (found["verified"], found["event_id"], found["finding"]) == (False, 4, "changed")


async def test_a_kept_head_finds_a_missing_end(sessions: Sessions, run: Run) -> None:
    await fill(sessions, 4)
    head = str((await verify(sessions)).head)
    assert (await run("verify", "--expect-head", head)).exit_code == Exit.DONE
    await tamper(sessions, "DELETE FROM audit_events WHERE id > 2")
    told = await run("verify", "--expect-head", head)
    assert told.exit_code == Exit.FAILED
    assert "events at the end are missing" in told.stderr
    assert (await run("verify", "--expect-head", "12")).exit_code == Exit.USAGE


async def test_an_export_is_verified_offline_and_joins_the_next(
    sessions: Sessions, run: Run, tmp_path: Path
) -> None:
    await fill(sessions, 4)
    whole, first, rest = (tmp_path / name for name in ("whole", "first", "rest"))
    third = (await events_of(sessions))[2].at.isoformat()
    assert (await run("export", str(whole))).exit_code == Exit.DONE
    assert len(whole.read_text().splitlines()) == 4
    assert (await run("verify", "--file", str(whole))).stdout == (await run("verify")).stdout

    assert (await run("export", str(first), "--to", third)).exit_code == Exit.DONE
    assert (await run("export", str(rest), "--from", third)).exit_code == Exit.DONE
    assert first.read_text() + rest.read_text() == whole.read_text()
    assert (await run("verify", "--file", str(rest))).exit_code == Exit.DONE


async def test_a_file_that_was_tampered_with_is_found_out(
    sessions: Sessions, run: Run, tmp_path: Path
) -> None:
    await fill(sessions, 4)
    file = tmp_path / "audit.jsonl"
    await run("export", str(file))
    lines = file.read_text().splitlines(keepends=True)
    for change, says in (
        ([*lines[:1], *lines[2:]], "event 3: at least one event before it is missing"),
        ([lines[1], lines[0], *lines[2:]], "event 1: "),
        ([lines[0].replace('"system"', '"nobody"'), *lines[1:]], "event 1: its content"),
        ([*lines, "not an event\n"], "no audit event"),
    ):
        file.write_text("".join(change))
        told = await run("verify", "--file", str(file))
        assert told.exit_code == Exit.FAILED
        assert says in told.stderr
    assert (await run("verify", "--file", str(tmp_path / "none"))).exit_code == Exit.USAGE


async def test_a_chain_that_does_not_hold_is_exported_up_to_there(
    sessions: Sessions, run: Run, tmp_path: Path
) -> None:
    await fill(sessions, 4)
    await tamper(sessions, "DELETE FROM audit_events WHERE id = 2")
    told = await run("export", str(tmp_path / "audit.jsonl"))
    assert told.exit_code == Exit.FAILED
    assert "event 3: at least one event before it is missing" in told.stderr


async def test_an_occupiers_events_are_listed_by_its_id_reference_or_name(
    sessions: Sessions, run: Run
) -> None:
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
        await AuditStore(session).record(an_event(occupier_id=occupier.id))
        await AuditStore(session).record(an_event())
    for name in (str(occupier.id), occupier.reference, occupier.name):
        told = await run("list", name, "--json")
        assert [event["occupier_id"] for event in json.loads(told.stdout)] == [str(occupier.id)]
    assert "task.parked" in (await run("list", occupier.name)).stdout
    assert (await run("list", "nobody")).exit_code == Exit.NOT_FOUND


async def test_a_database_that_does_not_answer_is_told() -> None:
    app = typer.Typer()
    audit.add_to(app)
    environment = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}
    told = await asyncio.to_thread(CliRunner().invoke, app, ["audit", "verify"], env=environment)
    assert told.exit_code == Exit.UNREACHABLE
