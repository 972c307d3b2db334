"""The SCIM 2.0 protocol over the user accounts: RFC 7644, as far as users, filters and bulk go.

SCIM knows no idempotency keys and no sites. A client may call through `/sites/{site}/scim/v2`,
which is the same service: the site then stands in the ledger and can have faults of its own.
A bulk operation's `bulkId` is written to the ledger as the key of its effect.
"""

import json
import re
import uuid
from collections.abc import Mapping

from psycopg.types.json import Jsonb

from estate.batches import SEPARATOR, json_object, text
from estate.filters import condition
from estate.work import Incoming, Parted, ReasonFor, RefusedError, Work, unprocessable

MAX_RESULTS = 1_000
MAX_OPERATIONS = 1_000
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_BULK_ANSWER = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
_OWN = {"id", "active", "meta", "schemas", ENTERPRISE}
_USER_PATH = re.compile(r"/?Users/([^/?#]+)")
_STATE_ONLY = (
    "jsonb_build_object('id', h.handle, 'active', h.state = 'active', '" + ENTERPRISE + "',"
    " jsonb_strip_nulls(jsonb_build_object('organization', h.owner)), 'meta',"
    """ jsonb_build_object('resourceType', 'User', 'version', 'W/"' || h.version || '"'))"""
)


def get_user(incoming: Incoming) -> Work:
    """Read one user."""
    return Work("estate.scim_get(%s)", (incoming.path["id"],), items=1)


def list_users(incoming: Incoming) -> Work:
    """Search with the query string."""
    query: dict[str, object] = dict(incoming.query)
    if "attributes" in incoming.query:
        query["attributes"] = incoming.query["attributes"].split(",")
    for name in ("startIndex", "count"):
        if name in incoming.query:
            query[name] = int(incoming.query[name]) if incoming.query[name].isdigit() else None
    return _search(query)


def search_users(incoming: Incoming) -> Work:
    """Search with a body (`.search`)."""
    return _search(json_object(incoming.body))


def _search(query: Mapping[str, object]) -> Work:
    wanted, arguments = "true", ()  # type: tuple[str, tuple[object, ...]]
    if query.get("filter") is not None:
        source = query["filter"]
        if not isinstance(source, str):
            raise RefusedError(400, "invalidFilter: is not a text", "filter")
        wanted, found = condition(source)
        arguments = tuple(found)
    start, count = query.get("startIndex", 1), query.get("count", 100)
    if not isinstance(start, int) or not isinstance(count, int):
        raise RefusedError(400, "invalidValue: is not a number", "startIndex, count")
    start, count = max(start, 1), min(max(count, 0), MAX_RESULTS)
    attributes = query.get("attributes")
    brief = isinstance(attributes, list) and {str(a).split(".")[0] for a in attributes} <= {
        *("id", "active", "meta", "schemas"),
        *(ENTERPRISE, ENTERPRISE.rpartition(":")[0] + ":User:organization"),
        ENTERPRISE.split(".", maxsplit=1)[0],
    }
    shown = _STATE_ONLY if brief else "estate.scim_user(h.whole)"
    return Work(
        "(with hits as materialized"
        " (select h.handle, h.state, h.owner, h.version, h as whole from estate.holdings h"
        f" where h.kind = 'user_account' and h.state is not null and {wanted})"
        " select set_config('synchronous_commit', 'off', true) as loose, 200 as status,"
        " json_build_object('schemas',"
        " json_build_array('urn:ietf:params:scim:api:messages:2.0:ListResponse'),"
        " 'totalResults', (select count(*) from hits), 'startIndex', %s::int,"
        " 'itemsPerPage', count(*), 'Resources',"
        f" coalesce(json_agg({shown} order by h.handle), '[]'))::text as body"
        " from (select * from hits order by handle limit %s::int offset %s::int) as h) as found",
        (*arguments, start, count, start - 1),
        items=count,
    )


def create_user(incoming: Incoming) -> Work:
    """Make a user; the service chooses the id."""
    made = _created(json_object(incoming.body), incoming.site)
    return Work(
        "estate.scim_create(%s, %s, %s, %s, %s)",
        (*(made["site"], made["id"], made["owner"], made["active"]), Jsonb(made["attributes"])),
        items=1,
        half=lambda: None,
    )


def patch_user(incoming: Incoming) -> Work:
    """Change a user with PatchOp operations, above all `active`."""
    change = _patched(json_object(incoming.body))
    return Work(
        "estate.scim_patch(%s, null, %s, %s::boolean, %s)",
        (incoming.path["id"], change["owner"], change["active"], Jsonb(change["attributes"])),
        items=1,
        half=lambda: None,
        pretence=lambda: b"",
        pretence_status=204,
    )


def delete_user(incoming: Incoming) -> Work:
    """Delete a user for good."""
    return Work(
        "estate.scim_delete(%s, null, null)",
        (incoming.path["id"],),
        items=1,
        half=lambda: None,
        things=("user_account", incoming.path["id"]),
        pretence=lambda: b"",
        pretence_status=204,
    )


