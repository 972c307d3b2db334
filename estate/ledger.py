"""Reading the ledger and setting faults: the side doors for checkers, tests and benches."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from estate.database import Database
from estate.faults import Fault, FaultBook

router = APIRouter()


class Page(BaseModel):
    """Which ledger rows to show, oldest first; unset means any."""

    model_config = ConfigDict(extra="forbid")

    system: str | None = None
    site: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: int = Field(0, ge=0, description="The `next` of the page before.")
    limit: int = Field(500, ge=1, le=5_000)


class CallPage(Page):
    """Filters of the calls."""

    operation: str | None = None
    status: int | None = None
    faulty: bool | None = Field(None, description="Only calls with, or without, a fault.")


class EffectPage(Page):
    """Filters of the effects."""

    kind: str | None = None
    handle: str | None = None
    owner: str | None = Field(None, description="The owner before the effect.")
    key: str | None = None
    effect: str | None = None


def _database(request: Request) -> Database:
    found: Database = request.app.state.database
    return found


def _faults(request: Request) -> FaultBook:
    found: FaultBook = request.app.state.faults
    return found


async def _page(
    request: Request, table: str, page: Page, equals: dict[str, object]
) -> dict[str, object]:
    wanted: dict[str, object] = {
        "system = %s": page.system,
        "site = %s": page.site,
        "at >= %s": page.since,
        "at < %s": page.until,
        **equals,
    }
    used = {term: value for term, value in wanted.items() if value is not None}
    terms = " and ".join(["id > %s", *used])
    rows = await _database(request).rows(
        f"select * from estate.{table} where {terms} order by id limit %s",
        (page.after, *used.values(), page.limit),
    )
    return {"items": rows, "next": rows[-1]["id"] if len(rows) == page.limit else None}


@router.get("/ledger/calls", tags=["ledger"])
async def list_calls(request: Request, page: Annotated[CallPage, Query()]) -> dict[str, object]:
    """Every call there ever was: also those that were refused or never answered."""
    equals: dict[str, object] = {
        "operation = %s": page.operation,
        "status = %s": page.status,
        "(fault is not null) = %s": page.faulty,
    }
    return await _page(request, "calls", page, equals)


@router.get("/ledger/effects", tags=["ledger"])
async def list_effects(request: Request, page: Annotated[EffectPage, Query()]) -> dict[str, object]:
    """Every effect there ever was, with the key of the order behind it."""
    equals: dict[str, object] = {
        "kind = %s": page.kind,
        "handle = %s": page.handle,
        "owner_before = %s": page.owner,
        "key = %s": page.key,
        "effect = %s": page.effect,
    }
    return await _page(request, "effects", page, equals)


_DOUBLED = """
select system, site, kind, handle, lifetime, effect, count(*) as times from estate.effects
where effect not in ('user_enabled', 'user_disabled')
    and (%(site)s::text is null or site = %(site)s)
group by system, site, kind, handle, lifetime, effect having count(*) > 1 limit 1000
"""
_REPEATED_KEYS = """
select key, count(*) as times from estate.effects
where direct and key is not null and (%(site)s::text is null or site = %(site)s)
group by key having count(*) > 1 limit 1000
"""
_COUNTS = """
select system, effect, count(*) as times, count(distinct key) as keys from estate.effects
where %(site)s::text is null or site = %(site)s group by system, effect order by system, effect
"""
_CALLS = """
select system, operation, status, count(*) as times, sum(items) as items,
    count(*) filter (where fault is not null) as faulty
from estate.calls where %(site)s::text is null or site = %(site)s
group by system, operation, status order by system, operation, status
"""


@router.get("/ledger/summary", tags=["ledger"])
async def summarise(request: Request, site: str | None = None) -> dict[str, object]:
    """What a checker asks first: effects that came twice (should be none), counts, calls."""
    database = _database(request)
    values = {"site": site}
    return {
        "doubled_effects": await database.rows(_DOUBLED, values),
        "keys_with_more_than_one_effect": await database.rows(_REPEATED_KEYS, values),
        "effects": await database.rows(_COUNTS, values),
        "calls": await database.rows(_CALLS, values),
    }


@router.get("/faults", tags=["faults"])
async def list_faults(request: Request) -> list[Fault]:
    """The faults that are set, with how many calls each has matched (`seen`)."""
    return list(_faults(request).faults.values())


@router.get("/faults/{name}", tags=["faults"])
async def get_fault(request: Request, name: str) -> Fault:
    """One fault."""
    found = _faults(request).faults.get(name)
    if found is None:
        raise HTTPException(404, "no such fault")
    return found


@router.put("/faults", tags=["faults"])
async def put_faults(
    request: Request, faults: Annotated[list[Fault], Field(max_length=1000)]
) -> list[Fault]:
    """Set faults; those of the same names are replaced, others stay."""
    for fault in faults:
        await _faults(request).put(fault)
    return list(_faults(request).faults.values())


@router.delete("/faults", tags=["faults"], status_code=204)
async def clear_faults(request: Request) -> None:
    """Forget every fault. The ledger stays."""
    await _faults(request).clear()


@router.delete("/faults/{name}", tags=["faults"], status_code=204)
async def clear_fault(request: Request, name: str) -> None:
    """Forget one fault: an outage is over."""
    await _faults(request).clear(name)
