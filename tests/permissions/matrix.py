"""docs/permissions.yaml as a value: what each identity is to get for each route and scope."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from ruamel.yaml import YAML
from starlette.routing import Mount

FILE = Path(__file__).parents[2] / "docs" / "permissions.yaml"
OK = 200  # stands for any 2xx


@dataclass(frozen=True, slots=True)
class Case:
    """One request of the matrix and the status that it must get; 200 stands for any 2xx."""

    route: str  # `GET /api/v1/sites/{site_id}`
    thing: str
    identity: str
    scope: str
    status: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """The file."""

    document: dict[str, Any]  # Any: YAML; its tests read it as the file's head explains

    @property
    def members(self) -> list[str]:
        """Identities that are somebody here."""
        refused = self.document["refused"]
        return [name for name in self.document["identities"] if name not in refused]

    @property
    def rows(self) -> set[str]:
        """Every route that has a row."""
        document = self.document
        return {*document["routes"], *document["lists"], *document["public"]}

    def sees(self, identity: str, thing: str) -> list[str]:
        """The scopes in which the identity sees such a thing."""
        seen: list[str] = self.document["sight"][thing].get(identity, [])
        return seen

    def scopes(self, thing: str) -> list[str]:
        """The scopes in which there is such a thing."""
        absent = self.document["no_such_scope"].get(thing, [])
        return [scope for scope in self.document["scopes"] if scope not in absent]

    def status(self, route: str, identity: str, scope: str) -> int:
        """What the route answers the identity in the scope."""
        if refused := self.document["refused"].get(identity):
            return int(refused)
        row = self.document["routes"][route]
        if scope not in self.sees(identity, row["thing"]):
            return 404
        rule = self.document["rules"][row["rule"]]
        if rule == "everybody":
            return OK
        allowed = rule.get(identity, [])
        return OK if allowed == "seen" or scope in allowed else 403

    def cases(self, *, short: bool = False) -> Iterator[Case]:
        """Every request about one thing; in short those who are always refused ask only once."""
        for route, row in self.document["routes"].items():
            for identity in self.document["identities"]:
                once = short and identity in self.document["refused"]
                for scope in ["own"] if once else self.scopes(row["thing"]):
                    status = self.status(route, identity, scope)
                    yield Case(route, row["thing"], identity, scope, status)


@cache
def matrix() -> Matrix:
    """The matrix of docs/permissions.yaml."""
    return Matrix(YAML(typ="safe").load(FILE))


def routes_of(app: FastAPI) -> set[str]:
    """Every route of the app as `METHOD path`, also those that no document lists."""
    return {
        f"{method} {path}"
        for path, methods in _routes(app.routes, "")
        for method in methods
        if method != "HEAD"
    }


# Any: routes of two libraries.
def _routes(routes: Iterable[Any], prefix: str) -> Iterator[tuple[str, set[str]]]:
    for route in routes:
        if hasattr(route, "original_router"):
            included = route.include_context.prefix
            yield from _routes(route.original_router.routes, prefix + included)
        elif isinstance(route, Mount):
            yield f"{prefix}{route.path}/{{rest:path}}", {"GET"}  # files: they are read, no more
        else:
            yield prefix + route.path, set(route.methods or ())
