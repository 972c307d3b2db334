"""`occupier close-site`: previews, starts, pauses, resumes and follows the closing of a site."""

import time
from enum import StrEnum
from typing import Annotated
from uuid import uuid4

import typer
from rich.console import Console

from api.terminal.client import ApiClient, is_id
from api.terminal.decommission import JsonOption
from api.terminal.exits import CommandError, Exit
from api.terminal.output import asking, console, print_json, typed_name
from api.terminal.words import Json, words
from models.domain.closure import AT_ONCE, MOST_AT_ONCE
from models.settings import Settings

_LOOK_EVERY_S = 1.0


class Step(StrEnum):
    """What to do instead of starting a closure."""

    PREVIEW = "preview"
    PAUSE = "pause"
    RESUME = "resume"
    STATUS = "status"


def close_site(  # noqa: PLR0913 - one parameter per option
    site: Annotated[str, typer.Argument(help="The site's exact name, or its id.")],
    step: Annotated[Step | None, typer.Argument(help="Nothing here starts a closure.")] = None,
    *,
    at_once: Annotated[
        int, typer.Option(min=1, max=MOST_AT_ONCE, help="Most decommissions that run.")
    ] = AT_ONCE,
    preview: Annotated[bool, typer.Option("--preview", help="The same as the step.")] = False,
    follow: Annotated[bool, typer.Option("--watch", help="Follow it to its end.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; the SITE given counts.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Decommission every occupier that lives only at a site. This cannot be undone."""
    with asking(Settings(), as_json=as_json) as client:
        found = client.get(f"/sites/{find_site_id(client, site)}/closure/preview")
        if preview or step is Step.PREVIEW:
            _print_preview(found, as_json=as_json)
            return
        closure = (
            _start(client, found, at_once, yes=yes) if step is None else _turn(client, found, step)
        )
        if follow:
            closure = _watch(client, closure["id"], console(as_json=as_json))
        _print_closure(closure, as_json=as_json)
        if closure["counts"]["refused"] or closure["counts"]["failed"]:
            raise typer.Exit(int(Exit.FAILED))


def find_site_id(client: ApiClient, site: str) -> str:
    """The id of the site with this id or exactly this name; CommandError when there is none."""
    if is_id(site):
        return site
    for one in client.pages("/sites", {}, 100_000):
        if one["name"] == site:
            return str(one["id"])
    raise CommandError(Exit.NOT_FOUND, f"There is no site named '{site}'.")


def _start(client: ApiClient, found: Json, at_once: int, *, yes: bool) -> Json:
    if not yes:
        _print_preview(found, as_json=False, screen=console(as_json=True))
    typed = found["site_name"] if yes else typed_name(found["site_name"], of="site")
    body = {"name": typed, "acknowledgement": True, "at_once": at_once}
    return client.post(f"/sites/{found['site_id']}/closure", body, str(uuid4()))


def _turn(client: ApiClient, found: Json, step: Step) -> Json:
    if found["closure_id"] is None:
        raise CommandError(Exit.NOT_FOUND, f"'{found['site_name']}' has never been closed.")
    path = f"/closures/{found['closure_id']}"
    closure = client.get(path)
    if step is Step.STATUS:
        return closure
    return client.post(f"{path}/{step.value}", {}, str(uuid4()), closure["version"])


def _watch(client: ApiClient, closure_id: str, screen: Console) -> Json:
    """A line per new result, until the closure is done."""
    seen: dict[str, str] = {}
    while True:
        closure = client.get(f"/closures/{closure_id}")
        for one in closure["occupiers"]:
            if seen.get(one["occupier_id"], "waiting") != one["result"]:
                screen.print(_line(one), markup=False, highlight=False, soft_wrap=True)
            seen[one["occupier_id"]] = one["result"]
        if closure["state"] == "done":
            return closure
        time.sleep(_LOOK_EVERY_S)


def _print_preview(found: Json, *, as_json: bool, screen: Console | None = None) -> None:
    if as_json:
        print_json(found)
        return
    screen = screen or console()
    for heading, part in (("Would go", "goes"), ("Stay", "stays")):
        screen.print(f"{heading}: {len(found[part])}", highlight=False)
        for one in found[part]:
            reasons = ", ".join(words(reason) for reason in one["reasons"])
            line = f"  '{one['occupier_name']}'" + (f": {reasons}" if reasons else "")
            screen.print(line, markup=False, highlight=False, soft_wrap=True)


def _print_closure(closure: Json, *, as_json: bool) -> None:
    if as_json:
        print_json(closure)
        return
    counts = ", ".join(f"{count} {what}" for what, count in closure["counts"].items() if count)
    line = f"{closure['id']}  '{closure['site_name']}' {closure['state']}: {counts or 'nobody'}"
    console().print(line, markup=False, highlight=False, soft_wrap=True)
    for one in closure["occupiers"]:
        if one["result"] in {"refused", "failed"}:
            console().print(_line(one), markup=False, highlight=False, soft_wrap=True)


def _line(one: Json) -> str:
    reasons = ", ".join(words(reason) for reason in one["reasons"])
    return f"  '{one['occupier_name']}' {one['result']}" + (f": {reasons}" if reasons else "")