def bulk(incoming: Incoming) -> Work:
    """Do many operations in turn; each has a status of its own."""
    body = json_object(incoming.body)
    found = body.get("Operations")
    if not isinstance(found, list) or not found:
        raise RefusedError(400, "invalidValue: is not a list of operations", "Operations")
    if len(found) > MAX_OPERATIONS:
        raise RefusedError(413, f"more than {MAX_OPERATIONS} operations")
    errors = body.get("failOnErrors", MAX_OPERATIONS + 1)
    if not isinstance(errors, int) or errors < 1:
        raise RefusedError(400, "invalidValue: is not a count", "failOnErrors")
    return _bulk_work(
        [_operation(entry, n, incoming.site) for n, entry in enumerate(found)], errors
    )


def _bulk_work(operations: list[dict[str, object]], errors: int) -> Work:
    middle = len(operations) // 2
    done = {"DELETE": "204", "PATCH": "200", "POST": "201"}

    def pretence() -> bytes:
        answers = [
            {"method": o["method"], "bulkId": o["key"], "status": done[str(o["method"])]}
            for o in operations
        ]
        return json.dumps({"schemas": [_BULK_ANSWER], "Operations": answers}).encode()

    def parted(reason_for: ReasonFor) -> Parted:
        reasons = [
            reason_for(str(o["id"])) if o["method"] == "DELETE" else None for o in operations
        ]
        kept = [o for o, reason in zip(operations, reasons, strict=True) if reason is None]

        def answer(body: bytes | None) -> bytes:
            results = iter(json.loads(body)["Operations"] if body else [])
            answers = [
                next(results)
                if reason is None
                else {
                    "method": o["method"],
                    "bulkId": o["key"],
                    "status": "409" if reason == "in_use" else "422",  # SCIM has no more words
                }
                for o, reason in zip(operations, reasons, strict=True)
            ]
            return json.dumps({"schemas": [_BULK_ANSWER], "Operations": answers}).encode()

        return Parted(_bulk_work(kept, errors) if kept else None, answer)

    key = operations[0]["key"]
    gone = [str(o["id"]) for o in operations if o["method"] == "DELETE"]
    return Work(
        "estate.scim_bulk(%s, %s)",
        (Jsonb(operations), errors),
        items=len(operations),
        key=key if isinstance(key, str) else None,
        half=lambda: _bulk_work(operations[:middle], errors) if middle else None,
        things=(SEPARATOR.join("user_account" for _ in gone), SEPARATOR.join(gone)),
        parted=parted,
        pretence=pretence,
    )


def _operation(entry: object, n: int, site: str | None) -> dict[str, object]:
    place = f"Operations[{n}]."
    if not isinstance(entry, dict):
        raise RefusedError(400, "invalidSyntax: is not an object", place[:-1])
    method = str(entry.get("method", "")).upper()
    shared = {"method": method, "key": entry.get("bulkId"), "version": entry.get("version")}
    data = entry.get("data", {})
    if not isinstance(data, dict):
        raise RefusedError(400, "invalidValue: is not an object", f"{place}data")
    if method == "POST":
        return {**shared, **_created(data, site)}
    path = _USER_PATH.fullmatch(str(entry.get("path", "")))
    if method not in {"DELETE", "PATCH"} or path is None:
        raise RefusedError(400, "invalidPath: only POST, PATCH and DELETE of users", f"{place}path")
    change = _patched(data) if method == "PATCH" else {}
    return {**shared, "id": path[1], **change}


def _created(user: dict[str, object], site: str | None) -> dict[str, object]:
    text(user, "userName")
    extension = user.get(ENTERPRISE, {})
    if not isinstance(extension, dict):
        raise unprocessable(ENTERPRISE, "is not an object")
    organization, division = extension.get("organization"), extension.get("division")
    home = division if isinstance(division, str) else site
    if home is None:
        raise unprocessable(f"{ENTERPRISE}.division", "is missing: a user has a home site")
    return {
        "id": str(uuid.uuid4()),
        "site": home,
        "owner": None if organization is None else text(extension, "organization"),
        "active": user.get("active", True) is True,
        "attributes": {name: value for name, value in user.items() if name not in _OWN},
    }


def _patched(body: Mapping[str, object]) -> dict[str, object]:
    operations = body.get("Operations")
    if not isinstance(operations, list):
        raise RefusedError(400, "invalidSyntax: is not a list", "Operations")
    changes: dict[str, object] = {}
    for operation in operations:
        if not isinstance(operation, dict) or str(operation.get("op")).lower() not in {
            "add",
            "replace",
        }:
            raise RefusedError(400, "invalidSyntax: only add and replace", "Operations")
        path, value = operation.get("path"), operation.get("value")
        changes.update({path: value} if isinstance(path, str) else _values(value))
    organization = changes.pop(f"{ENTERPRISE}:organization", None)
    active = changes.pop("active", None)
    if not isinstance(active, bool | None) or not isinstance(organization, str | None):
        raise RefusedError(400, "invalidValue: active or organization", "Operations")
    if not all(name.isalpha() for name in changes) or changes.keys() & _OWN:
        raise RefusedError(400, "invalidPath: only whole attributes", "Operations")
    return {"owner": organization, "active": active, "attributes": changes}


def _values(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise RefusedError(400, "invalidValue: no path and no attributes", "Operations")
    return value
