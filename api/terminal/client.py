"""The commands' way to the API: plain requests, problems as messages, and the live stream."""

import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
from httpx import QueryParams

from api.terminal.exits import CommandError, Exit
from api.terminal.login import HOW_TO_LOG_IN, Login
from api.terminal.words import words
from models.settings import Settings

_REFUSALS = {403, 409, 412, 422, 428, 429}
_QUIET_S = 40.0  # the stream says something every 15 s
_LONGEST_DELAY_S = 5.0

Json = dict[str, Any]  # Any: what JSON holds; the API's schemas say what is in it


class ApiClient:
    """Asks the API on behalf of one command. Use as a context manager."""

    def __init__(self, settings: Settings) -> None:
        self._base = settings.api_base_url
        # trust_env off: a proxy of the machine must not stand before a service next door.
        self._http = httpx.Client(
            base_url=f"{self._base}/api/v1", timeout=30.0, trust_env=False, auth=Login(settings)
        )

    def __enter__(self) -> "ApiClient":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str, params: Mapping[str, object] | None = None) -> Json:
        """A JSON reply; CommandError for a problem. Empty parameters do not count."""
        known = {key: value for key, value in (params or {}).items() if value is not None}
        return self._ask("GET", path, params=QueryParams(known))  # type: ignore[arg-type]  # str() of each

    def post(self, path: str, body: Json, idempotency_key: str, version: int | None = None) -> Json:
        """Send a change, of that version; the key makes a repeat of it harmless."""
        return self._ask("POST", path, json=body, headers=_change(idempotency_key, version))

    def patch(
        self, path: str, body: Json, idempotency_key: str, version: int | None = None
    ) -> Json:
        """Send an edit, of that version; the key makes a repeat of it harmless."""
        return self._ask("PATCH", path, json=body, headers=_change(idempotency_key, version))

    def upload(self, path: str, name: str, content: bytes, idempotency_key: str) -> Json:
        """Send a file as it is; the key makes a repeat of it harmless."""
        headers = _change(idempotency_key, None) | {
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        }
        return self._ask("POST", path, content=content, headers=headers)

    def preview(self, occupier_id: str) -> Json:
        """What a decommission of the occupier would do, and what stands in its way."""
        return self.get(f"/occupiers/{occupier_id}/decommission/preview")

    def pages(self, path: str, params: Mapping[str, object], most: int) -> Iterator[Json]:
        """Items of a list, page after page, up to `most`."""
        cursor: str | None = None
        while most > 0:
            page = self.get(path, {**params, "limit": min(most, 200), "cursor": cursor})
            yield from page["items"]
            most -= len(page["items"])
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def occupier(self, name_or_id: str) -> Json:
        """The occupier with this id or exactly this name; CommandError when there is not one."""
        if is_id(name_or_id):
            return self.get(f"/occupiers/{name_or_id}")
        found = self.get("/occupiers", {"name": name_or_id})["items"]
        # A name is free again once its occupier is decommissioned; the living one is meant.
        living = [one for one in found if one["status"] != "decommissioned"]
        candidates = living or found
        if not candidates:
            raise CommandError(Exit.NOT_FOUND, f"There is no occupier named '{name_or_id}'.")
        if len(candidates) > 1:
            ids = "\n".join(f"  {one['id']}" for one in candidates)
            raise CommandError(
                Exit.USAGE, f"Several occupiers have this name; give the id of one:\n{ids}"
            )
        only: Json = candidates[0]
        return only

    def decommission(self, name_or_id: str) -> Json:
        """A decommission by its own id, or by the id or name of its occupier."""
        if is_id(name_or_id):
            try:
                return self.get(f"/decommissions/{name_or_id}")
            except CommandError as error:
                if error.code is not Exit.NOT_FOUND:
                    raise
        occupier = self.occupier(name_or_id)
        try:
            return self.get(f"/occupiers/{occupier['id']}/decommission")
        except CommandError as error:
            if error.code is not Exit.NOT_FOUND:
                raise
            message = f"'{occupier['name']}' has no decommission; it is {occupier['status']}."
            raise CommandError(Exit.NOT_FOUND, message) from None

    def follow(self, decommission_id: str, *, patience_s: float = 120.0) -> Iterator[Json | None]:
        """Snapshots until the end event; `None` while the connection is being made again.

        Gives up with UNREACHABLE after `patience_s` without the service.
        """
        heard, delay = time.monotonic(), 0.2
        while True:
            try:
                for event, data in self._events(f"/decommissions/{decommission_id}/stream"):
                    heard, delay = time.monotonic(), 0.2
                    if event == "end":
                        return
                    yield data
            except httpx.HTTPError:
                pass
            except CommandError as error:
                if error.code is not Exit.UNREACHABLE:
                    raise
            if time.monotonic() - heard > patience_s:
                raise CommandError(Exit.UNREACHABLE, f"{self._base} does not answer any more.")
            yield None
            time.sleep(delay)
            delay = min(delay * 2, _LONGEST_DELAY_S)

    def _events(self, path: str) -> Iterator[tuple[str, Json]]:
        timeout = httpx.Timeout(10.0, read=_QUIET_S)
        with self._http.stream("GET", path, timeout=timeout) as reply:
            if not reply.is_success:
                reply.read()
                raise problem_of(reply)
            event, data = "", ""
            for line in reply.iter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    event = value
                elif name == "data":
                    data += value
                elif not line and data:
                    if event in {"progress", "end"}:  # what others tell stands in `progress`
                        yield event, httpx.Response(200, text=data).json()
                    event, data = "", ""

    def _ask(
        self,
        method: str,
        path: str,
        *,
        params: QueryParams | None = None,
        json: Json | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Json:
        try:
            reply = self._http.request(
                method, path, params=params, json=json, content=content, headers=headers
            )
        except httpx.HTTPError as error:
            raise CommandError(
                Exit.UNREACHABLE,
                f"{self._base} does not answer ({type(error).__name__}); "
                "is the stack up? Start it with `occupier up` or set API_URL.",
            ) from None
        if not reply.is_success:
            raise problem_of(reply)
        body: Json = reply.json()
        return body


def problem_of(reply: httpx.Response) -> CommandError:
    """What a refusal means for a command."""
    try:
        body = dict(reply.json())
    except ValueError:
        body = {}
    lines = [str(body.get("detail") or f"The service answered {reply.status_code}.")]
    # The first refused field stands in the detail already.
    lines += [f"  {one['field']} {one['message']}" for one in body.get("errors", [])[1:]]
    lines += blocker_lines(body.get("blockers", []))
    lines += [
        f"  {words(one['kind'])} at '{one['site_name'] or one['site_id']}': "
        f"{one['before']} before, {one['after']} now"
        for one in body.get("changes", [])
    ]
    if reply.status_code == 401:
        lines.append(HOW_TO_LOG_IN)
    if reply.status_code >= 500 and "request_id" in body:
        lines.append(f"  Request id for support: {body['request_id']}")
    return CommandError(_code(reply.status_code), "\n".join(lines), body or None)


def blocker_lines(blockers: list[Json]) -> list[str]:
    """Rule, site and object of each, with why it blocks and what to do about it."""
    lines = []
    for one in blockers:
        place = f" at '{one['site_name']}'" if one["site_name"] else ""
        number = f", {one['number']}" if one["number"] else ""
        which = f" ({words(one['object_kind'])} {one['object_id']}{number})"
        lines.append(f"  {words(one['rule'])}{place}{which if one['object_id'] else ''}")
        lines.append(f"    why: {one['why']}")
        lines.append(f"    remedy: {one['remedy']}")
    return lines


def _change(idempotency_key: str, version: int | None) -> dict[str, str]:
    headers = {"Idempotency-Key": idempotency_key}
    return headers if version is None else headers | {"If-Match": f'"{version}"'}


def is_id(text: str) -> bool:
    """Whether the text is a UUID."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _code(status: int) -> Exit:
    if status == 404:
        return Exit.NOT_FOUND
    if status == 401:
        return Exit.UNKNOWN_CALLER
    if status in _REFUSALS:
        return Exit.REFUSED
    return Exit.UNREACHABLE if status in {502, 503, 504} else Exit.FAILED
