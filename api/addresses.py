"""Which route an address belongs to, as the log, the figures and refusals name it."""

import re

from fastapi import Request
from starlette.types import Scope

_PARAMETER = re.compile(r"\\{[^}]+\\}")  # in an escaped template


def template(scope: Scope) -> str:
    """The route's address with its parameters by name; FastAPI leaves the prefix out of it."""
    own = getattr(scope.get("route"), "path_format", None)  # absent when nothing matched
    if own is None:
        return "none"
    return str(scope["path"].rsplit("/", own.count("/"))[0]) + str(own)


def methods_at(request: Request) -> str:
    """The methods that the address takes; the router names those of one route only."""
    path = str(request.scope["path"])
    found: set[str] = set()
    for address, operations in request.app.openapi()["paths"].items():
        if re.fullmatch(_PARAMETER.sub("[^/]+", re.escape(address)), path):
            found |= {method.upper() for method in operations}
    return ", ".join(sorted(found))
