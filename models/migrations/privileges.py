"""What migrations give to the role of the API: rights on tables, and policies of rows.

A later migration grants for its own tables: `show(op, "schedules", OF_OCCUPIER, "INSERT")`.
The settings are those that `GrantStore.of` makes in each transaction; unset they match nothing.
Each stands in a subquery, so that a statement reads it once and not once per row. Released
migrations rest on these texts: add to them, never change them.
"""

from typing import Protocol

ROLE = "occupier_api"

OPERATOR = "(SELECT nullif(current_setting('occupier.operator_id', true), '')::uuid)"
IS_SUPER_ADMIN = "(SELECT current_setting('occupier.is_super_admin', true) = 'true')"
OWN_SITES = "(SELECT unnest(nullif(current_setting('occupier.site_ids', true), '')::uuid[]))"
ACTOR = "(SELECT nullif(current_setting('occupier.actor', true), ''))"
STAFF = "(SELECT nullif(current_setting('occupier.staff_role', true), ''))"
SEES_ALL = f"{STAFF} IN ('sre', 'auditor', 'service')"

OF_OPERATOR = f"operator_id = {OPERATOR} OR {STAFF} IS NOT NULL"
"""Rows of the caller's operator, at whatever site."""

OF_OCCUPIER = "occupier_id IN (SELECT occupiers_in_sight())"
"""Rows of occupiers that a team member or vendor support sees."""

OF_SEEN_OCCUPIER = f"{SEES_ALL} OR {OF_OCCUPIER}"
"""Rows of occupiers that anybody sees."""

OF_SITE = "site_id IN (SELECT id FROM sites)"
"""Rows at any site of the caller's operator."""

AT_OWN_SITE = f"site_id IN {OWN_SITES}"
"""Rows at a site where the caller has a role; at any of the operator for a super admin."""

OF_DECOMMISSION = "decommission_id IN (SELECT id FROM decommissions)"
"""Rows of decommissions that the caller sees."""

OWN = f"actor = {ACTOR}"
"""Rows that the caller wrote."""


class _Operations(Protocol):
    def execute(self, sql: str) -> None: ...


def show(op: _Operations, table: str, rows: str, *changes: str) -> None:
    """Let the API read these rows of `table`, and change them by INSERT, UPDATE or DELETE."""
    allow(op, table, "SELECT", *changes)
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY seen ON {table} TO {ROLE} USING ({rows})")


def allow(op: _Operations, table: str, *rights: str) -> None:
    """Rights on a table alone, without a policy: for what holds nobody's data."""
    op.execute(f"GRANT {', '.join(rights)} ON {table} TO {ROLE}")
