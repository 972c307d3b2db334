"""SCIM filters (RFC 7644 section 3.4.2.2) as SQL conditions on `estate.holdings h`.

Supported: eq, ne, co, sw, ew, pr; and, or, not, parentheses; the attributes of `_COLUMNS`.
"""

import re
from collections.abc import Sequence

from estate.work import RefusedError

_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user"
_COLUMNS = {
    "id": "h.handle",
    "username": "lower(h.attributes ->> 'userName')",
    "externalid": "h.attributes ->> 'externalId'",
    "displayname": "h.attributes ->> 'displayName'",
    "active": "(h.state = 'active')::text",
    f"{_ENTERPRISE}:organization": "h.owner",
    f"{_ENTERPRISE}:division": "h.site",
}
_ANY_CASE = {"username"}
_TOKEN = re.compile(r'\s*(?:(\()|(\))|"((?:[^"\\]|\\.)*)"|([^\s()"]+))')
_MAX_TOKENS = 10_000
_MAX_DEPTH = 20


class _Parser:
    def __init__(self, source: str) -> None:
        self._tokens = _tokens(source)
        self._at = 0
        self._depth = 0
        self.arguments: list[object] = []

    def condition(self) -> str:
        found = self._any_of()
        if self._at < len(self._tokens):
            raise _invalid("does not end where it should")
        return found

    def _any_of(self) -> str:
        sides = [self._all_of()]
        while self._word() == "or":
            self._at += 1
            sides.append(self._all_of())
        return f"({' or '.join(sides)})"

    def _all_of(self) -> str:
        sides = [self._term()]
        while self._word() == "and":
            self._at += 1
            sides.append(self._term())
        return f"({' and '.join(sides)})"

    def _term(self) -> str:
        if self._word() == "not":
            self._at += 1
            return f"(not coalesce({self._term()}, false))"
        if self._word() != "(":
            return self._comparison()
        self._at += 1
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _invalid("is nested too deeply")
        inside = self._any_of()
        if self._next() != ")":
            raise _invalid("has no closing parenthesis")
        self._depth -= 1
        return inside

    def _comparison(self) -> str:
        name = self._next().lower()
        column = _COLUMNS.get(name)
        if column is None:
            raise _invalid("names an attribute that cannot be searched")
        operator = self._next().lower()
        if operator == "pr":
            return f"({column} is not null)"
        value = self._next()
        value = value.lower() if name in _ANY_CASE or value in {"True", "False"} else value
        patterns = {"eq": "= %s", "ne": "is distinct from %s"}
        if operator in patterns:
            self.arguments.append(value)
            return f"{column} {patterns[operator]}"
        escaped = re.sub(r"([\\%_])", r"\\\1", value)
        likes = {"co": f"%{escaped}%", "sw": f"{escaped}%", "ew": f"%{escaped}"}
        if operator not in likes:
            raise _invalid("has an operator that is not supported")
        self.arguments.append(likes[operator])
        return f"{column} like %s"

    def _word(self) -> str:
        return self._tokens[self._at].lower() if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        if self._at >= len(self._tokens):
            raise _invalid("ends too early")
        self._at += 1
        return self._tokens[self._at - 1]


def _invalid(detail: str) -> RefusedError:
    return RefusedError(400, f"invalidFilter: {detail}", "filter")


def _tokens(source: str) -> list[str]:
    found: list[str] = []
    at = 0
    source = source.rstrip()
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None or len(found) >= _MAX_TOKENS:
            raise _invalid("cannot be read")
        opened, closed, quoted, bare = match.groups()
        found.append(opened or closed or bare or re.sub(r"\\(.)", r"\1", quoted or ""))
        at = match.end()
    return found


_IDS = re.compile(r'id eq "[^"\\]*"(?: or id eq "[^"\\]*")*', re.IGNORECASE)
_ID = re.compile(r'"([^"]*)"')


def condition(source: str) -> tuple[str, Sequence[object]]:
    """Turn a filter into a condition with its arguments; 400 when it cannot be."""
    if _IDS.fullmatch(source):
        return "h.handle = any(%s)", [_ID.findall(source)]
    parser = _Parser(source)
    return parser.condition(), parser.arguments
