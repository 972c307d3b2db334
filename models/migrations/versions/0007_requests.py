"""Unsafe requests under their idempotency keys, with the reply each got."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
    CREATE TABLE requests (
        actor text NOT NULL,
        key text NOT NULL,
        digest text NOT NULL,
        status integer,
        headers jsonb,
        body bytea,
        is_kept boolean DEFAULT false NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_requests PRIMARY KEY (actor, key)
    );
    """)
