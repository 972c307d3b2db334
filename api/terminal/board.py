"""The live picture of a decommission: sites as rows, tasks as cells, and what is in trouble."""

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from api.terminal.words import SIGNS, STUCK, Json, duration, outlook, standing, trouble, words

MOST_ROWS = 30
"""With more sites than this only the unfinished ones have rows, and the rest is counted."""

_KINDS = (
    "logout_handsets",
    "telephony",
    "ports",
    "users",
    "wifi_devices",
    "stop_services",
    "network",
    "end_leases",
)


def board(snapshot: Json, *, connected: bool = True) -> RenderableType:
    """Everything at one moment."""
    parts: list[RenderableType] = [_headline(snapshot, connected=connected), _overall(snapshot)]
    if len(snapshot["sites"]) > MOST_ROWS:
        parts.append(_grouped(snapshot))
    else:
        parts.append(_grid(snapshot))
    parts += [Text(trouble(task), style="yellow") for task in snapshot["attention"][:8]]
    return Group(*parts)


def _headline(snapshot: Json, *, connected: bool) -> Text:
    line = Text.assemble(
        ("Decommissioning ", "bold"),
        (f"'{snapshot['occupier_name']}'", "bold cyan"),
        f"  {snapshot['state']}  {duration(snapshot['elapsed_s'])}"
        f" of about {duration(snapshot['expected_s'])}",
    )
    if ahead := outlook(snapshot):
        line.append(f"\n{ahead}", style="red" if snapshot["jeopardy_at"] else "dim")
    if not connected:
        line.append("  connection lost, connecting again", style="yellow")
    return line


def _overall(snapshot: Json) -> Table:
    counts = snapshot["counts"]
    table = Table.grid(padding=(0, 1))
    shares = [
        f"{counts[name]} {name}"
        for name in ("completed", "running", "queued", "retrying", "stuck", "failed")
        if counts[name]
    ]
    bar = ProgressBar(total=1.0, completed=snapshot["progress"], width=40)
    percent = f"{snapshot['progress']:.0%}"
    table.add_row(bar, percent, f"{counts['total']} tasks: {', '.join(shares)}")
    return table


def _grid(snapshot: Json) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("site", no_wrap=True)
    table.add_column("")
    for kind in _KINDS:
        table.add_column(words(kind), justify="center")
    for site in snapshot["sites"]:
        cells = {task["kind"]: task for task in site["tasks"] or ()}
        bar = ProgressBar(total=1.0, completed=site["progress"], width=12)
        shown = [_cell(cells[kind]) if kind in cells else Text("") for kind in _KINDS]
        table.add_row(escape(site["site_name"]), bar, *shown)
    for task in snapshot["occupier_tasks"] or ():
        table.add_row(Text(words(task["kind"]), style="italic"), _cell(task))
    return table


def _cell(task: Json) -> Text:
    sign, style = STUCK if task["stuck_at"] else SIGNS[standing(task)]
    if task["state"] == "pending" and task["total"] and task["phase"] != "queued":
        return Text(f"{sign} {task['done']}/{task['total']}", style=style)
    return Text(sign, style=style)


def _grouped(snapshot: Json) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    for heading in ("site", "", "done", "running", "retrying", "stuck", "failed"):
        table.add_column(heading)
    open_sites = [
        site for site in snapshot["sites"] if site["counts"]["completed"] < site["counts"]["total"]
    ]
    begun = [site for site in open_sites if site["started_at"]]
    # Trouble first: with hundreds of rows nobody reads on to it.
    begun.sort(key=lambda site: [-site["counts"][name] for name in ("failed", "stuck", "retrying")])
    for site in begun[:MOST_ROWS]:
        counts = site["counts"]
        table.add_row(
            escape(site["site_name"]),
            ProgressBar(total=1.0, completed=site["progress"], width=12),
            f"{counts['completed']}/{counts['total']}",
            *(str(counts[name] or "") for name in ("running", "retrying", "stuck", "failed")),
        )
    finished = len(snapshot["sites"]) - len(open_sites)
    waiting = len(open_sites) - len(begun)
    table.add_row(f"{finished} of {len(snapshot['sites'])} sites done, {waiting} not begun")
    return table
