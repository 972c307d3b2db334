"""The OpenAPI description of the operations that run outside FastAPI, from the same tables."""

from estate.endpoint import Operation
from estate.kinds import OutsideWorld
from estate.world import SYSTEMS

_SITE = {"name": "site", "in": "path", "required": True, "schema": {"type": "string"}}
_ITEM = {"kind": "phone_number", "handle": "+442079460001"}
_BODIES: dict[str, object] = {
    "read": {"items": [_ITEM]},
    "retire": {
        "owner": "occupier-17",
        "effective_at": "2026-11-21T12:00:00+00:00",
        "items": [{**_ITEM, "key": "5f0c2c0e-6a0b-5d3e-9d0a-2a1f6d1a2b3c"}],
    },
    "provision": {"rows": [{**_ITEM, "owner": "occupier-17", "attributes": {}}]},
}
_SCIM_BODIES: dict[str, object] = {
    "search": {"filter": 'id eq "u-1" or id eq "u-2"', "attributes": ["id", "active"]},
    "bulk": {"Operations": [{"method": "DELETE", "path": "/Users/u-1", "bulkId": "key-1"}]},
    "patch": {"Operations": [{"op": "replace", "path": "active", "value": False}]},
    "create": {"userName": "u-1", "active": True},
}


def described(
    operation: Operation, system: OutsideWorld | None, example: object, status: int = 200
) -> dict[str, object]:
    """Describe one operation."""
    tag = system.name if system else "accounts"
    found: dict[str, object] = {
        "tags": [tag],
        "summary": (operation.parse.__doc__ or operation.name).strip(),
        "responses": {
            str(status): {"description": "Done; per item where items are asked."},
            "409": {"description": "Still in use, or taken."},
            "422": {"description": "`field` names the part of the request that is wrong."},
            "503": {"description": "The store is down."},
        },
    }
    if example is not None:
        found["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object"}, "example": example}},
        }
    return found


def batch_paths(operations: dict[str, Operation]) -> dict[str, object]:
    """Describe the operations of every system that offers batches."""
    paths: dict[str, object] = {}
    for system in SYSTEMS.values():
        base = f"/{system.name}/sites/{{site}}"
        for name in ("read", "retire", "owned", "provision"):
            if name != "provision" and not system.offers_batches:
                continue
            method = {"owned": "get", "provision": "put"}.get(name, "post")
            shown = described(operations[name], system, _BODIES.get(name))
            shown["description"] = "Kinds: " + "; ".join(
                f"{kind.name} ({', '.join(sorted(kind.states))})" for kind in system.kinds
            )
            paths[f"{base}/{name}"] = {"parameters": [_SITE], method: shown}
        for way in system.attempts:
            example = dict.fromkeys(way.fields, "...")
            shown = described(operations["attempt"], system, example, 201)
            paths[f"{base}/{way.path}"] = {"parameters": [_SITE], "post": shown}
    return paths


def scim_paths(routes: list[tuple[str, str, str, Operation]]) -> dict[str, object]:
    """Describe SCIM; each route is (path, method, example name, operation)."""
    paths: dict[str, dict[str, object]] = {}
    for path, method, example, operation in routes:
        shown = described(operation, None, _SCIM_BODIES.get(example))
        paths.setdefault(f"/scim/v2{path}", {})[method.lower()] = shown
    return dict(paths)
