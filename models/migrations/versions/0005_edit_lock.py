"""From pending on nothing of an occupier can be edited, by any route.

The lock is a row lock: an edit takes FOR SHARE on the occupiers whose rows it touched and then
looks at their status; a start takes FOR UPDATE as its first statement. So of two that race, either
the edit commits before the start reads its plan, or it sees the start and is refused. A foreign
key does not do this: its FOR KEY SHARE looks at no status.
"""

from alembic import op

from models.migrations.privileges import OF_SEEN_OCCUPIER, ROLE, show

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Table: the (parent, column) through which its rows hang on an occupier as well. Without these a
# row that names no occupier, or another one, could still be slipped under a locked one.
LOCKED: dict[str, tuple[tuple[str, str], ...]] = {
    "contracts": (),
    "occupancies": (("contracts", "contract_id"),),
    "services": (("contracts", "contract_id"),),
    "service_changes": (("services", "service_id"),),
    "phone_numbers": (("users", "user_id"),),
    "handset_logins": (("phone_numbers", "number_id"),),
    "switch_ports": (),
    "users": (),
    "wifi_accounts": (("users", "user_id"),),
    "user_accounts": (("users", "user_id"),),
    "access_grants": (("users", "user_id"),),
    "wifi_devices": (),
    "networks": (),
    "public_ips": (),
    "external_identifiers": (),
    # Nobody edits these two by hand, and metering writes them as the platform: the lock costs
    # nothing there, and the rule has no exception.
    "call_charges": (),
    "billing_reports": (),
}

# Whom the lock is for: all but connections that write for the platform itself. The API's role can
# set the variable, as anybody can, and stays locked all the same.
PEOPLE = """
    current_setting('occupier.engine', true) IS DISTINCT FROM 'on' OR current_user = 'occupier_api'
"""

# Security definer: FOR SHARE asks for the right to update and for a visible row, and a lock must
# not depend on what the caller may see.
FUNCTIONS = """
CREATE FUNCTION refuse_edit_of(occupier_status text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an occupier that is % cannot be edited', occupier_status
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'edit_lock', DETAIL = occupier_status;
END $$;

CREATE FUNCTION keep_edit_lock() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    touched uuid[];
    others uuid[];
    locked record;
    part text;
BEGIN
    FOREACH part IN ARRAY
        CASE TG_OP WHEN 'UPDATE' THEN ARRAY['earlier', 'later'] ELSE ARRAY['later'] END
    LOOP
        EXECUTE format('SELECT array_agg(DISTINCT occupier_id) FROM %I', part) INTO others;
        touched := touched || others;
        FOR step IN 0 .. TG_NARGS / 2 - 1 LOOP
            EXECUTE format(
                'SELECT array_agg(DISTINCT parent.occupier_id) FROM %I AS part'
                ' JOIN %I AS parent ON parent.id = part.%I',
                part, TG_ARGV[step * 2], TG_ARGV[step * 2 + 1]) INTO others;
            touched := touched || others;
        END LOOP;
    END LOOP;
    -- In one order, so that two edits cannot wait for each other.
    FOR locked IN
        SELECT id, status FROM occupiers WHERE id = ANY (touched) ORDER BY id FOR SHARE
    LOOP
        IF locked.status NOT IN ('active', 'scheduled') THEN
            PERFORM refuse_edit_of(locked.status);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE FUNCTION keep_edit_lock_of_occupiers() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.status NOT IN ('active', 'scheduled') THEN
        PERFORM refuse_edit_of(OLD.status);
    ELSIF TG_OP = 'INSERT' AND NEW.status <> 'active' THEN
        PERFORM refuse_edit_of(NEW.status);
    ELSIF TG_OP = 'UPDATE' AND NEW.status NOT IN ('active', 'scheduled', 'pending') THEN
        RAISE EXCEPTION 'only the process itself moves an occupier on from pending'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'occupier_status_edge';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION refuse_truncating() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is not emptied; delete rows', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'edit_lock', DETAIL = 'unknown';
END $$;
"""

EVENTS = {
    "insert": "NEW TABLE AS later",
    "update": "OLD TABLE AS earlier NEW TABLE AS later",
    "delete": "OLD TABLE AS later",
}


# What the remedies of the API change besides what 0004 allows; which rows, the policies say.
RIGHTS = {
    "contracts": "UPDATE (state)",
    "occupancies": "DELETE",
    "services": "UPDATE (state, update_state, failed_action)",
    "service_changes": "DELETE",
}

KINDS = (
    "'transient', 'throttled', 'rejected', 'conflict', 'not_authorised', 'not_found', "
    "'unconfirmed', 'needs_human', 'timed_out', 'bug'"
)
HANDSET_REQUESTS = f"""
CREATE TABLE handset_requests (
    id uuid DEFAULT gen_random_uuid() NOT NULL CONSTRAINT pk_handset_requests PRIMARY KEY,
    occupier_id uuid NOT NULL
        CONSTRAINT fk_handset_requests_occupier_id REFERENCES occupiers (id),
    login_id uuid,
    requested_by text NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    sent_at timestamptz,
    finished_at timestamptz,
    ended integer DEFAULT 0 NOT NULL,
    failure varchar(32) CONSTRAINT ck_handset_requests_failure CHECK (failure IN ({KINDS}))
);
CREATE INDEX ix_handset_requests_occupier_id ON handset_requests (occupier_id);
CREATE INDEX ix_handset_requests_unsent ON handset_requests (created_at) WHERE sent_at IS NULL;
CREATE UNIQUE INDEX uq_handset_requests_open ON handset_requests (occupier_id, login_id)
    NULLS NOT DISTINCT WHERE finished_at IS NULL;
"""


def upgrade() -> None:
    op.execute(HANDSET_REQUESTS)
    show(op, "handset_requests", OF_SEEN_OCCUPIER, "INSERT")
    op.execute(FUNCTIONS)
    for table, rights in RIGHTS.items():
        op.execute(f"GRANT {rights} ON {table} TO {ROLE}")
    for table, parents in LOCKED.items():
        arguments = ", ".join(f"'{word}'" for parent in parents for word in parent)
        for event, rows in EVENTS.items():
            op.execute(
                f"CREATE TRIGGER edit_lock_{event} AFTER {event} ON {table} REFERENCING {rows} "
                f"FOR EACH STATEMENT WHEN ({PEOPLE}) EXECUTE FUNCTION keep_edit_lock({arguments})"
            )
    # By row: the one that is edited is locked by the edit itself.
    op.execute(
        "CREATE TRIGGER edit_lock AFTER INSERT OR UPDATE OR DELETE ON occupiers "
        f"FOR EACH ROW WHEN ({PEOPLE}) EXECUTE FUNCTION keep_edit_lock_of_occupiers()"
    )
    for table in (*LOCKED, "occupiers"):
        op.execute(
            f"CREATE TRIGGER edit_lock_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT WHEN ({PEOPLE}) EXECUTE FUNCTION refuse_truncating()"
        )
