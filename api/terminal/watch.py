"""Follows a decommission to its end: a picture in a terminal, elsewhere a line per change."""

from collections.abc import Iterator

from rich.console import Console
from rich.live import Live

from api.terminal.board import MOST_ROWS, board
from api.terminal.client import ApiClient
from api.terminal.words import Json, duration, outlook, place, standing, trouble, words

_OVER = {"decommissioned", "partial"}


def watch(client: ApiClient, decommission_id: str, console: Console) -> Json:
    """The last snapshot: decommissioned, or partial, which only support can move on."""
    show = _draw if console.is_terminal else _print
    last = show(client.follow(decommission_id), console)
    return last or client.get(f"/decommissions/{decommission_id}")


def _draw(snapshots: Iterator[Json | None], console: Console) -> Json | None:
    last: Json | None = None
    with Live(console=console, refresh_per_second=8) as live:
        for snapshot in snapshots:
            if snapshot is not None:
                last = snapshot
            if last is not None:
                live.update(board(last, connected=snapshot is not None))
                if last["state"] in _OVER:
                    break
    return last


def _print(snapshots: Iterator[Json | None], console: Console) -> Json | None:
    seen: dict[str, str] = {}
    last: Json | None = None
    connected = True
    for snapshot in snapshots:
        if snapshot is None:
            if connected:
                console.print("connection lost, connecting again")
            connected = False
            continue
        connected, last = True, snapshot
        for line in changes(snapshot, seen):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        if snapshot["state"] in _OVER:
            break
    return last


def changes(snapshot: Json, seen: dict[str, str]) -> Iterator[str]:
    """Lines for what is new since `seen`, which is brought up to date.

    A task is told when it ends, when it first stumbles and when it is stuck; with many sites only a
    site is told.
    """
    at = f"{duration(snapshot['elapsed_s']):>8}"
    yield from (f"{at}  {line}" for line in _news(snapshot, seen))


def _news(snapshot: Json, seen: dict[str, str]) -> Iterator[str]:
    yield from _ended(snapshot, seen)
    for site in snapshot["sites"]:
        done = site["counts"]["completed"] == site["counts"]["total"]
        if done and _is_news(seen, site["site_id"], "done"):
            yield f"{site['site_name']} is done"
    if snapshot["jeopardy_at"] and _is_news(seen, "jeopardy", "yes"):
        yield outlook(snapshot) or "it was late"
    if _is_news(seen, "state", snapshot["state"]):
        yield f"the decommission is {snapshot['state']}"


def _ended(snapshot: Json, seen: dict[str, str]) -> Iterator[str]:
    for task in snapshot["attention"]:
        stands = "stuck" if task["stuck_at"] else standing(task)
        if _is_news(seen, f"trouble {task['id']}", stands):
            yield trouble(task)
    few = len(snapshot["sites"]) <= MOST_ROWS
    for task in _tasks(snapshot) if few else ():
        if task["state"] == "completed" and _is_news(seen, task["id"], "completed"):
            yield _completed(task)


def _completed(task: Json) -> str:
    count = f" ({task['done']})" if task["total"] else ""
    return f"{words(task['kind'])} at {place(task)} completed{count}"


def _tasks(snapshot: Json) -> Iterator[Json]:
    yield from snapshot["occupier_tasks"] or ()
    for site in snapshot["sites"]:
        yield from site["tasks"] or ()


def _is_news(seen: dict[str, str], key: str, value: str) -> bool:
    old = seen.get(key)
    seen[key] = value
    return old != value
