"""Refusals and failures as the API tells them: problem+json (RFC 9457) with stable types.

A room declares its problems as subclasses and lists them in `responses=declared(...)`. The `type`
is `/problems/{name}` and never changes; `detail` names the field and the fix, never the value.
"""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from pydantic import BaseModel, Field

MEDIA_TYPE = "application/problem+json"
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


class FieldErrorOut(BaseModel):
    """A field that cannot be accepted."""

    field: str = Field(description="Path of the field, for example `query.limit`.")
    message: str


class ProblemOut(BaseModel):
    """An error, as RFC 9457 writes it."""

    type: str = Field(description="Stable name of the kind of problem.")
    title: str
    status: int
    detail: str = Field(description="What happened here, and what to do about it.")
    instance: str = Field(description="Path of the request.")
    request_id: str = Field(description="Name this to support; the log has the same id.")
    errors: list[FieldErrorOut] | None = Field(None, description="Each refused field.")


class Problem(Exception):  # noqa: N818 - the RFC's own word
    """Base of all problems; the docstring of a subclass is its default detail."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = ""

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: Sequence[FieldErrorOut] | None = None,
        headers: Mapping[str, str] | None = None,
        **extra: object,
    ) -> None:
        self.detail = detail or " ".join((type(self).__doc__ or "").split())
        super().__init__(self.detail)
        self.errors = errors
        self.headers = dict(headers or {})
        self.extra = extra

    @classmethod
    def name(cls) -> str:
        """Stable name: `OccupierNotActive` is `occupier-not-active`."""
        return _CAPITAL.sub("-", cls.__name__).lower()

    @classmethod
    def type_uri(cls) -> str:
        """What clients compare."""
        return f"/problems/{cls.name()}"

    @classmethod
    def shown_title(cls) -> str:
        """The name as words, unless the class says better."""
        return cls.title or cls.name().replace("-", " ").capitalize()


class BadRequest(Problem):
    """The request cannot be read; send well-formed JSON."""

    status = 400


class DuplicateHeader(Problem):
    """A header that may stand once stands twice; send it once."""

    status = 400


class BadHeader(Problem):
    """A header holds a control character; send plain text."""

    status = 400


class NotFound(Problem):
    """There is nothing here, or you may not see it."""

    status = 404


class MethodNotAllowed(Problem):
    """This address does not take this method; the Allow header lists those that it takes."""

    status = 405


class RequestTimeout(Problem):
    """The body did not arrive in time; send it again, at once."""

    status = 408


class PayloadTooLarge(Problem):
    """The body is larger than 1 MB; send less."""

    status = 413


class UriTooLong(Problem):
    """The address with its query is longer than 8,000 bytes; ask for less."""

    status = 414


class UnsupportedMediaType(Problem):
    """Send the body as `application/json`, in UTF-8; nothing else is read here."""

    status = 415


class InvalidRequest(Problem):
    """Some fields cannot be accepted; `errors` names each with its fix."""

    status = 422


class HeadersTooLarge(Problem):
    """The headers are larger than 32,000 bytes together; send less."""

    status = 431


class InternalError(Problem):
    """Something broke here. Try again later, and name the request id to support."""

    status = 500


class DatabaseUnavailable(Problem):
    """The database does not answer; try again shortly."""

    status = 503


class NotReady(Problem):
    """This process cannot serve yet."""

    status = 503


def declared(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route; problems of one status share an entry with one example each."""
    responses: dict[int | str, dict[str, Any]] = {}  # Any: OpenAPI fragments
    for problem in problems:
        entry = responses.setdefault(
            problem.status,
            {
                "description": HTTPStatus(problem.status).phrase,
                "content": {
                    MEDIA_TYPE: {
                        "schema": {"$ref": "#/components/schemas/ProblemOut"},
                        "examples": {},
                    }
                },
            },
        )
        entry["content"][MEDIA_TYPE]["examples"][problem.name()] = {"value": _example(problem)}
    return responses


EVERYWHERE = (
    BadRequest,
    DuplicateHeader,
    BadHeader,
    RequestTimeout,
    PayloadTooLarge,
    UriTooLong,
    UnsupportedMediaType,
    InvalidRequest,
    HeadersTooLarge,
    InternalError,
    DatabaseUnavailable,
)
"""What any route can answer."""


def _example(problem: type[Problem]) -> dict[str, object]:
    example: dict[str, object] = {
        "type": problem.type_uri(),
        "title": problem.shown_title(),
        "status": problem.status,
        "detail": " ".join((problem.__doc__ or "").split()),
        "instance": "/api/v1/occupiers",
        "request_id": "01b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5",
    }
    if problem is InvalidRequest:
        example["errors"] = [{"field": "query.limit", "message": "must be at most 200"}]
    return example
