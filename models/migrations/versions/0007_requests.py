"""Unsafe requests with the reply each got, and approvals by a second person."""

from alembic import op

from models.migrations.privileges import IS_SUPER_ADMIN, OF_OCCUPIER, OWN, ROLE, allow, show

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
    CREATE INDEX ix_requests_forgettable ON requests (created_at) WHERE NOT is_kept;
    CREATE TABLE approvals (
        id uuid DEFAULT gen_random_uuid() NOT NULL CONSTRAINT pk_approvals PRIMARY KEY,
        occupier_id uuid NOT NULL
            CONSTRAINT fk_approvals_occupier_id REFERENCES occupiers,
        approved_by text NOT NULL,
        plan_hash text NOT NULL,
        approved_at timestamptz DEFAULT now() NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        CONSTRAINT ck_approvals_expires_after_approval CHECK (expires_at > approved_at)
    );
    CREATE INDEX ix_approvals_unused ON approvals (occupier_id) WHERE used_at IS NULL;
    """)
    show(op, "requests", OWN, "INSERT", "UPDATE")
    show(op, "approvals", OF_OCCUPIER, "INSERT", "UPDATE")
    allow(op, "operators", "UPDATE (second_person_required)")
    op.execute(
        f"CREATE POLICY settled ON operators AS RESTRICTIVE FOR UPDATE TO {ROLE} "
        f"USING ({IS_SUPER_ADMIN})"
    )
