"""Fills what a portfolio may leave out: billing references, account handles, charge handles.

What is generated follows from where it stands, so that a second attempt generates the same.
"""

from uuid import UUID, uuid5

from models.domain.portfolio import ServiceState
from models.portfolio.format import Portfolio
from models.portfolio.tenancy import Contract, Service
from models.portfolio.tenant import Occupier, User

NAMESPACE = UUID("6f0c9a52-53b5-4d0e-9a0e-7f1c1f3f9b11")


def without_blanks(portfolio: Portfolio) -> Portfolio:
    """The same portfolio with everything that is generated; equal when nothing was blank."""
    occupiers = tuple(_occupier(occupier) for occupier in portfolio.occupiers)
    return portfolio.model_copy(update={"occupiers": occupiers})


def is_billed(service: Service) -> bool:
    """Whether the billing system holds a recurring charge that runs."""
    return service.state is ServiceState.ACTIVE and service.billing_stopped_at is None


def _occupier(occupier: Occupier) -> Occupier:
    place = occupier.reference
    users, contracts = enumerate(occupier.users), enumerate(occupier.contracts)
    return occupier.model_copy(
        update={
            "billing_reference": occupier.billing_reference or f"BR-{place}",
            "users": tuple(_user(user, f"{place}/users/{at}") for at, user in users),
            "contracts": tuple(
                _contract(each, f"{place}/contracts/{at}") for at, each in contracts
            ),
        }
    )


def _user(user: User, place: str) -> User:
    if user.account is None or user.account.handle is not None:
        return user
    account = user.account.model_copy(update={"handle": str(uuid5(NAMESPACE, place))})
    return user.model_copy(update={"account": account})


def _contract(contract: Contract, place: str) -> Contract:
    services = tuple(
        _service(service, f"{place}/services/{at}") for at, service in enumerate(contract.services)
    )
    return contract.model_copy(update={"services": services})


def _service(service: Service, place: str) -> Service:
    if service.charge_handle is not None or not is_billed(service):
        return service
    return service.model_copy(update={"charge_handle": f"CH-{uuid5(NAMESPACE, place).hex}"})
