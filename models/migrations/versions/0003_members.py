"""Staff members, and whether an operator wants a second person for a start."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
    ALTER TABLE operators ADD COLUMN second_person_required boolean NOT NULL DEFAULT false;
    CREATE TABLE staff_members (
        id uuid DEFAULT gen_random_uuid() NOT NULL CONSTRAINT pk_staff_members PRIMARY KEY,
        issuer text NOT NULL,
        subject text NOT NULL,
        role varchar(32) NOT NULL CONSTRAINT ck_staff_members_role
            CHECK (role IN ('vendor_support', 'sre', 'auditor', 'service')),
        created_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT uq_staff_members_issuer_subject UNIQUE (issuer, subject)
    );
    """)
