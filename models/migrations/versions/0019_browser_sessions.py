"""Sessions of the console."""

from alembic import op

from models.migrations.privileges import allow

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
    CREATE TABLE browser_sessions (
        digest bytea NOT NULL CONSTRAINT pk_browser_sessions PRIMARY KEY,
        issuer text NOT NULL,
        subject text NOT NULL,
        client_id text NOT NULL,
        authenticated_at timestamptz,
        created_at timestamptz DEFAULT now() NOT NULL,
        seen_at timestamptz DEFAULT now() NOT NULL,
        expires_at timestamptz NOT NULL
    );
    CREATE INDEX ix_browser_sessions_expires_at ON browser_sessions (expires_at);
    """)
    # Found by the digest of a secret that only the browser knows, before anybody is known.
    allow(op, "browser_sessions", "SELECT", "INSERT", "DELETE", "UPDATE (seen_at)")
