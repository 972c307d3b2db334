"""The case desk: how a case may move, who is told of it, and what the API may write."""

from alembic import op

from models.migrations.privileges import (
    AT_OWN_SITE,
    IS_SUPER_ADMIN,
    OF_OCCUPIER,
    OPERATOR,
    ROLE,
    STAFF,
    allow,
)

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BOUNDS = """
ALTER TABLE cases
    ADD CONSTRAINT ck_cases_subject_bounded CHECK (length(subject) BETWEEN 1 AND 200),
    ADD CONSTRAINT ck_cases_description_bounded CHECK (length(description) <= 10000),
    ADD CONSTRAINT ck_cases_external_reference_bounded CHECK (length(external_reference) <= 100);
ALTER TABLE case_comments
    ADD CONSTRAINT ck_case_comments_body_bounded CHECK (length(body) BETWEEN 1 AND 10000);
ALTER TABLE case_attachments
    ADD CONSTRAINT ck_case_attachments_filename_bounded
        CHECK (length(filename) BETWEEN 1 AND 200);
CREATE INDEX ix_cases_created_at_id ON cases (created_at, id);
CREATE INDEX ix_cases_decommission_id ON cases (decommission_id);
"""

# With the rights of the owner, as nobody may resolve over a task that he cannot see.
MOVES = """
CREATE FUNCTION keep_moves_of_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (OLD.status, NEW.status) NOT IN (
        ('new', 'in_progress'), ('new', 'resolved'),
        ('in_progress', 'waiting_on_customer'), ('in_progress', 'resolved'),
        ('waiting_on_customer', 'in_progress'), ('waiting_on_customer', 'resolved'),
        ('resolved', 'in_progress'), ('resolved', 'closed')
    ) THEN
        RAISE EXCEPTION 'a case does not go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_moves';
    END IF;
    IF NEW.status IN ('resolved', 'closed') AND EXISTS (
        SELECT FROM case_tasks JOIN tasks ON tasks.id = task_id
         WHERE case_id = NEW.id AND left_at IS NULL
           AND (state = 'failed' OR state = 'pending' AND stuck_at IS NOT NULL)
    ) THEN
        RAISE EXCEPTION 'a case over failed or stuck tasks stays open'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_over_failed_tasks';
    END IF;
    IF NEW.status IN ('resolved', 'closed') AND EXISTS (
        SELECT FROM holds WHERE holds.case_id = NEW.id AND released_at IS NULL
    ) THEN
        RAISE EXCEPTION 'the case of a hold stays open until its release'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_over_hold';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_moves BEFORE UPDATE OF status ON cases
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION keep_moves_of_case();
"""

# One row of history for each change, whoever makes it; tasks of a case that is over are in none,
# so that each can be in the next one.
FOLLOWED = """
CREATE FUNCTION follow_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO case_statuses (case_id, status, actor, at) VALUES (
        NEW.id, NEW.status,
        CASE TG_OP WHEN 'INSERT' THEN NEW.requested_by ELSE
            coalesce(nullif(current_setting('occupier.actor', true), ''), 'system') END,
        clock_timestamp());
    IF TG_OP = 'UPDATE' AND NEW.status IN ('resolved', 'closed') THEN
        WITH gone AS (
            UPDATE case_tasks SET left_at = now()
             WHERE case_id = NEW.id AND left_at IS NULL RETURNING task_id
        )
        UPDATE tasks SET has_case = false WHERE id IN (SELECT task_id FROM gone);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER case_opened AFTER INSERT ON cases
    FOR EACH ROW EXECUTE FUNCTION follow_case();
CREATE TRIGGER case_moved AFTER UPDATE OF status ON cases
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION follow_case();
"""

# The API cannot change tasks. It locks them before their case, as the engine does, so that
# neither waits for the other for ever.
LOCKS = f"""
CREATE FUNCTION lock_case(wanted uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM tasks WHERE id IN (
        SELECT task_id FROM case_tasks WHERE case_id = wanted AND left_at IS NULL
    ) ORDER BY id FOR SHARE;
    PERFORM FROM cases WHERE id = wanted FOR UPDATE;
END $$;
CREATE FUNCTION lock_task(wanted uuid) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM tasks WHERE id = wanted FOR NO KEY UPDATE;
    RETURN (SELECT case_id FROM case_tasks WHERE task_id = wanted AND left_at IS NULL);
END $$;
CREATE FUNCTION mark_task_in_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE tasks SET has_case = true WHERE id = NEW.task_id AND NOT has_case;
    RETURN NULL;
END $$;
CREATE TRIGGER task_in_case AFTER INSERT ON case_tasks
    FOR EACH ROW WHEN (current_user = '{ROLE}') EXECUTE FUNCTION mark_task_in_case();
"""

# A case at no site, over tasks of several occupiers, names only the first of them.
SIGHT = f"""
CREATE FUNCTION has_task_in_sight(wanted uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM case_tasks JOIN tasks ON tasks.id = task_id
         WHERE case_id = wanted AND ({AT_OWN_SITE} OR site_id IS NULL AND {OF_OCCUPIER}))
$$;
ALTER POLICY seen ON cases USING (
    {STAFF} IS NOT NULL OR operator_id = {OPERATOR} AND ({IS_SUPER_ADMIN} OR {AT_OWN_SITE}
        OR site_id IS NULL AND ({OF_OCCUPIER} OR has_task_in_sight(id)))
);
"""

CHANGED = (
    "status, priority, external_reference, acknowledged_at, resolved_at, closed_at, "
    "times_reopened, updated_at"
)


def upgrade() -> None:
    op.execute(BOUNDS)
    op.execute(MOVES)
    op.execute(FOLLOWED)
    op.execute(LOCKS)
    op.execute(SIGHT)
    op.execute(
        "CREATE TRIGGER case_attachments_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON case_attachments FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
    )
    op.execute(f"REVOKE INSERT ON case_statuses FROM {ROLE}")  # triggers write it
    allow(op, "cases", f"UPDATE ({CHANGED})")
    allow(op, "case_attachments", "INSERT")
