"""Faults that can be set on the outside systems: seeded, stored, and free when there are none.

Every fault counts the calls that match it; what happens to the n-th of them depends on nothing
but the fault's seed and n. The count is stored, so a restart does not begin the sequence again.
"""

import math
import random
from enum import StrEnum
from typing import Annotated, Literal, Self

from psycopg.types.json import Jsonb
from pydantic import BaseModel, ConfigDict, Field, model_validator

from estate.database import Database

_STATUSES = {401, 403, 404, 409, 422, 500, 502, 503, 504}
_Reason = Literal["not_allowed", "in_use", "by_hand"]
_Milliseconds = Annotated[float, Field(ge=0, le=600_000)]


class Effect(StrEnum):
    """What a fault does to a call."""

    LATENCY = "latency"  # answer later, see `latency`
    ERROR = "error"  # refuse with a status, see `statuses`; nothing is done
    THROTTLE = "throttle"  # 429 with Retry-After; nothing is done
    HANG = "hang"  # nothing is done and nothing answered until the client gives up
    LOST_ANSWER = "lost_answer"  # everything is done, then the connection is cut
    HALF_BATCH = "half_batch"  # the first half is done, then 500
    LIE = "lie"  # "OK", and nothing is done (reads are not changed)
    OUTAGE = "outage"  # until cleared: 503, or the connection is cut unread
    GARBAGE = "garbage"  # 200 with an HTML page; nothing is done
    RESURRECT = "resurrect"  # what is retired is there again after a while, see `after_s`
    REFUSE_SOME = "refuse_some"  # single items of a batch are refused for good, see `reasons`
    NO_IDEM = "no_idem"  # a repeated key is taken for a new order; goes along with other faults


class Latency(BaseModel):
    """How long a call is held up, in milliseconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    distribution: Literal["fixed", "uniform", "lognormal"] = "fixed"
    ms: _Milliseconds = Field(0, description="fixed: the wait; lognormal: the median")
    max_ms: _Milliseconds = Field(0, description="uniform: from `ms` to this; lognormal: the cap")
    sigma: float = Field(0.5, ge=0, le=5, description="lognormal: of the underlying normal")

    def seconds(self, chance: random.Random) -> float:
        """Draw a wait."""
        match self.distribution:
            case "fixed":
                return self.ms / 1000
            case "uniform":
                return chance.uniform(self.ms, max(self.ms, self.max_ms)) / 1000
            case "lognormal":
                drawn = chance.lognormvariate(math.log(max(self.ms, 0.001)), self.sigma)
                return min(drawn, self.max_ms or math.inf) / 1000


class Fault(BaseModel):
    """A fault. Unset `system`, `site` or `operation` means any."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "name": "shaky-wifi",
                "system": "wifi",
                "operation": "retire",
                "effect": "error",
                "statuses": {"500": 0.1, "503": 0.2},
                "seed": 7,
            }
        },
    )

    name: str = Field(min_length=1, max_length=100)
    system: str | None = None
    site: str | None = None
    operation: str | None = Field(
        None, description="read, retire, provision, owned, attempt; SCIM maps onto the same words"
    )
    effect: Effect
    rate: float = Field(1.0, ge=0, le=1, description="Share of matching calls it happens to.")
    limit: int | None = Field(None, ge=1, description="Only the first N matching calls.")
    seed: int = 0
    latency: Latency | None = Field(None, description="latency only")
    statuses: dict[int, float] = Field(
        default_factory=dict, description="error only: share of calls by status"
    )
    reasons: dict[_Reason, float] = Field(
        default_factory=dict, description="refuse_some only: share of items by reason"
    )
    retry_after_s: int = Field(1, ge=0, description="throttle only")
    retry_after_form: Literal["seconds", "date"] = "seconds"
    outage: Literal["503", "refused"] = "503"
    after_s: float = Field(5, gt=0, le=3_600, description="resurrect only")
    seen: int = Field(0, ge=0, description="Matching calls so far; kept when a fault is replaced.")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.effect is Effect.LATENCY) != (self.latency is not None):
            raise ValueError("latency goes with the effect latency, and only with it")
        if (self.effect is Effect.ERROR) != bool(self.statuses):
            raise ValueError("statuses goes with the effect error, and only with it")
        if (self.effect is Effect.REFUSE_SOME) != bool(self.reasons):
            raise ValueError("reasons goes with the effect refuse_some, and only with it")
        if sum(self.reasons.values()) > 1.000_001 or min(self.reasons.values(), default=0) < 0:
            raise ValueError("the shares in reasons are negative or more than 1 together")
        if not self.statuses.keys() <= _STATUSES:
            raise ValueError(f"statuses are {sorted(_STATUSES)}")
        if sum(self.statuses.values()) > 1.000_001 or min(self.statuses.values(), default=0) < 0:
            raise ValueError("the shares in statuses are negative or more than 1 together")
        return self

    @property
    def is_plain(self) -> bool:
        """Whether it treats all calls alike, so that nothing has to be counted."""
        even = self.latency is None or self.latency.distribution == "fixed"
        return self.rate == 1 and self.limit is None and not self.statuses and even

    def reason_for(self, handle: str) -> str | None:
        """Why the item of this handle is refused, each time that it is asked for, if it is."""
        point = random.Random(f"{self.seed}:{handle}").random()
        for reason, share in sorted(self.reasons.items()):
            point -= share
            if point < 0:
                return reason
        return None

    def matches(self, system: str, site: str | None, operation: str) -> bool:
        """Whether the call is one that the fault is set on."""
        return (
            self.system in {None, system}
            and self.site in {None, site}
            and self.operation in {None, operation}
        )


