"""Versions as entity tags: a change of something versioned names the version it was decided on."""

import re
from typing import Annotated

from fastapi import Depends, Header

from api.problems import Problem

_ONE_VERSION = re.compile(r'"([0-9]{1,9})"')


class IfMatchMissing(Problem):
    """Send `If-Match` with the `ETag` of what you looked at, so that no change goes unseen."""

    status = 428


class IfMatchUnusable(Problem):
    """`If-Match` must be exactly one `ETag` as it was given, for example `"3"`; `*` will not do."""

    status = 400


class VersionStale(Problem):
    """It was changed since you looked at it; read it again and decide again."""

    status = 412


def etag(version: int) -> str:
    """The entity tag of a version."""
    return f'"{version}"'


async def get_if_match(
    if_match: Annotated[
        str | None,
        Header(max_length=200, description='The `ETag` that was read, for example `"3"`.'),
    ] = None,
) -> int:
    """The version that the caller looked at."""
    if if_match is None:
        raise IfMatchMissing
    found = _ONE_VERSION.fullmatch(if_match.strip())
    if found is None:
        raise IfMatchUnusable
    return int(found[1])


IfMatchDep = Annotated[int, Depends(get_if_match)]
