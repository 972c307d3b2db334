"""Audit events carry an outcome, the occupier they concern, and are chained by hashes.

docs/audit.md describes the encoding; models/domain/audit_chain.py computes it anew, without SQL.
"""

from alembic import op

from models.migrations.privileges import ACTOR, OF_OCCUPIER, OWN_SITES, STAFF

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE audit_events
    ADD COLUMN outcome varchar(32) NOT NULL DEFAULT 'done'
        CONSTRAINT ck_audit_events_outcome CHECK (outcome IN ('done', 'refused')),
    ADD COLUMN reason text,
    ADD COLUMN occupier_id uuid,
    ADD COLUMN prev_hash bytea,
    ADD COLUMN hash bytea;
"""

# A field is its length in 4 bytes, big end first, and its bytes; NULL is the length -1.
# This runs while all other writers wait: what can be inlined is, and the search path is set once, by
# the trigger.
HASHING = """
CREATE FUNCTION audit_field(content bytea) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(int4send(octet_length(content)) || content, int4send(-1));

CREATE FUNCTION audit_states(content jsonb) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF content IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT coalesce(string_agg(
                audit_field(convert_to(key, 'UTF8')) || audit_field(convert_to(value, 'UTF8')),
                ''::bytea ORDER BY key COLLATE "C"), ''::bytea)
              FROM jsonb_each_text(content));
END $$;

CREATE FUNCTION audit_hash(event audit_events) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN sha256('occupier-audit-1'::bytea
        || audit_field(event.prev_hash)
        || audit_field(int8send(event.id))
        || audit_field(int8send((extract(epoch FROM event.at) * 1000000)::bigint))
        || audit_field(convert_to(event.actor, 'UTF8'))
        || audit_field(convert_to(event.request_id, 'UTF8'))
        || audit_field(uuid_send(event.occupier_id))
        || audit_field(convert_to(event.entity_kind, 'UTF8'))
        || audit_field(uuid_send(event.entity_id))
        || audit_field(convert_to(event.action, 'UTF8'))
        || audit_field(convert_to(event.outcome, 'UTF8'))
        || audit_field(convert_to(event.reason, 'UTF8'))
        || audit_field(audit_states(event.before))
        || audit_field(audit_states(event.after)));
END $$;
"""

# Those that are there get their place in the chain, by id.
EXISTING = """
UPDATE audit_events SET occupier_id = CASE entity_kind WHEN 'occupier' THEN entity_id
    ELSE (SELECT occupier_id FROM decommissions WHERE decommissions.id = entity_id) END;

DO $$
DECLARE
    event audit_events;
    head bytea := decode(repeat('00', 32), 'hex');
BEGIN
    FOR event IN SELECT * FROM audit_events ORDER BY id LOOP
        event.prev_hash := head;
        head := audit_hash(event);
        UPDATE audit_events SET prev_hash = event.prev_hash, hash = head WHERE id = event.id;
    END LOOP;
END $$;

ALTER TABLE audit_events ALTER prev_hash SET NOT NULL, ALTER hash SET NOT NULL;
"""

# The lock makes writers queue up to the end of their transactions, so whoever holds it sees the
# newest event. The id is given here, too: ids follow the chain, without gaps.
# Whom an event concerns follows from what it is about; the writer need not say.
# With the rights of the owner, as row-level security may hide events from the writer.
CHAINING = """
CREATE FUNCTION audited_occupier(entity_kind text, entity_id uuid) RETURNS uuid
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE entity_kind
        WHEN 'occupier' THEN entity_id
        WHEN 'decommission' THEN (SELECT occupier_id FROM decommissions WHERE id = entity_id)
        WHEN 'task' THEN (SELECT occupier_id FROM tasks WHERE id = entity_id)
        WHEN 'case' THEN (SELECT occupier_id FROM cases WHERE id = entity_id)
        WHEN 'schedule' THEN (SELECT occupier_id FROM schedules WHERE id = entity_id)
        WHEN 'approval' THEN (SELECT occupier_id FROM approvals WHERE id = entity_id)
        WHEN 'contract' THEN (SELECT occupier_id FROM contracts WHERE id = entity_id)
        WHEN 'service' THEN (SELECT occupier_id FROM services WHERE id = entity_id) END;
