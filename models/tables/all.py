"""Every table in one import, for migrations and for the tests that look at all of them."""

from models.tables import (
    audit,
    billing,
    case,
    contract,
    decommission,
    network,
    occupier,
    operator,
    port,
    product,
    service,
    site,
    task,
    telephony,
    user,
)
from models.tables.base import Base

METADATA = Base.metadata
ROOMS = (
    audit,
    billing,
    case,
    contract,
    decommission,
    network,
    occupier,
    operator,
    port,
    product,
    service,
    site,
    task,
    telephony,
    user,
)