class Drawn:
    """What the faults do to one call."""

    __slots__ = ("delay_s", "fault", "ignores_keys", "names", "status")

    def __init__(self) -> None:
        self.delay_s = 0.0
        self.ignores_keys = False
        self.fault: Fault | None = None  # the one that decides the answer
        self.status = 500
        self.names: list[str] = []


class FaultBook:
    """The faults that are set, in memory and in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.faults: dict[str, Fault] = {}

    async def load(self) -> None:
        """Read what was set before this process started."""
        rows = await self._database.rows("select spec, seen from estate.faults order by name")
        found = [Fault.model_validate(row["spec"]) for row in rows]
        for fault, row in zip(found, rows, strict=True):
            fault.seen = int(str(row["seen"]))
        self.faults = {fault.name: fault for fault in found}

    async def put(self, fault: Fault) -> None:
        """Set or replace a fault; a replaced one starts its sequence at `seen`."""
        await self._database.change(
            "insert into estate.faults (name, spec, seen) values (%s, %s, %s)"
            " on conflict (name) do update set spec = excluded.spec, seen = excluded.seen",
            (fault.name, Jsonb(fault.model_dump(mode="json", exclude={"seen"})), fault.seen),
        )
        self.faults = dict(sorted({**self.faults, fault.name: fault}.items()))

    async def clear(self, name: str | None = None) -> None:
        """Forget one fault, or all."""
        await self._database.change(
            "delete from estate.faults where %s::text is null or name = %s", (name, name)
        )
        self.faults = {
            kept.name: kept
            for kept in self.faults.values()
            if name is not None and kept.name != name
        }

    async def draw(self, system: str, site: str | None, operation: str) -> Drawn | None:
        """Decide what happens to a call.

        Delays add up and keys are ignored whatever else happens; otherwise the first by name wins.
        """
        hits = [fault for fault in self.faults.values() if fault.matches(system, site, operation)]
        if not hits:
            return None
        drawn = Drawn()
        counted: list[Fault] = []
        for fault in hits:
            n = fault.seen
            if not fault.is_plain:
                fault.seen += 1
                counted.append(fault)
            _apply(fault, n, drawn)
        for fault in counted:
            await self._database.change(
                "update estate.faults set seen = greatest(seen, %s) where name = %s",
                (fault.seen, fault.name),
            )
        return drawn if drawn.names else None


def _apply(fault: Fault, n: int, drawn: Drawn) -> None:
    if fault.limit is not None and n >= fault.limit:
        return
    chance = random.Random(f"{fault.seed}:{n}")
    if chance.random() >= fault.rate:
        return
    if fault.latency is not None:
        drawn.delay_s += fault.latency.seconds(chance)
        drawn.names.append(f"{fault.effect}:{fault.name}")
        return
    if fault.effect is Effect.NO_IDEM:
        drawn.ignores_keys = True
        drawn.names.append(f"{fault.effect}:{fault.name}")
        return
    if drawn.fault is not None:
        return
    if fault.statuses:
        status = _status(fault, chance)
        if status is None:
            return
        drawn.status = status
    drawn.fault = fault
    drawn.names.append(f"{fault.effect}:{fault.name}")


def _status(fault: Fault, chance: random.Random) -> int | None:
    """The status that the fault refuses this call with, if it is one of the refused."""
    point = chance.random()
    for status, share in sorted(fault.statuses.items()):
        point -= share
        if point < 0:
            return status
    return None
