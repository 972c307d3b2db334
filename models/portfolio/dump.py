"""Writes the database out in the portfolio format; the same content is the same text.

Left out are decommissioned occupiers, and with them their contracts, services and call charges:
nothing of theirs can be imported as active. Their billing reports stay, under the name of then.
Cases, tasks, decommissions, team members and the audit are no part of a portfolio.
"""

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from models.portfolio.dump_catalogue import stored_catalogue
from models.portfolio.dump_occupiers import stored_occupiers
from models.portfolio.dump_sites import stored_sites
from models.portfolio.format import BillingReport, Operator, Portfolio
from models.portfolio.stored import Stored
from models.tables.billing import BillingReportRow
from models.tables.operator import OperatorRow


def dump(connection: Connection) -> Portfolio:
    """Everything that belongs in a portfolio; open the connection at REPEATABLE READ."""
    with Session(connection) as session:
        stored = Stored(session)
        catalogue = stored_catalogue(session)
        return Portfolio(
            device_types=catalogue.device_types,
            handset_types=catalogue.handset_types,
            products=catalogue.products,
            operators=tuple(
                Operator(name=row.name, cooling_off_days=row.cooling_off_days)
                for row in sorted(stored.all(OperatorRow), key=lambda row: row.name)
            ),
            sites=stored_sites(stored),
            occupiers=stored_occupiers(stored),
            billing_reports=_reports(stored),
        )


def _reports(stored: Stored) -> tuple[BillingReport, ...]:
    found = []
    for row in stored.all(BillingReportRow):
        occupier = stored.occupiers.get(row.occupier_id) if row.occupier_id else None
        found.append(
            BillingReport(
                site=stored.sites[row.site_id],
                occupier=occupier.reference if occupier is not None else None,
                occupier_name=row.occupier_name,
                month=f"{row.month:%Y-%m}",
                kind=row.kind,
                figures=dict(sorted(row.figures.items())),
            )
        )
    return tuple(
        sorted(found, key=lambda x: (x.site, x.month, x.kind, x.occupier_name, x.model_dump_json()))
    )