END $$;

CREATE FUNCTION chain_audit_event() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    head record;
BEGIN
    NEW.occupier_id := coalesce(NEW.occupier_id, audited_occupier(NEW.entity_kind, NEW.entity_id));
    PERFORM pg_advisory_xact_lock(7301003);
    SELECT id, hash INTO head FROM audit_events ORDER BY id DESC LIMIT 1;
    NEW.id := coalesce(head.id, 0) + 1;
    NEW.at := clock_timestamp();
    NEW.prev_hash := coalesce(head.hash, decode(repeat('00', 32), 'hex'));
    NEW.hash := audit_hash(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER audit_events_chain BEFORE INSERT ON audit_events
    FOR EACH ROW EXECUTE FUNCTION chain_audit_event();
"""

# No free text: states, ids, numbers, times. The domain is stricter than this.
SHAPES = r"""
ALTER TABLE audit_events
    ADD CONSTRAINT ck_audit_events_actor_is_an_id
        CHECK (actor ~ '^[a-z_]{1,40}(:[0-9a-f-]{36})?$'),
    ADD CONSTRAINT ck_audit_events_request_id_is_short
        CHECK (request_id ~ '^[A-Za-z0-9._-]{1,64}$'),
    ADD CONSTRAINT ck_audit_events_entity_kind_is_a_word
        CHECK (entity_kind ~ '^[a-z_]{1,40}$'),
    ADD CONSTRAINT ck_audit_events_action_is_a_name
        CHECK (action ~ '^[a-z_]{1,40}\.[a-z_]{1,60}$'),
    ADD CONSTRAINT ck_audit_events_reason_is_a_name
        CHECK (reason ~ '^[a-z][a-z0-9-]{0,79}$'),
    ADD CONSTRAINT ck_audit_events_refused_with_reason
        CHECK ((outcome = 'refused') = (reason IS NOT NULL)),
    ADD CONSTRAINT ck_audit_events_before_is_states CHECK (audit_states_are_plain(before)),
    ADD CONSTRAINT ck_audit_events_after_is_states CHECK (audit_states_are_plain(after));
"""

PLAIN = """
CREATE FUNCTION audit_states_are_plain(content jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN content IS NULL OR (jsonb_typeof(content) = 'object'
        AND NOT jsonb_path_exists(content, '$.keyvalue() ? (
            !(@.key like_regex "^[a-z][a-z0-9_]{0,59}$")
            || @.value.type() != "string"
            || !(@.value like_regex "^[A-Za-z0-9][A-Za-z0-9_.,:+/-]{0,199}$"))'));
"""

SIGHT = f"""
CREATE FUNCTION audited_site(entity_kind text, entity_id uuid) RETURNS uuid
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE entity_kind
        WHEN 'site' THEN entity_id
        WHEN 'closure' THEN (SELECT site_id FROM closures WHERE id = entity_id) END;
END $$;

ALTER POLICY seen ON audit_events USING (
    actor = {ACTOR} OR {STAFF} IN ('sre', 'auditor') OR {OF_OCCUPIER}
    OR audited_site(entity_kind, entity_id) IN {OWN_SITES});
"""

INDEXES = """
CREATE INDEX ix_audit_events_occupier_id_at_id ON audit_events (occupier_id, at, id);
CREATE INDEX ix_audit_events_actor_at_id ON audit_events (actor, at, id);
CREATE INDEX ix_audit_events_at_id ON audit_events (at, id);
"""

READERS = f"""
ALTER POLICY seen ON audit_events USING (
    actor = {ACTOR} OR {STAFF} IN ('sre', 'auditor') OR {OF_OCCUPIER}
    OR entity_kind = 'site' AND entity_id IN {OWN_SITES});
"""


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(HASHING)
    op.execute("ALTER TABLE audit_events DISABLE TRIGGER audit_events_append_only")
    op.execute(EXISTING)
    op.execute("ALTER TABLE audit_events ENABLE TRIGGER audit_events_append_only")
    op.execute(CHAINING)
    op.execute(PLAIN)
    op.execute(SHAPES)
    op.execute(SIGHT)
    op.execute(INDEXES)
    op.execute(READERS)
