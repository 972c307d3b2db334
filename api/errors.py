"""Turns everything that can be raised under a route into problem+json."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from api.addresses import methods_at
from api.edit_lock import lock_told_by
from api.problems import (
    MEDIA_TYPE,
    BadRequest,
    DatabaseUnavailable,
    FieldErrorOut,
    InternalError,
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    Problem,
    ProblemOut,
)
from api.text import segment

log = structlog.get_logger(__name__)

RETRY_AFTER = {"Retry-After": "2"}

# Pydantic's own words repeat what was sent for some kinds of error, so those get ours.
_MESSAGES = {
    "missing": "is missing",
    "extra_forbidden": "is not known here; remove it",
    "uuid_parsing": "must be a UUID",
    "uuid_type": "must be a UUID",
    "enum": "must be one of {expected}",
    "literal_error": "must be {expected}",
    "datetime_parsing": "must be a date and time as in RFC 3339, with its offset",
    "datetime_from_date_parsing": "must be a date and time as in RFC 3339, with its offset",
    "timezone_aware": "must carry its offset from UTC, for example Z",
    "int_parsing": "must be a whole number",
    "bool_parsing": "must be true or false",
    "less_than_equal": "must be at most {le}",
    "greater_than_equal": "must be at least {ge}",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must have at least {min_length} characters",
    "string_unicode": "must be valid Unicode, without lone surrogates",
    "string_type": "must be text",
    "json_invalid": "must be well-formed JSON",
    "too_long": "must have at most {max_length} entries",
}


def render(request: Request, problem: Problem) -> JSONResponse:
    """The reply that tells a problem."""
    body = ProblemOut(
        type=problem.type_uri(),
        title=problem.shown_title(),
        status=problem.status,
        detail=problem.detail,
        instance=quote(request.url.path),
        request_id=request.scope.get("state", {}).get("request_id", ""),
        errors=list(problem.errors) if problem.errors else None,
    )
    return JSONResponse(
        body.model_dump(exclude_none=True) | problem.extra,
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=problem.headers,
    )


def field_error(error: Mapping[str, Any]) -> FieldErrorOut:
    """One validation error in our words; what was sent never comes back."""
    context = error.get("ctx") or {}
    template = _MESSAGES.get(error["type"])
    if template:
        message = template.format_map(context)
    elif error["type"] == "value_error" and isinstance(context.get("error"), ValueError):
        message = str(context["error"])  # raised by our validators, which never quote a value
    else:
        message = "is not valid"
    place = error["loc"][:1] if error["type"] == "json_invalid" else error["loc"]
    return FieldErrorOut(field=".".join(segment(part) for part in place), message=message)


async def _on_problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return render(request, error)


async def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fields = [field_error(one) for one in error.errors()[:50]]
    return render(request, invalid(fields))


def invalid(fields: Sequence[FieldErrorOut]) -> InvalidRequest:
    """The 422 that names these fields, the first of them in its detail."""
    first = f"{fields[0].field} {fields[0].message}." if fields else "The request is not valid."
    more = f" {len(fields) - 1} more in `errors`." if len(fields) > 1 else ""
    return InvalidRequest(first + more, errors=fields)


async def _on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    kinds: dict[int, type[Problem]] = {404: NotFound, 405: MethodNotAllowed}
    default = BadRequest if error.status_code < 500 else InternalError
    problem = kinds.get(error.status_code, default)
    headers = dict(error.headers or {})
    if problem is MethodNotAllowed:
        headers["Allow"] = methods_at(request) or headers.get("Allow", "")
    return render(request, problem(headers=headers))


async def _on_database(request: Request, error: Exception) -> JSONResponse:
    if problem := lock_told_by(error):
        return render(request, problem)
    if not is_outage(error):
        return await _on_bug(request, error)
    log.warning("database.not_reached", kind=type(error).__name__)
    return render(request, DatabaseUnavailable(headers=RETRY_AFTER))


def is_outage(error: BaseException) -> bool:
    """Whether the database was not reached, in contrast to a statement that it refused."""
    if isinstance(error, PoolTimeoutError | OSError):
        return True
    if isinstance(error, psycopg.OperationalError):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return False


async def _on_bug(request: Request, error: Exception) -> JSONResponse:
    log.error("request.failed", exc_info=error)
    return render(request, InternalError())


def install(app: FastAPI) -> None:
    """Register the handlers. What none of them knows reaches the outermost middleware."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    for kind in (DBAPIError, PoolTimeoutError, psycopg.OperationalError, OSError):
        app.add_exception_handler(kind, _on_database)
