"""Audit events carry an outcome and are chained by hashes."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
    ALTER TABLE audit_events
        ADD COLUMN outcome varchar(32) NOT NULL DEFAULT 'done'
            CONSTRAINT ck_audit_events_outcome CHECK (outcome IN ('done', 'refused')),
        ADD COLUMN reason text;
    """)
