"""Refuses query parameters that a route does not know, and those given twice that count once.

The published document is the rule, so that what it says and what is refused cannot differ.
"""

from urllib.parse import parse_qsl

from fastapi import FastAPI, Request

from api.addresses import template
from api.errors import invalid
from api.problems import FieldErrorOut
from api.text import segment

_MOST = 100  # parameters; a list takes at most that many values anyway
Known = dict[str, bool]  # by name: whether it may be given several times


async def get_strict_query(request: Request) -> None:
    """Raise `InvalidRequest` that names each bad parameter."""
    query = request.scope["query_string"].decode("latin-1")
    if not query:
        return
    known = _known(request.app, request.method, template(request.scope))
    try:
        names = [name for name, _ in parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST)]
    except ValueError:
        raise invalid([_fault("query", f"must have at most {_MOST} parameters")]) from None
    faults = []
    for name in sorted(set(names)):
        place = f"query.{segment(name)}"
        if name not in known:
            faults.append(_fault(place, "is not known here; remove it"))
        elif names.count(name) > 1 and not known[name]:
            faults.append(_fault(place, "is given twice; send it once"))
    if faults:
        raise invalid(faults[:50])


def _known(app: FastAPI, method: str, address: str) -> Known:
    operation = app.openapi()["paths"].get(address, {}).get(method.lower(), {})
    return {
        parameter["name"]: _is_list(parameter["schema"])
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query"
    }


def _is_list(schema: dict[str, object]) -> bool:
    choices = schema.get("anyOf")
    kinds = choices if isinstance(choices, list) else [schema]
    return any(kind.get("type") == "array" for kind in kinds)


def _fault(field: str, message: str) -> FieldErrorOut:
    return FieldErrorOut(field=field, message=message)
