"""The access token of a request, checked."""

from typing import Annotated

from fastapi import Depends, Request

from api.identity.identity import Identity


async def get_identity(request: Request) -> Identity:
    """Who the request's access token says is asking; 401 without a good one."""
    raise NotImplementedError(request)


IdentityDep = Annotated[Identity, Depends(get_identity)]
