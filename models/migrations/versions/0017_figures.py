"""What the API counts for Prometheus: age and kind of messages to the engine, and strikes."""

from alembic import op

from models.migrations.privileges import ROLE, STAFF, allow

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

STRIKES = f"""
ALTER TABLE strikes ENABLE ROW LEVEL SECURITY;
CREATE POLICY counted ON strikes FOR SELECT TO {ROLE} USING ({STAFF} IS NOT NULL);
"""


def upgrade() -> None:
    allow(op, "outbox", "SELECT (created_at, decommission_id, schedule_id, closure_id)")
    allow(op, "strikes", "SELECT")
    op.execute(STRIKES)
