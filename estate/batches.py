"""The batch operations that every system but SCIM offers: read, retire, provision, owned."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from estate.kinds import Kind, OutsideWorld
from estate.work import Incoming, Parted, ReasonFor, RefusedError, Work, unprocessable
from estate.world import SYSTEMS

MAX_ITEMS = 1_000
MAX_ROWS = 10_000  # of one provision
_HANDLE_CHARACTERS = 200
# The driver takes longer to quote a list of texts than everything else here together.
SEPARATOR = "\x1f"  # not printable, so in no handle or key
TEXTS = "string_to_array(%s, E'\\x1f')"


def system_of(incoming: Incoming) -> OutsideWorld:
    """Find the system that the path names."""
    system = SYSTEMS.get(incoming.path["system"])
    if system is None:
        raise RefusedError(404, "no such system")
    return system


def batch_system(incoming: Incoming) -> OutsideWorld:
    """Find the system that the path names, if it offers batches."""
    system = system_of(incoming)
    if not system.offers_batches:
        raise RefusedError(404, "this system speaks SCIM: see /scim/v2")
    return system


def json_object(body: bytes) -> dict[str, object]:
    """Parse a body that has to be a JSON object."""
    try:
        found = json.loads(body)
    except ValueError:
        raise unprocessable("body", "is not JSON") from None
    if not isinstance(found, dict):
        raise unprocessable("body", "is not an object")
    return found


def text(source: Mapping[str, object], name: str, place: str = "") -> str:
    """Take a required text of sensible length."""
    value = source.get(name)
    if (
        not isinstance(value, str)
        or not 0 < len(value) <= _HANDLE_CHARACTERS
        or not value.isprintable()
    ):
        raise unprocessable(
            f"{place}{name}", f"is not a text of 1 to {_HANDLE_CHARACTERS} printable characters"
        )
    return value


def instant(source: Mapping[str, object], name: str, place: str = "") -> datetime:
    """Take a required point in time with its offset."""
    try:
        moment = datetime.fromisoformat(text(source, name, place))
    except ValueError:
        raise unprocessable(f"{place}{name}", "is not an ISO 8601 time") from None
    if moment.tzinfo is None:
        raise unprocessable(f"{place}{name}", "has no offset from UTC")
    return moment


def entries(source: Mapping[str, object], name: str, limit: int) -> list[dict[str, object]]:
    """Take a list of 1 to `limit` objects."""
    found = source.get(name)
    if not isinstance(found, list) or not 1 <= len(found) <= limit:
        raise unprocessable(name, f"is not a list of 1 to {limit} items")
    for n, entry in enumerate(found):
        if not isinstance(entry, dict):
            raise unprocessable(f"{name}[{n}]", "is not an object")
    return found


@dataclass(frozen=True, slots=True)
class Things:
    """The kinds and handles of a batch, in its order."""

    kinds: list[str]
    handles: list[str]


def things(system: OutsideWorld, items: Sequence[Mapping[str, object]], name: str) -> Things:
    """Take kind and handle of every item; none may come twice."""
    known = {kind.name for kind in system.kinds}
    kinds: list[str] = []
    handles: list[str] = []
    for n, item in enumerate(items):
        kind = item.get("kind")
        if kind not in known or not isinstance(kind, str):
            raise unprocessable(f"{name}[{n}].kind", f"is none of {', '.join(sorted(known))}")
        kinds.append(kind)
        handles.append(text(item, "handle", f"{name}[{n}]."))
    if len(set(zip(kinds, handles, strict=True))) < len(items):
        raise unprocessable(name, "has the same item twice")
    return Things(kinds, handles)


def read(incoming: Incoming) -> Work:
    """Read items afresh; `state` is null for what the system does not have."""
    system = batch_system(incoming)
    found = things(system, entries(json_object(incoming.body), "items", MAX_ITEMS), "items")
    return Work(
        f"estate.read_holdings(%s, {TEXTS}, {TEXTS})",
        (incoming.site, SEPARATOR.join(found.kinds), SEPARATOR.join(found.handles)),
        items=len(found.kinds),
    )


def retire(incoming: Incoming) -> Work:
    """Take items out of service for an owner; each has an idempotency key of its own."""
    system = batch_system(incoming)
    body = json_object(incoming.body)
    items = entries(body, "items", MAX_ITEMS)
    found = things(system, items, "items")
    keys = [text(item, "key", f"items[{n}].") for n, item in enumerate(items)]
    if len(set(keys)) < len(keys):
        raise unprocessable("items", "has the same key twice")
    return _retire_work(
        (system.name, incoming.site, text(body, "owner"), instant(body, "effective_at")),
        found,
        keys,
    )


def _retire_work(
    order: tuple[object, ...], found: Things, keys: list[str], *, honours_keys: bool = True
) -> Work:
    middle = len(keys) // 2

    def half() -> Work | None:
        first = Things(found.kinds[:middle], found.handles[:middle])
        if not middle:
            return None
        return _retire_work(order, first, keys[:middle], honours_keys=honours_keys)

    def pretence() -> bytes:
        answers = [
            {"kind": kind, "handle": handle, "outcome": "retired"}
            for kind, handle in zip(found.kinds, found.handles, strict=True)
        ]
        return json.dumps({"items": answers}).encode()

    def parted(reason_for: ReasonFor) -> Parted:
        reasons = [reason_for(handle) for handle in found.handles]
        kept = [n for n, reason in enumerate(reasons) if reason is None]

        def answer(body: bytes | None) -> bytes:
            done = iter(json.loads(body)["items"] if body else [])
            answers = [
                next(done)
                if reason is None
                else {"kind": kind, "handle": handle, "outcome": "refused", "reason": reason}
                for kind, handle, reason in zip(found.kinds, found.handles, reasons, strict=True)
            ]
            return json.dumps({"items": answers}).encode()

        rest = Things([found.kinds[n] for n in kept], [found.handles[n] for n in kept])
        kept_keys = [keys[n] for n in kept]
        if not kept:
            return Parted(None, answer)
        return Parted(_retire_work(order, rest, kept_keys, honours_keys=honours_keys), answer)

    kinds, handles = SEPARATOR.join(found.kinds), SEPARATOR.join(found.handles)
    return Work(
        f"estate.retire(%s, %s, %s, %s, {TEXTS}, {TEXTS}, {TEXTS}, %s)",
        (*order, kinds, handles, SEPARATOR.join(keys), honours_keys),
        items=len(keys),
        key=keys[0],
        half=half,
        careless=lambda: _retire_work(order, found, keys, honours_keys=False),
        things=(kinds, handles),
        parted=parted,
        pretence=pretence,
    )


def provision(incoming: Incoming) -> Work:
    """Give things out: new, again, or to another owner. Loads sample data."""
    system = system_of(incoming)
    rows = entries(json_object(incoming.body), "rows", MAX_ROWS)
    found = things(system, rows, "rows")
    kinds = {kind.name: kind for kind in system.kinds}
    columns = [
        _holding(kinds[name], row, f"rows[{n}].")
        for n, (name, row) in enumerate(zip(found.kinds, rows, strict=True))
    ]
    owners, states, supports, stops, attributes = map(list, zip(*columns, strict=True))
    return Work(
        "estate.provision(%s, %s, %s, %s, %s::text[], %s, %s::text[], %s::timestamptz[], %s)",
        (
            *(system.name, incoming.site, found.kinds, found.handles),
            *(owners, states, supports, stops, attributes),
        ),
        items=len(rows),
    )


def _holding(kind: Kind, row: Mapping[str, object], place: str) -> tuple[object, ...]:
    attributes = row.get("attributes", {})
    if not isinstance(attributes, dict):
        raise unprocessable(f"{place}attributes", "is not an object")
    state = attributes.get("state", kind.live)
    if state not in kind.states:
        raise unprocessable(
            f"{place}attributes.state", f"is none of {', '.join(sorted(kind.states))}"
        )
    within = f"{place}attributes."
    support = attributes.get(kind.support) if kind.support else None
    stops = attributes.get("stops_at") if kind.keeps_owner else None
    return (
        None if row.get("owner") is None else text(row, "owner", place),
        state,
        None if support is None or not kind.support else text(attributes, kind.support, within),
        None if stops is None else instant(attributes, "stops_at", within),
        Jsonb({name: value for name, value in attributes.items() if name != "state"}),
    )


def owned(incoming: Incoming) -> Work:
    """List what an owner has at a site, page by page (`after` is the last page's `next`)."""
    system = batch_system(incoming)
    limit = incoming.query.get("limit", "500")
    if not limit.isdigit() or not 1 <= int(limit) <= MAX_ITEMS:
        raise unprocessable("limit", f"is not a number from 1 to {MAX_ITEMS}")
    return Work(
        "estate.list_owned(%s, %s, %s, %s, %s)",
        (
            *(system.name, incoming.site, text(incoming.query, "owner")),
            *(incoming.query.get("after"), int(limit)),
        ),
        items=0,
    )


def attempt(incoming: Incoming) -> Work:
    """Try to use something: 201 when it works, 403 with a reason when it does not."""
    system = system_of(incoming)
    way = next((way for way in system.attempts if way.path == incoming.path["attempt"]), None)
    if way is None:
        raise RefusedError(404, "no such attempt")
    body = json_object(incoming.body)
    values: list[object] = [incoming.site]
    for name, sql_type in way.fields.items():
        if body.get(name) is None and name not in way.required:
            values.append(None)
        else:
            values.append(instant(body, name) if sql_type == "timestamptz" else text(body, name))
    places = ", ".join(f"%s::{sql_type}" for sql_type in ("text", *way.fields.values()))
    return Work(f"{way.function}({places})", tuple(values), items=1)
