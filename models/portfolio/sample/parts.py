"""The cast of a sample: each occupier as its part in `cast.py` asks for."""

from collections.abc import Callable
from datetime import timedelta

from models.domain.portfolio import NumberState, UpdateState
from models.portfolio.place import Login
from models.portfolio.sample import cast
from models.portfolio.sample.occupier import Demand, OccupierDraft
from models.portfolio.sample.products import CORDLESS
from models.portfolio.sample.site import SiteDraft
from models.portfolio.sample.tenancy import completed_contract
from models.portfolio.tenancy import Contract, Service

SMALL = Demand(users=8, numbers=6, ports=12, devices=3, is_plain=True)
LARGE = Demand(users=50, numbers=25, ports=50, devices=10, is_plain=True)

NewOccupier = Callable[[str], OccupierDraft]


def play(sites: list[SiteDraft], new: NewOccupier) -> list[OccupierDraft]:
    """The whole cast at the first operator's sites: London, New York and Sydney come first."""
    demo = _at(new(cast.DEMO_OCCUPIER), sites[:3], SMALL)
    neighbour = _at(new(cast.NEIGHBOUR), sites[:1], SMALL)
    large = _at(new(cast.LARGE_OCCUPIER), sites[: cast.LARGE_SITES], LARGE)
    return [
        *(demo, neighbour, large),
        _starts_today(sites[2], new(cast.STARTS_TODAY)),
        _handset_in_use(sites[0], new(cast.HANDSET_IN_USE)),
        _with_update(sites[1], new(cast.UPDATING), UpdateState.UPDATING),
        _with_update(sites[0], new(cast.UPDATE_FAILED), UpdateState.FAILED),
        _two_cities(sites[0], sites[1], new(cast.TWO_CITIES)),
    ]


def _at(draft: OccupierDraft, sites: list[SiteDraft], demand: Demand) -> OccupierDraft:
    for site in sites:
        draft.settle(site, demand)
    return draft


def _starts_today(site: SiteDraft, draft: OccupierDraft) -> OccupierDraft:
    _at(draft, [site], SMALL)
    today = draft.source.today(site.zone)
    contract = draft.contracts[0]
    draft.contracts[0] = contract.model_copy(
        update={
            "start_date": today,
            "occupancies": tuple(
                stay.model_copy(update={"move_in": today}) for stay in contract.occupancies
            ),
            "services": tuple(
                service.model_copy(update={"start_date": max(today, service.start_date)})
                for service in contract.services
            ),
        }
    )
    return draft


def _handset_in_use(site: SiteDraft, draft: OccupierDraft) -> OccupierDraft:
    _at(draft, [site], SMALL)
    since = draft.source.now - timedelta(hours=5)
    at = next(at for at, each in enumerate(draft.numbers) if each.user is not None)
    draft.numbers[at] = draft.numbers[at].model_copy(
        update={
            "state": NumberState.ACTIVE,
            "login": Login(handset=site.take_handset(CORDLESS), since=since),
        }
    )
    return draft


def _with_update(site: SiteDraft, draft: OccupierDraft, state: UpdateState) -> OccupierDraft:
    _at(draft, [site], SMALL)
    contract = draft.contracts[0]
    failed = "Change of quantity from 12 to 14" if state is UpdateState.FAILED else None
    first = contract.services[0].model_copy(update={"update_state": state, "failed_action": failed})
    draft.contracts[0] = _with_first(contract, first)
    return draft


def _with_first(contract: Contract, first: Service) -> Contract:
    return contract.model_copy(update={"services": (first, *contract.services[1:])})


def _two_cities(london: SiteDraft, new_york: SiteDraft, draft: OccupierDraft) -> OccupierDraft:
    _at(draft, [new_york], SMALL)
    until = draft.source.today(london.zone)
    draft.contracts.append(completed_contract(draft.source, london, until))
    return draft
