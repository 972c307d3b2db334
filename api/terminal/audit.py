"""`occupier audit verify|list|export`: reads the audit in the database, as its administrator."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar
from uuid import UUID

import typer
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from api.terminal.exits import CommandError, Exit
from api.terminal.output import console, print_json
from api.terminal.portfolio import running_settings
from api.terminal.words import Json
from models.database import open_engine, open_sessions
from models.domain.audit_chain import Head, Walk
from models.domain.audit_file import to_line, verify_lines
from models.settings import Settings
from models.stores.audit_chain import AuditChainStore
from models.stores.audit_trail import AuditFilter, AuditTrailStore, AuditView

ResultT = TypeVar("ResultT")
Reading = Callable[[AsyncSession], Awaitable[ResultT]]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
_TIMES = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z"]

_WHAT_TO_DO = (
    "Do not repair anything. Keep the database as it is, stop its writers, compare with the last\n"
    "export and backup, and tell whoever is responsible for security: docs/audit.md, Findings."
)


def verify(
    expect_head: Annotated[
        str | None,
        typer.Option(
            metavar="HASH@ID", help="A head that was kept elsewhere; finds a missing end."
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Verify an export (- for standard input), no database.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compute every hash of the audit anew and say whether anything was tampered with.

    Exits with 0 when all of it holds, with 1 when something does not.
    """
    try:
        expected = Head.parse(expect_head) if expect_head else None
    except ValueError:
        _stop(Exit.USAGE, "--expect-head takes what `verify` prints as head: HASH@ID.")
    if file is None:
        walk = _read(lambda session: AuditChainStore(session).verify(expected))
    else:
        walk = _verify_file(file, expected)
    _tell(walk, as_json=as_json)
    if walk.finding:
        raise typer.Exit(int(Exit.FAILED))


def list_events(
    occupier: Annotated[str, typer.Argument(help="Id, reference or exact name.")],
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Most events to show.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List what concerns an occupier, newest first."""

    async def events(session: AsyncSession) -> list[AuditView]:
        store = AuditTrailStore(session, None)
        wanted = AuditFilter(occupier_id=await _occupier(store, occupier))
        return list((await store.page(wanted, limit, None)).items)

    found = _read(events)
    if as_json:
        print_json([_plain(event) for event in found])
    else:
        console().print(_table(found) if found else "Nothing was audited for it.")


def export(
    file: Annotated[Path, typer.Argument(help="Where to (- for standard output).")],
    since: Annotated[
        datetime | None, typer.Option("--from", formats=_TIMES, help="Then or later.")
    ] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=_TIMES, help="Before.")] = None,
) -> None:
    """Write events as JSON lines, with their hashes; `verify --file` proves them offline.

    Times without a zone are UTC. Consecutive ranges join: each file's end is the next one's start.
    """
    walk = Walk()

    async def write(session: AsyncSession) -> None:
        nonlocal walk
        with open(1, "w", closefd=False) if str(file) == "-" else file.open("w") as lines:  # noqa: ASYNC230 - nothing else runs
            async for event in AuditChainStore(session).events(_utc(since), _utc(until)):
                if not walk.count:
                    walk = Walk(Head(event.id - 1, event.prev_hash))
                if not walk.step(event):
                    return
                lines.write(to_line(event) + "\n")

    _read(write)
    said = console(as_json=True)
    if walk.finding:
        _tell(walk, as_json=False)
        raise typer.Exit(int(Exit.FAILED))
    said.print(f"{walk.count:,} events. Head: {walk.head}", highlight=False, soft_wrap=True)


def _read(reading: Reading[ResultT]) -> ResultT:
    """Read as of one moment; ends the command when the database cannot be reached."""
    settings = running_settings(Settings())

    async def in_session() -> ResultT:
        engine = open_engine(settings)
        moment = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        try:
            async with open_sessions(moment)() as session:
                return await reading(session)
        finally:
            await engine.dispose()

    try:
        return asyncio.run(in_session())
    except CommandError as error:
        _stop(error.code, str(error))
    except (OperationalError, OSError):
        _stop(Exit.UNREACHABLE, "Cannot reach the database. Is `occupier up` running?")
    except ValueError as error:
        _stop(Exit.UNREACHABLE, str(error))


def _verify_file(file: Path, expected: Head | None) -> Walk:
    try:
        if str(file) == "-":
            return verify_lines(sys.stdin, expected)
        with file.open(encoding="utf-8") as lines:
            return verify_lines(lines, expected)
    except OSError as error:
        _stop(Exit.USAGE, f"Cannot read the file: {error.strerror}.")
    except ValueError:
        _stop(Exit.FAILED, f"The file has a line that is no audit event.\n{_WHAT_TO_DO}")


async def _occupier(store: AuditTrailStore, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        found = await store.occupiers_called(text)
    if not found:
        raise CommandError(Exit.NOT_FOUND, "There is no such occupier.")
    if len(found) > 1:
        ids = "\n".join(f"  {each}" for each in found)
        raise CommandError(Exit.USAGE, f"Several occupiers have that name; give an id:\n{ids}")
    return found[0]


def _tell(walk: Walk, *, as_json: bool) -> None:
    finding = walk.finding
    if as_json:
        told: Json = {"verified": finding is None, "events": walk.count, "head": str(walk.head)}
        if finding:
            told |= {"event_id": finding.id, "finding": finding.what.value}
        print_json(told)
    elif finding is None:
        console().print(
            f"[green]Verified[/] {walk.count:,} events. Head: {walk.head}",
            highlight=False,
            soft_wrap=True,
        )
    else:
        told_to = console(as_json=True)
        told_to.print(
            f"[red]Not what was written:[/] event {finding.id}: {finding.what.meaning}."
            f"\n{walk.count:,} events before it hold; the last is {walk.head}\n{_WHAT_TO_DO}",
            highlight=False,
            soft_wrap=True,
        )


def _table(found: list[AuditView]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "at (UTC)", "actor", "action", "outcome", "before", "after"):
        table.add_column(heading)
    for event in found:
        table.add_row(
            str(event.id),
            Text(event.at.astimezone(UTC).isoformat(" ", "seconds")[:19]),
            Text(event.actor),
            Text(event.action),
            Text(event.reason or event.outcome, style="red" if event.reason else "green"),
            Text(_states(event.before)),
            Text(_states(event.after)),
        )
    return table


def _states(states: object) -> str:
    if not isinstance(states, dict):
        return ""
    return " ".join(f"{key}={value}" for key, value in states.items())


def _plain(event: AuditView) -> Json:
    return {
        "id": event.id,
        "at": event.at.astimezone(UTC).isoformat(),
        "actor": event.actor,
        "request_id": event.request_id,
        "occupier_id": None if event.occupier_id is None else str(event.occupier_id),
        "entity_kind": event.entity_kind,
        "entity_id": str(event.entity_id),
        "action": event.action,
        "outcome": event.outcome.value,
        "reason": event.reason,
        "before": event.before,
        "after": event.after,
        "hash": event.hash.hex(),
    }


def _utc(when: datetime | None) -> datetime | None:
    return when.replace(tzinfo=UTC) if when is not None and when.tzinfo is None else when


def _stop(code: Exit, message: str) -> NoReturn:
    console(as_json=True).print(message, style="red", markup=False, highlight=False)
    raise typer.Exit(int(code))


def add_to(app: typer.Typer) -> None:
    """Register the commands under `audit`."""
    group = typer.Typer(help="Who did what: verify, read and export it.", no_args_is_help=True)
    group.command("verify")(verify)
    group.command("list")(list_events)
    group.command("export")(export)
    app.add_typer(group, name="audit")
