"""Fills what a portfolio may leave out: billing references, account handles, charge handles."""

from uuid import uuid4

from models.domain.portfolio import ServiceState
from models.portfolio.format import Portfolio
from models.portfolio.tenancy import Contract, Service
from models.portfolio.tenant import Occupier, User


def without_blanks(portfolio: Portfolio) -> Portfolio:
    """The same portfolio with everything that is generated; equal when nothing was blank."""
    occupiers = tuple(_occupier(occupier) for occupier in portfolio.occupiers)
    return portfolio.model_copy(update={"occupiers": occupiers})


def is_billed(service: Service) -> bool:
    """Whether the billing system holds a recurring charge that runs."""
    return service.state is ServiceState.ACTIVE and service.billing_stopped_at is None


def _occupier(occupier: Occupier) -> Occupier:
    return occupier.model_copy(
        update={
            "billing_reference": occupier.billing_reference or f"BR-{occupier.reference}",
            "users": tuple(_user(user) for user in occupier.users),
            "contracts": tuple(_contract(contract) for contract in occupier.contracts),
        }
    )


def _user(user: User) -> User:
    if user.account is None or user.account.handle is not None:
        return user
    return user.model_copy(
        update={"account": user.account.model_copy(update={"handle": str(uuid4())})}
    )


def _contract(contract: Contract) -> Contract:
    services = tuple(_service(service) for service in contract.services)
    return contract.model_copy(update={"services": services})


def _service(service: Service) -> Service:
    if service.charge_handle is not None or not is_billed(service):
        return service
    return service.model_copy(update={"charge_handle": f"CH-{uuid4().hex}"})
