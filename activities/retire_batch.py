"""One attempt's way through the batches of a retiring task: read, act, read again, record."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, groupby
from uuid import NAMESPACE_OID, UUID, uuid5

from temporalio.exceptions import ApplicationError

from activities.failures import GRAVITY, refusal
from activities.figures import resource_settled
from activities.ports import (
    Observation,
    Order,
    OutsideSystem,
    Refusals,
    Resource,
    RetireRequest,
    Systems,
)
from models.database import Sessions
from models.domain.decommission import TaskKind
from models.domain.orders import TaskMode, TaskOrder, TaskReport
from models.domain.outside import (
    FailureKind,
    Ground,
    Presence,
    ResourceKind,
    System,
    Verdict,
)
from models.stores.decommissions import DecommissionStore, SiteTask
from models.stores.holdings import HoldingStore
from models.stores.plans import Finding, PlanItem, PlanStore

BATCH = 500  # items per outside call


class RetireBatch:
    """The batches of one attempt of one task at one site."""

    def __init__(self, sessions: Sessions, systems: Systems, order: TaskOrder) -> None:
        if order.site_id is None:
            raise ValueError("a retiring task is always of a site")
        self._sessions = sessions
        self._systems = systems
        self._order = order
        self._site_id: UUID = order.site_id
        self._task: SiteTask
        self._done = 0
        self._refused: defaultdict[System, list[FailureKind]] = defaultdict(list)
        self.found_undone = False

    async def open(self) -> TaskReport:
        """Look up how far the task is, and what the outside systems call the site and the owner."""
        order = self._order
        async with self._sessions.single() as session:
            store = DecommissionStore(session)
            self._task = await store.site_task(order.decommission_id, self._site_id, order.kind)
        self._done = self._task.done
        return self._report()

    async def next_items(self, after: UUID) -> list[PlanItem]:
        """The next batch of what no fresh read has shown gone."""
        order = self._order
        async with self._sessions.single() as session:
            return await PlanStore(session).undone(
                order.decommission_id, self._site_id, order.kind, after=after, limit=BATCH
            )

    async def retire(self, items: Sequence[PlanItem]) -> TaskReport:
        """Take a batch out of service, or only look, and keep what a fresh read says of it."""
        findings: list[Finding] = []
        by_system = sorted(items, key=lambda item: item.kind.system)
        for name, group in groupby(by_system, key=lambda item: item.kind.system):
            findings += await self._retire_in(name, list(group))
        self.found_undone |= any(not finding.verdict.is_done for finding in findings)
        return await self._record(findings)

    def refusal(self) -> ApplicationError | None:
        """What was refused in this attempt; of two systems, by the one with the gravest reason."""
        refused = {name: kinds for name, kinds in self._refused.items() if kinds}
        if not refused:
            return None
        gravest = min(refused, key=lambda name: min(map(GRAVITY.index, refused[name])))
        kinds = chain.from_iterable(refused.values())
        return refusal(kinds, self._task.total, gravest)

    async def conclude(self) -> None:
        """Give up what belongs to the task in our own tables beyond single resources."""
        order = self._order
        if order.kind not in {TaskKind.USERS, TaskKind.STOP_SERVICES}:
            return
        async with self._sessions.begin() as session:
            holdings = HoldingStore(session, order.decommission_id, order.occupier_id)
            if order.kind is TaskKind.USERS:
                await holdings.delete_users(self._site_id)
            else:
                await holdings.stop_services(self._site_id)

    async def _retire_in(self, name: System, items: list[PlanItem]) -> list[Finding]:
        system = self._systems[name]
        before = await self._observe(system, items)
        findings: list[Finding] = []
        ours: list[PlanItem] = []
        for item in items:
            seen = before[_resource(item)]
            if seen.presence is Presence.ABSENT:
                findings.append(_gone(item))
            elif seen.owner not in {None, self._task.owner}:
                findings.append(Finding(item, Verdict.RETAINED, Ground.OTHER_OWNER))
            else:
                ours.append(item)
        if self._order.mode is TaskMode.CONFIRM:  # a person has done it, or not
            findings += [_outcome(item, before[_resource(item)]) for item in ours]
        elif ours:
            await self._mark_asked(ours)
            refused = await system.retire(self._request(ours))
            after = await self._observe(system, ours)
            acted = [_outcome(item, after[_resource(item)]) for item in ours]
            findings += [_blamed(finding, refused) for finding in acted]
        self._count_refused(name, findings)
        return findings

    def _count_refused(self, name: System, findings: list[Finding]) -> None:
        self._refused[name] += [
            finding.failure
            for finding in findings
            if finding.failure and finding.failure is not FailureKind.UNCONFIRMED
        ]

    async def _observe(
        self, system: OutsideSystem, items: list[PlanItem]
    ) -> dict[Resource, Observation]:
        resources = [_resource(item) for item in items]
        return dict(await system.observe(self._task.site, resources))

    def _request(self, items: list[PlanItem]) -> RetireRequest:
        orders = [Order(_resource(item), _key(item)) for item in items]
        effective_at: datetime = self._task.effective_at
        return RetireRequest(self._task.site, self._task.owner, effective_at, orders)

    async def _mark_asked(self, items: list[PlanItem]) -> None:
        async with self._sessions.single() as session:
            await PlanStore(session).mark_asked([item.id for item in items])

    async def _record(self, findings: list[Finding]) -> TaskReport:
        order = self._order
        for finding in findings:
            system = finding.item.kind.system
            resource_settled(order.kind, system, finding.verdict, finding.failure)
        async with self._sessions.begin() as session:
            self._done += await PlanStore(session).record(findings)
            holdings = HoldingStore(session, order.decommission_id, order.occupier_id)
            done = (finding for finding in findings if finding.verdict.is_done)
            for (kind, is_retained), group in groupby(sorted(done, key=_fate), key=_fate):
                ids = sorted(finding.item.resource_id for finding in group)
                await (holdings.hold_back if is_retained else holdings.give_up)(kind, ids)
        return self._report()

    def _report(self) -> TaskReport:
        """By our own count: what a late attempt has done as well is seen by the next portion."""
        total = self._task.total
        return TaskReport(done=self._done, total=total, remaining=total - self._done)


def _fate(finding: Finding) -> tuple[ResourceKind, bool]:
    """What our own rows are grouped by: their kind, and whether they are held back."""
    return finding.item.kind, finding.verdict is Verdict.RETAINED


def _resource(item: PlanItem) -> Resource:
    return Resource(item.kind, item.handle)


def _key(item: PlanItem) -> str:
    """The same for every attempt; a new one only after an "OK" that proved to be empty."""
    return str(uuid5(NAMESPACE_OID, f"{item.id}/{item.intent}"))


def _blamed(finding: Finding, refused: Refusals) -> Finding:
    """With the reason for which something is still there after we asked for its removal."""
    if finding.verdict.is_done:
        return finding
    failure = refused.get(_resource(finding.item), FailureKind.UNCONFIRMED)
    return replace(finding, failure=failure)


def _gone(item: PlanItem) -> Finding:
    """Absent: our doing when an earlier attempt had asked, else it was gone before."""
    return Finding(item, Verdict.REMOVED if item.asked_at else Verdict.ALREADY_ABSENT)


def _outcome(item: PlanItem, seen: Observation) -> Finding:
    if seen.presence is Presence.ABSENT:
        return Finding(item, Verdict.REMOVED)
    if seen.presence is Presence.DISABLED:
        return Finding(item, Verdict.DISABLED_ONLY)
    return Finding(item, Verdict.UNKNOWN)
