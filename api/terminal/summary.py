"""The verification summary: what became of every resource, and whether what stays is unchanged."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.links import workflow_url
from api.terminal.words import Json, duration, outlook, trouble, words
from models.settings import Settings


def links(settings: Settings, decommission: Json) -> dict[str, str]:
    """Where to look further."""
    api = f"{settings.api_base_url}/api/v1/decommissions/{decommission['id']}"
    return {
        "decommission": api,
        "verdicts": f"{api}/verdicts",
        "workflow": workflow_url(settings, decommission["workflow_id"]),
    }


def summary_json(settings: Settings, decommission: Json, verdicts: Json) -> Json:
    """The summary for programs."""
    return {
        "decommission": decommission,
        "verdicts": verdicts,
        "links": links(settings, decommission),
    }


_MARKS = {"decommissioned": ("✔", "green"), "partial": ("✘", "red")}
_RUNNING = ("▶", "cyan")


def print_summary(console: Console, settings: Settings, decommission: Json, verdicts: Json) -> None:
    """The summary for people."""
    counts = decommission["counts"]
    name, state = decommission["occupier_name"], decommission["state"]
    mark, style = _MARKS.get(state, _RUNNING)
    head = Text.assemble(
        f"{mark} ",
        (f"'{name}'", "bold"),
        f" is {state} after {duration(decommission['elapsed_s'])}: "
        f"{counts['completed']} of {counts['total']} tasks at {len(decommission['sites'])} sites.",
        style=style,
    )
    console.print(head)
    if decommission["paused_at"]:
        since = decommission["paused_at"][:19].replace("T", " ")
        console.print(Text(f"  Paused since {since}: no task starts.", style="yellow"))
    if ahead := outlook(decommission):
        console.print(Text(f"  {ahead}", style="red" if decommission["jeopardy_at"] else ""))
    for task in decommission["attention"]:
        console.print(Text(f"  {trouble(task)}", style="yellow"))
    for waiver in verdicts["waivers"]:
        console.print(Text(f"  {_waived(waiver)}", style="bold yellow"))
    if verdicts["by_kind"]:
        console.print(_verdict_table(verdicts))
    console.print(Text(f"Data that must stay is unchanged: {_kept(verdicts)}"))
    for label, url in links(settings, decommission).items():
        console.print(Text(f"{label:>13}  {url}"), soft_wrap=True)


def _waived(waiver: Json) -> str:
    where = f"at site {waiver['site_id']}" if waiver["site_id"] else "of all sites"
    return (
        f"{words(waiver['kind'])} {where} was left undone ({words(waiver['reason'])}), decided by "
        f"{waiver['decided_by']} and {waiver['second_person']}"
    )


def _kept(verdicts: Json) -> str:
    unchanged = verdicts["retained_data_unchanged"]
    if unchanged is None:
        return "not verified yet"
    if unchanged:
        return f"yes ({len(verdicts['retained_data'])} digests)"
    changed = [one["subject"] for one in verdicts["retained_data"] if one["unchanged"] is False]
    return f"NO: {', '.join(changed)}"


def _verdict_table(verdicts: Json) -> Table:
    found = {(row["kind"], row["verdict"]): row["count"] for row in verdicts["by_kind"]}
    columns = sorted({verdict for _, verdict in found})
    table = Table(title="Verdicts", title_justify="left", box=None, pad_edge=False)
    table.add_column("resource")
    for verdict in columns:
        table.add_column(words(verdict), justify="right")
    for kind in dict.fromkeys(row["kind"] for row in verdicts["by_kind"]):
        shown = (str(found.get((kind, verdict), "")) for verdict in columns)
        table.add_row(words(kind), *shown)
    return table
