"""How often the workflow of a decommission was begun anew."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE decommissions ADD COLUMN runs integer DEFAULT 1 NOT NULL")
