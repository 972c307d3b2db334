"""`occupier explain`: the whole story of one task in plain words."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from api.terminal.engine_view import engine_says
from api.terminal.output import asking, console, print_json
from api.terminal.words import SIGNS, Json, standing, words
from models.domain.story_lines import took
from models.settings import Settings

_WHO = {"support": "support", "sre": "an SRE"}


def explain(
    task: Annotated[
        str, typer.Argument(help="A task's id, or the first eight or more digits of it.")
    ],
    *,
    live: Annotated[bool, typer.Option(help="Ask Temporal as well; only staff can.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Tell the story of a task: attempts, waits, errors, cases, decisions, and what to do."""
    settings = Settings()
    with asking(settings, as_json=as_json) as client:
        story = client.get(f"/tasks/{task}/story")
    if story["engine"] and live and story["state"] != "completed":
        story["engine"]["says"] = engine_says(settings, story)
    if as_json:
        print_json(story)
        return
    _print(console(), story)


def _print(screen: Console, story: Json) -> None:
    sign, style = SIGNS[standing(story)]
    screen.print(Text(f"{sign} {story['headline']}", style=style))
    step = story["next_step"]
    who = f"For {_WHO[step['audience']]}: " if step["audience"] else ""
    head = _grid()
    head.add_row("Now", Text(story["doing"]))
    head.add_row("Next", Text(story["happens_next"]))
    head.add_row("Clocks", Text(story["clocks"]))
    if story["failed_items_by_kind"]:
        head.add_row("Refused", Text(_refused(story)))
    head.add_row("To do", Text(f"{who}{step['text']}", style="bold" if who else ""))
    _print_under(screen, None, head)
    _print_under(screen, "What happened (UTC)", _lines(story))
    if story["failures"]:
        _print_under(screen, "Failed attempts", _failures(story))
    if story["engine"]:
        _print_engine(screen, story["engine"], story["told_at"])


def _grid() -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    return table


def _print_under(screen: Console, heading: str | None, table: Table) -> None:
    if heading:
        screen.print(Text(f"\n{heading}", style="bold"))
    screen.print(Padding(table, (0, 0, 0, 2)))


def _refused(story: Json) -> str:
    counts = [f"{n} {words(kind)}" for kind, n in story["failed_items_by_kind"].items()]
    return f"{story['failed_items']} of {story['total']} resources: {', '.join(counts)}."


def _lines(story: Json) -> Table:
    table = _grid()
    for line in story["lines"]:
        lasted = ""
        if line["until"]:
            seconds = (_time(line["until"]) - _time(line["at"])).total_seconds()
            lasted = f" [over {took(seconds)}]"
        table.add_row(_clock(line["at"]), Text(f"{line['text']}{lasted}"))
    return table


def _failures(story: Json) -> Table:
    table = _grid()
    for count in story["failures"]:
        last = f"last at {_clock(count['last_at'])}: {count['last_message']}"
        table.add_row(f"{count['attempts']} x {words(count['failure'])}", Text(last))
    return table


def _print_engine(screen: Console, engine: Json, told_at: str) -> None:
    table = _grid()
    table.add_row("worker", Text(engine["worker"] or "none yet"))
    table.add_row("code", Text(engine["code_version"] or "unknown"))
    table.add_row("queue", Text(engine["task_queue"]))
    table.add_row("Temporal", Text(_says(engine.get("says"), _time(told_at))))
    _print_under(screen, "Where it runs", table)
    # Whole lines, however wide, so that they can be copied.
    for line in [engine["history_url"], *engine["commands"]]:
        screen.print(Text(f"  {line}"), soft_wrap=True)


def _says(says: Json | None, now: datetime) -> str:
    if says is None:
        return "not asked"
    if "trouble" in says:
        return str(says["trouble"])
    attempt = says["attempt"]
    if attempt is None:
        return f"The workflow is {says['workflow_status']}; nothing of this task is under way."
    told = f"Attempt {attempt['attempt']} of {attempt['most_attempts'] or 'any number'}"
    if attempt["next_attempt_at"]:
        seconds = (_time(attempt["next_attempt_at"]) - now).total_seconds()
        return f"{told} comes in {took(seconds)}."
    if attempt["heartbeat_at"]:
        seconds = (now - _time(attempt["heartbeat_at"])).total_seconds()
        done = f" at {attempt['heartbeat'][0]} done" if attempt["heartbeat"] else ""
        return f"{told} runs; last heartbeat {took(seconds)} ago{done}."
    return f"{told} {'runs; no heartbeat yet' if attempt['is_running'] else 'awaits a worker'}."


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _clock(text: str) -> str:
    return _time(text).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
